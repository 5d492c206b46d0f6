// `ccterm config show`: what holds, and why.

import ArgumentParser

/// The configuration.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show the configuration.",
    subcommands: [Show.self])

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
        """)

    @OptionGroup var config: ConfigOptions

    @MainActor func start() throws(Failure) {
      let configuration = try config.load()
      for row in configuration.table() + configuration.lockSentences { Say.out(row) }
    }
  }
}
