// The clock and the wait of this room.

import Glibc

/// The monotonic clock.
enum Clock {
  /// Nanoseconds of CLOCK_MONOTONIC.
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
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
