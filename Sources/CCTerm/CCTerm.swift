// The program `ccterm`: what its command line means.

import ArgumentParser
import Glibc

/// The command `ccterm`.
///
/// Words that are none of its own name a program beside it, as in git: `ccterm cloud` is
/// `ccterm-cloud`. Everything that ends the program badly comes out here, as one sentence and an exit
/// code: 0 done, 1 failed, 2 wrong use, 3 terminal lost.
@main struct CCTermCommand: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "ccterm",
    abstract: "A call-center agent's desk, in a terminal.",
    discussion: """
      Without a word, the desk opens:

        ccterm                        the desk, on the configured line or the demo
        ccterm --line sip             on a SIP account (see: ccterm config show)
        ccterm --plain                one sentence an event, for screen readers and pipes
        ccterm --json                 one JSON object an event, and commands the same way
        ccterm floor                  the supervisor's floor: who is how, and for how long

      A word that is none of these runs a program beside this one: "ccterm WORD" is ccterm-WORD.
      """,
    version: "ccterm \(version)",
    subcommands: [
      DeskCommand.self, FloorCommand.self, ReplayCommand.self, LineSubcommand.self,
      BusCommand.self, ConfigCommand.self, DoctorCommand.self,
    ],
    defaultSubcommand: DeskCommand.self)

  @MainActor static func main() {
    StandardStreams.fill()
    // A file that may not grow costs an EFBIG from the first one on: the lock's, the settings'.
    signal(SIGXFSZ, SIG_IGN)
    OwnMemory.hide()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      try SystemZone.check()
      try runProgramBeside(arguments)
      var command = try parseAsRoot(arguments)
      if let command = command as? any Runnable {
        try command.start()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      Exit.with(failure)
    } catch {
      Exit.withParserError(error)
    }
  }

  /// A first word that is no option and no command of ours is another program, or a mistake.
  @MainActor private static func runProgramBeside(_ arguments: [String]) throws {
    guard let word = arguments.first, !word.hasPrefix("-"), !known.contains(word) else { return }
    if isWord(word), let program = Beside.program("ccterm-\(word)") {
      let rest = Array(arguments.dropFirst())
      throw Beside.become(program, word == "cloud" ? try CloudSettings.handOver(to: rest) : rest)
    }
    let words = known + Beside.words(after: "ccterm-").filter { !$0.contains("-") }
    throw Failure.usage("there is no command \(shown(word))\(Nearest.hint(for: word, in: words))")
  }

  private static var known: [String] {
    configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
  }

  private static func isWord(_ word: String) -> Bool {
    word.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == "-" || $0.value < 0x3A }
      && !word.contains("/") && !word.contains(".")
  }
}

/// A command that runs on the main thread and ends with a `Failure` or well.
protocol Runnable {
  @MainActor func start() throws(Failure)
}
