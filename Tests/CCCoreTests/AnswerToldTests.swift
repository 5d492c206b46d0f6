// What is told with an answer of the line, how gravely, and that nothing is told twice.

import Testing

@testable import CCCore

@Suite struct AnswerToldTests {
  /// The id of the command that was sent last.
  private func last(_ desk: Script) throws -> Int { try #require(desk.sent.last?.id) }

  @Test func anAnswerThatFailedIsAWarning() throws {
    var desk = Script.up()
    desk.call(.ringing, "222", id: "i", .in)
    desk.say(.answer(try #require(desk.desk.active?.id)))
    let done = desk.does(.line(.result(id: try last(desk), ok: false, error: "busy here")))
    #expect(done.said == ["warning: answer failed: line: busy here"])
    #expect(desk.desk.active?.isRingingHere == true)
  }

  @Test func holdAndMuteAreToldWhenTheyAreDone() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    for event in [DeskEvent.hold(id, true), .mute(id, true), .hold(id, false), .mute(id, false)] {
      desk.say(event)
      let effects = desk.say(.line(.result(id: try last(desk), ok: true, error: "")))
      #expect(effects.contains(.tell(.call(try #require(desk.desk.active)))), "\(event)")
    }
    // What is so already is not told once more.
    #expect(desk.say(.line(.callState(call: "a", held: false, muted: false))) == [])
  }

  @Test func whatALineThatKeepsTheSeatDidNotSetIsAWarning() throws {
    var desk = Script.up([.dial, .seat, .setSeat])
    desk.say(.line(.seat(.idle)))
    #expect(desk.does(.choose(.shortBreak)).asked == ["seat 5"])
    let done = desk.does(.line(.result(id: try last(desk), ok: false, error: "not now")))
    #expect(done.said == ["warning: short break was not set: line: not now"])
    #expect(desk.desk.seat.seat == .idle && desk.desk.seat.untold == nil)
  }

  @Test func thatThePBXWasNotToldIsToldAndThatItWasOnlyAfterThat() throws {
    var desk = Script.up([.dial, .hangUp, .setSeat])
    desk.say(.choose(.shortBreak))
    #expect(desk.say(.line(.result(id: try last(desk), ok: true, error: ""))) == [])
    desk.say(.choose(.shortBreak))
    let effects = desk.say(.line(.result(id: try last(desk), ok: false, error: "no")))
    #expect(effects.last == .tell(.seat(desk.desk.seat)) && desk.desk.seat.untold == "line: no")
    desk.say(.choose(.shortBreak))
    #expect(
      desk.say(.line(.result(id: try last(desk), ok: true, error: "")))
        == [.tell(.seat(desk.desk.seat))])
    #expect(desk.desk.seat.untold == nil)
  }

  @Test func thatACallerIsTurnedAwayIsNoTrouble() {
    var desk = Script.up()
    desk.say(.choose(.shortBreak))
    desk.say(
      .line(
        .call(
          CallReport(.ringing, number: "222", call: "i", direction: .in, name: "Ann"))))
    #expect(desk.said.last == "info: Turned away: Ann, 222." && desk.asked.last == "reject i")
  }

  // MARK: The seat

  @Test func aStatusChosenWhileADialWaitsComesWhenItFails() {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    desk.say(.choose(.shortBreak))
    #expect(desk.desk.seat.pending == .shortBreak && desk.desk.seat.seat == .idle)
    desk.wait(10)
    desk.say(.timer(.dialSilence))
    #expect(desk.desk.seat.seat == .shortBreak && desk.desk.seat.pending == nil)
    // A line that keeps the seat is asked for it.
    var line = Script.up([.dial, .seat, .setSeat])
    line.say(.line(.seat(.idle)))
    line.say(.dial(phone: "1020", info: ""))
    line.say(.choose(.shortBreak))
    line.wait(10)
    #expect(line.does(.timer(.dialSilence)).asked == ["seat 5"])
    #expect(line.desk.seat.pending == nil)
  }

  /// Of a line that keeps the seat a call makes no status: its own word does.
  @Test func theStatusOfALineIsItsOwnWordAlone() {
    var desk = Script.up([.dial, .seat])
    desk.say(.line(.seat(.idle)))
    desk.call(.calling)
    desk.call(.talking)
    #expect(desk.desk.seat.seat == .idle)
    desk.call(.ended)
    #expect(desk.desk.seat.seat == .idle && desk.desk.wrapUp == nil)
  }

  /// The desk kept idle until the link went; that the line reports idle after it began then.
  @Test func whatALineReportsAfterALostLinkBeginsThen() {
    var desk = Script.up([.dial])
    desk.wait(100)
    desk.say(.line(.unregistered(reason: "no network", retryIn: 5, final: false)))
    desk.wait(5)
    desk.say(.line(.seat(.idle)))
    #expect(desk.desk.seat.seat == nil, "nothing is known while the link is away")
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.since == desk.now && !desk.desk.seat.witnessed)
    // Where the desk keeps it, it has lasted all the while.
    var kept = Script.up([.dial])
    let start = kept.now
    kept.wait(100)
    kept.say(.line(.unregistered(reason: "no network", retryIn: 5, final: false)))
    kept.wait(5)
    kept.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(kept.desk.seat.since == start && kept.desk.seat.witnessed)
  }

