// An order of many rows that is kept, not made anew.

/// Slots in the order of their ranks: inserted and removed one by one, read by position.
///
/// Chunks of a few hundred slots, each sorted: finding is two binary searches, a change moves one
/// chunk's tail. At 100,000 rows that is a microsecond; a tree would be no quicker and harder to read.
struct RankedList: Sendable {
  /// An entry: a rank, and the slot of the row that has it.
  ///
  /// Slots make equal ranks different.
  struct Entry: Sendable {
    var rank: FloorRank
    var slot: Int32

    static func < (one: Entry, two: Entry) -> Bool {
      one.rank == two.rank ? one.slot < two.slot : one.rank < two.rank
    }
  }

  private static let full = 512
  private var chunks: [[Entry]] = []
  /// How many entries there are.
  private(set) var count = 0

  init() {}

  /// Makes a list of slots in any order; `rank` is asked once for each.
  ///
  /// Numbers are sorted without their texts beside them: most of the work is moving them.
  init(_ slots: [Int32], rank: (Int32) -> FloorRank) {
    let ranks = slots.map(rank)
    var keys: [Key] = []
    keys.reserveCapacity(slots.count)
    for (index, rank) in ranks.enumerated() {
      keys.append(
        Key(
          number: rank.number, more: rank.more, slot: slots[index], index: Int32(index),
          tier: rank.tier, hasText: !rank.text.isEmpty))
    }
    keys.sort { one, two in
      if one.tier != two.tier { return one.tier < two.tier }
      if one.number != two.number { return one.number < two.number }
      if one.more != two.more { return one.more < two.more }
      if one.hasText || two.hasText {
        let order = FloorRank.order(ranks[Int(one.index)].text, ranks[Int(two.index)].text)
        if order != 0 { return order < 0 }
      }
      return one.slot < two.slot
    }
    fill(with: keys.lazy.map { Entry(rank: ranks[Int($0.index)], slot: $0.slot) })
  }

  private struct Key {
    var number: Int64
    var more: UInt64
    var slot: Int32
    var index: Int32
    var tier: UInt8
    var hasText: Bool
  }

  /// Takes away the slots that are not to be kept.
  mutating func keep(_ isKept: (Int32) -> Bool) {
    let kept = chunks.map { $0.filter { isKept($0.slot) } }.filter { !$0.isEmpty }
    chunks = kept
    count = kept.reduce(0) { $0 + $1.count }
  }

  private mutating func fill(with entries: some Collection<Entry>) {
    count = entries.count
    chunks = []
    var rest = entries[...]
    while !rest.isEmpty {
      chunks.append(Array(rest.prefix(Self.full / 2)))
      rest = rest.dropFirst(Self.full / 2)
    }
  }

  mutating func insert(_ entry: Entry) {
    count += 1
    guard !chunks.isEmpty else {
      chunks.append([entry])
      return
    }
    let at = chunk(for: entry)
    chunks[at].insert(entry, at: Self.position(of: entry, in: chunks[at]))
    if chunks[at].count >= Self.full {
      let half = chunks[at].count / 2
      let tail = Array(chunks[at][half...])
      chunks[at].removeSubrange(half...)
      chunks.insert(tail, at: at + 1)
    }
  }

  /// Removes an entry; nothing happens if it is not there.
  mutating func remove(_ entry: Entry) {
    guard !chunks.isEmpty else { return }
    let at = chunk(for: entry)
    let position = Self.position(of: entry, in: chunks[at])
    guard position < chunks[at].count, chunks[at][position].slot == entry.slot else { return }
    chunks[at].remove(at: position)
    count -= 1
    if chunks[at].isEmpty { chunks.remove(at: at) }
  }

  /// The slots at these positions.
  func slots(in range: Range<Int>) -> [Int32] {
    var result: [Int32] = []
    var start = 0
    for chunk in chunks {
      let end = start + chunk.count
      if end > range.lowerBound {
        if start >= range.upperBound { break }
        let from = max(0, range.lowerBound - start)
        let to = min(chunk.count, range.upperBound - start)
        for entry in chunk[from..<to] { result.append(entry.slot) }
      }
      start = end
    }
    return result
  }

  /// The position of an entry; nil if it is not there.
  func position(of entry: Entry) -> Int? {
    guard !chunks.isEmpty else { return nil }
    let at = chunk(for: entry)
    let position = Self.position(of: entry, in: chunks[at])
    guard position < chunks[at].count, chunks[at][position].slot == entry.slot else { return nil }
    return chunks[..<at].reduce(position) { $0 + $1.count }
  }

  /// The last chunk whose first entry is not behind the entry.
  private func chunk(for entry: Entry) -> Int {
    var low = 0
    var high = chunks.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if entry < chunks[middle][0] { high = middle } else { low = middle }
    }
    return low
  }

  private static func position(of entry: Entry, in chunk: [Entry]) -> Int {
    var low = 0
    var high = chunk.count
    while low < high {
      let middle = (low + high) / 2
      if chunk[middle] < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
