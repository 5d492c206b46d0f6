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

  /// A rank by group, then by a text.
  init(tier: UInt8, group: Int = 0, text: String) {
    self.init(tier: tier, number: 0)
    var prefix = Prefix(group)
    prefix.add(text.utf8)
    (number, more) = prefix.halves
    if prefix.isFull { self.text = text }
  }

  /// A rank by team, then by name.
  init(tier: UInt8, team key: AgentKey, name: String) {
    self.init(tier: tier, number: 0)
    var prefix = Prefix(0)
    prefix.add(key.description.utf8.prefix { $0 != 0x2F })
    prefix.add(CollectionOfOne(0))
    // Where the whole team stands in the prefix, equal prefixes are of one team.
    let hasTeam = !prefix.isFull
    prefix.add(name.utf8)
    (number, more) = prefix.halves
    if prefix.isFull { text = hasTeam ? name : key.team + "\u{0}" + name }
  }

  /// The first sixteen bytes, the group among them, as two numbers that are ordered as the bytes are.
  private struct Prefix {
    private var first: UInt64
    private var second: UInt64 = 0
    private var count = 1

    init(_ group: Int) { first = UInt64(min(max(0, group), 127)) }

    /// Whether something had no room.
    var isFull: Bool { count > 16 }

    mutating func add(_ bytes: some Sequence<UInt8>) {
      for byte in bytes {
        count += 1
        if count <= 8 {
          first = first << 8 | UInt64(byte)
        } else if count <= 16 {
          second = second << 8 | UInt64(byte)
        } else {
          return
        }
      }
    }

    var halves: (Int64, UInt64) {
      let number = count < 8 ? first << UInt64(8 * (8 - count)) : first
      let more = count > 8 && count < 16 ? second << UInt64(8 * (16 - count)) : second
      return (Int64(bitPattern: number), more)
    }
  }

  static func == (one: FloorRank, two: FloorRank) -> Bool {
    one.tier == two.tier && one.number == two.number && one.more == two.more
      && order(one.text, two.text) == 0
  }

  static func < (one: FloorRank, two: FloorRank) -> Bool {
    if one.tier != two.tier { return one.tier < two.tier }
    if one.number != two.number { return one.number < two.number }
    if one.more != two.more { return one.more < two.more }
    return order(one.text, two.text) < 0
  }

  /// How two texts stand, byte by byte: below 0, 0, above 0.
  static func order(_ one: String, _ two: String) -> Int {
    let fast = one.utf8.withContiguousStorageIfAvailable { one in
      two.utf8.withContiguousStorageIfAvailable { two in
        var index = 0
        let end = min(one.count, two.count)
        while index < end, one[index] == two[index] { index += 1 }
        return index < end ? Int(one[index]) - Int(two[index]) : one.count - two.count
      }
    }
    if let fast, let fast { return fast }
    if one.utf8.elementsEqual(two.utf8) { return 0 }
    return one.utf8.lexicographicallyPrecedes(two.utf8) ? -1 : 1
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
    case .status: return FloorRank(tier: tier, group: row.seat.code, text: row.name.string)
    case .name: return FloorRank(tier: tier, text: row.name.string)
    case .team: return FloorRank(tier: tier, team: row.key, name: row.name.string)
    case .calls: return FloorRank(tier: tier, number: -Int64(row.today?.calls ?? 0))
    }
  }
}
