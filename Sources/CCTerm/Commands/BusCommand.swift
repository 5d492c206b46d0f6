// `ccterm bus init`: a broker's set, ready to be started.

import ArgumentParser
import CCCore
import CCView

/// The bus that desks and floors meet on.
struct BusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bus",
    abstract: "Make what a floor's broker needs.",
    subcommands: [Init.self])

  /// Writes a working set into a new folder.
  struct Init: ParsableCommand, Runnable {
    static let configuration = CommandConfiguration(
      commandName: "init",
      abstract: "Write a TLS-secured broker's set: certificates, users, rules, configuration.",
      discussion: """
        Examples:

          ccterm bus init bus                                to try it on this machine
          ccterm bus init bus --host broker.example --listen 0.0.0.0 \\
            --agents agents.txt --supervisor sup-red:red --supervisor boss
          ccterm bus init bus --nats                         three servers on this machine
          ccterm bus init bus --nats --node n1.example --node n2.example --node n3.example

        The file of agents has a line TEAM/AGENT each. Passwords are made and written to files for
        you alone (0600); none is printed. docs/floor.md tells the rest.
        """)

    @Argument(help: "The folder to make; what is there is never overwritten.")
    var folder: String

    @Option(
      name: [.customLong("agent")],
      help: ArgumentHelp("An agent; again for more.", valueName: "team/agent"))
    var agents: [String] = []

    @Option(
      name: [.customLong("agents")],
      help: ArgumentHelp("A file with a line TEAM/AGENT each.", valueName: "file"))
    var agentsFile: String?

    @Option(
      name: [.customLong("supervisor")],
      help: ArgumentHelp(
        "A supervisor, of one team or of all; again for more (sup).", valueName: "name[:team]"))
    var supervisors: [String] = []

    @Option(
      name: [.customLong("feed")],
      help: ArgumentHelp(
        "A feed that speaks for the agents of a team, or of all.", valueName: "name[:team]"))
    var feeds: [String] = []

    @Option(
      name: [.customLong("host")],
      help: ArgumentHelp(
        "A name or address of the broker for its certificate; the first one is what desks are told "
          + "(127.0.0.1, localhost).", valueName: "host"))
    var hosts: [String] = []

    @Option(help: ArgumentHelp("The address that the broker listens on.", valueName: "address"))
    var listen = "127.0.0.1"

    @Option(help: "The port of desks; floors and feeds have the next one.")
    var port = 8883

    @Flag(help: "Three NATS servers with MQTT doors, instead of one Mosquitto.")
    var nats = false

    @Option(
      name: [.customLong("node")],
      help: ArgumentHelp("A NATS server's machine; three times, or never.", valueName: "host"))
    var nodes: [String] = []

    @Option(help: "The first port of the NATS servers' own protocol, on loopback.")
    var natsPort = 4222

    @Option(help: "The first port that the NATS servers find each other on.")
    var clusterPort = 6222

    @MainActor func start() throws(Failure) {
      let plan = try plan()
      let maker = BusMaker(plan: plan, cluster: nats ? try cluster(plan) : nil)
      try maker.make()
      let people = [
        Spoken.count(plan.agents.count, "agent"),
        Spoken.count(plan.supervisors.count, "supervisor"),
        Spoken.count(plan.feeds.count, "feed"),
      ]
      Say.out("\(plan.folder) is made: \(people.joined(separator: ", ")). To try it:")
      for step in maker.steps { Say.out("  \(step)") }
      Say.out("\(plan.folder)/README says what is where; docs/floor.md tells the rest.")
    }

    // MARK: What was asked for

    private func plan() throws(Failure) -> BusPlan {
      let hosts = hosts.isEmpty ? (nats && !nodes.isEmpty ? nodes : Self.usualHosts) : hosts
      for host in hosts + nodes where !BusPlan.isHost(host) {
        throw .usage("\(shown(host)) is no host: a name or an IPv4 address is expected.")
      }
      guard BusPlan.isAddress(listen) else {
        throw .usage("--listen is an IPv4 address; 0.0.0.0 is all of this machine's.")
      }
      for port in [port, natsPort, clusterPort] where !(1...65_533).contains(port) {
        throw .usage("a port is a number from 1 to 65533.")
      }
      let plan = BusPlan(
        folder: try Self.absolute(folder), hosts: hosts, listen: listen, port: port,
        owner: Environment.user ?? "mosquitto", agents: try everyAgent(),
        supervisors: try Self.users(supervisors, "--supervisor"),
        feeds: try Self.users(feeds, "--feed"))
      return try Self.checked(plan, isBare: supervisors.isEmpty)
    }

    private func cluster(_ plan: BusPlan) throws(Failure) -> NATSFiles {
      guard nodes.isEmpty || nodes.count == 3 else {
        throw .usage("--node is given three times, or never: two of three must agree.")
      }
      return NATSFiles(
        plan: plan, nodes: nodes.isEmpty ? Array(repeating: plan.hosts[0], count: 3) : nodes,
        clientPort: natsPort, clusterPort: clusterPort)
    }

    private func everyAgent() throws(Failure) -> [AgentKey] {
      var all: [AgentKey] = []
      if let agentsFile {
        guard let file = try Files.read(agentsFile, limit: 16 << 20) else {
          throw .usage("--agents: there is no file \(shown(agentsFile)).")
        }
        all = try BusPlan.agents(inFile: file.bytes, path: shown(agentsFile))
      }
      let isBare = agents.isEmpty && agentsFile == nil
      for text in isBare ? BusPlan.sampleAgents : agents {
        guard let key = BusPlan.agent(text) else {
          throw .usage(
            "--agent \(shown(text)): TEAM/AGENT is expected, each 1 to 64 of A-Z a-z 0-9 _ -.")
        }
        all.append(key)
      }
      return all
    }

    private static let usualHosts = ["127.0.0.1", "localhost"]

    private static func users(
      _ texts: [String], _ option: String
    ) throws(Failure) -> [BusPlan.User] {
      var users: [BusPlan.User] = []
      for text in texts {
        guard let user = BusPlan.user(text) else {
          throw .usage(
            "\(option) \(shown(text)): NAME or NAME:TEAM is expected, of A-Z a-z 0-9 _ -.")
        }
        users.append(user)
      }
      return users
    }

    private static func checked(_ plan: BusPlan, isBare: Bool) throws(Failure) -> BusPlan {
      var plan = plan
      if isBare { plan.supervisors = [.init(name: "sup", team: nil)] }
      guard !plan.agents.isEmpty else { throw .usage("there is no agent in that file.") }
      var seen: Set<String> = []
      let others = (plan.supervisors + plan.feeds).map(\.name)
      for name in plan.agents.map(\.description) + others
      where !seen.insert(name).inserted {
        throw .usage("\(shown(name)) is named twice.")
      }
      return plan
    }

    private static func absolute(_ folder: String) throws(Failure) -> String {
      var path = folder
      while path.count > 1, path.hasSuffix("/") { path.removeLast() }
      if !path.hasPrefix("/") {
        guard let here = Environment.workingFolder else {
          throw .failed("the working folder is not known: \(Files.reason()).")
        }
        path = "\(here)/\(path)"
      }
      // The path stands in configuration files, where a blank or a quote would mean something.
      let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"'\\#$".utf8.contains($0) }
      guard isPlain, !folder.isEmpty, path != "/" else {
        throw .usage("\(shown(path)) cannot be the folder: letters, digits and -_./ only.")
      }
      return path
    }
  }
}
