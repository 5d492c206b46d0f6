// A secret from stdin: typed twice without echo, or piped.

import CCCore
import CLinux
import Foundation

/// Reads a new secret.
enum SecretInput {
  /// The fewest bytes that a secret may have.
  static let shortest = 12

  static func read(for name: String) throws -> Secret {
    guard isatty(STDIN_FILENO) == 1 else {
      return try check(readLine(strippingNewline: true) ?? "")
    }
    let first = try ask("Secret of \(name): ")
    guard try ask("The same again: ") == first else {
      throw ToolFailure.failed("the two differ; nothing was changed.")
    }
    return try check(first)
  }

  private static func check(_ text: String) throws -> Secret {
    guard (shortest...256).contains(text.utf8.count) else {
      throw ToolFailure.usage("a secret has \(shortest) to 256 bytes; --generate makes a good one.")
    }
    return Secret(text)
  }

  private static func ask(_ prompt: String) throws -> String {
    FileHandle.standardError.write(Data(prompt.utf8))
    var before = termios()
    tcgetattr(STDIN_FILENO, &before)
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    // Whatever ends the question, ^C too, the shell shows again what is typed.
    var modes = before
    _ = cc_guard_arm(STDERR_FILENO, &modes, "\n", 1)
    _ = cc_guard_mind_ends()
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      cc_guard_disarm()
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
      FileHandle.standardError.write(Data("\n".utf8))
    }
    guard let line = readLine(strippingNewline: true) else {
      throw ToolFailure.failed("no secret was typed; nothing was changed.")
    }
    return line
  }
}
