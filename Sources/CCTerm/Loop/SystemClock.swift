// The only place where the desk's clocks are read.

import CCCore
import Glibc

/// Reads both clocks.
enum SystemClock {
  static func now() -> Instant {
    Instant(uptime: nanoseconds(CLOCK_MONOTONIC), unix: nanoseconds(CLOCK_REALTIME) / 1_000_000)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
