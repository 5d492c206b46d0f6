// ccterm-cloud: everything of ccterm that speaks HTTP.

import ArgumentParser
import CCCore
import CLinux
import Foundation

/// The program `ccterm-cloud`.
///
/// `ccterm cloud WORD` runs it with the configuration: `ccterm` alone reads that. Exit codes are those
/// of `ccterm`: 0 done, 1 failed, 2 wrong use.
@main
struct CloudTool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ccterm cloud",
    abstract: "Speaks to the vendor's cloud: credentials, and the seats of a floor.",
    discussion: """
      Run it as "ccterm cloud": ccterm reads the configuration and hands this program its part.

        ccterm cloud token                        the token of token.url, as the desk asks for it
        ccterm cloud token --account 0705_001     straight from the vendor, for development
        ccterm cloud token-service                hands out tokens, so that desks need no vendor key
        ccterm cloud feed --to mqtts://broker     tells the floor how the vendor's seats are
      """,
    subcommands: [
      TokenCommand.self, TokenServiceCommand.self, FeedCommand.self, ScriptCommand.self,
    ])

  static func main() async {
    // The vendor's key lies in this memory: no core file, no debugger of the same user.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    _ = cc_hide_memory()
    signal(SIGPIPE, SIG_IGN)
    do {
      try known(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as ToolFailure {
      Out.error("ccterm cloud: \(failure.sentence)")
      Foundation.exit(failure.exitCode)
    } catch {
      leave(with: error)
    }
  }

  /// Refuses a first word that is no command: the parser would speak of the options behind it, and
  /// `ccterm` puts one of its own there.
  private static func known(_ word: String?) throws(ToolFailure) {
    guard let word, !word.hasPrefix("-") else { return }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard word != "help", !names.contains(word) else { return }
    throw .usage(
      "there is no “\(SafeText(word, limit: 40))”, only \(names.joined(separator: ", ")). "
        + "See: ccterm cloud --help")
  }

  /// Ends with what the parser of the command line has to say: help and version are no errors, wrong use
  /// is one sentence and a 2, as of `ccterm` itself.
  private static func leave(with error: any Error) -> Never {
    let code = exitCode(for: error)
    if code == .success {
      Out.line(fullMessage(for: error))
      Foundation.exit(0)
    }
    let words = message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
    let sentence = words.prefix(1).lowercased() + words.dropFirst()
    let end = sentence.last.map { ".?!".contains($0) } ?? false ? "" : "."
    guard code == .validationFailure else {
      Out.error("ccterm cloud: \(sentence)\(end)")
      Foundation.exit(1)
    }
    Out.error("ccterm cloud: \(sentence)\(end) See: ccterm cloud --help")
    Foundation.exit(2)
  }
}

/// Why a run ends without having done its work: one sentence.
enum ToolFailure: Error, Hashable {
  /// Exit 1: it was tried and did not work.
  case failed(String)
  /// Exit 2: what was asked for makes no sense.
  case usage(String)

  var exitCode: Int32 {
    switch self {
    case .failed: 1
    case .usage: 2
    }
  }

  var sentence: String {
    switch self {
    case .failed(let sentence), .usage(let sentence): sentence
    }
  }
}

/// Lines on the way out, whole and unbuffered.
enum Out {
  static func line(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
  static func error(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
