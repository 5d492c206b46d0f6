// The password of the bus, from a file or from a command that may take its time.

import CCCore

/// Gets a password beside the loop.
@MainActor final class BusPassword {
  private var command: SecretCommand?

  /// Starts getting it; what is known at once comes back.
  ///
  /// - Throws: `Failure.failed`.
  init() {}

  /// Begins: a password, or nil while a command is asked; `none` where there is none to get.
  func begin(_ source: CredentialSource?, at now: Instant) throws(Failure) -> Outcome {
    switch source {
    case nil, .password: return .none
    case .file(let path): return .secret(try CredentialSource.read(path, key: "bus.passwordFile"))
    case .command(let words, let key):
      command = try SecretCommand(words, name: key, at: now.uptime)
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

  /// Looks; not nil once it is there or has failed.
  func ready(at now: Instant) -> Result<Secret, Failure>? {
    guard let outcome = command?.ready(at: now.uptime) else { return nil }
    command = nil
    return outcome
  }
}
