// Up means that the line lives and is signed in; tokens; offline; choices without a link.

import Testing

@testable import CCCore

@Suite struct LinkLifeTests {
  private func registers(_ effects: [Effect]) -> Bool {
    effects.contains { if case .send(.register) = $0 { true } else { false } }
  }

  private func isStopped(_ desk: Script) -> Bool {
    if case .stopped = desk.desk.link { true } else { false }
  }

  /// Up, with a token of a source.
  private func upByToken(_ life: Int? = 1000) -> Script {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a"), expiresIn: life))
    desk.say(.line(.hello(line: "sdk", abilities: [.dial, .hangUp])))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    return desk
  }

  @Test func aLineThatDiesAfterItRefusedARenewalSignsInAgain() {
    var desk = upByToken()
    desk.wait(800)
    #expect(desk.say(.timer(.renewal)) == [.fetchCredential])
    desk.say(.credential(Secret("b"), expiresIn: 1000))
    desk.say(.line(.result(id: 2, ok: false, error: "token used")))
    #expect(desk.desk.link.isUp && desk.notices.last == "Not registered: line: token used")
    // The refused token is tried for anew, later.
    #expect(desk.log.last == .startTimer(.credential, after: 5 * Instant.second))
    #expect(desk.say(.timer(.credential)) == [.fetchCredential])
    desk.say(.line(.died(reason: "gone (exit 75)", retryIn: Instant.second)))
    #expect(!desk.desk.link.isUp)
    #expect(desk.say(.line(.started)).contains(.fetchCredential))
    #expect(registers(desk.say(.credential(Secret("c")))))
  }

  @Test func aLineThatCameBackByItselfAndThenDiesSignsInAgain() {
    var desk = Script.up()
    desk.say(.line(.unregistered(reason: "refused (403)", retryIn: nil, final: true)))
    #expect(isStopped(desk))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.link.isUp, "its newest word counts")
    desk.say(.line(.died(reason: "crashed", retryIn: Instant.second)))
    #expect(registers(desk.say(.line(.started))))
  }

  @Test func aCutLineThatWasEvictedWaitsForHerHand() throws {
    var desk = Script.up([.dial], .init(line: "sdk", hasCredentialSource: true))
    desk.say(.credential(Secret("a")))
    desk.call(.talking)
    desk.say(.line(.evicted))
    desk.say(.cutLine(try #require(desk.desk.active?.id)))
    let effects = desk.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(!effects.contains(.startLine))
    if case .evicted = desk.desk.link {} else { Issue.record("\(desk.desk.link)") }
    #expect(desk.say(.takeBack).contains(.startLine))
    #expect(desk.say(.line(.started)).contains(.fetchCredential))
  }

  @Test func whatALineSaysThatIsNotThereCountsNothing() {
    var desk = Script.up()
    desk.say(.line(.died(reason: "crashed", retryIn: Instant.second)))
    desk.say(.line(.registered(account: "x", expiresIn: nil, secure: nil)))
    desk.say(.line(.seat(.idle)))
    desk.call(.talking, id: "a")
    #expect(!desk.desk.link.isUp && !desk.desk.hasOpenCall)
  }

  @Test func anEvictionWhileATokenIsFetchedIsNoFight() {
    for failing in [false, true] {
      var desk = Script(.init(line: "sdk", hasCredentialSource: true))
      desk.say(.line(.started))
      desk.say(.line(.evicted))
      let effects = desk.say(
        failing ? .credentialFailed("away", final: false) : .credential(Secret("a")))
      #expect(effects.isEmpty)
      if case .evicted = desk.desk.link {} else { Issue.record("\(desk.desk.link)") }
      #expect(desk.say(.takeBack).last == .fetchCredential)
      #expect(registers(desk.say(.credential(Secret("b")))))
    }
  }

  @Test func aRefusalWhileATokenIsFetchedStands() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.line(.unregistered(reason: "unknown seat", retryIn: nil, final: true)))
    #expect(desk.say(.credential(Secret("a"))) == [])
    #expect(isStopped(desk))
  }

  // MARK: Never in a call

  @Test func aTokenThatComesInACallIsRegisteredAfterIt() {
    var desk = upByToken()
    desk.wait(800)
    desk.say(.timer(.renewal))
    desk.call(.calling, id: "a")
    desk.call(.talking, id: "a")
    #expect(!registers(desk.say(.credential(Secret("b"), expiresIn: 1000))))
    let effects = desk.call(.ended, id: "a")
    #expect(registers(effects) && !effects.contains(.fetchCredential))
  }

  @Test func aTokenIsNotRegisteredWhileADialWaits() throws {
    var desk = upByToken()
    desk.wait(800)
    desk.say(.timer(.renewal))
    desk.say(.dial(phone: "1020", info: ""))
    #expect(!registers(desk.say(.credential(Secret("b"), expiresIn: 1000))))
    #expect(registers(desk.say(.hangUp(try #require(desk.desk.shownCallID)))))
  }