  /// A clock that comes late is nobody's: it neither ends a call's status nor applies the next one.
  @Test func aLateEndOfPostCallChangesNothingInTheNextCall() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    #expect(desk.desk.seat.cause == .call)
    desk.say(.choose(.shortBreak))
    #expect(desk.say(.timer(.wrapUp)) == [])
    #expect(desk.desk.seat.seat == .busy && desk.desk.seat.pending == .shortBreak)
    #expect(desk.desk.active?.id == id)
  }

  // MARK: The link

  @Test func aLineThatIsEndingIsToldOfNoStatus() throws {
    var desk = Script.up([.dial, .hangUp, .setSeat])
    let id = try desk.talking("a")
    desk.say(.cutLine(id))
    let asked = desk.asked
    desk.call(.ended, id: "a")
    #expect(desk.desk.seat.seat == .postCall && desk.asked == asked)
  }

  @Test func nothingIsAskedOfALineThatIsGone() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.say(.hold(id, true))
    #expect(desk.desk.asked(of: id).hold == true)
    desk.say(.line(.died(reason: "gone", retryIn: nil)))
    #expect(desk.desk.active?.id == id && desk.desk.asked(of: id) == Asked())
  }

  /// What a line never answers is forgotten: the desk does not grow with it.
  @Test func whatIsNeverAnsweredIsForgottenInTheEnd() throws {
    var desk = Script.up()
    for number in 1...100 {
      desk.say(.dial(phone: "20255501\(number)", info: ""))
      desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    }
    #expect(desk.desk.memory.givenUp.count == 16 && desk.desk.memory.pending.count == 64)
    #expect(desk.desk.memory.givenUp.last?.phone == "20255501100", "the oldest goes first")
    #expect(desk.desk.memory.givenUp.first?.phone == "2025550185")
  }

  @Test func aLineThatStartsAnewCanOnlyDialUntilItsHello() throws {
    var desk = Script.up()
    desk.say(.line(.started))
    #expect(desk.desk.abilities == [.dial])
  }

  @Test func whoWasEvictedIsNotToldOfALostRegistration() {
    for isFinal in [true, false] {
      var desk = Script.up()
      desk.say(.line(.evicted))
      let link = desk.desk.link
      desk.wait(1)
      #expect(
        desk.say(.line(.unregistered(reason: "gone", retryIn: 5, final: isFinal))) == [])
      #expect(desk.desk.link == link, "it does not come back by itself")
    }
  }

  @Test func aLineThatWasCutComesBackByItself() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.say(.cutLine(try #require(desk.desk.active?.id)))
    desk.wait(1)
    let effects = desk.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(effects.contains(.startLine))
    #expect(desk.desk.link == .connecting(since: desk.now))
    #expect(effects.contains(.tell(.link(desk.desk.link))))
  }

  /// The refusal of an older register does not stand in the way of the token that is being fetched.
  @Test func aTokenThatIsBeingFetchedIsTakenWhateverWasRefusedBefore() throws {
    var desk = Script(.init(line: "sdk", account: "1001", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a"), expiresIn: 1000))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    let old = try last(desk)
    desk.wait(800)
    #expect(desk.say(.timer(.renewal)).contains(.fetchCredential))
    let effects = desk.say(.line(.result(id: old, ok: false, error: "late")))
    #expect(effects == [.tell(.notice(.error, "Not registered: line: late"))])
    #expect(desk.does(.credential(Secret("b"), expiresIn: 1000)).asked == ["register"])
  }

  // MARK: Transfers

  /// The customer hung up: the one who was asked can be sent on at once.
  @Test func whoIsLeftOfATransferCanBeHandedOn() throws {
    var desk = Script.up()
    let customer = try desk.talking("a", "111")
    desk.say(.transfer(customer, to: "1020", consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    let second = try desk.talking("b", "1020")
    desk.wait(1)
    desk.call(.ended, "111", id: "a")
    #expect(desk.desk.goneCustomer?.id == customer)
    #expect(
      desk.does(.transfer(second, to: "1030", consult: false)).asked == ["transfer b 1030"])
  }

  /// A customer who was handed on has not gone.
  @Test func whoWasHandedOnIsNotGone() throws {
    var desk = Script.up()
    let customer = try desk.talking("a", "111")
    desk.say(.transfer(customer, to: "1020", consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    let second = try desk.talking("b", "1020")
    desk.say(.join(second))
    desk.say(.line(.transfer(call: "b", state: .done, reason: "")))
    desk.call(.ended, "111", id: "a")
    #expect(desk.desk.recent.first?.result == .transferred)
    #expect(desk.desk.active?.id == second && desk.desk.goneCustomer == nil)
  }
}
