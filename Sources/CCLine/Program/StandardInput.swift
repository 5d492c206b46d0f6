// Stdin of a program that reads it to its end.

import Glibc

/// What a line program reads to its end before it does anything.
public enum StandardInput {
  /// So many bytes at most, and whatever the last piece has more.
  public static let most = 1 << 20

  /// All of it, as far as it can be read.
  public static func all() -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < most {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
