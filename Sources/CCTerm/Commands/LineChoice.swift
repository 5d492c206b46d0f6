// Which phone line was asked for.

import CCCore
import Glibc

/// A phone line by its name on the command line.
enum LineChoice: Hashable, Sendable {
  /// The built-in demo.
  case demo
  /// A program beside this one: `ccterm-line-NAME`.
  case program(String)
  /// A recording.
  case replay(String, speed: Double)
  /// A command of the user's own.
  case exec(String)

  /// The programs that this house has, whether they are installed or not.
  static let programs = ["sip", "sdk"]

  /// Reads `demo`, `sip`, `sdk`, `replay:FILE` or `exec:COMMAND`.
  init(_ name: String) throws(Failure) {
    let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count > 1 ? String(parts[1]) : nil
    switch (String(parts[0]), rest) {
    case ("demo", nil): self = .demo
    case ("replay", let file?) where !file.isEmpty: self = .replay(file, speed: 1)
    case ("exec", let command?) where !command.isEmpty: self = .exec(command)
    case ("replay", _): throw .usage("--line replay: wants a file, as in replay:today.ndjson.")
    case ("exec", _): throw .usage("--line exec: wants a command, as in exec:./my-line.")
    case (let word, nil) where Self.programs.contains(word): self = .program(word)
    case (let word, nil) where Beside.words(after: "ccterm-line-").contains(word):
      self = .program(word)
    default:
      let known = ["demo", "replay", "exec"] + Self.programs
      throw .usage(
        "there is no line \(shown(name))\(Nearest.hint(for: String(parts[0]), in: known))")
    }
  }

  /// The line whose part of the configuration it gets; nil: none.
  ///
  /// A command that runs one of this house's lines, here or elsewhere (`ssh my-pc ccterm line sdk`),
  /// gets what that line would get.
  var settingsName: String? {
    switch self {
    case .demo, .replay: return nil
    case .program(let name): return name
    case .exec(let command):
      // Another shell may take off further quotes: they do not matter here.
      let words = command.split { " '\"".contains($0) }
      return Self.programs.first { name in
        words.suffix(2).elementsEqual(["line", name[...]])
          || words.contains { $0.hasSuffix("ccterm-line-\(name)") }
      }
    }
  }

  /// The line's name, for the header and `--json`.
  var name: SafeText {
    switch self {
    case .demo: "demo"
    case .program(let name): SafeText(name)
    case .replay: "replay"
    case .exec: "exec"
    }
  }
}
