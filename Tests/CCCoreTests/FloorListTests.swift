// What the floor's order stands on, each held against a slow and obvious model.

import Testing

@testable import CCCore

@Suite struct FloorListTests {
  private static func key(_ entry: RankedList.Entry) -> (Int64, Int32) {
    (entry.rank.number, entry.slot)
  }

  /// More than two chunks, with many equal ranks; every question is asked of a sorted array too.
  @Test func aRankedListIsASortedArray() throws {
    var random = SplitMix(seed: 3)
    var list = RankedList()
    var model: [RankedList.Entry] = []
    #expect(list.slots(in: 0..<10).isEmpty)
    let absent = RankedList.Entry(rank: FloorRank(tier: 2, number: 7), slot: 9_999)
    #expect(list.position(of: absent) == nil)
    list.remove(absent)
    #expect(list.count == 0)
    for slot in Int32(0)..<1_400 {
      let rank = FloorRank(tier: 2, number: Int64.random(in: 0..<60, using: &random))
      list.insert(.init(rank: rank, slot: slot))
      model.append(.init(rank: rank, slot: slot))
      if slot % 5 == 4 {
        let gone = model.remove(at: Int.random(in: 0..<model.count, using: &random))
        list.remove(gone)
        list.remove(gone)
      }
    }
    model.sort { Self.key($0) < Self.key($1) }
    #expect(list.count == model.count)
    #expect(list.slots(in: 0..<model.count) == model.map(\.slot))
    for range in [0..<1, 1..<3, 200..<700, 255..<257, 1_000..<1_119, 5..<5] {
      #expect(list.slots(in: range) == model[range].map(\.slot))
    }
    for (index, entry) in model.enumerated() { #expect(list.position(of: entry) == index) }
    #expect(list.position(of: absent) == nil)
    let last = RankedList.Entry(rank: FloorRank(tier: 9, number: 0), slot: 1)
    #expect(list.position(of: last) == nil)
    list.remove(last)
    // The same entries at once, and with some of them taken away.
    let ranks = Dictionary(uniqueKeysWithValues: model.map { ($0.slot, $0.rank) })
    var made = RankedList(model.map(\.slot).shuffled(using: &random)) {
      ranks[$0] ?? FloorRank(tier: 9, number: 0)
    }
    #expect(made.count == model.count)
    #expect(made.slots(in: 0..<model.count) == model.map(\.slot))
    made.keep { $0 % 3 == 0 }
    let kept = model.filter { $0.slot % 3 == 0 }
    #expect(made.count == kept.count && made.slots(in: 0..<kept.count) == kept.map(\.slot))
    for entry in kept { made.remove(entry) }
    #expect(made.count == 0)
  }

  private static let texts = [
    "", "a", "b", "ab", "abc", "Z", "z", "é", "陈小明", "seven77", "eight888", "fifteen-letters",
    "fifteen-letterz", "sixteen-letters!", "sixteen-letters?", "seventeen-letters",
    "seventeen-lettert", "eight88", "eight889", "zzzzzzzzzzzzzzz", "zzzzzzzzzzzzzzzz",
    "\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}\u{10FFFF}",
  ]

  private static func bytesBefore(_ one: String, _ two: String) -> Bool {
    Array(one.utf8).lexicographicallyPrecedes(Array(two.utf8))
  }

  /// Made one by one and all at once: texts are ordered by their bytes, however long.
  @Test func textsAreOrderedByTheirBytes() {
    for one in Self.texts {
      for two in Self.texts {
        let (first, second) = (FloorRank(tier: 1, text: one), FloorRank(tier: 1, text: two))
        #expect((first < second) == Self.bytesBefore(one, two), "\(one) \(two)")
        #expect((first == second) == (one == two), "\(one) \(two)")
        #expect((FloorRank.order(one, two) < 0) == Self.bytesBefore(one, two))
        #expect((FloorRank.order(one, two) == 0) == (one == two))
      }
    }
    let slots = Self.texts.indices.map { Int32($0) }
    for texts in [Self.texts, Self.texts.reversed()] {
      let list = RankedList(slots) { FloorRank(tier: 1, text: texts[Int($0)]) }
      let sorted = slots.sorted { Self.bytesBefore(texts[Int($0)], texts[Int($1)]) }
      #expect(list.slots(in: 0..<slots.count) == sorted)
    }
  }

  @Test func theTierComesFirstThenTheGroupThenTheTeam() throws {
    #expect(FloorRank(tier: 0, text: "z") < FloorRank(tier: 1, text: "a"))
    #expect(!(FloorRank(tier: 1, text: "a") < FloorRank(tier: 0, text: "z")))
    #expect(FloorRank(tier: 0, number: 9) < FloorRank(tier: 1, number: 2))
    #expect(FloorRank(tier: 0, number: 2) != FloorRank(tier: 1, number: 2))
    #expect(FloorRank(tier: 0, number: 2) < FloorRank(tier: 0, number: 3))
    #expect(FloorRank(tier: 0, group: 2, text: "z") < FloorRank(tier: 0, group: 3, text: "a"))
    #expect(FloorRank(tier: 0, group: 2, text: "a") < FloorRank(tier: 0, group: 2, text: "z"))
    #expect(FloorRank(tier: 0, group: -5, text: "a") == FloorRank(tier: 0, group: 0, text: "a"))
    #expect(FloorRank(tier: 0, group: 900, text: "a") == FloorRank(tier: 0, group: 127, text: "a"))
    #expect(FloorRank(tier: 0, group: 126, text: "b") < FloorRank(tier: 0, group: 127, text: "a"))
    let tiers = RankedList([0, 1, 2]) { FloorRank(tier: UInt8(2 - $0), number: Int64($0)) }
    #expect(tiers.slots(in: 0..<3) == [2, 1, 0])
  }

  @Test func withinATeamTheNameCounts() throws {
    let teams = [
      "a", "ab", "red", "red-1", "a-very-long-team-of-agents", "a-very-long-team-of-agentt",
    ]
    let names = [
      "", "Ana", "Bo", "a name that is very long indeed", "a name that is very long indeee",
    ]
    var all: [(key: AgentKey, name: String)] = []
    for team in teams { for name in names { all.append((try floorKey("1", team), name)) } }
    for one in all {
      for two in all {
        let expected =
          one.key.team == two.key.team
          ? Self.bytesBefore(one.name, two.name)
          : Self.bytesBefore(one.key.team, two.key.team)
        let ranks = [one, two].map { FloorRank(tier: 1, team: $0.key, name: $0.name) }
        #expect((ranks[0] < ranks[1]) == expected, "\(one) \(two)")
      }
    }
  }

  /// Slots with their moments, against a dictionary.
  @Test func aHeapGivesTheEarliestFirst() {
    var random = SplitMix(seed: 5)
    var heap = DeadlineHeap()
    var model: [Int32: Int64] = [:]
    #expect(heap.first == nil && heap.firstSlot == nil && heap.take(notAfter: .max) == nil)
    for _ in 0..<4_000 {
      let slot = Int32.random(in: 0..<40, using: &random)
      let moment = Int64.random(in: 0..<500, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        heap.set(slot, to: nil)
        model[slot] = nil
      case 1:
        // Put off: it stays where it is, or comes nearer.
        heap.setNoLater(slot, to: moment)
        model[slot] = min(model[slot] ?? .max, moment)
      case 2:
        let due = heap.take(notAfter: moment)
        #expect((due != nil) == model.values.contains { $0 <= moment })
        if let due {
          #expect(model[due] == model.values.min())
          model[due] = nil
        }
      default:
        heap.set(slot, to: moment)
        model[slot] = moment
      }
      #expect(heap.first == model.values.min())
      #expect(heap.firstSlot.flatMap { model[$0] } == model.values.min())
    }
    heap.setNoLater(99, to: nil)
    var last = Int64.min
    while let slot = heap.take(notAfter: .max) {
      let moment = model.removeValue(forKey: slot) ?? -1
      #expect(moment >= last)
      last = moment
    }
    #expect(model.isEmpty)
    // At its moment, not before.
    heap.set(1, to: 10)
    #expect(heap.take(notAfter: 9) == nil && heap.take(notAfter: 10) == 1)
  }

  @Test func changesAreKeptInOneRing() {
    var log = ChangeLog()
    #expect(log.changes(of: 3, limit: 5).isEmpty && log.changes(of: 0, limit: 5).isEmpty)
    var twice = ChangeLog()
    twice.add(FloorChange(uptime: 5, seat: .idle), of: 9)
    twice.add(FloorChange(uptime: 6, seat: .idle), of: 9)
    #expect(twice.changes(of: 9, limit: 5) == [FloorChange(uptime: 5, seat: .idle)])
    let second = Instant.second
    log.add(FloorChange(uptime: 10 * second, seat: .busy), of: 1)
    // The call that comes within the second is the same change; later it is one of its own.
    log.add(FloorChange(uptime: 11 * second - 1, seat: .busy, call: .ringing), of: 1)
    log.add(FloorChange(uptime: 11 * second - 1, seat: .busy, call: .talking), of: 1)
    log.add(FloorChange(uptime: 20 * second, seat: nil), of: 0)
    log.add(FloorChange(uptime: 30 * second, seat: .idle), of: 1)
    log.add(FloorChange(uptime: 31 * second, seat: .idle, call: .ringing), of: 1)
    log.add(FloorChange(uptime: 31 * second, seat: .shortBreak, call: .ringing), of: 1)
    let all = [
      FloorChange(uptime: 31 * second, seat: .shortBreak, call: .ringing),
      FloorChange(uptime: 31 * second, seat: .idle, call: .ringing),
      FloorChange(uptime: 30 * second, seat: .idle),
      FloorChange(uptime: 11 * second - 1, seat: .busy, call: .talking),
      FloorChange(uptime: 10 * second, seat: .busy, call: .ringing),
    ]
    #expect(log.changes(of: 1, limit: 50) == all)
    #expect(log.changes(of: 1, limit: 2) == Array(all.prefix(2)))
    #expect(log.changes(of: 0, limit: 50) == [FloorChange(uptime: 20 * second, seat: nil)])
    // Another status within the second is another change, and so is a code that nobody knows.
    log.add(FloorChange(uptime: 40 * second, seat: .busy), of: 7)
    log.add(FloorChange(uptime: 40 * second, seat: .unknown(0), call: .ringing), of: 7)
    log.add(FloorChange(uptime: 40 * second, seat: .unknown(900_000)), of: 7)
    #expect(log.changes(of: 7, limit: 9).map(\.seat) == [.unknown(32_767), .unknown(0), .busy])
    // The oldest are forgotten when the ring is full, and never shown as somebody else's.
    for number in 0..<Int64(131_072 - 9) {
      log.add(FloorChange(uptime: (100 + number) * second, seat: .busy), of: 2)
    }
    #expect(log.changes(of: 1, limit: 50) == all)
    log.add(FloorChange(uptime: 1, seat: .offline), of: 5)
    #expect(log.changes(of: 1, limit: 50) == Array(all.dropLast()))
    #expect(log.changes(of: 5, limit: 50) == [FloorChange(uptime: 1, seat: .offline)])
    #expect(log.changes(of: 2, limit: 200_000).count == 131_072 - 9)
  }

  @Test(arguments: [
    ("red/1001", true), ("a/b", true), ("r-_9Z/x", true), ("/1001", false), ("red/", false),
    ("red", false), ("", false), ("/", false), ("re d/1", false), ("red/1/2", false),
    ("red/é", false),
  ])
  func aKeyIsReadFromItsBytes(text: String, isKey: Bool) {
    let read = Array(text.utf8).withUnsafeBytes { AgentKey(bytes: $0) }
    #expect((read != nil) == isKey)
    if let read {
      #expect(read.description == text && "\(read.team)/\(read.agent)" == text)
      #expect(read == AgentKey(team: read.team, agent: read.agent))
    }
  }

  @Test func aPartOfAKeyHasSixtyFourBytesAtMost() throws {
    let longest = String(repeating: "x", count: 64)
    #expect(AgentKey(team: longest, agent: longest) != nil)
    let bytes = Array("\(longest)/\(longest)".utf8)
    #expect(bytes.withUnsafeBytes { AgentKey(bytes: $0) }?.agent == longest)
    #expect((bytes + [0x78]).withUnsafeBytes { AgentKey(bytes: $0) } == nil)
    #expect(([0x78] + bytes).withUnsafeBytes { AgentKey(bytes: $0) } == nil)
    for allowed in "09AZaz-_" { #expect(AgentKey.isLevel(String(allowed))) }
    for refused in "/:@[`{.,+#$ " { #expect(!AgentKey.isLevel(String(refused))) }
    #expect(try floorKey("2", "a") < floorKey("1", "b"))
    #expect(try floorKey("1", "a") < floorKey("2", "a"))
    #expect(try !(floorKey("2", "a") < floorKey("1", "a")))
    #expect(try !(floorKey("2", "a") < floorKey("2", "a")))
    #expect(try floorKey("1", "red").isOf("red") && !floorKey("1", "red").isOf("re"))
    #expect(try !floorKey("1", "red").isOf("redd") && !floorKey("1", "red").isOf("blu"))
  }
}
