// Words for a person, on the way out.

import Glibc

/// Writes to descriptors, whole and unbuffered.
enum Say {
  /// A line on stdout.
  static func out(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }
  /// A line on stderr.
  static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  /// Writes all of it, waiting where the other side is slow; whether it was taken.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.write(
          descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
        if count > 0 {
          done += count
        } else if errno == EAGAIN {
          // Whoever shares it wants it so; we wait all the same.
          var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&entry, 1, -1)
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
  }
}
