// Where a token comes from.

import CCCore
import Glibc

/// The configured source of what a line registers with: its token, or the SIP password.
enum CredentialSource: Hashable, Sendable {
  /// `token.url`, asked by `ccterm-cloud`, which gets these settings: the desk speaks no HTTP.
  case url(Secret)
  /// The first line that a command prints, with the key that names it.
  case command(String, key: String)
  /// The first line of a file that only the user can read.
  case file(String)
  /// `sip.password`, read anew each time: who mends it need not start the desk again.
  case password

  /// What the configuration says for a line; nil: there is none.
  init?(_ configuration: Configuration, for choice: LineChoice) throws(Failure) {
    if choice == .program("sip") {
      if let command = configuration.text("sip.passwordCommand") {
        self = .command(command, key: "sip.passwordCommand")
        return
      }
      if configuration.text("sip.password") != nil {
        self = .password
        return
      }
    }
    switch configuration.text("token.from") {
    case "url":
      guard configuration.text("token.url") != nil else {
        throw .usage("token.from is url, and token.url is not set.")
      }
      self = .url(CloudSettings.text(configuration))
    case "command":
      guard let command = configuration.text("token.command") else {
        throw .usage("token.from is command, and token.command is not set.")
      }
      self = .command(command, key: "token.command")
    case "file":
      guard let path = configuration.text("token.file") else {
        throw .usage("token.from is file, and token.file is not set.")
      }
      self = .file(path)
    default: return nil
    }
  }

  /// The password as the configuration has it now.
  static func readPassword() throws(Failure) -> Secret {
    guard let password = try Configuration.load().text("sip.password") else {
      throw .failed("sip.password is not set any more.")
    }
    return Secret(password)
  }

  /// The arguments that ask `token.url`; the settings go to its stdin.
  static func cloudProgram() throws(Failure) -> [String] {
    guard let program = Beside.program("ccterm-cloud") else {
      throw .failed(
        "token.from is url, which ccterm-cloud asks, and that is not installed in \(Beside.folder)."
      )
    }
    return [program, "token", "--json", "--settings", "0"]
  }

  /// Reads the secret of a file; `key` is the key of the configuration that names it.
  static func read(_ path: String, key: String = "token.file") throws(Failure) -> Secret {
    guard let file = try Files.read(path, limit: 65_536) else {
      throw .failed("\(key): \(path) is not there.")
    }
    guard file.mode & 0o077 == 0 else {
      throw .failed("\(key): others can read \(path); mend it: chmod 600 \(path)")
    }
    do throws(Failure) { try Files.checkOwn(Files.absolute(path)) } catch {
      throw .failed("\(key): \(error.sentence ?? "")")
    }
    let line = file.bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    guard !line.isEmpty else { throw .failed("\(key): \(path) is empty.") }
    return Secret(String(decoding: line, as: UTF8.self))
  }
}
