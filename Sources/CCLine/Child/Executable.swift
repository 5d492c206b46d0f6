// Finding the program that a command names, and saying why it cannot be run.

import CCCore
import Glibc

/// Where a line program is.
enum Executable {
  /// Why a program cannot be run, as the agent reads it.
  struct Refusal: Error, Hashable, Sendable {
    let sentence: String
    /// Whether it may go better next time: nothing is wrong with the program.
    var mayPass = false
  }

  /// The path of a program: as it stands if it holds a slash, else searched in `search` like a shell.
  static func find(
    _ name: String, search: String = environment("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
  ) -> Result<String, Refusal> {
    let shown = SafeText(name).string
    if name.isEmpty { return .failure(Refusal(sentence: "no line program is named")) }
    if name.utf8.contains(UInt8(ascii: "/")) {
      return whyNot(name).map { .failure(Refusal(sentence: "\(shown) \($0)")) } ?? .success(name)
    }
    var found: String?
    for folder in search.split(separator: ":", omittingEmptySubsequences: false) {
      let path = folder.isEmpty ? "./\(name)" : "\(folder)/\(name)"
      guard let reason = whyNot(path) else { return .success(path) }
      if access(path, F_OK) == 0, found == nil { found = "\(SafeText(path).string) \(reason)" }
    }
    return .failure(Refusal(sentence: found ?? "\(shown) is not found in PATH"))
  }

  /// What `execve` and its preparation answered, in words.
  static func refusal(_ path: String, errno code: Int32) -> Refusal {
    let shown = SafeText(path).string
    switch code {
    case ENOEXEC:
      return Refusal(
        sentence: "\(shown) is no program: a script begins with #! and its interpreter")
    case ENOENT: return Refusal(sentence: "\(shown) needs an interpreter that is not there")
    case EACCES, EPERM: return Refusal(sentence: "\(shown) may not be executed")
    case E2BIG: return Refusal(sentence: "the command line of \(shown) is too long")
    default:
      let words = strerror(code).map { String(cString: $0) } ?? "error \(code)"
      return Refusal(sentence: "\(shown) could not be started: \(words)", mayPass: true)
    }
  }

  private static func whyNot(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      return errno == EACCES ? "may not be looked at" : "is not there"
    }
    if status.st_mode & S_IFMT == S_IFDIR { return "is a folder" }
    if status.st_mode & S_IFMT != S_IFREG { return "is no file" }
    return access(path, X_OK) == 0 ? nil : "is not executable"
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
