// What readers proved of the heart by running it: each test says the right value.

import Testing

@testable import CCCore

@Suite struct ProvedFaultTests {
  private func hangUps(_ desk: Script) -> [String?] {
    desk.sent.compactMap { if case .hangUp(_, let call) = $0 { .some(call) } else { nil } }
  }
  private func registers(_ desk: Script) -> Int {
    desk.sent.count { if case .register = $0 { true } else { false } }
  }
  private func command(_ desk: Script, _ isMeant: (LineCommand) -> Bool) -> Int {
    desk.sent.last(where: isMeant)?.id ?? -1
  }
  private func lastRegister(_ desk: Script) -> Int {
    command(desk) { if case .register = $0 { true } else { false } }
  }

  /// A register that is answered after she went offline must not undo that.
  @Test func offlineStaysOfflineWhateverRegisterAnswers() {
    var desk = Script()
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "t", abilities: [.dial, .hangUp])))
    desk.say(.choose(.offline))
    #expect(desk.desk.isOff)
    desk.say(.line(.result(id: lastRegister(desk), ok: false, error: "ending")))
    #expect(desk.desk.isOff, "\(desk.desk.link)")
    desk.say(.line(.died(reason: "ended", retryIn: nil)))
    desk.log = []
    desk.say(.choose(.idle))
    #expect(desk.log.contains(.startLine))
  }

  @Test func evictedStaysEvictedWhateverRegisterAnswers() {
    var desk = Script.up()
    desk.say(.line(.unregistered(reason: "x", retryIn: nil, final: true)))
    desk.say(.tryNow)
    desk.say(.line(.evicted))
    desk.say(.line(.result(id: lastRegister(desk), ok: false, error: "elsewhere")))
    var isEvicted = false
    if case .evicted = desk.desk.link { isEvicted = true }
    #expect(isEvicted, "\(desk.desk.link)")
  }

  /// A seat that was idle before the call says nothing of the call's end.
  @Test func aSeatWordFromBeforeTheCallEndsNoCall() {
    var desk = Script.up([.dial, .hangUp, .seat])
    desk.say(.line(.seat(.idle)))
    desk.wait(100)
    desk.call(.calling)
    desk.wait(2)
    desk.call(.talking)
    desk.wait(5)
    if desk.log.contains(.startTimer(.inferEnd, after: 5 * Instant.second)) {
      desk.say(.timer(.inferEnd))
    }
    #expect(desk.desk.active?.talk != nil, "a talking call was declared over")
  }

  /// A: over by the seat for 4 s; B begins: its own five seconds.
  @Test func theClockOfOneCallsMissingEndIsNotTheNextOnes() {
    var desk = Script.up([.dial, .hangUp, .seat])
    desk.say(.line(.seat(.busy)))
    desk.call(.talking, "2025550100")
    desk.wait(10)
    desk.say(.line(.seat(.idle)))
    desk.wait(4)
    desk.log = []
    desk.call(.talking, "13212345678")
    desk.wait(1)
    if !desk.log.contains(.cancelTimer(.inferEnd)) { desk.say(.timer(.inferEnd)) }
    #expect(desk.desk.active?.talk != nil && desk.desk.active?.number == "13212345678")
  }

  /// A dial that was cancelled and whose only word is its 5: the next dial is not hung up.
  @Test(arguments: [nil, "a"] as [String?])
  func aCancelledDialThatEndsAtOnceHangsUpNoLaterCall(_ id: String?) throws {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.wait(0.5)
    desk.call(.notEstablished, id: id, .out, code: 486)
    desk.wait(5)
    desk.say(.dial(phone: "13212345678", info: "again"))
    desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
    desk.call(.calling, id: id.map { _ in "b" }, .out)
    #expect(hangUps(desk).isEmpty, "her second dial was hung up")
    #expect(desk.desk.attempt?.seen == true)
  }

  /// The first and only word of a dial is a 5.
  @Test(arguments: [nil, "a"] as [String?])
  func aDialWhoseFirstWordIsItsEndIsRejectedAtOnce(_ id: String?) {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.wait(0.5)
    desk.call(.notEstablished, id: id, .out, code: 486, words: "busy here")
    #expect(desk.outcomes == [.rejected], "\(desk.outcomes) \(desk.desk.anomalies)")
  }

  /// The one who is to be asked is busy, and the line says only the 5.
  @Test func aConsultationThatIsBusyAtOnceIsOver() {
    var desk = Script.up()
    desk.call(.talking, id: "a", .out)
    let id = desk.desk.active?.id ?? Call.ID(0)
    desk.say(.transfer(id, to: "1020", consult: true))
    desk.say(
      .line(
        .result(
          id: command(desk) { if case .transfer = $0 { true } else { false } }, ok: true, error: "")
      ))
    desk.call(.notEstablished, "1020", id: "b", .out, code: 486)
    #expect(desk.desk.memory.transfer.consultation == nil)
    desk.log = []
    desk.say(.transfer(id, to: "1021", consult: true))
    #expect(desk.sent.count == 1, "\(desk.notices)")
  }

  /// Two hang-ups, the first taken, the second refused: she ended it.
  @Test func aSecondHangUpDoesNotUndoTheFirst() {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.call(.calling, id: "a")
    desk.call(.ringing, id: "a")
    let id = desk.desk.active?.id ?? Call.ID(0)
    desk.say(.hangUp(id))
    desk.wait(1)
    desk.say(.hangUp(id))
    let sent = desk.sent.filter { if case .hangUp = $0 { true } else { false } }
    desk.say(.line(.result(id: sent[0].id ?? 0, ok: true, error: "")))
    if sent.count > 1 {
      desk.say(.line(.result(id: sent[1].id ?? 0, ok: false, error: "no such call")))
    }
    desk.call(.notEstablished, id: "a", code: 487)
    #expect(desk.outcomes == [.cancelled], "\(desk.outcomes)")
  }

  /// A renewal that fell due while signing-in was put off for the call is done after it.
  @Test func aRenewalIsNotForgottenWhereTheLineSignedInByItself() {
    var desk = Script(.init(line: "t", account: "1", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "t", abilities: [.dial, .hangUp])))
    desk.say(.credential(Secret("t")))
    desk.say(.line(.registered(account: "1", expiresIn: 100, secure: nil)))
    desk.call(.talking, id: "a", .out)
    desk.wait(10)
    desk.say(.line(.unregistered(reason: "x", retryIn: 5, final: false)))
    desk.say(.tryNow)
    desk.wait(5)
    desk.say(.line(.registered(account: "1", expiresIn: 100, secure: nil)))
    desk.wait(80)
    desk.say(.timer(.renewal))
    desk.log = []
    desk.call(.ended, id: "a")
    #expect(
      desk.log.contains(.fetchCredential),
      "errand \(desk.desk.memory.errand) due \(desk.desk.credential?.renewalDue as Any)")
  }

  /// A line that refuses every new token is asked after ever longer waits.
  @Test func refusedRenewalsWaitLongerAndLonger() {
    var desk = Script(.init(line: "t", account: "1", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "t", abilities: [.dial, .hangUp])))
    desk.say(.credential(Secret("t")))
    desk.say(.line(.registered(account: "1", expiresIn: 100, secure: nil)))
    desk.wait(80)
    desk.say(.timer(.renewal))
    var waits: [Int64] = []
    for _ in 0..<4 {
      desk.say(.credential(Secret("u")))
      let effects = desk.say(.line(.result(id: lastRegister(desk), ok: false, error: "no")))
      for case .startTimer(.credential, let after) in effects {
        waits.append(after / Instant.second)
        desk.wait(Double(after / Instant.second))
        desk.say(.timer(.credential))
      }
    }
    #expect(waits == [5, 10, 20, 40], "\(waits)")
  }

  /// A status chosen in a call on a line that keeps the seat survives the death of the line.
  @Test func aBreakChosenInACallIsNotLostWithTheLine() {
    var desk = Script.up([.dial, .hangUp, .seat, .setSeat])
    desk.say(.line(.seat(.busy)))
    desk.call(.talking, id: "a", .out)
    desk.say(.choose(.shortBreak))
    desk.log = []
    desk.say(.line(.died(reason: "killed", retryIn: Instant.second)))
    #expect(!desk.notices.contains("This line sets the status by itself."), "\(desk.notices)")
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "t", abilities: [.dial, .hangUp, .seat, .setSeat])))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.say(.line(.seat(.idle)))
    let set = desk.sent.contains { if case .setSeat(_, 5) = $0 { true } else { false } }
    #expect(set || desk.desk.seat.pending == .shortBreak, "her break is forgotten")
  }

  /// Offline chosen for after post-call waits for a dial that she made meanwhile.
  @Test func theEndOfPostCallEndsNoDial() {
    var desk = Script.up()
    desk.call(.talking, id: "a", .out)
    desk.call(.ended, id: "a", .out)
    desk.say(.choose(.shortBreak))
    var off = desk
    off.wait(20)
    // In post-call offline is chosen for at once, in the call for after it.
    off.say(.dial(phone: "1020", info: ""))
    off.say(.choose(.offline))
    off.wait(9)
    off.log = []
    off.say(.timer(.wrapUp))
    #expect(!off.log.contains(.stopLine), "the dial is cut: \(off.desk.link)")
  }

  /// A line that says no hello and has said that it is not signed in is not up at a late event.
  @Test func aLateEventBringsNoRefusedLinkUp() {
    var desk = Script()
    desk.say(.line(.started))
    desk.say(.line(.registered(account: "1", expiresIn: nil, secure: nil)))
    desk.call(.talking, id: "a", .out)
    desk.say(.line(.unregistered(reason: "account closed", retryIn: nil, final: true)))
    #expect(!desk.desk.link.isUp)
    desk.call(.ended, id: "a", .out)
    #expect(!desk.desk.link.isUp, "\(desk.desk.link)")
    // Refused in a result.
    var refused = Script()
    refused.say(.line(.started))
    refused.say(.line(.result(id: lastRegister(refused), ok: false, error: "wrong password")))
    refused.say(.line(.seat(.offline)))
    #expect(!refused.desk.link.isUp, "\(refused.desk.link)")
  }

  /// An id that is used again, for another number and the other direction, minutes later.
  @Test func anIdUsedAgainHidesNoCaller() {
    var desk = Script.up()
    desk.call(.calling, "13212345678", id: "1", .out)
    desk.call(.talking, "13212345678", id: "1", .out)
    desk.call(.ended, "13212345678", id: "1", .out)
    desk.wait(600)
    desk.call(.ringing, "+34612345678", id: "1", .in)
    #expect(desk.desk.active?.isRingingHere == true, "\(desk.desk.anomalies)")
    desk.call(.talking, "+34612345678", id: "1", .in)
    #expect(desk.desk.active?.talk != nil)
  }
  @Test func anIdUsedAgainHidesNoDial() {
    var desk = Script.up()
    desk.call(.calling, "13212345678", id: "1", .out)
    desk.call(.ended, "13212345678", id: "1", .out)
    desk.wait(600)
    desk.say(.dial(phone: "2025550100", info: "x"))
    desk.call(.ringing, "2025550100", id: "1", .out)
    desk.call(.talking, "2025550100", id: "1", .out)
    #expect(desk.desk.active?.talk != nil, "\(desk.desk.anomalies)")
  }

  /// A cancelled dial under another form of its number, before the next dial is even answered.
  @Test func aCancelledDialUnderAnotherNumberIsNotTheNextOne() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: "A"))
    desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.say(.dial(phone: "2025550100", info: "B"))
    desk.call(.calling, "77", id: "a", .out)
    desk.call(.calling, "2025550100", id: "b", .out)
    #expect(hangUps(desk) == ["a"], "\(hangUps(desk))")
    #expect(desk.desk.call(desk.desk.attempt?.callID ?? Call.ID(0))?.lineID == "b")
  }

  /// The join that is asked twice and done once.
  @Test func aSecondJoinDoesNotUndoTheFirst() {
    var desk = Script.up()
    desk.call(.talking, id: "a", .in)
    let a = desk.desk.active?.id ?? Call.ID(0)
    desk.say(.transfer(a, to: "1020", consult: true))
    desk.call(.calling, "1020", id: "b", .out)
    desk.call(.talking, "1020", id: "b", .out)
    let b = desk.desk.active?.id ?? Call.ID(0)
    desk.log = []
    desk.say(.join(b))
    desk.wait(1)
    desk.say(.join(b))
    let joins = desk.sent
    #expect(joins.count == 1, "sent \(joins.count)")
    desk.say(.line(.result(id: joins[0].id ?? 0, ok: true, error: "")))
    desk.say(.line(.transfer(call: "b", state: .done, reason: "")))
    if joins.count > 1 { desk.say(.line(.result(id: joins[1].id ?? 0, ok: false, error: "no"))) }
    desk.call(.ended, id: "a")
    desk.call(.ended, "1020", id: "b")
    #expect(desk.desk.recent.last?.result == .transferred, "\(desk.desk.recent.map(\.result))")
  }

  /// A refusal of the source keeps a locked account from being tried again.
  @Test func aRefusedSourceIsNotAskedAgainByItself() {
    var desk = Script(.init(line: "t", account: "1", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "t", abilities: [.dial, .hangUp])))
    desk.say(.credentialFailed("wrong password", final: true))
    desk.say(.line(.unregistered(reason: "no network", retryIn: 5, final: false)))
    desk.say(.line(.died(reason: "gone", retryIn: Instant.second)))
    desk.log = []
    desk.say(.line(.started))
    #expect(!desk.log.contains(.fetchCredential))
  }

  /// Timers are balanced where a dial's late report is forgotten with the line.
  @Test func noTimerIsLeftAfterTheLineDied() {
    var desk = Script.up()
    desk.call(.talking)
    desk.call(.ended)
    desk.call(.talking)
    desk.say(.line(.died(reason: "x", retryIn: nil)))
    #expect(desk.log.contains(.startTimer(.lateReports, after: 3 * Instant.second)))
    #expect(desk.log.contains(.cancelTimer(.lateReports)))
  }
}
