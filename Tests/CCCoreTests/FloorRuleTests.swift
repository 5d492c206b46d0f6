// The floor's rules from both sides: what each lets through, and what it turns away.

import Testing

@testable import CCCore

@Suite struct FloorRuleTests {
  // MARK: What wins, and what is counted

  @Test func anEpochMayLieFiveMinutesAhead() throws {
    var script = FloorScript()
    let most = script.now.unix + 300_000
    try script.seat("1", .idle, epoch: most, 1)
    try script.call("1", .talking, epoch: most, 2)
    #expect(try script.row("1").call?.status == .talking && script.floor.anomalies.isEmpty)
    let seat = try script.seat("2", .idle, epoch: most + 1, 1)
    let call = try script.call("1", nil, epoch: most + 1, 3)
    #expect(seat == [.anomaly(.futureEpoch, count: 1)])
    #expect(call == [.anomaly(.futureEpoch, count: 2)])
    #expect(script.floor.agentCount == 1)
    #expect(try script.row("1").call?.status == .talking)
  }

  @Test func stragglersAreCountedAndCopiesAreNot() throws {
    var script = FloorScript()
    try script.seat("1", .busy, 5)
    #expect(try script.seat("1", .idle, 4, retained: true) == [])
    #expect(try script.seat("1", .idle, 4) == [.anomaly(.outdated, count: 1)])
    try script.call("1", .talking, 7)
    #expect(try script.call("1", .ringing, 6, retained: true) == [])
    #expect(try script.call("1", .ringing, 7) == [])
    #expect(try script.call("1", .ringing, 6) == [.anomaly(.outdated, count: 2)])
    #expect(try script.row("1").seat == .busy && script.row("1").call?.status == .talking)
    #expect(script.say(.anomaly(.badPayload)) == [.anomaly(.badPayload, count: 1)])
    #expect(script.say(.anomaly(.badPayload)) == [.anomaly(.badPayload, count: 2)])
  }

