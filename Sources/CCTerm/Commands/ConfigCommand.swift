// `ccterm config`: what holds, and why; and whether it can hold.

import ArgumentParser

/// The configuration.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show the configuration, or check it.",
    subcommands: [Show.self, Check.self])

  /// Says what of the configuration cannot work, without trying anything.
  struct Check: ParsableCommand, Runnable {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Say what of the configuration cannot work; nothing is tried and nobody asked.",
      discussion: """
        Every value is read as its owner reads it: the line's by the line, a dial plan with the question
        whether each of its rules can be reached. It ends with 0 where nothing is wrong, with 1 where
        something is, and with 2 where a file cannot be read. "ccterm doctor" looks whether it works.
        """)

    @OptionGroup var config: ConfigOptions

    @MainActor func start() throws(Failure) {
      let configuration = try config.load()
      let problems = ConfigCheck.problems(configuration)
      for problem in problems { Say.out(problem.string) }
      guard problems.isEmpty else {
        throw .failed("the configuration has \(problems.count == 1 ? "a fault" : "faults").")
      }
      let notes = ConfigCheck.notes(configuration)
      for note in notes { Say.out(note.string) }
      Say.out(
        ConfigCheck.origins(configuration).map {
          "nothing \(notes.isEmpty ? "" : "else ")is wrong in \($0)."
        }
          ?? "nothing is configured, and nothing is wrong.")
    }
  }

  /// Prints each key with its value and where that came from.
  struct Show: ParsableCommand, Runnable {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Print each key, its value and where that came from; secrets as (set).",
      discussion: """
        Later ones win: /etc/ccterm/config.yaml, ~/.config/ccterm/config.yaml, -c KEY=VALUE.
        What stands below "locked:" in the first cannot be overridden, by no other key either that
        means the same. A file looks like this:

          line: sip
          sip:
            registrar: pbx.example
            account: "1001"
            passwordCommand: pass show pbx/1001
          seat:
            wrapUp: 20

        In /etc/ccterm/config.yaml alone, keys with the values that they are held at; one without a
        value is held at what the file says, or at what is usual:

          locked:
            sip:
              registrar: pbx.example
            seat.wrapUp:
        """)

    @OptionGroup var config: ConfigOptions

    @MainActor func start() throws(Failure) {
      let configuration = try config.load()
      for row in configuration.table() + configuration.lockSentences { Say.out(row) }
    }
  }
}
