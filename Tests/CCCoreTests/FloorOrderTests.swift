// The floor's order and filter, its changes and its totals.

import Testing

@testable import CCCore

@Suite struct FloorOrderTests {
  // MARK: Order, filter, changes

  @Test func whoWentHomeIsLastWhereTheLongestComeFirst() throws {
    var script = FloorScript()
    try script.seat("home", .offline, 1)
    script.wait(10)
    try script.seat("busy", .busy, 1)
    script.wait(1)
    try script.seat("new", .busy, 1, lease: 5)
    #expect(script.order == ["busy", "new", "home"])
    script.wait(5)
    #expect(script.order == ["new", "busy", "home"], "unknown, then the rest, then offline")
    script.say(.sort(.name))
    #expect(script.order == ["new", "busy", "home"])
    script.say(.sort(.status))
    #expect(script.order == ["new", "home", "busy"])
    #expect(script.floor.sort == .status)
  }

  @Test func theMostCallsComeFirst() throws {
    var script = FloorScript()
    script.say(.sort(.calls))
    try script.seat("few", .idle, 1, today: DayFigures(calls: 1))
    try script.seat("none", .idle, 1)
    try script.seat("many", .idle, 1, today: DayFigures(calls: 9))
    #expect(script.order == ["many", "few", "none"])
    try script.seat("none", .idle, 2, today: DayFigures(calls: 10))
    #expect(script.order == ["none", "many", "few"])
    #expect(script.floor.position(of: try floorKey("few")) == 2)
    #expect(script.floor.position(of: try floorKey("nobody")) == nil)
    #expect(script.floor.rows(in: 1..<99).map(\.key.agent) == ["many", "few"])
  }

  /// Who publishes no figures has no calls.
  @Test func whoCountsNothingIsLast() throws {
    var script = FloorScript()
    script.say(.sort(.calls))
    try script.seat("none", .idle, 1)
    try script.seat("one", .idle, 1, today: DayFigures(calls: 1))
    #expect(script.order == ["one", "none"])
  }

  @Test func anOrderThatIsHeldStays() throws {
    var script = FloorScript()
    for agent in ["a", "b", "c"] {
      try script.seat(agent, .idle, 1)
      script.wait(1)
    }
    let held = script.floor.currentOrder
    try script.seat("a", .busy, 2)
    #expect(script.order == ["b", "c", "a"] && held.count == 3)
    let rows = script.floor.rows(in: 0..<9, of: held)
    #expect(rows.map(\.key.agent) == ["a", "b", "c"] && rows.first?.seat == .busy)
  }

  @Test func aFilterLooksAtNameKeyAndStatus() throws {
    var script = FloorScript(.init(idle: 30))
    try script.seat("1001", .idle, 1, name: "Zoë Quinn", team: "red")
    try script.seat("1002", .busy, 1, name: "Ana", lease: 50, team: "blue")
    try script.seat("1003", .shortBreak, 1, name: "李伟", team: "red")
    func found(_ text: String, team: String? = nil, alerts: Bool = false) -> [String] {
      script.say(.filter(FloorFilter(text: text, team: team, alertsOnly: alerts)))
      return script.order.sorted()
    }
    #expect(found("z") == ["1001"], "the last letter of the alphabet too")
    #expect(found("QUINN") == ["1001"] && found("zo") == ["1001"] && found("ZOË") == ["1001"])
    #expect(found("quinnx") == [] && found("quin n") == ["1001"])
    #expect(found("李") == ["1003"] && found("break") == ["1003"] && found("blue/") == ["1002"])
    #expect(found("100") == ["1001", "1002", "1003"] && found("ana busy") == ["1002"])
    #expect(found("", team: "red") == ["1001", "1003"] && found("ana", team: "red") == [])
    #expect(found("", team: "re") == [])
    #expect(found("", alerts: true) == [])
    #expect(found("@") == [] && found("[") == [] && found("`") == [])
    script.wait(30)
    #expect(found("", alerts: true) == ["1001"] && found("ana", alerts: true) == [])
    script.wait(20)
    #expect(found("unknown") == ["1002"])
    #expect(found("") == ["1001", "1002", "1003"])
    #expect(FloorFilter().isOpen && !FloorFilter(text: "a").isOpen)
    #expect(!FloorFilter(team: "red").isOpen && !FloorFilter(alertsOnly: true).isOpen)
    #expect(FloorFilter(text: "  ").isOpen)
    #expect(script.floor.filter == FloorFilter())
    // Only letters have another case.
    try script.seat("1004", .busy, 1, name: "[@]^\\")
    for other in ["{", "`", "}", "~", "|"] { #expect(found(other) == []) }
    #expect(found("[@]") == ["1004"])
  }

  /// One who comes, goes and changes while a filter holds.
  @Test func aFilterFollowsWhatChanges() throws {
    var script = FloorScript()
    script.say(.filter(FloorFilter(text: "busy")))
    try script.seat("a", .busy, 1)
    try script.seat("b", .idle, 1)
    #expect(script.order == ["a"] && script.floor.shownCount == 1)
    #expect(script.floor.position(of: try floorKey("b")) == nil)
    #expect(try script.seat("b", .idle, 2) == [.changed(floorKey("b"))])
    try script.seat("b", .busy, 3)
    try script.seat("a", .idle, 2)
    #expect(script.order == ["b"])
    script.say(.sort(.name))
    #expect(script.order == ["b"], "a sort shows nobody that is filtered")
    script.say(.filter(FloorFilter(text: "busy b")))
    #expect(script.order == ["b"])
    script.say(.filter(FloorFilter(text: "idle")))
    #expect(script.order == ["a"])
  }

  @Test func theLastChangesOfAnAgent() throws {
    var script = FloorScript()
    let key = try floorKey("1")
    let first = script.now.uptime
    try script.seat("1", .idle, 1)
    script.wait(10)
    try script.seat("1", .busy, 2)
    try script.call("1", .ringing, 3)
    let second = script.now.uptime
    script.wait(10)
    try script.call("1", .talking, 4)
    try script.call("1", .talking, 5)
    try script.seat("1", .busy, 6)
    let third = script.now.uptime
    script.wait(60)
    #expect(
      script.floor.changes(of: key) == [
        FloorChange(uptime: script.now.uptime, seat: nil),
        FloorChange(uptime: third, seat: .busy, call: .talking),
        FloorChange(uptime: second, seat: .busy, call: .ringing),
        FloorChange(uptime: first, seat: .idle),
      ])
    #expect(script.floor.changes(of: key, limit: 1).count == 1)
    #expect(script.floor.changes(of: try floorKey("2")).isEmpty)
  }

