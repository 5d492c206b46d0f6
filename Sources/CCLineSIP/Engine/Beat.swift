// A beat on the kernel's own schedule.

import CLinux
import Glibc

/// Calls its handler at equal distances, as long as it runs.
///
/// libre's timers count whole milliseconds from whenever the loop last woke; a stream of packets shows
/// that. The kernel's clock keeps the schedule however late a single call is.
final class Beat {
  private var descriptor: Int32 = -1
  private var handler: ((Int) -> Void)?
  private var watch: Watch?

  /// Begins at once; the handler is told how many beats have passed since the last call, usually one.
  func start(every milliseconds: Int, _ handler: @escaping (Int) -> Void) {
    stop()
    descriptor = timerfd_create(CLOCK_BOOTTIME, cc_timerfd_flags)
    guard descriptor >= 0 else { return }
    self.handler = handler
    let step = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    var schedule = itimerspec(it_interval: step, it_value: timespec(tv_sec: 0, tv_nsec: 1))
    timerfd_settime(descriptor, 0, &schedule, nil)
    watch = Watch(descriptor) { [weak self] in self?.fire() }
  }

  /// Ends it.
  func stop() {
    handler = nil
    guard descriptor >= 0 else { return }
    watch = nil
    close(descriptor)
    descriptor = -1
  }

  private func fire() {
    var beats: UInt64 = 0
    guard read(descriptor, &beats, MemoryLayout<UInt64>.size) == MemoryLayout<UInt64>.size else {
      return
    }
    handler?(Int(clamping: beats))
  }

  deinit { stop() }
}
