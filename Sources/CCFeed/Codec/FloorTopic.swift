// The topics of the floor: who, and what of her.

import CCCore

/// A topic of the floor's contract, `cc/v1/<team>/<agent>/seat|call` (design section 6).
public struct FloorTopic: Hashable, Sendable, CustomStringConvertible {
  /// What a topic carries.
  public enum Kind: String, Hashable, Sendable {
    case seat
    case call
  }

  /// Who.
  public var key: AgentKey
  /// What.
  public var kind: Kind

  /// Makes a topic.
  public init(_ key: AgentKey, _ kind: Kind) {
    self.key = key
    self.kind = kind
  }

  /// Reads a topic; nil for one that is none of ours.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count <= Self.longest else { return nil }
    let levels = text.split(separator: "/", omittingEmptySubsequences: false)
    guard levels.count == 5, levels[0] == "cc", levels[1] == "v1",
      let key = AgentKey(team: String(levels[2]), agent: String(levels[3])),
      let kind = Kind(rawValue: String(levels[4]))
    else { return nil }
    self.init(key, kind)
  }

  /// Reads a topic that is borrowed; nil for one that is none of ours.
  init?(bytes: UnsafeRawBufferPointer) {
    let (head, tail) = ("cc/v1/".utf8.count, "/seat".utf8.count)
    guard bytes.count > head + tail, bytes.count <= Self.longest,
      bytes.prefix(head).elementsEqual("cc/v1/".utf8)
    else { return nil }
    if bytes.suffix(tail).elementsEqual("/seat".utf8) {
      kind = .seat
    } else if bytes.suffix(tail).elementsEqual("/call".utf8) {
      kind = .call
    } else {
      return nil
    }
    let middle = UnsafeRawBufferPointer(rebasing: bytes[head..<bytes.count - tail])
    guard let key = AgentKey(bytes: middle) else { return nil }
    self.key = key
  }

  /// `cc/v1/red/1001/seat`.
  public var description: String { "cc/v1/\(key.team)/\(key.agent)/\(kind.rawValue)" }

  /// The longest topic that can be ours.
  private static let longest = "cc/v1///seat".utf8.count + 2 * 64
}
