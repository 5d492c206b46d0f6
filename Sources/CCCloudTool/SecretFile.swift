// A file that holds one secret and is its owner's alone.

import CCCore
import CLinux
import Foundation

/// Reads secrets from files.
enum SecretFile {
  /// The first line of a file; `key` is where it is configured, for the sentences.
  static func read(_ path: String, key: String) throws -> Secret {
    let descriptor = cc_open_file(path)
    guard descriptor != cc_no_file else {
      throw ToolFailure.failed("\(key): \(path) is no file.")
    }
    guard descriptor >= 0 else {
      throw ToolFailure.failed("\(key): \(path) cannot be read: \(reason(-descriptor)).")
    }
    defer { close(descriptor) }
    var status = stat()
    fstat(descriptor, &status)
    // systemd's credentials are the group root's to read, which reads everything anyway.
    let others: mode_t = status.st_gid == 0 ? 0o037 : 0o077
    guard status.st_mode & others == 0 else {
      throw ToolFailure.failed("\(key): others can read \(path); mend it: chmod 600 \(path)")
    }
    try checkOwn(path, key: key)
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    let line = bytes[..<max(0, count)].prefix { $0 != 0x0A && $0 != 0x0D }
    guard !line.isEmpty else { throw ToolFailure.failed("\(key): \(path) is empty.") }
    return Secret(String(decoding: line, as: UTF8.self))
  }

  /// Refuses a file that others can change, and every folder on its way that they can change.
  ///
  /// An administrator may look after what belongs to the service's user: for root another owner is none
  /// of these others.
  static func checkOwn(_ path: String, key: String? = nil) throws {
    let file = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    var name = [CChar](repeating: 0, count: Int(PATH_MAX))
    let found = cc_distrust(file, &name, name.count)
    let culprit = String(
      decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let place = SafeText(culprit).string
    let head = key.map { "\($0): " } ?? ""
    switch found {
    case 0: return
    case 2 where geteuid() == 0: return
    case 1:
      throw ToolFailure.failed(
        "\(head)others can change \(place), and so what \(path) says; mend it: chmod go-w \(place)")
    case 2:
      throw ToolFailure.failed(
        "\(head)\(place) belongs to another user, and so does what \(path) says; choose another folder."
      )
    default:
      throw ToolFailure.failed("\(head)\(path) cannot be looked at: \(reason(-found)).")
    }
  }

  /// The last error of the system, in words.
  static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
}
