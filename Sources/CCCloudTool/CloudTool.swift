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
      Self.exit(withError: error)
    }
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