  @Test func tryingInACallWaitsForItsEnd() {
    var desk = upByToken()
    desk.call(.talking, id: "a")
    desk.say(.line(.unregistered(reason: "away", retryIn: 4, final: false)))
    #expect(!desk.say(.tryNow).contains(.fetchCredential))
    #expect(desk.notices.last == "The call goes on; signing in waits for its end.")
    #expect(desk.call(.ended, id: "a").contains(.fetchCredential))
    // A line without tokens may be tried in the call: nothing is voided.
    var plain = Script.up()
    plain.call(.talking, id: "a")
    plain.say(.line(.unregistered(reason: "away", retryIn: 4, final: false)))
    #expect(registers(plain.say(.tryNow)))
  }

  @Test func aTokenIsFetchedForNobody() {
    var desk = upByToken()
    desk.wait(800)
    desk.say(.choose(.offline))
    #expect(!desk.say(.timer(.renewal)).contains(.fetchCredential))
    var quits = upByToken()
    quits.call(.talking, id: "a")
    quits.wait(800)
    quits.say(.timer(.renewal))
    quits.say(.quit)
    #expect(!quits.call(.ended, id: "a").contains(.fetchCredential))
  }

  @Test func aTokenThatIsOverIsNotTriedAgain() {
    var desk = upByToken(60)
    desk.wait(60)
    desk.say(.timer(.renewal))
    desk.say(.credentialFailed("away", final: true))
    desk.wait(1)
    let down = desk.say(.line(.unregistered(reason: "expired", retryIn: 5, final: false)))
    #expect(!down.contains(.fetchCredential), "refused for good")
    var alive = upByToken(60)
    alive.wait(61)
    let effects = alive.say(.line(.unregistered(reason: "expired", retryIn: 5, final: false)))
    #expect(effects.contains(.fetchCredential))
  }

  // MARK: Offline

  @Test func offlineIdleOfflineEndsOffline() {
    var desk = Script.up()
    desk.say(.choose(.offline))
    desk.say(.choose(.idle))
    desk.say(.choose(.offline))
    let effects = desk.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(!effects.contains(.startLine) && desk.desk.isOff && desk.desk.seat.seat == .offline)
  }

  @Test func offlineChosenInACallThatIsCutStaysOffline() throws {
    var desk = Script.up([.dial])
    desk.call(.talking)
    desk.say(.choose(.offline))
    desk.say(.cutLine(try #require(desk.desk.active?.id)))
    let effects = desk.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(!effects.contains(.startLine) && desk.desk.isOff)
    #expect(desk.desk.wrapUp == nil && desk.desk.seat.seat == .offline)
  }

  @Test func aLineIsNotBelievedAfterSigningOff() {
    var desk = Script.up()
    desk.say(.choose(.offline))
    for event: LineEvent in [
      .registered(account: nil, expiresIn: nil, secure: nil), .seat(.idle), .evicted,
      .unregistered(reason: "stopped", retryIn: nil, final: true),
    ] {
      #expect(desk.say(.line(event)) == [])
    }
    #expect(desk.desk.isOff && desk.desk.seat.seat == .offline)
  }

  @Test func whoRingsIsTurnedAwayWhenSheGoesOffline() {
    var desk = Script.up()
    desk.call(.ringing, "300", id: "i", .in)
    let effects = desk.say(.choose(.offline))
    #expect(effects.first == .send(.reject(id: 2, call: "i")) && effects.contains(.stopLine))
    desk.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(desk.desk.recent.map(\.result) == [.turnedAway])
    // The line may say itself that it is over.
    var told = Script.up()
    told.call(.ringing, "300", id: "i", .in)
    told.say(.choose(.offline))
    told.call(.notEstablished, "300", id: "i", .in, code: 480)
    #expect(told.desk.recent.map(\.result) == [.turnedAway])
  }

  @Test func atTheEndACallIsHungUpByHerAndARingingOneRejected() {
    var desk = Script.up()
    desk.call(.talking, "1020", id: "a", .out)
    desk.call(.ringing, "300", id: "i", .in)
    let effects = desk.say(.quit)
    #expect(
      effects.prefix(2) == [.send(.hangUp(id: 2, call: "a")), .send(.reject(id: 3, call: "i"))])
    desk.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(Set(desk.desk.recent.map(\.result)) == [.answered, .declined])
  }

  // MARK: Choices

  @Test func theNewestChoiceCounts() {
    var desk = Script.up()
    desk.call(.talking)
    desk.say(.choose(.shortBreak))
    desk.call(.ended)
    desk.say(.line(.unregistered(reason: "away", retryIn: nil, final: false)))
    desk.say(.choose(.busy))
    desk.wait(10)
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.wait(20)
    desk.say(.timer(.wrapUp))
    #expect(desk.desk.seat.seat == .busy)
  }

  @Test func aStatusChosenByHandIsAlwaysTold() throws {
    var desk = Script.up([.dial, .hangUp, .setSeat])
    desk.say(.choose(.shortBreak))
    let first = try #require(desk.sent.last?.id)
    desk.say(.line(.result(id: first, ok: false, error: "*45: not found")))
    #expect(desk.desk.seat.untold == "line: *45: not found")
    desk.say(.choose(.shortBreak))
    guard case .setSeat(let again, 5)? = desk.sent.last, again != first else {
      Issue.record("not told again: \(desk.sent)")
      return
    }
    #expect(desk.desk.seat.untold != nil, "not before the line has done it")
    desk.say(.line(.result(id: again, ok: true, error: "")))
    #expect(desk.desk.seat.untold == nil)
  }
}
