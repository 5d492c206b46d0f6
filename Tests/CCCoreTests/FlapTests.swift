// A link that flaps: what the desk keeps has lasted all the while, and nothing counts twice.

import Testing

@testable import CCCore

@Suite struct FlapTests {
  private static let hours = 7_200.0

  private func away(_ script: inout Script) {
    script.say(.line(.unregistered(reason: "away", retryIn: 2, final: false)))
  }

  private func back(_ script: inout Script) {
    script.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
  }

  @Test("idle or a break of two hours is one of two hours after three seconds without a link")
  func keeps() {
    for chosen: Seat in [.idle, .shortBreak, .busy] {
      var script = Script.up()
      script.wait(60)
      script.say(.choose(chosen))
      let (since, cause) = (script.desk.seat.since, script.desk.seat.cause)
      for _ in 0..<3 {
        script.wait(Self.hours)
        away(&script)
        #expect(script.desk.seat.shown == .unknown(since: script.now, was: chosen))
        script.wait(3)
        back(&script)
        #expect(
          script.desk.seat.shown == .known(chosen, since: since, witnessed: true), "\(chosen)")
        #expect(script.desk.seat.cause == cause)
      }
    }
  }

  @Test("a line that dies and comes back keeps it too") func restarts() {
    var script = Script.up()
    let since = script.desk.seat.since
    script.wait(Self.hours)
    script.say(.line(.died(reason: "crashed", retryIn: Instant.second)))
    #expect(script.desk.seat.seat == nil)
    script.wait(1)
    script.say(.line(.started))
    script.wait(1)
    script.say(.line(.hello(line: "test", abilities: [.dial, .hangUp])))
    back(&script)
    #expect(script.desk.seat.since == since && script.desk.seat.seat == .idle)
  }

  @Test("the figures of today count what was known, once") func figures() {
    var script = Script.up()
    for _ in 0..<4 {
      script.wait(1_000)
      away(&script)
      script.wait(3)
      back(&script)
    }
    script.wait(500)
    script.say(.choose(.shortBreak))
    #expect(script.desk.today.idle == 4_500 * Instant.second)
    script.wait(10)
    script.say(.choose(.idle))
    script.wait(10)
    away(&script)
    #expect(script.desk.today.idle == 4_510 * Instant.second)
  }

  @Test("a call and its post-call go on across a gap; what ends in one does not") func calls() {
    var script = Script.up()
    script.wait(100)
    script.call(.talking, "1020", id: "a", .in)
    let busy = script.desk.seat.since
    script.wait(60)
    away(&script)
    script.wait(3)
    back(&script)
    #expect(script.desk.seat.shown == .known(.busy, since: busy, witnessed: true))
    away(&script)
    script.wait(5)
    script.call(.ended, "1020", id: "a")
    let postCall = script.now
    script.wait(5)
    back(&script)
    #expect(script.desk.seat.shown == .known(.postCall, since: postCall, witnessed: true))
    script.wait(20)
    away(&script)
    script.wait(5)
    script.say(.timer(.wrapUp))
    script.wait(5)
    back(&script)
    #expect(script.desk.seat.shown == .known(.idle, since: script.now, witnessed: true))
  }

  @Test("a call that came and went in the gap begins the status anew") func callInGap() {
    var script = Script.up([.dial, .hangUp], .init(wrapUpSeconds: 0))
    script.wait(Self.hours)
    away(&script)
    script.call(.talking, "1020", id: "a", .in)
    script.wait(20)
    script.call(.ended, "1020", id: "a")
    back(&script)
    #expect(script.desk.seat.shown == .known(.idle, since: script.now, witnessed: true))
  }

  @Test("another status chosen in the gap, an eviction, a sign-off: they begin anew") func others()
  {
    var script = Script.up()
    script.wait(Self.hours)
    away(&script)
    script.say(.choose(.shortBreak))
    script.wait(3)
    back(&script)
    #expect(script.desk.seat.shown == .known(.shortBreak, since: script.now, witnessed: true))
    script.wait(Self.hours)
    away(&script)
    script.say(.line(.evicted))
    script.wait(3)
    script.say(.takeBack)
    back(&script)
    #expect(script.desk.seat.shown == .known(.shortBreak, since: script.now, witnessed: true))
    script.say(.line(.evicted))
    script.wait(3)
    script.say(.takeBack)
    back(&script)
    #expect(script.desk.seat.since == script.now)
  }

  @Test("what the line keeps is told by the line, and its beginning was not seen") func lines() {
    var script = Script.up([.dial, .seat])
    script.say(.line(.seat(.idle)))
    script.wait(Self.hours)
    away(&script)
    script.wait(3)
    back(&script)
    script.say(.line(.seat(.idle)))
    #expect(script.desk.seat.shown == .known(.idle, since: script.now, witnessed: false))
  }

  @Test("the floor has it from its beginning, exactly") func floor() throws {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    var now = Instant(uptime: 0, unix: 1_763_900_000_000)
    let began = now
    var floor = Floor(at: now)
    for (number, seat) in [(1, Seat.idle), (2, .unknown(0)), (3, .idle)] as [(UInt32, Seat)] {
      let update = SeatUpdate(
        stamp: Stamp(epoch: 1_763_899_999_000, sequence: number), seat: seat,
        since: seat == .idle ? began.unix : now.unix, sent: now.unix)
      _ = floor.handle(.seat(key, update, retained: false), at: now)
      let row = try #require(floor.row(key))
      #expect(row.shownSeat == (seat == .idle ? .idle : nil))
      if seat == .idle { #expect(row.start == .init(uptime: began.uptime, isExact: true)) }
      now = now.advanced(by: number == 1 ? 7_200 * Instant.second : 3 * Instant.second)
    }
  }
}
