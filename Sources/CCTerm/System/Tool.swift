// Another program of the system, run to its end.

import CCLine
import CLinux
import Glibc

/// Runs programs that do one thing and end; what they say on stderr is told where they fail.
enum Tool {
  /// The path of a program.
  ///
  /// - Throws: `Failure.failed` that names the package it comes with.
  static func find(_ name: String, package: String) throws(Failure) -> String {
    let search = Environment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    let folders = search.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin"]
    let paths = folders.map { folder in "\(folder)/\(name)" }
    for path in paths where access(path, X_OK) == 0 { return path }
    throw .failed("\(name) is not installed; it comes with: sudo apt-get install \(package)")
  }

  /// Runs a program in a folder, without input.
  static func run(
    _ path: String, _ arguments: [String], in folder: String
  ) throws(Failure) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let words = memfd_create(name, cc_memfd_cloexec)
    defer { close(words) }
    var pid: pid_t = 0
    let code = Spawn.start(
      path, [path] + arguments, in: folder, input: -1, output: words, errors: words, pid: &pid)
    guard code == 0 else { throw .failed("\(path) cannot be run: \(Files.reason(code)).") }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else {
      throw .failed("\(name) failed: \(lastWords(words))")
    }
  }

  private static func lastWords(_ file: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = pread(file, &bytes, bytes.count, 0)
    let lines = bytes[..<max(0, count)].split(separator: 0x0A)
      .map { shown(String(decoding: $0, as: UTF8.self)) }.filter { !$0.isEmpty }
    return lines.isEmpty ? "it says nothing." : lines.suffix(3).joined(separator: " / ")
  }
}
