// The other half of the desk's rules: which report is not late, which call is not the one that is
// meant, what is not said, and what stays as it is.

import Testing

@testable import CCCore

@Suite struct DeskLimitsTests {
  private func late(_ desk: Script) -> Int { desk.desk.anomalies[.lateEvent] ?? 0 }

  // MARK: Which call is meant

  @Test func anIdOfACallThatEndedIsLateUnlessADialWaitsForIt() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111")
    desk.call(.ended, "111", id: "a")
    desk.call(.calling, "111", id: "a")
    #expect(late(desk) == 1 && !desk.desk.hasOpenCall)
    // Another number is dialled: the old one's word is late still, and the dial's own is its call.
    desk.say(.dial(phone: "5550100", info: ""))
    desk.call(.calling, "111", id: "a")
    #expect(late(desk) == 2 && desk.desk.attempt?.seen == false)
    desk.call(.calling, "anonymous", id: "a")
    #expect(desk.desk.attempt?.seen == true && desk.desk.active?.number == "5550100")
  }

  /// A 4 soon after an end is that end once more only where that call was talked in, and neither has an
  /// id.
  @Test(
    arguments: [(nil, nil, false), ("a", nil, true), (nil, "b", true)] as [(String?, String?, Bool)]
  )
  func aFourEndsTheCallThatItCanOnlyMean(_ first: String?, _ second: String?, _ talked: Bool) {
    var desk = Script.up()
    desk.call(.calling, id: first)
    if talked { desk.call(.talking, id: first) }
    desk.call(.ended, id: first)
    desk.wait(1)
    desk.call(.calling, id: second)
    #expect(desk.desk.hasOpenCall)
    desk.call(.ended)
    #expect(!desk.desk.hasOpenCall && desk.desk.recent.count == 2)
  }

  @Test func aCallWithoutAnIdEndsNoneThatHasOne() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111")
    desk.call(.calling, "222", id: nil, .out)
    #expect(desk.desk.recent.isEmpty)
    #expect(
      [desk.desk.active, desk.desk.other].compactMap { $0?.number.string }.sorted() == [
        "111", "222",
      ])
    // Of a line without ids the customer stays while somebody is asked.
    var plain = Script.up()
    plain.call(.calling, "111")
    plain.call(.talking, "111")
    plain.say(.transfer(try #require(plain.desk.active?.id), to: "1020", consult: true))
    plain.say(.line(.callState(call: nil, held: true, muted: nil)))
    plain.call(.calling, "1020", id: nil, .out)
    #expect(plain.desk.recent.isEmpty && plain.desk.active?.isConsultation == true)
    #expect(plain.desk.other?.number == "111")
  }

  @Test func theEndThatNobodySawLeavesNoPostCallBesideTheNext() {
    var desk = Script.up()
    desk.call(.calling, "111")
    desk.call(.talking, "111")
    desk.wait(5)
    let effects = desk.call(.calling, "222")
    #expect(!effects.contains { if case .startTimer(.wrapUp, _) = $0 { true } else { false } })
    #expect(desk.desk.seat.seat == .busy && desk.desk.wrapUp == nil)
    desk.call(.notEstablished, "222")
    #expect(desk.desk.seat.seat == .postCall, "it is owed, and comes after that one")
  }

  @Test func aCancelledDialsCallTakesNobodysPanel() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "111", info: ""))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.calling, "111", id: "a", .out)
    #expect(desk.asked.last == "hang up a" && desk.desk.active?.lineID == "i")
    #expect(desk.desk.active?.isRingingHere == true)
  }

  /// A dial that went unheard and is under way: the next one's call is the next one's.
  @Test(arguments: ["222", nil, "anonymous"] as [String?])
  func aDialThatWentUnheardTakesNotTheNextOnesCall(_ number: String?) throws {
    var desk = Script.up()
    desk.say(.dial(phone: "111", info: ""))
    let command = try #require(desk.desk.attempt?.command)
    desk.say(.line(.result(id: command, ok: true, error: "")))
    desk.wait(10)
    desk.say(.timer(.dialSilence))
    desk.say(.dial(phone: "222", info: ""))
    desk.call(.calling, number, id: "b", .out)
    #expect(desk.desk.attempt?.seen == true && desk.desk.active?.number == "222")
  }

  @Test func whatEndsAndWasNeverThereIsCounted() {
    for direction in [Direction?.none, .out] {
      var desk = Script.up()
      desk.call(.notEstablished, "111", id: "x", direction)
      #expect(desk.desk.anomalies == [.endWithoutCall: 1] && desk.desk.recent.isEmpty)
    }
    var desk = Script.up()
    #expect(
      desk.say(.line(.callState(call: "x", held: true, muted: nil))).first
        == .tell(.anomaly(.lateEvent, count: 1)))
  }

  @Test func aLateAnswerCorrectsAndWaitsForNothing() {
    var desk = Script.up()
    desk.call(.calling, "111", id: nil, .out)
    desk.call(.ended, "111", id: nil, .out)
    desk.wait(1)
    let effects = desk.call(.talking, "111", id: nil, .out)
    #expect(desk.desk.recent.first?.result == .answered)
    #expect(!effects.contains { if case .startTimer(.lateReports, _) = $0 { true } else { false } })
    // Nobody dialled it here: it is no dial that was answered.
    #expect(desk.desk.today.connected == 0 && desk.desk.today.calls == 1)
  }

  // MARK: What rings and what is turned away

  @Test func theNextCallerRingsAnewWhileOneRings() {
    var desk = Script.up()
    desk.call(.ringing, "111", id: "i", .in)
    let second = desk.call(.ringing, "222", id: "j", .in)
    #expect(second.contains(.bell(.incoming)))
    #expect(second.contains(.startTimer(.ringBell, after: 4 * Instant.second)))
  }

  @Test func inABreakItRingsWhereTheDeskCannotTurnItAway() {
    var desk = Script.up([.dial])
    desk.say(.choose(.shortBreak))
    #expect(desk.call(.ringing, "111", id: "i", .in).contains(.bell(.incoming)))
    #expect(desk.asked.allSatisfy { !$0.hasPrefix("reject") } && desk.said == [])
    // Where the line keeps the seat it is the line that turns away.
    var line = Script.up([.dial, .reject, .seat, .setSeat])
    line.say(.line(.seat(.idle)))
    line.say(.choose(.shortBreak))
    line.say(.line(.seat(.shortBreak)))
    #expect(line.call(.ringing, "111", id: "i", .in).contains(.bell(.incoming)))
    #expect(line.asked.last == "seat 5")
    // And where the settings say so, all ring.
    var anyway = Script.up([.dial, .reject], .init(line: "test", account: "1", ringAnyway: true))
    anyway.say(.choose(.shortBreak))
    #expect(anyway.call(.ringing, "111", id: "i", .in).contains(.bell(.incoming)))
  }

  @Test func signingOffAsksNoLineForWhatItCannot() {
    var desk = Script.up([.dial])
    desk.call(.ringing, "111", id: "i", .in)
    let done = desk.does(.choose(.offline))
    #expect(done.asked == [] && done.said == [])
  }

  // MARK: Hold, mute, swap

  @Test func ofTwoHeldCallsASwapOnlyResumes() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    _ = try desk.talking("b", "222", held: true)
    let shown = try #require(desk.desk.active)
    let other = shown.lineID == "a" ? "b" : "a"
    #expect(desk.does(.swap(shown.id)).asked == ["resume \(other)"])
  }

  @Test func thePanelFollowsTheVoice() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    _ = try desk.talking("b", "222")
    #expect(desk.desk.active?.lineID == "b")
    // The line resumes the held one by itself while the other talks: the panel stays.
    desk.say(.line(.callState(call: "a", held: false, muted: nil)))
    #expect(desk.desk.active?.lineID == "b")
    // It is held again, by her: the panel stays with the one that talks.
    let behind = try #require(desk.desk.other?.id)
    desk.say(.hold(behind, true))
    let command = try #require(desk.sent.last?.id)
    desk.say(.line(.result(id: command, ok: true, error: "")))
    #expect(desk.desk.active?.lineID == "b" && desk.desk.other?.talk?.heldSince != nil)
    // Both are held and the line resumes one: that is where the voice is.
    desk.say(.line(.callState(call: "b", held: true, muted: nil)))
    desk.say(.line(.callState(call: "a", held: false, muted: nil)))
    #expect(desk.desk.active?.lineID == "a")
  }

  @Test func anAnswerThatComesLateIsOlderThanALaterOne() throws {
    for isMute in [false, true] {
      var desk = Script.up()
      let id = try desk.talking("a")
      desk.say(isMute ? .mute(id, true) : .hold(id, true))
      let first = try #require(desk.sent.last?.id)
      desk.say(isMute ? .mute(id, false) : .hold(id, false))
      let second = try #require(desk.sent.last?.id)
      desk.say(.line(.result(id: second, ok: true, error: "")))
      desk.say(.line(.result(id: first, ok: true, error: "")))
      #expect(desk.desk.active?.talk?.heldSince == nil && desk.desk.active?.talk?.muted == false)
    }
  }

  @Test func whatIsSoAlreadyIsNotTold() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    let state = LineEvent.callState(call: "a", held: true, muted: true)
    #expect(!desk.say(.line(state)).isEmpty && desk.say(.line(state)) == [])
    desk.call(.ended, id: "a")
    #expect(desk.say(.note(id, "x")).count == 1 && desk.say(.note(id, "x")) == [])
  }

  // MARK: Transfers

  @Test func oneTransferAtATime() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.say(.transfer(id, to: "1020", consult: false))
    let again = desk.does(.transfer(id, to: "1030", consult: false))
    #expect(again.asked == [] && again.said == ["warning: A transfer is under way already."])
    desk.say(.line(.transfer(call: "a", state: .failed, reason: "busy")))
    #expect(desk.does(.transfer(id, to: "1030", consult: false)).asked == ["transfer a 1030"])
    // And one that failed leaves no trace: the call ends as any other.
    desk.say(.line(.transfer(call: "a", state: .failed, reason: "busy")))
    desk.call(.ended, id: "a")
    #expect(desk.desk.active?.end?.by == .far)
  }

  /// While somebody is asked a caller rings: that is no consultation.
  @Test(arguments: [Direction.in, nil])
  func aCallerIsNotTheOneWhoIsAsked(_ direction: Direction?) throws {
    var desk = Script.up()
    desk.say(.transfer(try desk.talking("a", "111"), to: "1020", consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    desk.call(.ringing, "222", id: "i", direction)
    let calls = [desk.desk.active, desk.desk.other].compactMap { $0 }
    let caller = try #require(calls.first { $0.lineID == "i" })
    #expect(caller.isRingingHere && !caller.isConsultation)
    desk.call(.calling, "1020", id: "b", .out)
    #expect(desk.desk.active?.lineID == "b" && desk.desk.active?.isConsultation == true)
  }

  // MARK: Seat and link

  @Test func withoutALinkNoStatusIsShown() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.say(.line(.unregistered(reason: "away", retryIn: nil, final: false)))
    desk.say(.line(.unregistered(reason: "refused", retryIn: nil, final: true)))
    #expect(desk.desk.seat.seat == nil, "on a call, and nobody knows it")
    #expect(desk.said.suffix(2) == ["warning: line: away", "error: line: refused"])
    desk.call(.ended, id: "a")
    #expect(desk.desk.seat.seat == nil && desk.desk.wrapUp != nil)
    // Back on a call: busy.
    var back = Script.up()
    _ = try back.talking("a")
    back.say(.line(.unregistered(reason: "away", retryIn: nil, final: false)))
    back.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(back.desk.seat.seat == .busy)
  }

  @Test func aLineThatKeepsTheSeatIsWaitedFor() {
    let desk = Script.up([.dial, .seat])
    #expect(desk.desk.seat.source == .line && desk.desk.seat.seat == nil)
    #expect(Script.up([.dial]).desk.seat.source == .desk)
  }

  @Test func whatThePBXWasNotToldOfIsForgottenWithTheLink() throws {
    var desk = Script.up([.dial, .setSeat])
    let command = try #require(desk.sent.last?.id)
    desk.say(.line(.result(id: command, ok: false, error: "not found")))
    #expect(desk.desk.seat.untold == "line: not found")
    desk.say(.line(.unregistered(reason: "away", retryIn: nil, final: false)))
    #expect(desk.desk.seat.untold == nil)
  }

  @Test func idleInPostCallTakesBackWhatWasChosenForAfterIt() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.call(.ended, id: "a")
    desk.say(.choose(.shortBreak))
    #expect(desk.desk.seat.pending == .shortBreak && desk.desk.seat.seat == .postCall)
    desk.say(.choose(.idle))
    #expect(desk.desk.seat.pending == nil && desk.desk.seat.seat == .idle)
    _ = try desk.talking("b")
    desk.call(.notEstablished, id: "b")
    desk.say(.timer(.wrapUp))
    #expect(desk.desk.seat.seat == .idle)
  }

  @Test func aLineSaysADayAtMost() {
    for (said, seconds) in [
      (86_400.0, 86_400), (86_400.5, 86_400), (1e300, 86_400), (-5, 0), (2, 2),
    ] {
      var desk = Script.up()
      desk.say(.line(.unregistered(reason: "away", retryIn: said, final: false)))
      #expect(
        desk.desk.link
          == .down(
            since: desk.now, reason: "line: away",
            retryAt: desk.now.advanced(by: Int64(seconds) * Instant.second)))
    }
    var nameless = Script.up()
    nameless.say(.line(.unregistered(reason: "", retryIn: nil, final: false)))
    #expect(nameless.said == ["warning: The line lost its registration."])
  }

  @Test func aLineThatDiesIsStartedByItsKeeper() {
    var desk = Script.up()
    let effects = desk.say(.line(.died(reason: "killed", retryIn: 5)))
    #expect(!effects.contains(.startLine) && desk.said == ["error: killed"])
    #expect(desk.does(.tryNow).said == [] && desk.log.last == .startLine)
    var up = Script.up()
    #expect(up.does(.tryNow).said == ["info: The link is up."])
    var first = Script()
    #expect(first.does(.tryNow).said == ["info: Already trying."])
  }

  // MARK: Records

  @Test func aDialClearsThePanel() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.call(.ended, id: "a")
    desk.say(.dial(phone: "1020", info: ""))
    #expect(desk.desk.active == nil && desk.desk.shownCallID == desk.desk.attempt?.callID)
    let command = try #require(desk.desk.attempt?.command)
    desk.say(.line(.result(id: command, ok: false, error: "no")))
    #expect(desk.desk.recent.first?.result == .refused)
    #expect(desk.desk.recent.first?.isConsultation == false && desk.desk.failed != nil)
  }

  @Test func twoHundredRecordsAreKept() throws {
    var desk = Script.up()
    for number in 1...201 {
      desk.say(.dial(phone: "\(1_000 + number)", info: ""))
      desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    }
    #expect(desk.desk.recent.count == 200 && Desk.recentLimit == 200)
    #expect(desk.desk.recent.first?.number == "1201" && desk.desk.recent.last?.number == "1002")
  }

  @Test func aTokenIsWaitedForUntilTheCallIsOver() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "sdk", abilities: [.dial])))
    desk.say(.credentialFailed("away", final: false))
    let since = desk.desk.link.since
    desk.wait(5)
    #expect(desk.say(.timer(.credential)) == [.fetchCredential])
    desk.say(.credentialFailed("away", final: false))
    #expect(desk.desk.link.since == since, "down since the first time")
    desk.call(.talking, id: "a")
    desk.wait(10)
    #expect(!desk.say(.timer(.credential)).contains(.fetchCredential))
    #expect(desk.call(.ended, id: "a").contains(.fetchCredential))
  }

  @Test func aRegistrationWithoutALifeHasNoCountdown() {
    var desk = Script()
    desk.say(.line(.started))
    desk.say(.line(.registered(account: nil, expiresIn: 100, secure: nil)))
    let effects = desk.say(.line(.registered(account: nil, expiresIn: 0, secure: nil)))
    #expect(effects.contains(.cancelTimer(.renewal)) && desk.desk.credential == nil)
  }
}
