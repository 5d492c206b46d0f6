// Where the programs under test stand.

import Glibc

/// The programs that were built with the tests: they stand beside the runner.
public enum BuiltProgram {
  /// The path of a program; nil if it was not built.
  public static func path(_ name: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return nil }
    let runner = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let slash = runner.lastIndex(of: "/") else { return nil }
    let path = String(runner[...slash]) + name
    return access(path, X_OK) == 0 ? path : nil
  }
}
