// The one way out with an error.

import ArgumentParser
import CCCore
import Glibc

/// Ends the program with a sentence and an exit code.
enum Exit {
  /// Ends it with a failure of our own.
  static func with(_ failure: Failure) -> Never {
    if let sentence = failure.sentence { Say.error("ccterm: \(sentence)") }
    exit(failure.exitCode)
  }

  /// Ends it with what the parser of the command line has to say: help and version are no errors.
  static func withParserError(_ error: any Error) -> Never {
    let code = CCTermCommand.exitCode(for: error)
    if code == .success {
      Say.out(CCTermCommand.fullMessage(for: error))
      exit(0)
    }
    guard code == .validationFailure else {
      with(.failed(sentence(CCTermCommand.message(for: error))))
    }
    with(.usage(sentence(CCTermCommand.message(for: error)) + " See: ccterm --help"))
  }

  /// One line of it, small at its beginning like our own, with an end.
  private static func sentence(_ message: String) -> String {
    let words = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    guard let first = words.first else { return "that cannot be done." }
    let text = first.lowercased() + words.dropFirst()
    return ".?!".contains(text.last ?? ".") ? text : text + "."
  }
}

/// A word of the command line as it may be shown.
func shown(_ word: String) -> String {
  SafeText(word, limit: 60).string
}