  @Test func aFloorHoldsSoManyAgentsAndNoMore() throws {
    let start = Instant(uptime: 0, unix: 1_763_900_000_000)
    var floor = Floor(most: 2, at: start)
    func seat(_ agent: String) throws -> [FloorEffect] {
      let update = SeatUpdate(stamp: Stamp(epoch: 1, sequence: 1), seat: .idle)
      return floor.handle(.seat(try floorKey(agent), update, retained: false), at: start)
    }
    #expect(try seat("1") == [.changed(floorKey("1"))])
    #expect(try seat("2") == [.changed(floorKey("2"))])
    #expect(try seat("3") == [.anomaly(.tooMany, count: 1)])
    let call = CallUpdate(stamp: Stamp(epoch: 1, sequence: 1), status: .talking)
    #expect(
      floor.handle(.call(try floorKey("3"), call, retained: false), at: start)
        == [.anomaly(.tooMany, count: 2)])
    #expect(floor.agentCount == 2)
    #expect(Floor(at: start).most == 200_000)
  }

  /// A call may come before its seat: she is there, her status is not known, her call counts.
  @Test func aCallBeforeItsSeat() throws {
    var script = FloorScript()
    let key = try floorKey("1")
    #expect(try script.call("1", .talking, 3) == [.changed(key), .changed(key)])
    let row = try script.row("1")
    #expect(row.shownSeat == nil && row.call?.status == .talking && row.freshness == .fresh)
    #expect(script.floor.totals.unknown == 1 && script.floor.totals.inCall == 1)
    try script.seat("1", .busy, 1)
    #expect(try script.row("1").shownSeat == .busy && script.row("1").call?.status == .talking)
    try script.call("2", .ringing, 3, retained: true)
    #expect(try script.row("2").freshness == .unverified)
  }

  @Test func whatAnUpdateDoesNotNameStays() throws {
    var script = FloorScript()
    let figures = DayFigures(calls: 3, talk: 60, afterCallWork: 5, dials: 4, connected: 2, idle: 9)
    try script.seat("1", .busy, 1, today: figures, name: "Li Wei", lease: 90)
    try script.seat("1", .busy, 2, name: "")
    var row = try script.row("1")
    #expect(row.name == "Li Wei" && row.today == figures && row.lease == 90)
    try script.seat("1", .busy, 3, name: "Li", lease: 30)
    row = try script.row("1")
    #expect(row.name == "Li" && row.today == figures && row.lease == 30)
    try script.seat("2", .busy, 1)
    #expect(try script.row("2").name == "2" && script.row("2").lease == 60)
    #expect(try script.row("2").today == nil)
    try script.seat("2", .busy, 2, today: DayFigures(calls: 70_000, talk: 1))
    let largest = try #require(try script.row("2").today)
    #expect(largest.calls == 65_534 && largest.dials == nil && largest.connected == nil)
    #expect(largest.idle == nil)
    try script.seat("2", .busy, 3, today: DayFigures(dials: 65_534, connected: 65_535, idle: 0))
    let most = try #require(try script.row("2").today)
    #expect(most.dials == 65_534 && most.connected == 65_534 && most.idle == 0)
  }

  // MARK: What is said of a change

  /// Everything that a row shows: where it alone changes, it is told; where nothing does, nothing is.
  @Test func whatIsShownAndChangesIsTold() throws {
    var script = FloorScript()
    let told = [FloorEffect.changed(try floorKey("1"))]
    let began = script.now.unix - 50_000
    #expect(try script.seat("1", .busy, 1, since: began, sent: script.now.unix) == told)
    #expect(try script.seat("1", .busy, 1) == [], "the same once more")
    #expect(try script.seat("1", .busy, 2) == told, "a newer stamp")
    #expect(try script.call("1", .talking, 3) == told)
    #expect(try script.call("1", .talking, 4) == [], "the same call once more")
    #expect(try script.call("1", nil, 5) == told)
    #expect(script.say(.feed(.down(reason: "gone"))) == [])
    #expect(script.say(.feed(.up)) == told, "no longer fresh")
    #expect(script.say(.feed(.up)) == [])
    #expect(try script.seat("1", .busy, 2) == told, "fresh again")
    #expect(script.wait(60) == told, "the lease ran out")
    #expect(script.wait(60) == [])
    #expect(try script.seat("1", .offline, 6) == told)
    #expect(script.wait(1_000) == [], "who is offline has no lease")
    #expect(try script.row("1").freshness == .fresh)
  }

  @Test func eachFieldOfARowMakesADifference() throws {
    let key = try floorKey("1")
    let now = Instant(uptime: 5, unix: 5)
    func row(_ change: (inout FloorRow) -> Void = { _ in }) -> FloorRow {
      let figures = DayFigures(calls: 1, talk: 2, afterCallWork: 3)
      let update = SeatUpdate(
        stamp: Stamp(epoch: 1, sequence: 1), seat: .busy, name: "Li", today: figures)
      var row = FloorRow(key, update, at: now)
      row.freshness = .fresh
      change(&row)
      return row
    }
    let call = FloorRow.Call(
      status: .talking, start: .init(uptime: 1, isExact: true), direction: .in, number: nil)
    #expect(row() == row())
    #expect(row() == row { $0.heard = 99 }, "when it was last said is not shown")
    let changes: [(inout FloorRow) -> Void] = [
      { $0.name = "Bo" }, { $0.seat = .idle }, { $0.start.uptime = 6 }, { $0.start.isExact = true },
      { $0.published = ($0.stamp, call) }, { $0.today = nil }, { $0.today?.idle = 4 },
      { $0.today?.dials = 4 }, { $0.freshness = .stale }, { $0.alert = .ringing(limit: 20) },
      { $0.isSeen = true }, { $0.stamp.sequence = 2 },
    ]
    for change in changes { #expect(row() != row(change)) }
    let update = SeatUpdate(stamp: Stamp(epoch: 1, sequence: 1), seat: .busy, name: "Li")
    #expect(FloorRow(try floorKey("2"), update, at: now) != FloorRow(key, update, at: now))
  }

  // MARK: Leases, copies, gaps

  @Test func aLiveWordRenewsTheLeaseAndACopyOfTheSameDoesNot() throws {
    var script = FloorScript()
    try script.seat("1", .idle, 1, lease: 60)
    #expect(script.floor.deadline == script.now.uptime + 60 * Instant.second)
    script.wait(40)
    try script.seat("1", .idle, 1)
    script.wait(40)
    #expect(try script.row("1").freshness == .fresh)
    try script.seat("1", .idle, 1, retained: true)
    script.wait(19)
    #expect(try script.row("1").freshness == .fresh)
    script.wait(1)
    #expect(try script.row("1").freshness == .stale && script.row("1").call == nil)
    // A newer copy is known again, and not more than that.
    try script.seat("1", .busy, 2, retained: true)
    #expect(try script.row("1").freshness == .unverified && script.row("1").shownSeat == .busy)
    script.wait(59)
    #expect(try script.row("1").freshness == .unverified)
    script.wait(1)
    #expect(try script.row("1").freshness == .stale)
  }

  /// A call is a word of its desk's too, where it is said now and on the same connection.
  @Test(arguments: [(false, 0), (true, 0), (false, 1)] as [(Bool, Int64)])
  func aCallRenewsTheLeaseOfItsSeat(isCopy: Bool, later: Int64) throws {
    var script = FloorScript()
    try script.seat("1", .busy, 1)
    script.wait(40)
    try script.call(
      "1", .talking, epoch: FloorScript.epoch + later, 2, retained: isCopy)
    script.wait(40)
    #expect(try (script.row("1").freshness == .fresh) == (!isCopy && later == 0))
  }

  @Test func afterAGapOnlyWhatWasFreshIsDoubted() throws {
    var script = FloorScript()
    try script.seat("stale", .idle, 1)
    script.wait(60)
    try script.seat("fresh", .idle, 1)
    let before = script.floor.feedSince
    script.say(.feed(.down(reason: "gone")))
    #expect(script.floor.feedSince == script.now && script.floor.feedSince != before)
    #expect(try script.row("fresh").freshness == .fresh, "the header says that nothing is live")
    let effects = script.say(.feed(.up))
    #expect(effects == [.changed(try floorKey("fresh"))])
    #expect(try script.row("fresh").freshness == .unverified)
    #expect(try script.row("stale").freshness == .stale)
  }

  @Test func aCopyTeachesNothingOfTheClock() throws {
    var script = FloorScript()
    try script.seat("1", .idle, 1, retained: true, sent: script.now.unix - 500_000)
    #expect(try script.row("1").skew == nil && script.row("1").alert == nil)
    try script.seat("1", .idle, 2, sent: script.now.unix - 500_000)
    #expect(try script.row("1").skew == 500_000)
    try script.seat("1", .idle, 3)
    #expect(try script.row("1").skew == 500_000, "who does not say it has the same clock")
    try script.seat("1", .idle, 4, sent: script.now.unix + 90_000)
    #expect(try script.row("1").skew == -90_000 && script.row("1").alert == .skew(seconds: -90))
    try script.seat("1", .idle, 5, sent: .min / 2)
    #expect(try script.row("1").skew == Int64(Int32.max))
    try script.seat("1", .idle, 6, sent: .max / 2)
    #expect(try script.row("1").skew == Int64(Int32.min) + 1)
  }

  // MARK: Since when

  @Test func aBeginningIsTheSourcesWhereTheReaderCameLate() throws {
    var script = FloorScript()
    let now = script.now
    // Live, with a clock that is known: two seconds are now, more are the past.
    for (agent, age, seconds, exact) in [
      ("a", 2_000, 0, true), ("b", 2_001, 2, true), ("c", -5_000, 0, true),
    ] as [(String, Int64, Int, Bool)] {
      try script.seat(agent, .idle, 1, sent: now.unix)
      try script.seat(agent, .busy, 2, since: now.unix - age)
      #expect(try script.row(agent).start.seconds(at: now) == seconds, "\(agent)")
      #expect(try script.row(agent).start.isExact == exact)
    }
    // A clock that is not known: what is seen to happen begins now.
    try script.seat("d", .idle, 1)
    try script.seat("d", .busy, 2, since: now.unix - 90_000)
    #expect(try script.row("d").start == .init(uptime: now.uptime, isExact: true))
    // Off by two seconds is exact, by more is not, either way.
    for (agent, skew, exact) in [
      ("e", 2_000, true), ("f", 2_001, false), ("g", -2_000, true), ("h", -2_001, false),
    ] as [(String, Int64, Bool)] {
      try script.seat(agent, .idle, 1, sent: now.unix - skew)
      try script.seat(agent, .busy, 2, since: now.unix - skew - 60_000)
      #expect(try script.row(agent).start.seconds(at: now) == 60, "\(agent)")
      #expect(try script.row(agent).start.isExact == exact, "\(agent)")
    }
    // Thirty days at most; nobody says since when: now, and not exact.
    try script.seat("i", .busy, 1, since: 0, retained: true)
    #expect(try script.row("i").start.seconds(at: now) == 30 * 86_400)
    #expect(try script.row("i").start.uptime == now.uptime - 30 * 86_400 * Instant.second)
    try script.seat("k", .busy, 1, since: now.unix, retained: true)
    #expect(try script.row("k").start == .init(uptime: now.uptime, isExact: false))
    try script.seat("j", .busy, 1, retained: true)
    #expect(try script.row("j").start == .init(uptime: now.uptime, isExact: false))
  }

  @Test func aStateBeginsAnewWithAnotherStatusOrConnection() throws {
    var script = FloorScript()
    try script.seat("1", .busy, 1)
    let began = try script.row("1").start
    script.wait(10)
    try script.seat("1", .busy, 2)
    #expect(try script.row("1").start == began)
    try script.seat("1", .busy, epoch: FloorScript.epoch + 1, 1)
    #expect(try script.row("1").start.uptime == script.now.uptime)
    script.wait(10)
    try script.seat("1", .idle, epoch: FloorScript.epoch + 1, 2)
    #expect(try script.row("1").start.uptime == script.now.uptime)
  }

  /// Numbers are not shared as a rule: a call that goes on from ringing to talking begins there.
  @Test func talkingBeginsWhenTheRingingEnds() throws {
    var script = FloorScript()
    try script.seat("1", .busy, 1)
    try script.call("1", .ringing, 2)
    script.wait(15)
    try script.call("1", .talking, 3)
    #expect(try script.row("1").call?.start == .init(uptime: script.now.uptime, isExact: true))
    script.wait(5)
    try script.call("1", .talking, 4)
    #expect(try script.row("1").call?.start.seconds(at: script.now) == 5)
    try script.call("1", .talking, 5, number: "1020")
    #expect(try script.row("1").call?.start.seconds(at: script.now) == 0, "another number")
    script.wait(5)
    try script.call("1", .talking, epoch: FloorScript.epoch + 1, 1, number: "1020")
    try script.seat("1", .busy, epoch: FloorScript.epoch + 1, 2)
    #expect(try script.row("1").call?.start.seconds(at: script.now) == 0, "another connection")
    try script.call("1", .ended, epoch: FloorScript.epoch + 1, 3)
    #expect(try script.row("1").call == nil)
    try script.call("1", .notEstablished, epoch: FloorScript.epoch + 1, 4)
    #expect(try script.row("1").call == nil)
  }

  @Test func holdIsToldWithItsBeginning() throws {
    var script = FloorScript()
    try script.seat("1", .busy, 1, sent: script.now.unix)
    try script.call("1", .talking, 2, held: script.now.unix - 30_000)
    #expect(
      try script.row("1").call?.held
        == .init(uptime: script.now.uptime - 30 * Instant.second, isExact: true))
    try script.call("1", .talking, 3, held: script.now.unix)
    #expect(try script.row("1").call?.held?.seconds(at: script.now) == 30, "held once, not anew")
    try script.call("1", .talking, 4)
    #expect(try script.row("1").call?.held == nil)
    try script.call("1", .talking, 5, held: script.now.unix - 7_000, retained: true)
    #expect(try script.row("1").call?.held?.seconds(at: script.now) == 7)
    try script.call("2", .talking, 1, held: 1, retained: true)
    #expect(try script.row("2").call?.held?.isExact == false)
  }

  // MARK: Alerts

  @Test(arguments: [(Seat.shortBreak, 40), (.postCall, 20), (.idle, 30)])
  func anAlertComesAtItsThreshold(seat: Seat, limit: Int) throws {
    var script = FloorScript(.init(shortBreak: 40, postCall: 20, idle: 30))
    let key = try floorKey("1")
    try script.seat("1", seat, 1, lease: 9_000)
    #expect(script.floor.deadline == script.now.uptime + Int64(limit) * Instant.second)
    #expect(script.wait(limit - 1) == [] && script.floor.totals.alerts == 0)
    #expect(script.wait(1) == [.changed(key), .alert(key, .over(seat, limit: limit))])
    #expect(script.floor.totals.alerts == 1 && script.floor.teams["red"]?.alerts == 1)
    #expect(script.wait(30) == [], "said once")
    #expect(try script.seat("1", .busy, 2) == [.changed(key)])
    #expect(script.floor.totals.alerts == 0)
  }

  @Test func aCallRingsForTooLong() throws {
    var script = FloorScript(.init(ringing: 5))
    let key = try floorKey("1")
    try script.seat("1", .idle, 1)
    try script.call("1", .calling, 2)
    script.wait(9)
    #expect(try script.row("1").alert == nil, "calling is not ringing")
    try script.call("1", .ringing, 3)
    #expect(script.floor.deadline == script.now.uptime + 5 * Instant.second)
    #expect(script.wait(4) == [])
    #expect(script.wait(1) == [.changed(key), .alert(key, .ringing(limit: 5))])
    try script.call("1", .talking, 4)
    #expect(try script.row("1").alert == nil)
    var never = FloorScript(.init(idle: nil, ringing: nil, held: nil))
    try never.seat("1", .idle, 1, lease: 9_000)
    try never.call("1", .ringing, 2, held: never.now.unix)
    never.wait(8_000)
    #expect(try never.row("1").alert == nil)
  }

  @Test func aCallIsHeldForTooLong() throws {
    var script = FloorScript(.init(held: 20))
    try script.seat("1", .busy, 1)
    try script.call("1", .talking, 2, held: script.now.unix)
    #expect(script.floor.deadline == script.now.uptime + 20 * Instant.second)
    #expect(script.wait(19) == [])
    #expect(script.wait(1).last == .alert(try floorKey("1"), .held(limit: 20)))
  }

  @Test func aClockThatIsOffIsAnAlertBeyondAMinute() throws {
    var script = FloorScript()
    for (agent, skew, isAlert) in [
      ("a", 60_000, false), ("b", 60_001, true), ("c", -60_000, false), ("d", -60_001, true),
    ] as [(String, Int64, Bool)] {
      try script.seat(agent, .busy, 1, sent: script.now.unix - skew)
      #expect(try (script.row(agent).alert != nil) == isAlert, "\(agent)")
    }
    try script.seat("e", .busy, 1, sent: script.now.unix - 119_900)
    #expect(try script.row("e").alert == .skew(seconds: 119))
    #expect(FloorAlert.over(.idle, limit: 3_599).words == "idle over 59:59")
    #expect(FloorAlert.skew(seconds: -90).words == "clock off by 1:30")
    #expect(FloorAlert.over(.shortBreak, limit: 1_800).words == "break over 30:00")
    #expect(FloorAlert.over(.idle, limit: 909).words == "idle over 15:09")
    #expect(FloorAlert.held(limit: 70).words == "on hold over 1:10")
    #expect(FloorAlert.ringing(limit: 20).words == "ringing over 20 s")
  }

  /// Who is offline or not known stands at the top for nothing.
  @Test func whoIsAwayIsNoAlert() throws {
    var script = FloorScript(.init(idle: 30))
    try script.seat("off", .offline, 1, sent: script.now.unix - 500_000)
    #expect(try script.row("off").alert == nil && script.floor.deadline == nil)
    try script.seat("gone", .idle, 1, lease: 50)
    script.wait(30)
    #expect(try script.row("gone").alert != nil)
    script.wait(20)
    #expect(try script.row("gone").freshness == .stale && script.row("gone").alert == nil)
    #expect(script.floor.totals.alerts == 0)
  }

  @Test func whatWasSeenStaysSeenUntilItIsAnotherMatter() throws {
    var script = FloorScript(.init(shortBreak: 40, idle: 30, ringing: 5))
    let key = try floorKey("1")
    try script.seat("1", .idle, 1, lease: 9_000)
    #expect(script.say(.seen(key)) == [], "nothing to see")
    #expect(script.say(.seen(try floorKey("nobody"))) == [])
    script.wait(30)
    #expect(script.floor.alerts(limit: 5).map(\.key) == [key])
    #expect(script.say(.seen(key)) == [.changed(key)])
    #expect(script.say(.seen(key)) == [], "once")
    #expect(script.floor.alerts(limit: 5).isEmpty)
    // Another alert of the same agent, before the first was over: she was looked at.
    try script.call("1", .ringing, 2)
    #expect(script.wait(5) == [.changed(key)])
    #expect(try script.row("1").alert == .ringing(limit: 5) && script.row("1").isSeen)
    try script.call("1", nil, 3)
    #expect(try script.row("1").alert == .over(.idle, limit: 30) && script.row("1").isSeen)
    // Over, and again: that is new.
    try script.seat("1", .shortBreak, 4)
    #expect(try !script.row("1").isSeen && script.row("1").alert == nil)
    script.wait(40)
    #expect(script.floor.alerts(limit: 5).map(\.key) == [key])
  }

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