  @Test func theLongestIdle() throws {
    var script = FloorScript()
    #expect(script.floor.longestIdle == nil)
    try script.seat("b", .busy, 1, lease: 999)
    script.wait(1)
    try script.seat("a", .idle, 1, lease: 50)
    script.wait(1)
    try script.seat("c", .idle, 1, lease: 999)
    #expect(script.floor.longestIdle?.key.agent == "a")
    script.wait(49)
    #expect(script.floor.longestIdle?.key.agent == "c", "who is not known is not idle")
    try script.seat("c", .busy, 2)
    #expect(script.floor.longestIdle == nil)
  }

  // MARK: Totals

  @Test func totalsFollowEveryChange() throws {
    var script = FloorScript()
    let figures = DayFigures(
      calls: 2, talk: 100, afterCallWork: 20, dials: 5, connected: 7, idle: 40)
    try script.seat("1", .idle, 1, today: figures)
    try script.seat("2", .idle, 1)
    try script.seat("3", .shortBreak, 1, team: "blue")
    var totals = script.floor.totals
    #expect(totals.bySeat == [.idle: 2, .shortBreak: 1] && totals.agents == 3)
    #expect(totals.counted == 1 && totals.unknown == 0 && totals.today.calls == 2)
    #expect(totals.today.talk == 100 && totals.today.afterCallWork == 20)
    #expect(totals.connectRate == 1, "no more are answered than were dialled")
    #expect(totals.occupancy == 0.75 && totals.averageHandling == 60)
    #expect(script.floor.teams["blue"]?.agents == 1 && script.floor.teams["red"]?.agents == 2)
    try script.seat("2", .busy, 2)
    try script.call("2", .talking, 3)
    #expect(script.floor.totals.bySeat == [.idle: 1, .busy: 1, .shortBreak: 1])
    #expect(script.floor.totals.inCall == 1 && script.floor.totals.agents == 3)
    script.wait(60)
    totals = script.floor.totals
    #expect(totals.bySeat.isEmpty && totals.unknown == 3 && totals.inCall == 0)
    #expect(totals.agents == 3 && totals.today.calls == 2)
    // A source that counts one half of a rate counts for none.
    try script.seat("1", .idle, 2, today: DayFigures(calls: 1, talk: 5, dials: 3))
    #expect(script.floor.totals.connectRate == nil && script.floor.totals.occupancy == nil)
  }

  @Test func totalsAreTheSameOnlyWhereEverySumIs() throws {
    let now = Instant(uptime: 0, unix: 0)
    func totals(
      _ seat: Seat = .busy, _ today: DayFigures? = DayFigures(dials: 2, connected: 1, idle: 3),
      _ change: (inout FloorRow) -> Void = { _ in }
    ) throws -> FloorTotals {
      var row = FloorRow(
        try floorKey("1"),
        SeatUpdate(stamp: Stamp(epoch: 1, sequence: 1), seat: seat, today: today), at: now)
      change(&row)
      var totals = FloorTotals()
      totals.add(row, 1)
      return totals
    }
    let call = FloorRow.Call(
      status: .talking, start: .init(uptime: 1, isExact: true), direction: .in, number: nil)
    #expect(try totals() == totals())
    #expect(try totals() != totals(.idle))
    #expect(try totals() != totals(.busy, nil))
    #expect(try totals() != totals(.busy, DayFigures(dials: 2, connected: 2, idle: 3)))
    #expect(try totals() != totals(.busy, DayFigures(dials: 3, connected: 1, idle: 3)))
    #expect(try totals() != totals(.busy, DayFigures(dials: 2, connected: 1, idle: 4)))
    #expect(try totals() != totals(.busy, DayFigures(talk: 1, dials: 2, connected: 1, idle: 3)))
    #expect(try totals() != totals { $0.alert = .ringing(limit: 1) })
    #expect(try totals() != totals { $0.freshness = .stale })
    #expect(try totals() != totals { $0.published = ($0.stamp, call) })
    #expect(try totals(.busy, nil) != totals(.busy, DayFigures()))
    #expect(try totals(.busy, DayFigures(talk: 1)) != totals(.busy, DayFigures()))
    var twice = try totals(.unknown(0), nil)
    #expect(try twice == totals(.unknown(0), nil))
    let nobody = SeatUpdate(stamp: Stamp(epoch: 1, sequence: 1), seat: .unknown(0))
    twice.add(FloorRow(try floorKey("2"), nobody, at: now), 1)
    #expect(try twice != totals(.unknown(0), nil))
  }
}
