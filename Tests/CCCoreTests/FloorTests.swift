// The floor: newer wins, leases run out, alerts come up, and the order is that of a slow, obvious model.

import Testing

@testable import CCCore

@Suite struct FloorTests {
  @Test(arguments: ["", "a b", "a/b", "a.b", "é", String(repeating: "x", count: 65)])
  func keysAreLevels(text: String) {
    #expect(AgentKey(team: text, agent: "1001") == nil)
    #expect(AgentKey(team: "red", agent: text) == nil)
  }

  @Test func theNewerWinsWhateverTheOrder() throws {
    var script = FloorScript()
    try script.seat("1", .busy, 7)
    try script.seat("1", .idle, 6)
    #expect(try script.row("1").seat == .busy)
    #expect(script.floor.anomalies[.outdated] == 1)
    try script.seat("1", .offline, epoch: 1_763_898_000_000, .max)
    #expect(try script.row("1").seat == .busy, "a will of an older connection")
    try script.seat("1", .offline, .max)
    #expect(try script.row("1").seat == .offline)
    try script.seat("1", .idle, epoch: 1_763_899_500_000, 1)
    #expect(try script.row("1").seat == .idle)
  }

  @Test func aClockOffByAYearIsNotBelieved() throws {
    var script = FloorScript()
    try script.seat("1", .busy, epoch: script.now.unix + 365 * 86_400_000, 1)
    #expect(script.floor.agentCount == 0 && script.floor.anomalies[.futureEpoch] == 1)
  }

  @Test func aCallCountsOnlyWithItsSeat() throws {
    var script = FloorScript()
    try script.seat("1", .busy, 1)
    try script.call("1", .talking, 2)
    #expect(try script.row("1").call?.status == .talking && script.floor.totals.inCall == 1)
    try script.seat("1", .idle, epoch: 1_763_899_500_000, 1)
    #expect(try script.row("1").call == nil && script.floor.totals.inCall == 0)
    try script.call("1", .ringing, epoch: 1_763_899_500_000, 2)
    try script.seat("1", .offline, epoch: 1_763_899_500_000, .max)
    #expect(try script.row("1").call == nil)
  }

  @Test func aLeaseRunsOutAndIsShownAsUnknown() throws {
    var script = FloorScript()
    try script.seat("1", .idle, 1)
    #expect(try script.row("1").freshness == .fresh)
    script.wait(59)
    #expect(try script.row("1").shownSeat == .idle)
    script.wait(1)
    #expect(try script.row("1").shownSeat == nil && script.floor.totals.unknown == 1)
    try script.seat("1", .idle, 2)
    #expect(try script.row("1").shownSeat == .idle && script.floor.totals.unknown == 0)
  }

  @Test func whatTheBrokerKeptIsNotFresh() throws {
    var script = FloorScript()
    try script.seat("1", .idle, 1, retained: true)
    #expect(try script.row("1").freshness == .unverified)
    script.wait(30)
    try script.seat("1", .idle, 1, retained: true)
    script.wait(30)
    #expect(try script.row("1").freshness == .stale, "the same copy once more proves nothing")
    script.say(.feed(.down(reason: "gone")))
    try script.seat("2", .idle, 1)
    script.say(.feed(.up))
    #expect(try script.row("2").freshness == .unverified, "after a gap all is to be said again")
  }

  @Test func timeInStateIsHonest() throws {
    var script = FloorScript()
    let ago = script.now.unix - 300_000
    try script.seat("late", .busy, 1, since: ago, retained: true)
    #expect(try script.row("late").start.seconds(at: script.now) == 300)
    #expect(try script.row("late").start.isExact == false)
    // A source whose clock is 90 s behind: its since is corrected, and the skew is an alert.
    try script.seat("slow", .busy, 1, since: ago - 90_000, sent: script.now.unix - 90_000)
    #expect(try script.row("slow").start.seconds(at: script.now) == 300)
    #expect(try script.row("slow").alert == .skew(seconds: 90))
    #expect(FloorAlert.skew(seconds: 90).words == "clock off by 1:30")
    try script.seat("late", .idle, 2)
    #expect(try script.row("late").start == .init(uptime: script.now.uptime, isExact: true))
  }

