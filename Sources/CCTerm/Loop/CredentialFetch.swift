// Asking the token's source, at once or by a program that takes its time.

import CCCore

/// One question at a time to the configured source; its answer is an event of the desk.
@MainActor final class CredentialFetch {
  private let source: CredentialSource?
  private var command: SecretCommand?

  init(_ source: CredentialSource?) { self.source = source }

  /// Readable while a program is asked and has said something.
  var descriptor: Int32? {
    guard let descriptor = command?.descriptor, descriptor >= 0 else { return nil }
    return descriptor
  }

  /// When a program that is asked has had its time.
  var deadline: Int64? { command?.deadline }

  /// The machine has slept, and the program that is asked with it.
  func woke(at now: Int64) { command?.woke(at: now) }

  /// Asks; the answer where it is there at once.
  func ask(at now: Int64) -> DeskEvent? {
    command = nil
    do throws(Failure) {
      switch source {
      case .url(let settings):
        command = try SecretCommand(
          asking: CredentialSource.cloudProgram(), settings: settings, at: now)
      case .command(let words, let key): command = try SecretCommand(words, name: key, at: now)
      case .file(let path): return .credential(try CredentialSource.read(path))
      case .password: return .credential(try CredentialSource.readPassword())
      case nil: return .credentialFailed("No source of a token is configured.")
      }
      return nil
    } catch {
      // A file may be written any moment; the other sources need somebody's hand.
      let isFile = if case .file = source { true } else { false }
      return .credentialFailed(SafeText(error.sentence ?? ""), final: !isFile)
    }
  }

  /// The answer of a program that was asked, once it is there or its time is over.
  func answer(at now: Int64) -> DeskEvent? {
    guard let outcome = command?.ready(at: now) else { return nil }
    command = nil
    switch outcome {
    case .success(let found): return .credential(found.secret, expiresIn: found.expiresIn)
    case .failure(let refusal):
      return .credentialFailed(SafeText(refusal.sentence), final: !refusal.mayPass)
    }
  }
}
