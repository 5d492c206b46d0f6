// Which rows are shown, and how a row is held against what was typed.

/// Which rows are shown.
public struct FloorFilter: Hashable, Sendable {
  /// Every word must be in the agent's name, key or status; lower case.
  public let words: [String]
  /// One team only.
  public let team: String?
  /// Alerts only.
  public let alertsOnly: Bool

  /// Makes a filter; without arguments it lets everything through.
  public init(text: String = "", team: String? = nil, alertsOnly: Bool = false) {
    words = text.lowercased().split(separator: " ").map(String.init)
    self.team = team
    self.alertsOnly = alertsOnly
  }

  /// Whether it lets everything through.
  public var isOpen: Bool { words.isEmpty && team == nil && !alertsOnly }

  /// Whether it lets a row through.
  func lets(_ row: FloorRow) -> Bool {
    if isOpen { return true }
    if alertsOnly, row.alert == nil { return false }
    if let team, !row.key.isOf(team) { return false }
    return words.allSatisfy { word in
      Self.has(row.name.string, word) || Self.has(row.key.description, word)
        || Self.has(row.shownSeat?.name ?? "unknown", word)
    }
  }

  /// Whether a text has a word, whatever its case; ASCII words are sought byte by byte, since 100,000
  /// texts are looked at between two keys.
  private static func has(_ text: String, _ word: String) -> Bool {
    let found = text.utf8.withContiguousStorageIfAvailable { text in
      word.utf8.withContiguousStorageIfAvailable { word -> Bool? in
        word.allSatisfy { $0 < 0x80 } ? has(text, word) : nil
      } ?? nil
    }
    return (found ?? nil) ?? text.lowercased().holds(word)
  }

  private static func has(_ text: UnsafeBufferPointer<UInt8>, _ word: UnsafeBufferPointer<UInt8>)
    -> Bool
  {
    guard text.count >= word.count else { return false }
    for start in 0...(text.count - word.count) {
      var length = 0
      while length < word.count, lower(text[start + length]) == word[length] { length += 1 }
      if length == word.count { return true }
    }
    return false
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}

extension AgentKey {
  /// Whether the agent is of this team.
  public func isOf(_ team: String) -> Bool {
    let own = description.utf8
    return own.starts(with: team.utf8) && own.dropFirst(team.utf8.count).first == 0x2F
  }
}
