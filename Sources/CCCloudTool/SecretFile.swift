// A file that holds one secret and is its owner's alone.

import CCCore
import Foundation

/// Reads secrets from files.
enum SecretFile {
  /// The first line of a file; `key` is where it is configured, for the sentences.
  static func read(_ path: String, key: String) throws -> Secret {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw ToolFailure.failed("\(key): \(path) cannot be read: \(reason()).")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ToolFailure.failed("\(key): \(path) is no file.")
    }
    // systemd's credentials are the group root's to read, which reads everything anyway.
    let others: mode_t = status.st_gid == 0 ? 0o037 : 0o077
    guard status.st_mode & others == 0 else {
      throw ToolFailure.failed("\(key): others can read \(path); mend it: chmod 600 \(path)")
    }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    let line = bytes[..<max(0, count)].prefix { $0 != 0x0A && $0 != 0x0D }
    guard !line.isEmpty else { throw ToolFailure.failed("\(key): \(path) is empty.") }
    return Secret(String(decoding: line, as: UTF8.self))
  }

  /// The last error of the system, in words.
  static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
}
