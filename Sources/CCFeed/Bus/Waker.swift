// An eventfd: one thread says that there is something, another sleeps in poll(2) until then.

import CLinux
import Glibc

/// A descriptor that becomes readable with `wake` and is so until `clear`.
final class Waker: Sendable {
  let descriptor: Int32

  init() throws(BusTrouble) {
    descriptor = eventfd(0, cc_eventfd_flags)
    guard descriptor >= 0 else {
      throw BusTrouble("no descriptor is left for the bus: close something, or raise ulimit -n.")
    }
  }

  deinit { close(descriptor) }

  func wake() { eventfd_write(descriptor, 1) }

  func clear() {
    var count: eventfd_t = 0
    eventfd_read(descriptor, &count)
  }

  /// Waits at most so long, and says whether it was woken; `clear` is the reader's.
  func wait(milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }
}
