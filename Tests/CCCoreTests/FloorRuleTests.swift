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

  /// A lease of no seconds holds for none.
  @Test func aLeaseMayBeOver() throws {
    var script = FloorScript()
    try script.seat("1", .idle, 1, lease: 0)
    try script.seat("2", .idle, 1)
    try script.seat("2", .idle, 2, lease: -5)
    script.say(.time)
    #expect(try script.row("1").freshness == .stale)
    #expect(try script.row("2").freshness == .stale)
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
}
