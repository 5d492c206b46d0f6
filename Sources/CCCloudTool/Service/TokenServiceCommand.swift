// `ccterm cloud token-service`: the customer's backend of the vendor's picture.

import ArgumentParser
import CCCloud
import CCCore
import CLinux
import FlyingFox
import Foundation

/// Hands out tokens, and keeps the list of who may have one.
struct TokenServiceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token-service",
    abstract: "Hand out tokens to agents' desks, so that these need no vendor key.",
    discussion: """
      The vendor's key stays on one machine. Each agent has a secret, hashed at rest, and gets the
      credential of one seat only. It listens on 127.0.0.1: a TLS proxy belongs before it
      (packaging/token-service/, docs/cloud.md).

        ccterm cloud token-service add liwei --seat 0705C245_001 --generate
        ccterm cloud token-service

      On the agent's desk:

        token:
          from: url
          url: https://token.example/v1/token
          user: liwei
          secretFile: /home/liwei/.config/ccterm/secret
      """,
    subcommands: [Run.self, Add.self, Remove.self, List.self], defaultSubcommand: Run.self)

  /// Where the list of agents is.
  struct Where: ParsableArguments {
    @Option(
      help: ArgumentHelp("The list of agents; cloud.agentsFile by default.", valueName: "file"))
    var agents: String?

    @OptionGroup var settings: SettingsOption

    func load() throws -> (settings: ToolSettings, file: AgentFile) {
      let settings = try settings.load()
      let path = agents ?? settings.text("cloud", "agentsFile") ?? "/etc/ccterm/token-agents"
      return (settings, AgentFile(path: path))
    }
  }

  /// Serves until it is stopped.
  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "run", abstract: "Serve (what token-service does without a word).")

    @Option(help: "The port on 127.0.0.1; cloud.port by default. 0: any free one.")
    var port: UInt16?

    @OptionGroup var place: Where

    func run() async throws {
      let (settings, file) = try place.load()
      let desk = try TokenDesk(
        file: file, client: CloudClient(settings.cloud()), life: settings.expires,
        uptime: { cc_uptime() }, log: ServiceLog.add)
      let port = port ?? settings.number("cloud", "port", in: 1...65_535).map { UInt16($0) } ?? 8787
      let server = try await TokenServer(desk: desk, port: port).make()
      // SIGTERM ends the program as it is: nothing is half written, the vendor's answer is nobody's.
      let task = Task { try await server.run() }
      do {
        try await server.waitUntilListening()
      } catch {
        throw ToolFailure.failed("127.0.0.1:\(port) cannot be listened at: is it taken?")
      }
      if case .ip4(_, let port) = await server.listeningAddress {
        ServiceLog.add("serving: 127.0.0.1:\(port), agents: \(await desk.agents)")
      }
      do { try await task.value } catch {
        throw ToolFailure.failed("127.0.0.1:\(port) cannot be served: is it taken?")
      }
    }

  }

  /// Adds an agent, or gives one another seat or secret.
  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add an agent, or give one another seat or secret; the secret comes on stdin.")

    @Argument(help: "The agent's name.")
    var agent: String

    @Option(help: ArgumentHelp("The account of the agent's seat.", valueName: "account"))
    var seat: String

    @Flag(help: "Make a secret and print it, once.")
    var generate = false

    @OptionGroup var place: Where

    func run() async throws {
      for (what, word) in [("a name", agent), ("a seat's account", seat)]
      where !ServiceAgent.isWord(word) {
        throw ToolFailure.usage(
          "\(SafeText(word, limit: 60)) is not \(what): letters, digits and . _ @ - are, 1 to 64.")
      }
      let file = try place.load().file
      let secret = generate ? SecretHash.newSecret() : try SecretInput.read(for: agent)
      guard let secret, let hash = SecretHash.make(secret) else {
        throw ToolFailure.failed("this machine's OpenSSL refuses scrypt or random bytes.")
      }
      try file.change { list in
        if let holder = list.holder(of: seat), holder.name != agent {
          throw ToolFailure.failed(
            "seat \(seat) is \(holder.name)'s: each new credential would put the other one out.")
        }
        list.put(ServiceAgent(name: agent, account: seat, hash: hash))
      }
      if generate { Out.line(secret.revealed) }
      Out.error("\(agent) has seat \(seat); a running service knows it at once.")
    }
  }

  /// Takes an agent out.
  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take an agent out.")

    @Argument(help: "The agent's name.")
    var agent: String

    @OptionGroup var place: Where

    func run() async throws {
      try place.load().file.change { list in
        guard list.remove(agent) else {
          throw ToolFailure.failed("there is no agent \(SafeText(agent, limit: 60)).")
        }
      }
      Out.error(
        "\(agent) gets no more tokens; the one that is out lives on until it ends, or the seat's next."
      )
    }
  }

  /// Names the agents.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Name the agents and their seats.")

    @OptionGroup var place: Where

    func run() async throws {
      for agent in try place.load().file.read().agents {
        Out.line("\(agent.name)\t\(agent.account)")
      }
    }
  }
}
