// Where the token comes from: whether its source is there and would answer.

import CCCore
import CCJSON
import Glibc

/// Looks at the token's source without having a token issued: a new one would void the one in use.
@MainActor enum TokenChecks {
  static func findings(_ configuration: Configuration, isNeeded: Bool) -> [Finding] {
    switch configuration.text("token.from") {
    case "url": return url(configuration)
    case "command": return [command(configuration.text("token.command") ?? "", "token.command")]
    case "file": return [file(configuration.text("token.file") ?? "", "token.file")]
    default:
      guard isNeeded else { return [] }
      return [
        .missing(
          "token", "token.from is not set, and the SDK signs in with a token",
          mend: "set token.from and token.url; see docs/cloud.md")
      ]
    }
  }

  /// A command of the configuration: whether its program is there.
  static func command(_ command: String, _ key: String) -> Finding {
    let word = command.split(separator: " ").first.map(String.init) ?? ""
    guard !word.isEmpty else {
      return .missing("token", "\(key) is not set", mend: "set \(key)")
    }
    guard let path = ProgramSearch.path(word) else {
      return .missing(
        "token", "\(key): \(word) is not found", mend: "sudo apt install the package of \(word)")
    }
    return .ok("token", "\(key) runs \(path)")
  }

  /// A file of the configuration that holds a secret.
  static func file(_ path: String, _ key: String) -> Finding {
    var status = stat()
    guard stat(path, &status) == 0 else {
      return .missing(
        "token", "\(key): \(path) is not there", mend: "install -m 600 /dev/stdin \(path)")
    }
    guard status.st_mode & 0o077 == 0 else {
      return .missing("token", "\(key): others can read \(path)", mend: "chmod 600 \(path)")
    }
    guard access(path, R_OK) == 0, status.st_size > 0 else {
      return .missing("token", "\(key): \(path) is empty or closed to you", mend: "fill \(path)")
    }
    do throws(Failure) { try Files.checkOwn(Files.absolute(path)) } catch {
      let (words, mend) = FileChecks.split(error.sentence ?? "")
      return .missing("token", "\(key): \(words)", mend: mend ?? "choose another folder")
    }
    return .ok("token", "\(key): \(path)")
  }

  private static func url(_ configuration: Configuration) -> [Finding] {
    guard let program = Beside.program("ccterm-cloud") else {
      return [FileChecks.program("ccterm-cloud")]
    }
    guard let settings = try? CloudSettings.file(CloudSettings.text(configuration)) else {
      return [.missing("token", "its settings cannot be handed over", mend: "see ulimit -n")]
    }
    defer { close(settings) }
    let run = ProbeRun.run(
      [program, "token", "--probe", "--settings", "0"], input: settings,
      seconds: Double(configuration.number("token.timeout")) + 5)
    let json = (run?.output).flatMap { try? JSONReader.read($0.prefix { $0 != "\n" }.utf8) }
    guard json?["ok"]?.bool == true else {
      let words = json?["error"]?.string ?? "ccterm-cloud gave no answer"
      return [
        .missing("token", words, mend: "ccterm cloud token --probe, and see docs/cloud.md")
      ]
    }
    let address = configuration.text("token.url") ?? ""
    return [.ok("token", "\(address) answers; nothing was issued")]
      + clock(json?["skew"]?.int, by: "the token backend")
  }

  /// What another clock says of this one.
  static func clock(_ skew: Int?, by whom: String) -> [Finding] {
    guard let skew else { return [] }
    if skew.magnitude <= 2 { return [.ok("clock", "agrees with \(whom)'s")] }
    let words = "\(skew.magnitude) s \(skew > 0 ? "ahead of" : "behind") \(whom)'s"
    // The vendor's window is not documented; five minutes is what such windows usually are.
    let mend = "sudo timedatectl set-ntp true"
    if skew.magnitude <= 60 { return [.warning("clock", words, mend: mend)] }
    return [.missing("clock", words, mend: mend)]
  }
}

/// Programs of the system.
enum ProgramSearch {
  /// Where a program is; nil where it is not.
  static func path(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let search = Environment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    return search.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}
