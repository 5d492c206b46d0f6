// stdin, stdout and stderr, which some start a program without (`1>&-`).

import Glibc

/// Keeps the first three descriptors what everybody takes them for.
enum StandardStreams {
  /// Puts /dev/null where one is closed: the first file that is opened would stand in its place, and what
  /// the desk says would go into its own lock.
  static func fill() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
    }
  }
}
