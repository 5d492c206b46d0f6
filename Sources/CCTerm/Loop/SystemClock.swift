// The only place where the desk's clocks are read.

import CCCore
import CLinux

/// Reads both clocks.
enum SystemClock {
  /// Now; durations count the time that the machine slept.
  static func now() -> Instant { Instant(uptime: cc_uptime(), unix: cc_unix()) }
}
