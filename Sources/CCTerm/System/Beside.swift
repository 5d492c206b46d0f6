// The other programs of this house, found where this one stands.

import Glibc

/// Finds the programs that are installed beside this one.
enum Beside {
  /// The folder of the running executable.
  static let folder: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return "." }
    let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }()

  /// The path of a program beside this one; nil where there is none that can be run.
  static func program(_ name: String) -> String? {
    let path = "\(folder)/\(name)"
    return access(path, X_OK) == 0 ? path : nil
  }

  /// The names of those that begin so, without that beginning, in order.
  static func words(after prefix: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var words = [String]()
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      // A build folder holds `ccterm-line-sip.product` and the like: a program has no dot in it.
      guard name.hasPrefix(prefix), !name.contains("."), program(name) != nil else { continue }
      words.append(String(name.dropFirst(prefix.count)))
    }
    return words.sorted()
  }

  /// Becomes another program; returns only if that fails.
  static func become(_ path: String, _ arguments: [String]) -> Failure {
    var pointers: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    pointers.append(nil)
    execv(path, pointers)
    let reason = Files.reason()
    for pointer in pointers { free(pointer) }
    return .failed("\(path) cannot be run: \(reason).")
  }
}