  @Test func aCallSaidOnceMoreHasNotBegunAnew() throws {
    var script = FloorScript()
    let epoch: Int64 = 1_763_899_000_000
    let began = script.now.unix - 120_000
    func say(_ status: CallReport.Status?, _ sequence: UInt32, since: Int64?) throws {
      let stamp = Stamp(epoch: epoch, sequence: sequence)
      let update = CallUpdate(stamp: stamp, status: status, since: since, number: "1")
      script.say(.call(try floorKey("1"), update, retained: false))
    }
    // The reader comes in the middle of the call: the source's word counts, its clock is known.
    try script.seat("1", .busy, 1, since: began, sent: script.now.unix)
    try say(.talking, 2, since: began)
    #expect(try script.row("1").call?.start.seconds(at: script.now) == 120)
    #expect(try script.row("1").call?.start.isExact == true)
    script.wait(30)
    try say(.talking, 3, since: began)
    #expect(try script.row("1").call?.start.seconds(at: script.now) == 150)
    // Another call, seen to begin.
    try say(nil, 4, since: nil)
    try say(.ringing, 5, since: script.now.unix)
    #expect(try script.row("1").call?.start == .init(uptime: script.now.uptime, isExact: true))
  }

  @Test func whatIsTooLongComesToTheTop() throws {
    var script = FloorScript()
    for agent in ["a", "b", "c"] { try script.seat(agent, .idle, 1) }
    try script.seat("b", .shortBreak, 2)
    for minute in 0..<30 {
      script.wait(60)
      for agent in ["a", "b", "c"] {
        try script.seat(agent, agent == "b" ? .shortBreak : .busy, UInt32(10 + minute))
      }
    }
    #expect(script.order.first == "b")
    #expect(try script.row("b").alert == .over(.shortBreak, limit: 1800))
    #expect(script.log.contains(.alert(try floorKey("b"), .over(.shortBreak, limit: 1800))))
    #expect(script.floor.alerts(limit: 10).map(\.key.agent) == ["b"])
    script.say(.seen(try floorKey("b")))
    #expect(script.floor.alerts(limit: 10).isEmpty && script.order.first == "b")
    try script.seat("b", .idle, 100)
    #expect(try script.row("b").alert == nil && script.order.last == "b")
  }

  @Test func ratesAreOfThoseWhoCountThem() throws {
    var script = FloorScript()
    #expect(script.floor.totals.occupancy == nil && script.floor.totals.connectRate == nil)
    try script.seat(
      "1", .idle, 1,
      today: DayFigures(
        calls: 3, talk: 500, afterCallWork: 100, dials: 4, connected: 1, idle: 200))
    // The vendor's cloud counts neither: she changes no rate.
    try script.seat("2", .idle, 1, today: DayFigures(calls: 9, talk: 9000, afterCallWork: 0))
    #expect(script.floor.totals.occupancy == 0.75 && script.floor.totals.connectRate == 0.25)
    #expect(script.floor.totals.averageHandling == 9600.0 / 12)
    try script.seat(
      "1", .idle, 2, today: DayFigures(dials: 0, connected: 0, idle: 0))
    #expect(script.floor.totals.occupancy == nil && script.floor.totals.connectRate == nil)
  }

  @Test func aCallOnHoldForTooLongComesToTheTop() throws {
    var script = FloorScript(.init(held: 120))
    try script.seat("1", .busy, 1)
    let stamp = { Stamp(epoch: 1_763_899_000_000, sequence: $0) }
    let talking = CallUpdate(stamp: stamp(2), status: .talking)
    script.say(.call(try floorKey("1"), talking, retained: false))
    script.wait(30)
    var held = CallUpdate(stamp: stamp(3), status: .talking, held: script.now.unix)
    script.say(.call(try floorKey("1"), held, retained: false))
    script.wait(20)
    // Said once more by the lease, it is not held anew.
    held.stamp = stamp(4)
    script.say(.call(try floorKey("1"), held, retained: false))
    script.say(.seat(try floorKey("1"), SeatUpdate(stamp: stamp(5), seat: .busy), retained: false))
    script.wait(59)
    script.say(.seat(try floorKey("1"), SeatUpdate(stamp: stamp(6), seat: .busy), retained: false))
    script.wait(40)
    #expect(try script.row("1").alert == nil)
    script.wait(1)
    #expect(try script.row("1").alert == .held(limit: 120))
    #expect(try script.row("1").call?.start.seconds(at: script.now) == 150)
    script.say(
      .call(try floorKey("1"), CallUpdate(stamp: stamp(7), status: .talking), retained: false))
    #expect(try script.row("1").alert == nil)
  }

