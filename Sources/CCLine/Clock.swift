// The clock and the wait of this room.

import CLinux
import Glibc

/// The clock that never jumps back.
enum Clock {
  /// Nanoseconds; the time that the machine slept counts.
  static func now() -> Int64 { cc_uptime() }
}

/// A wait for descriptors.
enum Poll {
  /// Waits until one of them is ready or the time is over; rounds up to a millisecond.
  static func wait(read: Int32?, write: Int32?, nanoseconds: Int64?) {
    var fds: [pollfd] = []
    if let read { fds.append(pollfd(fd: read, events: Int16(POLLIN), revents: 0)) }
    if let write { fds.append(pollfd(fd: write, events: Int16(POLLOUT), revents: 0)) }
    let milliseconds = nanoseconds.map { Int32(clamping: ($0 + 999_999) / 1_000_000) } ?? -1
    _ = poll(&fds, nfds_t(fds.count), milliseconds)
  }

  /// Whether a read would not wait.
  static func isReadable(_ descriptor: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) > 0
  }
}
