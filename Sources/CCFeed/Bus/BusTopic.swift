// Every topic of the contract, the commands and their answers among them.

import CCCore

/// A topic of the bus: a state that the broker keeps, or a word that it only passes on.
public enum BusTopic: Hashable, Sendable, CustomStringConvertible {
  /// `cc/v1/<team>/<agent>/seat|call`: retained.
  case state(FloorTopic)
  /// `cc/v1/<team>/<agent>/cmd/<word>`: supervisor to agent, never retained.
  case command(AgentKey, String)
  /// `cc/v1/<team>/<agent>/ack`: agent to supervisor, never retained.
  case answer(AgentKey)

  /// Reads a topic; nil for one that is none of the contract's.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.longest else { return nil }
    if let topic = FloorTopic(text) {
      self = .state(topic)
      return
    }
    let levels = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (5...6).contains(levels.count), levels[0] == "cc", levels[1] == "v1",
      let key = AgentKey(team: String(levels[2]), agent: String(levels[3]))
    else { return nil }
    switch (levels[4], levels.count) {
    case ("ack", 5): self = .answer(key)
    case ("cmd", 6) where AgentKey.isLevel(levels[5]): self = .command(key, String(levels[5]))
    default: return nil
    }
  }

  /// The topic as it stands on the wire.
  public var description: String {
    switch self {
    case .state(let topic): topic.description
    case .command(let key, let word): "cc/v1/\(key)/cmd/\(word)"
    case .answer(let key): "cc/v1/\(key)/ack"
    }
  }

  /// The filter of all commands to an agent.
  public static func commands(to key: AgentKey) -> String { "cc/v1/\(key)/cmd/+" }
  /// The filter of the seats of a team, or of all.
  public static func seats(of team: String?) -> String { "cc/v1/\(team ?? "+")/+/seat" }
  /// The filter of the calls of a team, or of all.
  public static func calls(of team: String?) -> String { "cc/v1/\(team ?? "+")/+/call" }
  /// The filter of the answers of a team, or of all.
  public static func answers(of team: String?) -> String { "cc/v1/\(team ?? "+")/+/ack" }

  private static let longest = 256
}
