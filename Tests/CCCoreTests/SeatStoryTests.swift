// The seat: chosen, reported, pending and kept; the link; the credential.

import Testing

@testable import CCCore

@Suite struct SeatStoryTests {
  @Test func aChoiceDuringACallIsForAfterIt() throws {
    var desk = Script.up()
    desk.call(.calling)
    desk.call(.talking)
    desk.say(.choose(.shortBreak))
    #expect(desk.desk.seat.seat == .busy && desk.desk.seat.pending == .shortBreak)
    desk.call(.ended)
    #expect(desk.desk.seat.seat == .postCall)
    desk.say(.extendWrapUp)
    #expect(desk.desk.wrapUp?.secondsLeft(at: desk.now) == 60)
    desk.wait(55)
    #expect(
      desk.say(.timer(.wrapUpWarning)) == [.tell(.wrapUpEnds(seconds: 5, next: .shortBreak))])
    desk.wait(5)
    desk.say(.timer(.wrapUp))
    #expect(desk.desk.seat.seat == .shortBreak && desk.desk.seat.pending == nil)
    #expect(desk.desk.seat.chosen == .shortBreak)
    // It stays: the next call ends in it again.
    desk.call(.calling, "2025550100")
    desk.call(.notEstablished, "2025550100")
    #expect(desk.desk.seat.seat == .shortBreak)
  }

  @Test func atMidnightFiguresBeginAnew() {
    var desk = Script.up()
    desk.wait(100)
    desk.call(.talking)
    #expect(desk.desk.today.idle == 100 * Instant.second)
    desk.call(.ended)
    desk.wait(10)
    desk.say(.newDay)
    #expect(desk.desk.today.calls == 0 && desk.desk.today.idle == 0)
    desk.wait(20)
    desk.say(.timer(.wrapUp))
    // Of the post-call across midnight the new day has its part only.
    #expect(desk.desk.today.afterCallWork == 20 * Instant.second)
    desk.wait(5)
    desk.say(.choose(.shortBreak))
    #expect(desk.desk.today.idle == 5 * Instant.second)
  }

  @Test func idleEndsPostCallAndACallThatWasDialledDoesToo() {
    var desk = Script.up()
    desk.call(.talking)
    desk.call(.ended)
    desk.say(.choose(.idle))
    #expect(desk.desk.seat.seat == .idle && desk.desk.wrapUp == nil)
    desk.wait(4)
    desk.call(.talking)
    desk.call(.ended)
    desk.say(.dial(phone: "1020", info: ""))
    #expect(desk.desk.seat.seat == .postCall, "not before there is a call")
    desk.call(.calling, "1020")
    #expect(desk.desk.wrapUp == nil && desk.desk.seat.seat == .busy)
  }

  @Test func aDialThatTheLineRefusesLeavesPostCallAsItIs() {
    var desk = Script.up()
    desk.call(.talking)
    desk.call(.ended)
    let before = desk.desk.wrapUp
    desk.wait(10)
    let told = desk.say(.dial(phone: "1020", info: ""))
    desk.say(.line(.result(id: desk.desk.attempt?.command ?? 0, ok: false, error: "no route")))
    #expect(desk.desk.wrapUp == before && desk.desk.seat.seat == .postCall)
    #expect(!told.contains { if case .tell(.seat) = $0 { true } else { false } })
  }

  @Test func postCallIsNotCutShortByACallThatIsTurnedAway() {
    var desk = Script.up()
    desk.call(.talking, id: "a")
    desk.call(.ended, id: "a")
    desk.call(.ringing, "2025550100", id: "i", .in)
    desk.call(.notEstablished, "2025550100", id: "i")
    #expect(desk.desk.seat.seat == .postCall && desk.desk.wrapUp != nil)
    #expect(desk.desk.recent.first?.result == .turnedAway)
    // What she writes a note about stays on the panel.
    #expect(desk.desk.active?.lineID == "a")
  }

  @Test func offlineEndsTheLineAndIdleStartsItAgain() {
    var desk = Script.up()
    let off = desk.say(.choose(.offline))
    #expect(off.contains(.stopLine))
    #expect(desk.desk.seat.seat == .offline && desk.desk.link == .off(since: desk.now))
    #expect(desk.say(.line(.died(reason: "ended", retryIn: nil))) == [])
    #expect(desk.desk.seat.seat == .offline)
    #expect(desk.say(.choose(.idle)).contains(.startLine))
    desk.say(.line(.started))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.seat == .idle)
  }

  @Test func backBeforeTheLineHasEnded() {
    var desk = Script.up()
    desk.say(.choose(.offline))
    #expect(!desk.say(.choose(.idle)).contains(.startLine), "the old one is still ending")
    #expect(desk.say(.line(.died(reason: "ended", retryIn: nil))).last == .startLine)
  }

  @Test func aLostLinkMakesTheSeatUnknownAndLeavesTheCall() {
    var desk = Script.up()
    desk.call(.talking)
    desk.say(.line(.unregistered(reason: "the registrar is away", retryIn: 4, final: false)))
    #expect(desk.desk.seat.shown == .unknown(since: desk.now, was: .busy))
    #expect(desk.desk.active?.talk != nil)
    #expect(
      desk.desk.link
        == .down(
          since: desk.now, reason: "line: the registrar is away",
          retryAt: desk.now.advanced(by: 4 * Instant.second)))
    let notices = desk.notices.count
    desk.say(.line(.unregistered(reason: "still away", retryIn: 8, final: false)))
    #expect(desk.notices.count == notices, "said once, not at every try")
    desk.wait(8)
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: "TLS")))
    #expect(desk.desk.seat.seat == .busy && desk.desk.secure == "TLS")
  }

  @Test func afterALostLinkALinesSeatWasNotWitnessed() {
    var desk = Script.up([.dial, .seat])
    desk.say(.line(.seat(.idle)))
    #expect(desk.desk.seat.witnessed)
    desk.say(.line(.unregistered(reason: "", retryIn: nil, final: false)))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.seat == nil, "the line has not said it yet")
    desk.say(.line(.seat(.idle)))
    #expect(desk.desk.seat.seat == .idle && !desk.desk.seat.witnessed)
  }

  @Test func aLineThatSaysOnlyWhatTheSDKDocumentsIsAFullLine() {
    var desk = Script()
    desk.say(.line(.started))
    #expect(!desk.desk.link.isUp)
    desk.say(.line(.seat(.idle)))
    #expect(desk.desk.link.isUp && desk.desk.seat.source == .line)
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.call(.calling)
    desk.call(.talking)
    desk.say(.line(.seat(.busy)))
    desk.call(.ended)
    desk.say(.line(.seat(.postCall)))
    #expect(desk.outcomes == [.answered])
    #expect(desk.desk.wrapUp == nil, "the line keeps its own post-call")
    desk.say(.choose(.shortBreak))
    #expect(desk.notices.last == "This line sets the status by itself.")
  }

  @Test func unknownSeatCodesAreShownAsSuch() {
    var desk = Script.up([.dial, .seat])
    desk.say(.line(.seat(Seat(code: 7))))
    #expect(desk.desk.seat.seat?.name == "status 7" && Seat(code: 7).code == 7)
  }

  @Test func aLineWithSetSeatIsAskedAndFollowed() {
    var desk = Script.up([.dial, .seat, .setSeat])
    desk.say(.line(.seat(.idle)))
    desk.say(.choose(.shortBreak))
    #expect(desk.sent.last == .setSeat(id: 2, status: 5))
    #expect(desk.desk.seat.seat == .idle, "not before the line says so")
    desk.say(.line(.seat(.shortBreak)))
    #expect(desk.desk.seat.cause == .agent)
    desk.say(.choose(.idle))
    desk.say(.line(.result(id: 3, ok: false, error: "not now")))
    #expect(desk.notices.last == "idle was not set: line: not now")
  }

  // MARK: The link's ends

  @Test func aRefusedPasswordIsTriedOnceAndAgainOnlyByHand() {
    var desk = Script.up()
    desk.say(.line(.unregistered(reason: "wrong password (401)", retryIn: nil, final: true)))
    if case .stopped = desk.desk.link {} else { Issue.record("not stopped") }
    // A crash and restart of the line must not try the same password again.
    desk.say(.line(.died(reason: "crashed", retryIn: Instant.second)))
    #expect(desk.say(.line(.started)) == [])
    if case .stopped = desk.desk.link {} else { Issue.record("not stopped") }
    let effects = desk.say(.tryNow)
    #expect(effects.contains { if case .send(.register) = $0 { true } else { false } })
  }

  @Test func evictedIsNeverAFight() {
    var desk = Script.up([.dial], .init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.evicted))
    desk.say(.line(.died(reason: "gone", retryIn: Instant.second)))
    #expect(desk.say(.line(.started)) == [])
    if case .evicted = desk.desk.link {} else { Issue.record("not evicted") }
    #expect(desk.say(.takeBack).last == .fetchCredential)
  }

  @Test func theCredentialIsRenewedAtEightyPercentButNeverDuringACall() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    #expect(desk.say(.line(.started)).last == .fetchCredential)
    #expect(
      desk.say(.credential(Secret("s3cret"))) == [.send(.register(id: 1, token: Secret("s3cret")))])
    let effects = desk.say(.line(.registered(account: nil, expiresIn: 3600, secure: nil)))
    #expect(effects.contains(.startTimer(.renewal, after: 2880 * Instant.second)))
    desk.call(.talking)
    #expect(desk.say(.timer(.renewal)) == [])
    #expect(desk.call(.ended).last == .fetchCredential)
    desk.say(.credentialFailed("the token source is away"))
    #expect(desk.desk.link.isUp, "a failed renewal does not end what still lives")
    #expect(!desk.log.contains { "\($0)".contains("s3cret") })
    #expect(!"\(desk.desk)".contains("s3cret"))
    var dumped = ""
    dump(desk.desk, to: &dumped)
    #expect(!dumped.contains("s3cret"))
  }

  @Test func theSourcesOwnLifeCountsFromWhenTheTokenCame() throws {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a"), expiresIn: 1000))
    desk.wait(10)
    let effects = desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(effects.contains(.startTimer(.renewal, after: 790 * Instant.second)))
    #expect(desk.desk.credential?.secondsLeft(at: desk.now) == 990)
    desk.wait(790)
    #expect(desk.say(.timer(.renewal)) == [.fetchCredential])
    desk.say(.credential(Secret("b"), expiresIn: 1000))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.credential?.secondsLeft(at: desk.now) == 1000)
    // A line that registers again by itself lengthens no token.
    desk.wait(100)
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.credential?.secondsLeft(at: desk.now) == 900)
  }

  @Test func aSourceThatIsAwayIsAskedAgainAndOneThatRefusesIsNot() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    var effects = desk.say(.credentialFailed("The backend is away.", final: false))
    #expect(effects.contains(.startTimer(.credential, after: 5 * Instant.second)))
    guard case .down(_, let reason, let retry?) = desk.desk.link else {
      Issue.record("not down")
      return
    }
    #expect(reason.string == "The backend is away." && retry.uptime == 5 * Instant.second)
    desk.wait(5)
    #expect(desk.say(.timer(.credential)) == [.fetchCredential])
    effects = desk.say(.credentialFailed("The backend is away.", final: false))
    #expect(effects.contains(.startTimer(.credential, after: 10 * Instant.second)))
    #expect(desk.notices.count == 1, "said once, not each time")
    #expect(desk.say(.tryNow).last == .fetchCredential, "F5 does not wait")
    #expect(desk.say(.timer(.credential)) == [], "and asks once")
    desk.say(.credentialFailed("The backend refused this agent.", final: true))
    guard case .stopped = desk.desk.link else {
      Issue.record("not stopped")
      return
    }
    #expect(desk.say(.timer(.credential)) == [])
    #expect(desk.say(.tryNow).last == .fetchCredential)
    desk.say(.credential(Secret("c")))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.link.isUp)
  }

  @Test func aRenewalThatFailedIsTriedAgainWhileTheOldOneLives() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a"), expiresIn: 1000))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.wait(800)
    #expect(desk.say(.timer(.renewal)) == [.fetchCredential])
    desk.say(.credentialFailed("The backend is away.", final: false))
    #expect(desk.desk.link.isUp && desk.desk.credential?.renewalDue == true)
    desk.call(.talking)
    #expect(desk.say(.timer(.credential)) == [], "never during a call")
    #expect(desk.call(.ended).last == .fetchCredential)
  }

  @Test func withoutASourceTheEndIsAnnounced() {
    var desk = Script()
    desk.say(.line(.started))
    desk.say(.line(.registered(account: nil, expiresIn: 600, secure: nil)))
    desk.wait(480)
    desk.say(.timer(.renewal))
    #expect(desk.notices.last == "The sign-in ends in 2 min.")
  }

  @Test func cutLineEndsTheLineAndStartsItAgain() throws {
    var desk = Script.up([.dial])
    desk.call(.talking)
    let id = try #require(desk.desk.active?.id)
    desk.say(.hangUp(id))
    #expect(desk.notices.last == "This line cannot hang up.")
    #expect(desk.say(.cutLine(id)) == [.stopLine])
    let effects = desk.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(effects.last == .startLine)
    #expect(desk.desk.active?.end?.by == .lineLost)
  }

  @Test func quitHangsUpAndStopsTheLine() {
    var desk = Script.up()
    desk.call(.talking, id: "a")
    #expect(desk.say(.quit) == [.send(.hangUp(id: 2, call: "a")), .stopLine])
    #expect(desk.say(.quit) == [])
    desk.say(.line(.died(reason: "ended", retryIn: Instant.second)))
    #expect(!desk.desk.hasOpenCall)
  }

  @Test func aClockThatJumpsMovesNoDuration() {
    var desk = Script.up()
    desk.call(.talking)
    desk.now.unix += 3_600_000
    desk.now.uptime += 5 * Instant.second
    desk.call(.ended)
    #expect(desk.desk.active?.end?.talked == 5 * Instant.second)
  }

  @Test func explainsItself() {
    func clock(_ unix: Int64) -> String { "12:00" }
    var desk = Script.up()
    desk.call(.calling)
    desk.call(.talking)
    desk.say(.choose(.shortBreak))
    desk.call(.ended)
    desk.wait(12)
    #expect(
      desk.desk.explain(at: desk.now, clock: clock).string
        == "Ended 12 s ago, by the far end: post-call for 18 s more of 30, then short break."
    )
  }
}
