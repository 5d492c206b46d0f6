// The password of the bus, from a file or from a command that may take its time.

import CCCore

/// Gets a password beside the loop.
@MainActor final class BusPassword {
  /// Where it comes from.
  enum Source: Hashable, Sendable {
    /// `bus.passwordCommand`: the first line that it prints.
    case command(String)
    /// `bus.passwordFile`: its first line.
    case file(String)
  }

  private var command: SecretCommand?

  /// Begins; `later` while a command is asked.
  ///
  /// - Throws: `Failure.failed`.
  func begin(_ source: Source?, at now: Instant) throws(Failure) -> Outcome {
    switch source {
    case nil: return .none
    case .file(let path): return .secret(try CredentialSource.read(path, key: "bus.passwordFile"))
    case .command(let words):
      command = try SecretCommand(words, name: "bus.passwordCommand", at: now.uptime)
      return .later
    }
  }

  /// What came of it.
  enum Outcome: Hashable {
    case none
    case secret(Secret)
    case later
  }

  /// What to wait for.
  var descriptor: Int32? { command.flatMap { $0.descriptor >= 0 ? $0.descriptor : nil } }
  /// When to look even without news.
  var deadline: Int64? { command?.deadline }

  /// The machine has slept, and the command with it.
  func woke(at now: Instant) { command?.woke(at: now.uptime) }

  /// Looks; not nil once it is there or has failed.
  func ready(at now: Instant) -> Result<Secret, Failure>? {
    guard let outcome = command?.ready(at: now.uptime) else { return nil }
    command = nil
    return outcome.map(\.secret).mapError { .failed($0.sentence) }
  }
}
