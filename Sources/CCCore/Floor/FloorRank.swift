// Where a row stands in the order.

/// Where a row stands: tiers first, then the sort.
///
/// Texts are ordered by their bytes. The first fifteen are kept as two numbers: most names are no longer,
/// and 100,000 numbers are sorted in a fraction of the time that texts take.
struct FloorRank: Sendable, Comparable {
  /// Ascending within the tier.
  private(set) var number: Int64
  /// What of a text has no room in `number`.
  private(set) var more: UInt64 = 0
  /// The whole text, where it is longer than both.
  private(set) var text = ""
  /// 0 alert, 1 unknown, 2 the rest, 3 offline where the longest come first.
  let tier: UInt8

  /// A rank by number.
  init(tier: UInt8, number: Int64) {
    self.tier = tier
    self.number = number
  }

  /// A rank by group, then by the texts, one after the other.
  init(tier: UInt8, group: Int = 0, texts: String...) {
    self.tier = tier
    var prefix: (UInt64, UInt64) = (UInt64(min(max(0, group), 127)), 0)
    var count = 1
    for (index, text) in texts.enumerated() {
      if index > 0 { Self.add(0, to: &prefix, &count) }
      for byte in text.utf8 { Self.add(byte, to: &prefix, &count) }
    }
    while count < 8 { Self.add(0, to: &prefix, &count) }
    if count < 16 { prefix.1 <<= UInt64(8 * (16 - count)) }
    number = Int64(bitPattern: prefix.0)
    more = prefix.1
    if count > 16 { text = texts.joined(separator: "\u{0}") }
  }

  private static func add(_ byte: UInt8, to prefix: inout (UInt64, UInt64), _ count: inout Int) {
    if count < 8 {
      prefix.0 = prefix.0 << 8 | UInt64(byte)
    } else if count < 16 {
      prefix.1 = prefix.1 << 8 | UInt64(byte)
    }
    count += 1
  }

  static func == (one: FloorRank, two: FloorRank) -> Bool {
    one.tier == two.tier && one.number == two.number && one.more == two.more
      && one.text.utf8.elementsEqual(two.text.utf8)
  }

  static func < (one: FloorRank, two: FloorRank) -> Bool {
    if one.tier != two.tier { return one.tier < two.tier }
    if one.number != two.number { return one.number < two.number }
    if one.more != two.more { return one.more < two.more }
    if one.text.isEmpty, two.text.isEmpty { return false }
    return one.text.utf8.lexicographicallyPrecedes(two.text.utf8)
  }
}

extension Floor {
  /// The rank of a row in the sort that holds.
  func rank(of row: FloorRow) -> FloorRank {
    var tier: UInt8 = row.alert != nil ? 0 : row.shownSeat == nil ? 1 : 2
    switch sort {
    case .time:
      // Who went home has been away the longest: that is not what a floor is watched for.
      if tier == 2, row.seat == .offline { tier = 3 }
      return FloorRank(tier: tier, number: row.start.uptime)
    case .status: return FloorRank(tier: tier, group: row.seat.code, texts: row.name.string)
    case .name: return FloorRank(tier: tier, texts: row.name.string)
    case .team: return FloorRank(tier: tier, texts: row.key.team, row.name.string)
    case .calls: return FloorRank(tier: tier, number: -Int64(row.today?.calls ?? 0))
    }
  }
}
