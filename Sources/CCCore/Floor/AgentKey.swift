// Which agent: a team and a name within it.

/// The key of an agent on the floor: `red/1001`.
///
/// Both parts are 1 to 64 of `[A-Za-z0-9_-]` (design section 6): they are levels of a topic, and some
/// brokers refuse more.
public struct AgentKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// `red/1001`: one text, not two, since there may be 100,000 of them.
  public let description: String

  /// Makes a key; nil where a part is not 1 to 64 of `[A-Za-z0-9_-]`.
  public init?(team: String, agent: String) {
    guard Self.isLevel(team), Self.isLevel(agent) else { return nil }
    description = "\(team)/\(agent)"
  }

  /// Reads `red/1001` from bytes that are borrowed; nil where that is no key.
  public init?(bytes: UnsafeRawBufferPointer) {
    guard let slash = bytes.firstIndex(of: 0x2F),
      Self.isLevel(bytes[..<slash]), Self.isLevel(bytes[(slash + 1)...])
    else { return nil }
    description = String(decoding: bytes, as: UTF8.self)
  }

  private static func isLevel(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    (1...64).contains(bytes.count) && bytes.allSatisfy(isOfLevel)
  }

  /// The team.
  public var team: String { String(description.utf8.prefix { $0 != 0x2F }) ?? "" }

  /// The agent within the team.
  public var agent: String { String(description.utf8.drop { $0 != 0x2F }.dropFirst()) ?? "" }

  /// Whether a text may be a part of a key.
  public static func isLevel(_ text: some StringProtocol) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy(isOfLevel)
  }

  private static func isOfLevel(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
    default: false
    }
  }

  /// By team, then by agent.
  public static func < (one: AgentKey, two: AgentKey) -> Bool {
    one.team == two.team ? one.agent < two.agent : one.team < two.team
  }
}