extension FloorRuleTests {
  @Test func whatComesWithItsAlertIsToldOnceEach() throws {
    var script = FloorScript()
    let key = try floorKey("1")
    let sent = script.now.unix - 90_000
    #expect(
      try script.seat("1", .busy, 1, sent: sent) == [
        .changed(key), .alert(key, .skew(seconds: 90)),
      ])
  }

  @Test func alertsStandBeforeTheUnknownAndThoseBeforeTheRest() throws {
    for sort in [FloorSort.time, .name, .calls] {
      var script = FloorScript(.init(idle: 30))
      script.say(.sort(sort))
      try script.seat("a-rest", .busy, 1, lease: 900)
      try script.seat("b-unknown", .busy, 1, lease: 5)
      try script.seat("c-alert", .idle, 1, lease: 900)
      script.wait(30)
      #expect(script.order == ["c-alert", "b-unknown", "a-rest"], "\(sort)")
    }
  }

  @Test func aNewConnectionWithAnOldAlertIsNewsAgain() throws {
    var script = FloorScript(.init(idle: 30))
    let key = try floorKey("1")
    let began = script.now.unix
    try script.seat("1", .idle, 1, lease: 900)
    script.wait(30)
    script.say(.seen(key))
    try script.seat("1", .idle, epoch: FloorScript.epoch + 1, 1, since: began, retained: true)
    #expect(try script.row("1").alert != nil && !script.row("1").isSeen)
  }

  @Test func anAlertThatComesAgainIsNotSeenYet() throws {
    var script = FloorScript(.init(ringing: 5))
    let key = try floorKey("1")
    try script.seat("1", .busy, 1)
    try script.call("1", .ringing, 2)
    script.wait(5)
    script.say(.seen(key))
    try script.call("1", nil, 3)
    #expect(try script.row("1").alert == nil && !script.row("1").isSeen)
    try script.call("1", .ringing, 4)
    script.wait(5)
    #expect(script.floor.alerts(limit: 3).map(\.key) == [key])
  }

  @Test func aNewerCopyLeavesFreshWhatIsFresh() throws {
    var script = FloorScript()
    try script.seat("1", .idle, 1)
    try script.seat("1", .busy, 2, retained: true)
    #expect(try script.row("1").freshness == .fresh && script.row("1").seat == .busy)
    // A call before its seat: the seat's first copy counts.
    try script.call("2", .talking, 5)
    try script.seat("2", .busy, 1, retained: true)
    #expect(try script.row("2").shownSeat == .busy)
  }

  @Test func aFeedSaysSinceWhen() throws {
    let start = Instant(uptime: 7, unix: 7)
    var floor = Floor(at: start)
    #expect(floor.feed == .connecting && floor.feedSince == start)
    let later = start.advanced(by: Instant.second)
    #expect(floor.handle(.feed(.connecting), at: later) == [] && floor.feedSince == start)
    #expect(floor.handle(.feed(.down(reason: "x")), at: later) == [])
    #expect(floor.feed == .down(reason: "x") && floor.feedSince == later)
    #expect(floor.handle(.feed(.down(reason: "x")), at: start) == [] && floor.feedSince == later)
  }

  @Test func fiftyChangesAreGivenWhereNobodySaysHowMany() throws {
    var script = FloorScript()
    for number in 1...60 {
      try script.seat("1", number % 2 == 0 ? .idle : .busy, UInt32(number))
      script.wait(2)
    }
    #expect(script.floor.changes(of: try floorKey("1")).count == 50)
    #expect(script.floor.changes(of: try floorKey("1"), limit: 99).count == 60)
    script.wait(60)
    #expect(
      script.floor.changes(of: try floorKey("1"), limit: 1)
        == [FloorChange(uptime: script.now.uptime, seat: nil)])
  }

  @Test func stampsAreByEpochThenBySequence() {
    func stamp(_ epoch: Int64, _ sequence: UInt32) -> Stamp {
      Stamp(epoch: epoch, sequence: sequence)
    }
    #expect(stamp(1, 9) < stamp(2, 1) && stamp(1, 1) < stamp(1, 2))
    #expect(!(stamp(2, 1) < stamp(1, 9)) && !(stamp(1, 1) < stamp(1, 1)))
  }

  @Test func thresholdsHaveTheirDefaults() {
    let usual = Floor.Thresholds()
    #expect(usual.limit(of: .shortBreak) == 1_800 && usual.limit(of: .postCall) == 300)
    #expect(usual.limit(of: .idle) == 900 && usual.limit(of: .busy) == nil)
    #expect(usual.ringing == 20 && usual.held == 120)
  }
}
