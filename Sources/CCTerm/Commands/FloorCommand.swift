// `ccterm floor`: what a supervisor watches.

import ArgumentParser
import CCCore
import CCFeed

/// Opens the floor.
struct FloorCommand: ParsableCommand, Runnable {
  static let configuration = CommandConfiguration(
    commandName: "floor",
    abstract: "Watch the floor: who is idle, talking, on break, and for how long.",
    discussion: """
      Examples:

        ccterm floor                        a living demo floor of 40 agents
        ccterm floor --agents 1000 --team red
        ccterm floor --wall                 for a screen that nobody touches
        ccterm floor --once                 the table, and out
        ccterm floor --json | my-program
        ccterm floor --from mqtts://broker.example

      ? shows the keys, q quits.
      """)

  @Option(help: "Where the floor comes from: demo, mqtt://HOST[,HOST] or mqtts://...; bus.url.")
  var from: String?

  @Option(help: "How many agents the demo has.")
  var agents = 40

  @Option(help: "The demo's seed: the same one gives the same people.")
  var seed: UInt64 = 1

  @Option(help: "One team only.")
  var team: String?

  @Flag(help: "Print the table (with --json: its lines) and leave.")
  var once = false

  @Flag(help: "NDJSON: a line for each agent that changes, and totals.")
  var json = false

  @Flag(help: "Sentences instead of a screen; questions are typed as words.")
  var plain = false

  @Flag(help: "Big totals, alerts and the longest; no numbers, no keys but q.")
  var wall = false

  @OptionGroup var config: ConfigOptions

  @MainActor func start() throws(Failure) {
    guard (1...DemoFeed.most).contains(agents) else {
      throw .usage("--agents is a number from 1 to \(DemoFeed.most).")
    }
    if let team, !AgentKey.isLevel(team) {
      throw .usage("--team: a team is 1 to 64 of A-Z a-z 0-9 _ -.")
    }
    let configuration = try config.load()
    let program = FloorProgram(
      mode: try mode(), source: try source(configuration), team: team,
      configuration: configuration)
    try program.run()
  }

  /// What was asked for; else the configured bus; else the demo.
  private func source(_ configuration: Configuration) throws(Failure) -> FloorProgram.Source {
    switch try configuration.text("bus.url", or: from, named: "--from") ?? "demo" {
    case "demo": return .demo(seed: seed, agents: agents)
    case let url where url.hasPrefix("mqtt"):
      let place = from == nil ? "bus.url" : "--from"
      return .bus(try BusOptions(address: url, at: place, configuration))
    case let word:
      throw .usage("there is no feed \(shown(word)): it is demo, mqtt://HOST or mqtts://HOST.")
    }
  }

  private func mode() throws(Failure) -> FloorProgram.Mode {
    switch (once, json, plain, wall) {
    case (false, false, false, false): .screen
    case (true, false, false, false): .once
    case (true, true, false, false): .onceJSON
    case (false, true, false, false): .json
    case (false, false, true, false): .plain
    case (false, false, false, true): .wall
    default: throw .usage("--once, --json, --plain, --wall: one of them, or --once with --json.")
    }
  }
}