  @Test func filterFindsAsItIsTyped() throws {
    var script = FloorScript()
    for (agent, seat) in [("anna", Seat.idle), ("ben", .busy), ("annika", .busy)] {
      try script.seat(agent, seat, 1)
    }
    script.say(.filter(FloorFilter(text: "ann")))
    #expect(Set(script.order) == ["anna", "annika"])
    script.say(.filter(FloorFilter(text: "ann busy")))
    #expect(script.order == ["annika"])
    try script.seat("annika", .idle, 2)
    #expect(script.order.isEmpty)
    script.say(.filter(FloorFilter()))
    #expect(script.order.count == 3)
  }

  @Test func figuresAreSummedUnrounded() throws {
    var script = FloorScript()
    #expect(script.floor.totals.averageHandling == nil)
    try script.seat("1", .idle, 1, today: DayFigures(calls: 2, talk: 100, afterCallWork: 21))
    try script.seat("2", .idle, 1, today: DayFigures(calls: 1, talk: 50, afterCallWork: 10))
    try script.seat("2", .idle, 2, today: DayFigures(calls: 2, talk: 60, afterCallWork: 20))
    #expect(script.floor.totals.averageHandling == 201.0 / 4)
    #expect(script.floor.teams["red"] == script.floor.totals)
  }

  /// Random updates, duplicates and stragglers, against a model that sorts everything anew.
  @Test(arguments: FloorSort.allCases)
  func holdsItsOrder(sort: FloorSort) throws {
    var random = SplitMix(seed: 42)
    var script = FloorScript(
      .init(shortBreak: 40, postCall: 20, idle: 30, ringing: 5))
    script.say(.sort(sort))
    let agents = (0..<700).map { "a\($0)" }
    for step in 0..<6_000 {
      let agent = agents.randomElement(using: &random) ?? "a0"
      let epoch = 1_763_899_000_000 + Int64.random(in: 0...2, using: &random)
      let sequence = UInt32.random(in: 0...50, using: &random)
      if Int.random(in: 0..<4, using: &random) == 0 {
        try script.call(
          agent, CallReport.Status(rawValue: Int.random(in: 1...5, using: &random)), epoch: epoch,
          sequence)
      } else {
        try script.seat(
          agent, Seat(code: Int.random(in: 1...5, using: &random)), epoch: epoch, sequence,
          retained: Bool.random(using: &random),
          today: DayFigures(calls: Int.random(in: 0...9, using: &random)))
      }
      if step % 50 == 0 { script.wait(Int.random(in: 0...3, using: &random)) }
      if step % 1_000 == 0 { try checkAgainstModel(script.floor, sort) }
    }
    try checkAgainstModel(script.floor, sort)
  }

  private func checkAgainstModel(_ floor: Floor, _ sort: FloorSort) throws {
    let rows = floor.rows(in: 0..<floor.shownCount)
    #expect(rows.count == floor.agentCount)
    var totals = FloorTotals()
    for row in rows { totals.add(row, 1) }
    #expect(totals == floor.totals)
    for (one, two) in zip(rows, rows.dropFirst()) {
      let tiers = [one, two].map { row in
        if row.alert != nil { return 0 }
        guard let seat = row.shownSeat else { return 1 }
        return seat == .offline && sort == .time ? 3 : 2
      }
      #expect(tiers[0] <= tiers[1])
      guard tiers[0] == tiers[1] else { continue }
      switch sort {
      case .time: #expect(one.start.uptime <= two.start.uptime)
      case .status: #expect(one.seat.code <= two.seat.code)
      case .name: #expect(one.name.string <= two.name.string)
      case .team: #expect(one.key.team <= two.key.team)
      case .calls: #expect((one.today?.calls ?? 0) >= (two.today?.calls ?? 0))
      }
    }
    for (index, row) in rows.enumerated() { #expect(floor.position(of: row.key) == index) }
  }
}
