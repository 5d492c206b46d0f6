// The seat beside its usual way: a line that keeps it, a link that goes and comes, choices that wait.

import Testing

@testable import CCCore

@Suite struct SeatEdgeTests {
  /// A line that keeps the seat without having said so in its hello.
  private func keeping(_ seat: Seat = .idle) -> Script {
    var desk = Script.up([.dial, .hangUp, .setSeat])
    desk.say(.line(.seat(seat)))
    desk.log = []
    return desk
  }

  private func lose(_ desk: inout Script) {
    desk.say(.line(.unregistered(reason: "away", retryIn: nil, final: false)))
  }

  private func restore(_ desk: inout Script) {
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
  }

  @Test func whatALineReportsIsNotToldBackToIt() {
    var desk = keeping()
    desk.say(.line(.seat(.busy)))
    #expect(desk.asked == [])
    // What she chooses is asked of it once; what it will not set is said so.
    #expect(desk.does(.choose(.shortBreak)).asked == ["seat 5"])
    let command = desk.sent.last?.id ?? 0
    #expect(
      desk.does(.line(.result(id: command, ok: false, error: "no"))).said
        == ["warning: short break was not set: line: no"])
    #expect(desk.desk.seat.untold == nil)
  }

  /// That an older status came through says nothing of the one that is shown.
  @Test func whatWasToldLateIsNotWhatIsShown() throws {
    var desk = Script.up([.dial, .setSeat])
    desk.say(.choose(.shortBreak))
    let first = try #require(desk.sent.last?.id)
    desk.say(.choose(.idle))
    let second = try #require(desk.sent.last?.id)
    #expect(
      desk.does(.line(.result(id: second, ok: false, error: "no"))).said
        == ["warning: The PBX was not told of idle: line: no"])
    desk.say(.line(.result(id: first, ok: true, error: "")))
    #expect(desk.desk.seat.untold == "line: no")
  }

  @Test func aChoiceInACallIsTold() throws {
    var desk = Script.up()
    #expect(desk.desk.seat.chosen == nil, "nothing was chosen yet")
    _ = try desk.talking("a")
    let effects = desk.say(.choose(.shortBreak))
    #expect(effects == [.tell(.seat(desk.desk.seat))] && desk.desk.seat.pending == .shortBreak)
  }

  /// Chosen in a call, with the link away at its end: asked of the line when it speaks of the seat again.
  @Test func aChoiceWaitsForTheLinesWord() throws {
    var desk = keeping()
    _ = try desk.talking("a")
    desk.say(.line(.seat(.busy)))
    desk.say(.choose(.shortBreak))
    desk.say(.line(.seat(.busy)))
    #expect(!desk.asked.contains("seat 5"), "not in the call")
    lose(&desk)
    desk.call(.ended, id: "a")
    restore(&desk)
    #expect(desk.does(.line(.seat(.idle))).asked == ["seat 5"])
    // And not while a dial waits either.
    var dials = keeping()
    dials.say(.dial(phone: "1020", info: ""))
    dials.say(.choose(.shortBreak))
    #expect(dials.does(.line(.seat(.postCall))).asked == [])
    #expect(dials.does(.timer(.dialSilence)).asked == ["seat 5"])
  }

  // MARK: The link goes and comes

  @Test func aLostLinkIsToldAndIsTheCause() {
    #expect(Script().desk.seat.cause == .link)
    var desk = Script.up()
    desk.say(.choose(.shortBreak))
    #expect(desk.desk.seat.cause == .agent)
    desk.wait(5)
    let effects = desk.say(.line(.unregistered(reason: "away", retryIn: nil, final: false)))
    #expect(desk.desk.seat.shown == .unknown(since: desk.now, was: .shortBreak))
    #expect(desk.desk.seat.cause == .link && effects.contains(.tell(.seat(desk.desk.seat))))
    restore(&desk)
    #expect(desk.desk.seat.seat == .shortBreak && desk.desk.seat.cause == .agent)
    #expect(desk.desk.seat.since == desk.now.advanced(by: -5 * Instant.second))
  }

  /// A link that went and came before is forgotten when she goes offline: idle begins with coming back.
  @Test func whoComesBackIsIdleSinceThen() {
    var desk = Script.up()
    desk.wait(10)
    lose(&desk)
    restore(&desk)
    #expect(desk.desk.seat.since.uptime == 0)
    desk.say(.choose(.offline))
    desk.say(.line(.died(reason: "ended", retryIn: nil)))
    desk.wait(3600)
    desk.say(.choose(.idle))
    desk.say(.line(.started))
    restore(&desk)
    #expect(desk.desk.seat.seat == .idle && desk.desk.seat.since == desk.now)
  }

  /// A caller who gives up while the link is away was no business of hers: she is idle all the while.
  @Test func aMissedCallWithoutALinkInterruptsNothing() {
    var desk = Script.up()
    desk.wait(10)
    lose(&desk)
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.notEstablished, "222", id: "i", .in)
    desk.wait(10)
    restore(&desk)
    #expect(desk.desk.seat.seat == .idle && desk.desk.seat.since.uptime == 0)
  }

  /// Answered while the link is away: busy since the call began, or since the link is back.
  @Test func aCallGoesOnWithoutALink() {
    var desk = Script.up()
    desk.wait(10)
    desk.call(.calling, "222", id: "a", .out)
    let began = desk.now
    lose(&desk)
    desk.wait(5)
    desk.call(.talking, "222", id: "a", .out)
    desk.wait(5)
    restore(&desk)
    #expect(desk.desk.seat.seat == .busy && desk.desk.seat.since == began)
    var later = Script.up()
    later.wait(10)
    lose(&later)
    later.call(.calling, "222", id: "a", .out)
    later.wait(5)
    restore(&later)
    #expect(later.desk.seat.seat == .busy && later.desk.seat.since == later.now)
    later.call(.notEstablished, "222", id: "a", .out)
    #expect(later.desk.seat.seat == .idle && later.desk.seat.since == later.now)
  }

  // MARK: Post-call

  @Test func postCallHasItsBounds() throws {
    for (seconds, length) in [(1, 1), (86_400, 86_400), (86_401, 86_400)] {
      var desk = Script.up([.dial, .hangUp], .init(wrapUpSeconds: seconds))
      _ = try desk.talking("a")
      desk.call(.ended, id: "a")
      #expect(desk.desk.seat.seat == .postCall)
      #expect(desk.desk.wrapUp?.secondsLeft(at: desk.now) == length)
      #expect(desk.log.contains(.startTimer(.wrapUp, after: Int64(length) * Instant.second)))
    }
  }

  /// Post-call runs out while a dial waits: idle, and what was chosen waits for the outcome.
  @Test(arguments: [nil, Seat.shortBreak])
  func postCallEndsWhileADialWaits(chosen: Seat?) throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.call(.ended, id: "a")
    if let chosen { desk.say(.choose(chosen)) }
    desk.wait(25)
    desk.say(.dial(phone: "1020", info: ""))
    desk.wait(5)
    desk.say(.timer(.wrapUp))
    #expect(desk.desk.seat.seat == (chosen == nil ? .idle : .postCall) && desk.desk.wrapUp == nil)
    desk.wait(5)
    desk.say(.timer(.dialSilence))
    #expect(desk.desk.seat.seat == chosen ?? .idle)
  }

  // MARK: Who is heard

  @Test func whatIsSaidIsPassedOn() {
    var desk = Script(.init(line: "test", account: "1001"))
    #expect(desk.log == [.startLine])
    desk.say(.line(.started))
    #expect(desk.say(.line(.log(.warning, "hot"))) == [.tell(.log(.warning, "hot"))])
    #expect(desk.say(.line(.anomaly(.badJSON))).first == .tell(.anomaly(.badJSON, count: 1)))
    desk.say(.line(.level(input: 1.5, output: -0.5)))
    #expect(desk.desk.level == Desk.Level(input: 1, output: 0))
  }

  /// A program that is started though she is offline, or though the desk closes, is not believed.
  @Test func aLineThatIsNotWantedIsNotBelieved() {
    for wish in [DeskEvent.choose(.offline), .quit] {
      var desk = Script.up()
      desk.say(wish)
      desk.say(.line(.died(reason: "ended", retryIn: nil)))
      desk.say(.line(.started))
      let link = desk.desk.link
      for event: LineEvent in [
        .registered(account: "x", expiresIn: 60, secure: "TLS"), .seat(.idle), .evicted,
        .hello(line: "x", abilities: [.dial, .seat]),
      ] { #expect(desk.say(.line(event)) == []) }
      #expect(desk.desk.link == link && desk.desk.account == "1001" && desk.desk.program == "test")
    }
  }

  /// A dial waits while a caller rings and gives up: the keys act on the dial again.
  @Test func theKeysGoBackToTheDial() {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    let dial = desk.desk.attempt?.callID
    desk.call(.ringing, "222", id: "i", .in)
    #expect(desk.desk.shownCallID == desk.desk.active?.id && desk.desk.shownCallID != dial)
    desk.call(.notEstablished, "222", id: "i", .in)
    #expect(desk.desk.shownCallID == dial)
  }
}
