// A program that prints a secret: run beside the loop, never in its way.

import CCCore
import CCJSON
import CCLine
import Glibc

/// Runs a program and takes what it prints as a secret.
///
/// What it prints goes nowhere else. It has no terminal: one that wants to ask something fails.
@MainActor final class SecretCommand {
  /// A secret, and its life in seconds where the source tells it.
  struct Found: Hashable {
    var secret: Secret
    var expiresIn: Int?
  }

  /// Why there is none: a sentence that never holds what was printed, and whether asking again by
  /// itself makes sense.
  struct Refusal: Error, Hashable {
    var sentence: String
    var mayPass = false
  }

  typealias Outcome = Result<Found, Refusal>

  /// How long it may take, in nanoseconds.
  static let patience: Int64 = 30 * Instant.second
  /// How long `ccterm-cloud` may: it keeps `token.timeout`, a minute at most, and says so itself.
  static let cloudPatience: Int64 = 70 * Instant.second
  /// The most bytes it may print.
  static let limit = 65_536
  /// The exit code that asks to be tried again (EX_TEMPFAIL of sysexits.h).
  static let tryAgain: Int32 = 75

  /// How its output is read.
  private enum Form {
    /// The first line is the secret.
    case line
    /// `ccterm-cloud token --json`.
    case json
  }

  private(set) var deadline: Int64
  /// Readable when there is something to read; -1 once it is done.
  var descriptor: Int32 { program?.output ?? -1 }

  private let name: String
  private let form: Form
  private var program: PrintingProgram?
  private var output = [UInt8]()

  /// Starts a command; `name` is the key of the configuration it stands at, for the sentences.
  convenience init(_ command: String, name: String, at now: Int64) throws(Failure) {
    switch CommandWords.split(command) {
    case .success(let words):
      try self.init(
        words, name: name, form: .line, input: -1, deadline: now + Self.patience)
    case .failure(let refusal): throw .failed("\(name): \(refusal.sentence)")
    }
  }

  /// Starts `ccterm-cloud`, which asks `token.url`; the settings hold secrets and go to its stdin.
  convenience init(
    asking arguments: [String], settings: Secret, at now: Int64
  ) throws(Failure) {
    let file = try CloudSettings.file(settings)
    defer { close(file) }
    try self.init(
      arguments, name: "token.url", form: .json, input: file, deadline: now + Self.cloudPatience)
  }

  private init(
    _ words: [String], name: String, form: Form, input: Int32, deadline: Int64
  ) throws(Failure) {
    self.name = name
    self.form = form
    self.deadline = deadline
    guard let path = Self.find(words.first ?? "") else {
      throw .failed("\(name): \(shown(words.first ?? "")) is not found or not executable.")
    }
    do throws(PrintingProgram.Refusal) {
      program = try PrintingProgram(path, words, input: input, withErrors: false)
    } catch {
      throw .failed("\(name): \(path) cannot be run: \(Files.reason(error.code)).")
    }
  }

  isolated deinit {
    end()
    wipe()
  }

  /// The machine has slept, and the program with it: it has its whole time again.
  func woke(at now: Int64) {
    deadline = now + (form == .line ? Self.patience : Self.cloudPatience)
  }

  /// Reads what is there; not nil once it has ended, or has taken too long.
  func ready(at now: Int64) -> Outcome? {
    guard let descriptor = program?.output else { return nil }
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count > 0 {
        output += chunk[..<count]
        if output.count > Self.limit { return fail("prints too much") }
      } else if count == 0 {
        return finish()
      } else if errno != EINTR {
        break
      }
    }
    let seconds = form == .line ? Self.patience : Self.cloudPatience
    return now >= deadline
      ? fail("gave no answer in \(seconds / Instant.second) s", mayPass: true) : nil
  }

  private func finish() -> Outcome {
    defer { wipe() }
    let status = end()
    if form == .json { return readJSON() }
    guard status == 0 else {
      let code = (status >> 8) & 0xFF
      return .failure(
        Refusal(sentence: "\(name) failed (exit \(code)).", mayPass: code == Self.tryAgain))
    }
    let line = output.prefix { $0 != 0x0A && $0 != 0x0D }
    guard !line.isEmpty else {
      return .failure(Refusal(sentence: "\(name) printed nothing."))
    }
    return .success(Found(secret: Secret(String(decoding: line, as: UTF8.self)), expiresIn: nil))
  }

  private func readJSON() -> Outcome {
    let line = output.prefix { $0 != 0x0A }
    let json = try? JSONReader.read(line)
    if let token = json?["token"]?.string, !token.isEmpty {
      return .success(Found(secret: Secret(token), expiresIn: json?["expiresIn"]?.int))
    }
    guard let sentence = json?["error"]?.string else {
      return .failure(Refusal(sentence: "\(name): ccterm-cloud ended unheard.", mayPass: true))
    }
    return .failure(Refusal(sentence: sentence, mayPass: json?["mayPass"]?.bool ?? false))
  }

  /// What was printed is a secret: it stays in memory no longer than it is needed.
  private func wipe() {
    for index in output.indices { output[index] = 0 }
    output = []
  }

  private func fail(_ what: String, mayPass: Bool = false) -> Outcome {
    end()
    wipe()
    return .failure(Refusal(sentence: "\(name) \(what).", mayPass: mayPass))
  }

  /// Takes it away with its whole group; its status if it had ended by itself.
  @discardableResult
  private func end() -> Int32 {
    defer { program = nil }
    return program?.end(after: 20).status ?? 0
  }

  private static func find(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let search = Environment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    return search.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}
