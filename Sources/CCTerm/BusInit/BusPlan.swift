// What a broker's set is made for: who may speak, and where.

import CCCore
import Glibc

/// Who is on the bus, and where it listens: all that the files of `ccterm bus init` say.
struct BusPlan: Hashable, Sendable {
  /// A user who is no agent: a supervisor who watches, or a feed that speaks for agents.
  struct User: Hashable, Sendable {
    /// 1 to 64 of `[A-Za-z0-9_-]`; agents have a `/` in theirs, so the two never meet.
    var name: String
    /// Nil: all teams.
    var team: String?

    /// The team as a level of a topic: one, or any.
    var teamLevel: String { team ?? "+" }

    /// A supervisor as the broker knows her on each of her screens.
    var everyScreen: [User] {
      BusPlan.screenNames(of: name).map { User(name: $0, team: team) }
    }
  }

  /// How many screens of one supervisor a Mosquitto takes at a time.
  static let screens = 4

  /// The users of a supervisor's screens; no level of a topic has a dot, so they meet nobody else's.
  static func screenNames(of name: String) -> [String] {
    [name] + (2...screens).map { "\(name).\($0)" }
  }

  /// Where the set will lie: what paths inside its files begin with.
  var folder: String
  /// Names and addresses that the certificate is good for; the first is what desks are told.
  var hosts: [String]
  /// The address that the broker listens on.
  var listen: String
  /// The first port.
  var port: Int
  /// Who owns the set, and so whom a broker that root starts becomes.
  var owner: String
  /// One user each.
  var agents: [AgentKey]
  var supervisors: [User]
  var feeds: [User]

  /// The port of floors and feeds on one machine.
  var floorPort: Int { port + 1 }

  /// Who is on the bus where nobody is named: enough to try it.
  static let sampleAgents = ["red/1001", "red/1002", "blue/2001"]

  /// Reads `red/1001`.
  static func agent(_ text: some StringProtocol) -> AgentKey? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    return AgentKey(team: String(parts[0]), agent: String(parts[1]))
  }

  /// Reads `sup-red:red`, or `sup` for all teams.
  static func user(_ text: String) -> User? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.first, parts.allSatisfy({ AgentKey.isLevel($0) })
    else {
      return nil
    }
    return User(name: String(name), team: parts.count == 2 ? String(parts[1]) : nil)
  }

  /// The agents of a file: a line each, `#` begins a remark.
  ///
  /// - Throws: `Failure.usage` that names the line.
  static func agents(inFile bytes: [UInt8], path: String) throws(Failure) -> [AgentKey] {
    var agents: [AgentKey] = []
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let text = SafeText(bytes: line.prefix { $0 != 0x23 && $0 != 0x0D }).string
      guard let word = text.split(separator: " ").first else { continue }
      guard let key = agent(word), text.split(separator: " ").count == 1 else {
        throw .usage(
          "\(path), line \(index + 1): \(shown(text)) is no agent; a line is TEAM/AGENT, "
            + "each 1 to 64 of A-Z a-z 0-9 _ -.")
      }
      agents.append(key)
    }
    return agents
  }

  /// Whether a text may stand for a machine in a certificate and in a URL.
  static func isHost(_ text: String) -> Bool {
    isAddress(text)
      || (1...253).contains(text.utf8.count) && !text.hasPrefix("-") && !text.hasPrefix(".")
        && text.utf8.allSatisfy { byte in
          switch byte {
          case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
          default: false
          }
        }
  }

  /// Whether a text is an IPv4 address.
  static func isAddress(_ text: String) -> Bool {
    var address = in_addr()
    return inet_pton(AF_INET, text, &address) == 1
  }
}
