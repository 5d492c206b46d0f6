// Edges of the desk: words that come twice or by another name, lines that die, what is told once.

import Testing

@testable import CCCore

@Suite struct DeskEdgeTests {
  @Test func codesAreTheVendors() {
    #expect([1, 2, 3, 4, 5].map { Seat(code: $0).code } == [1, 2, 3, 4, 5])
    #expect(
      [1, 2, 3, 4, 5].map { Seat(code: $0) } == [.offline, .idle, .busy, .postCall, .shortBreak])
    let all = Abilities.names.map(\.1)
    #expect(Set(all.map(\.rawValue)).count == 10)
    #expect(Abilities(names: Abilities.names.map(\.0)).rawValue == 0x3FF)
    #expect(Abilities(names: ["mute", "fly"]) == .mute && Abilities(names: []) == [])
  }

  @Test func ofALineThatKeepsItsSeatTheEndIsInferredOnce() {
    // The desk keeps the seat: nothing contradicts it.
    var own = Script.up([.dial])
    own.say(.choose(.idle))
    own.call(.talking)
    #expect(own.say(.timer(.inferEnd)) == [] && own.desk.hasOpenCall)
    // The wait is over: it is begun anew where the call goes on, and not where it does not.
    var line = Script.up([.dial, .seat])
    line.say(.line(.seat(.idle)))
    line.call(.talking)
    line.say(.line(.seat(.busy)))
    line.say(.line(.seat(.postCall)))
    line.wait(5)
    line.say(.timer(.inferEnd))
    #expect(line.desk.active?.end?.reason?.text == "end inferred: the seat is post-call")
    line.say(.line(.seat(.idle)))
    line.call(.talking, "222")
    #expect(
      line.log.suffix(9).contains(.startTimer(.inferEnd, after: 5 * Instant.second))
        || line.desk.seat.seat == .idle)
  }

  @Test func aCallThatBeganUnseenIsNotHers() {
    var desk = Script.up()
    desk.call(.talking, "111")
    desk.wait(4)
    desk.call(.talking, "222")
    let record = desk.desk.recent.first
    #expect(record?.number == "111" && record?.reason?.text == "end not seen")
    #expect(desk.desk.active?.number == "222")
    var rings = Script.up()
    rings.call(.calling, "111")
    rings.call(.calling, "222")
    #expect(rings.desk.recent.first?.result == .unanswered, "nobody here gave it up")
  }

  @Test func aDirectionThatWasToldIsNotTakenBack() throws {
    // A 1 is a call out, whatever a later word says; a 2 alone is a caller until it is told better.
    var desk = Script.up()
    desk.call(.calling, "111", id: "a")
    desk.call(.ringing, "111", id: "a", .in)
    #expect(desk.desk.active?.direction == .out)
    var told = Script.up()
    told.call(.ringing, "111", id: "a")
    #expect(told.desk.active?.direction == .in)
    told.call(.ringing, "111", id: "a", .out)
    #expect(told.desk.active?.direction == .out && told.desk.seat.seat == .busy)
    told.call(.ringing, "111", id: "a", .in)
    #expect(told.desk.active?.direction == .out)
  }

  @Test func aCallOfAnotherDirectionIsAnotherCall() {
    var desk = Script.up()
    desk.call(.calling, "111", id: nil, .out)
    desk.call(.talking, "111", id: nil, .out)
    desk.call(.ringing, "111", id: "i", .in)
    let calls = [desk.desk.active, desk.desk.other].compactMap { $0 }
    #expect(calls.count == 2 && Set(calls.map(\.direction)) == [.out, .in])
  }

  /// Another form of the dialled number, then its true one: one call.
  @Test func aDialledCallKeepsItsNumberInEveryForm() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "123456", info: ""))
    desk.call(.calling, nil, id: nil, .out)
    desk.call(.ringing, "+4930999", id: nil, .out)
    desk.call(.talking, "+4930999", id: nil, .out)
    #expect(desk.outcomes == [.answered] && desk.desk.other == nil)
    #expect(desk.desk.active?.number == "123456")
  }

  @Test func whoIsCalledIsNamedOnce() {
    var desk = Script.up()
    func say(_ status: CallReport.Status, _ name: SafeText?, _ number: SafeText?) {
      desk.say(
        .line(.call(CallReport(status, number: number, call: "a", direction: .in, name: name))))
    }
    say(.ringing, nil, nil)
    #expect(desk.desk.active?.party == "number withheld")
    say(.ringing, "Maria", "13212345678")
    say(.talking, "Somebody", "2025550100")
    #expect(desk.desk.active?.name == "Maria" && desk.desk.active?.number == "13212345678")
    #expect(desk.desk.active?.party == "Maria")
  }

  @Test func theEndOfWhatIsOverTwiceByAnotherIdIsNobodys() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111")
    desk.call(.ended, "111", id: "a")
    desk.wait(10)
    desk.call(.ended, "111", id: "zz")
    #expect(desk.desk.anomalies[.endWithoutCall] == 1)
    desk.call(.ended, "111", id: nil)
    #expect(desk.desk.anomalies[.lateEvent] == 1)
  }

  @Test func theTokenOfALineThatIsDownForLong() {
    // Its registration is lost and its token over: a new one is fetched, once, and not in a call.
    for inCall in [false, true] {
      var desk = Script(.init(line: "sdk", hasCredentialSource: true))
      desk.say(.line(.started))
      desk.say(.line(.hello(line: "sdk", abilities: [.dial])))
      desk.say(.credential(Secret("a"), expiresIn: 100))
      desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
      if inCall { desk.call(.talking, id: "a") }
      desk.wait(100)
      let effects = desk.say(.line(.unregistered(reason: "x", retryIn: 5, final: false)))
      #expect(effects.contains(.fetchCredential) == !inCall)
      let again = desk.say(.line(.unregistered(reason: "x", retryIn: 5, final: false)))
      #expect(!again.contains(.fetchCredential))
    }
    var own = Script()
    own.say(.line(.started))
    own.say(.line(.registered(account: nil, expiresIn: 100, secure: nil)))
    own.wait(100)
    #expect(
      !own.say(.line(.unregistered(reason: "x", retryIn: 5, final: false))).contains(
        .fetchCredential))
    // It lives still: it is not replaced.
    var lives = Script(.init(line: "sdk", hasCredentialSource: true))
    lives.say(.line(.started))
    lives.say(.credential(Secret("a"), expiresIn: 100))
    lives.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    lives.wait(99)
    #expect(
      !lives.say(.line(.unregistered(reason: "x", retryIn: 5, final: false))).contains(
        .fetchCredential))
  }

  @Test func aDialThatFailsStopsItsWait() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "111", info: ""))
    let command = try #require(desk.desk.attempt?.command)
    let effects = desk.say(.line(.result(id: command, ok: false, error: "no")))
    #expect(effects.contains(.cancelTimer(.dialSilence)))
    // A choice made while it waited counts when it failed, and not before who rings is gone.
    var waits = Script.up()
    waits.say(.dial(phone: "111", info: ""))
    waits.say(.choose(.shortBreak))
    waits.call(.ringing, "222", id: "i", .in)
    waits.say(.timer(.dialSilence))
    #expect(waits.desk.seat.seat == .idle && waits.desk.seat.pending == .shortBreak)
    waits.call(.notEstablished, "222", id: "i", .in)
    #expect(waits.desk.seat.seat == .shortBreak)
  }

  @Test func whatTheLinkIsIsToldOnce() {
    var desk = Script.up()
    func links(_ effects: [Effect]) -> Int {
      effects.count { if case .tell(.link) = $0 { true } else { false } }
    }
    let same = LineEvent.registered(account: "1001", expiresIn: nil, secure: nil)
    #expect(links(desk.say(.line(same))) == 0)
    let secure = LineEvent.registered(account: "1001", expiresIn: nil, secure: "TLS")
    #expect(links(desk.say(.line(secure))) == 1 && links(desk.say(.line(secure))) == 0)
    let other = LineEvent.registered(account: "1002", expiresIn: nil, secure: "TLS")
    #expect(links(desk.say(.line(other))) == 1 && desk.desk.account == "1002")
    desk.say(.line(.unregistered(reason: "x", retryIn: nil, final: true)))
    #expect(links(desk.say(.line(.unregistered(reason: "x", retryIn: nil, final: true)))) == 0)
  }

  @Test func aDeadLineCanDoNothingAndAnswersNothing() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.say(.hold(id, true))
    let command = try #require(desk.sent.last?.id)
    desk.say(.line(.died(reason: "x", retryIn: 5)))
    #expect(desk.desk.abilities == [.dial] && desk.desk.recent.first?.result == .lineLost)
    desk.say(.line(.started))
    desk.say(.line(.result(id: command, ok: true, error: "")))
    #expect(desk.desk.anomalies[.strayResult] == 1, "the next program was not asked")
    // At the end of the desk it says nothing of a dead line.
    var closing = Script.up()
    closing.say(.quit)
    #expect(closing.does(.line(.died(reason: "ended", retryIn: nil))).said == [])
  }

  @Test func whoIsBeingRejectedIsNotRejectedTwice() throws {
    var desk = Script.up()
    desk.call(.ringing, "111", id: "i", .in)
    desk.say(.hangUp(try #require(desk.desk.active?.id)))
    #expect(desk.asked.last == "reject i")
    let before = desk.asked
    desk.say(.choose(.offline))
    #expect(desk.asked == before)
    // One that talks is no business of signing off: it is chosen for after it.
    var talks = Script.up()
    _ = try talks.talking("a")
    #expect(talks.does(.choose(.offline)).asked == [])
  }

  @Test func aRefusedHandoverLeavesAnotherAlone() throws {
    var desk = Script.up()
    let id = try desk.talking("a", "111")
    desk.say(.transfer(id, to: "1020", consult: true))
    let first = try #require(desk.sent.last?.id)
    desk.say(.line(.result(id: first, ok: false, error: "no")))
    desk.say(.transfer(id, to: "1030", consult: false))
    let second = try #require(desk.sent.last?.id)
    desk.say(.line(.result(id: second, ok: false, error: "no")))
    #expect(desk.does(.transfer(id, to: "1040", consult: false)).asked == ["transfer a 1040"])
    desk.say(.line(.transfer(call: "a", state: .done, reason: "")))
    desk.call(.ended, "111", id: "a")
    #expect(desk.desk.active?.end?.by == .transferred(to: "1040"))
  }

  @Test func theFirstStatusOfALineWasSeenToBegin() {
    var desk = Script.up([.dial, .seat])
    desk.say(.line(.seat(.idle)))
    #expect(desk.desk.seat.witnessed)
    desk.say(.line(.seat(.busy)))
    #expect(desk.desk.seat.witnessed && desk.desk.seat.cause == .line)
    desk.say(.line(.unregistered(reason: "x", retryIn: nil, final: false)))
    #expect(desk.desk.seat.witnessed, "that it is not known was seen to begin")
  }

  @Test func postCallIsOfTheCall() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.call(.ended, id: "a")
    #expect(desk.desk.seat.cause == .call && desk.desk.seat.seat == .postCall)
    desk.wait(30)
    desk.say(.timer(.wrapUp))
    #expect(desk.desk.seat.cause == .wrapUp)
  }

  @Test func anIdThatIsUsedAgainLeavesTheOthersLate() throws {
    var desk = Script.up()
    for id in ["a", "b"] {
      _ = try desk.talking(id, "111")
      desk.call(.ended, "111", id: id)
    }
    desk.say(.dial(phone: "5550100", info: ""))
    desk.call(.calling, "5550100", id: "a", .out)
    desk.call(.ended, "5550100", id: "a", .out)
    desk.call(.ringing, "111", id: "b")
    #expect(desk.desk.anomalies[.lateEvent] == 1 && !desk.desk.hasOpenCall)
  }

  @Test func aLateAnswerIsToldWithItsRecord() {
    var desk = Script.up()
    desk.call(.calling, "111", id: nil, .out)
    desk.call(.ended, "111", id: nil, .out)
    desk.wait(1)
    let effects = desk.call(.talking, "111", id: nil, .out)
    #expect(desk.desk.recent.first?.talked == 0 && desk.desk.recent.first?.witnessed == false)
    #expect(desk.desk.recent.first.map { effects.contains(.tell(.record($0))) } == true)
    // Another word of it waits for a sign that it was a call.
    #expect(
      desk.call(.ringing, "111", id: nil, .out).contains {
        if case .startTimer(.lateReports, _) = $0 { true } else { false }
      })
  }

  @Test func whileACallIsShownWhyIsOfTheCall() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "5550100", info: ""))
    desk.call(.ringing, "222", id: "i", .in)
    let why = desk.desk.explain(at: desk.now) { _ in "12:00" }.string
    #expect(why.hasPrefix("Rings here since 12:00.") && why.contains("555 0100"))
  }
}
