// The floor's alerts: at which moment, told how often, and until when they are seen.

import Testing

@testable import CCCore

@Suite struct FloorAlertTests {
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
