// Waking with the machine.

import CLinux
import Glibc

/// Lets the loop look at its timers as soon as a machine that slept is awake.
///
/// The loop waits on a clock that stands still meanwhile: what was due in the night would come as much
/// later as the night was long.
final class SleepWatch {
  private let descriptor: Int32
  private var watch: Watch?

  /// nil where the kernel tells nothing.
  init?() {
    descriptor = cc_jump_watch()
    guard descriptor >= 0 else { return nil }
    let descriptor = self.descriptor
    // That it woke the loop is all that is wanted.
    watch = Watch(descriptor) { _ = cc_take_jump(descriptor) }
  }

  deinit {
    watch = nil
    close(descriptor)
  }
}
