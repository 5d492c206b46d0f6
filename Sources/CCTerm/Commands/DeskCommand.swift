// `ccterm desk`: what an agent runs all day.

import ArgumentParser

/// The options that say which configuration holds.
struct ConfigOptions: ParsableArguments {
  @Option(
    name: .customShort("c"),
    help: ArgumentHelp(
      "Set a key of the configuration, as in -c seat.wrapUp=10; never a secret.",
      valueName: "key=value"))
  var settings: [String] = []

  func load() throws(Failure) -> Configuration {
    let configuration = try Configuration.load(options: settings)
    if let name = configuration.text("time.zone") { try SystemZone.choose(name) }
    return configuration
  }
}

/// Opens the desk.
struct DeskCommand: ParsableCommand, Runnable {
  static let configuration = CommandConfiguration(
    commandName: "desk",
    abstract: "Open the desk (what ccterm does without a word).",
    discussion: """
      Examples:

        ccterm desk --line sip
        ccterm desk --line "exec:ssh my-pc ccterm line sip"
        ccterm desk --line sip --record today.ndjson
        ccterm desk --plain -c screen.bell=no
        my-program | ccterm desk --json | my-program

      F1 shows the keys, F10 quits.
      """)

  @Option(help: "The phone line: demo, sip, sdk, replay:FILE or exec:COMMAND.")
  var line: String?

  @Flag(help: "Sentences instead of a screen; commands are typed as words.")
  var plain = false

  @Flag(help: "NDJSON out and NDJSON commands in.")
  var json = false

  @Option(
    help: ArgumentHelp("Keep what passes between desk and line in a new file.", valueName: "file"))
  var record: String?

  @OptionGroup var config: ConfigOptions

  @MainActor func start() throws(Failure) {
    guard !(plain && json) else {
      throw .usage("--plain and --json: one of the two.")
    }
    let mode: DeskProgram.Mode = plain ? .plain : json ? .json : .screen
    let configuration = try config.load()
    let choice = try LineChoice(
      configuration.text("line", or: line, named: "--line") ?? "demo")
    let isUnconfigured = configuration.isEmpty && line == nil
    let program = DeskProgram(
      mode: mode, choice: choice, configuration: configuration, record: record,
      greeting: isUnconfigured ? DeskProgram.demoGreeting : nil)
    try program.run()
  }
}

/// Plays a recording on the desk.
struct ReplayCommand: ParsableCommand, Runnable {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play a recording on the desk.",
    discussion: """
      Examples:

        ccterm replay today.ndjson
        ccterm replay today.ndjson --speed 8
        ccterm replay today.ndjson --plain --speed 100
      """)

  @Argument(help: "A file that --record wrote.")
  var file: String

  @Option(help: "How many times as fast, from 0.1 to 1000.")
  var speed: Double = 1

  @Flag(help: "Sentences instead of a screen.")
  var plain = false

  @Flag(help: "NDJSON out.")
  var json = false

  @OptionGroup var config: ConfigOptions

  @MainActor func start() throws(Failure) {
    guard (0.1...1000).contains(speed) else {
      throw .usage("--speed is a number from 0.1 to 1000.")
    }
    guard !(plain && json) else { throw .usage("--plain and --json: one of the two.") }
    let program = DeskProgram(
      mode: plain ? .plain : json ? .json : .screen, choice: .replay(file, speed: speed),
      configuration: try config.load(), record: nil, greeting: nil)
    try program.run()
  }
}
