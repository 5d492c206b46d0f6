// The way to a new token beside the usual one: put off, tried by hand, for a line that is ending, for a
// desk that closes; what it leaves running, and what it does not do twice.

import Testing

@testable import CCCore

@Suite struct ErrandEdgeTests {
  /// A desk whose line is signed in with a token of 1,000 s from a source.
  private func up(_ life: Int? = 1000) -> Script {
    var desk = Script(.init(line: "sdk", account: "1001", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "sdk", abilities: [.dial, .hangUp, .transfer])))
    desk.say(.credential(Secret("a"), expiresIn: life))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    return desk
  }

  private func fetches(_ desk: Script) -> Int { desk.log.count { $0 == .fetchCredential } }
  private func registers(_ desk: Script) -> Int { desk.asked.count { $0 == "register" } }

  /// One that came in a call is registered after it, once; then all is as it was before.
  @Test func whatWasPutOffIsDoneOnce() {
    var desk = up()
    desk.wait(800)
    desk.say(.timer(.renewal))
    desk.call(.talking, id: "a")
    desk.say(.credential(Secret("b"), expiresIn: 1000))
    desk.call(.ended, id: "a")
    #expect(registers(desk) == 2)
    desk.call(.talking, id: "b")
    desk.call(.ended, id: "b")
    #expect(registers(desk) == 2 && fetches(desk) == 2)
    // One that nobody asked for is nobody's, and the next renewal is asked for.
    #expect(desk.say(.credential(Secret("c"), expiresIn: 5)) == [])
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.wait(800)
    #expect(desk.say(.timer(.renewal)) == [.fetchCredential])
  }

  /// What came in a call that was cut is not given to a program that is ending.
  @Test func aLineThatIsEndingIsNotRegistered() throws {
    var desk = up()
    desk.wait(800)
    desk.say(.timer(.renewal))
    desk.call(.talking, id: "a")
    desk.say(.credential(Secret("b"), expiresIn: 1000))
    desk.say(.cutLine(try #require(desk.desk.active?.id)))
    desk.call(.ended, id: "a")
    #expect(registers(desk) == 1)
    desk.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(desk.say(.line(.started)).contains(.fetchCredential))
  }

  /// A renewal that fell due in a call waits for the call's end, and for the link.
  @Test func whatIsDueIsFetchedWhenTheLinkIsThere() {
    var desk = up()
    desk.call(.talking, id: "a")
    desk.wait(800)
    desk.say(.timer(.renewal))
    desk.say(.line(.unregistered(reason: "away", retryIn: 5, final: false)))
    desk.call(.ended, id: "a")
    #expect(fetches(desk) == 1)
  }

  /// The renewal's token is here and the line has not answered: another call asks for no other.
  @Test func aRenewalIsNotAskedForTwice() {
    var desk = up()
    desk.wait(800)
    desk.say(.timer(.renewal))
    desk.say(.credential(Secret("b"), expiresIn: 1000))
    desk.call(.talking, id: "a")
    desk.call(.ended, id: "a")
    #expect(fetches(desk) == 2)
  }

  /// She tries by hand while the source's wait runs: it is asked at once, and that wait is over.
  @Test func tryingByHandEndsTheWait() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    #expect(!desk.say(.credentialFailed("away", final: false)).contains(.cancelTimer(.credential)))
    let effects = desk.say(.tryNow)
    #expect(effects.contains(.cancelTimer(.credential)) && effects.contains(.fetchCredential))
    // Where nothing waits, nothing is cancelled.
    #expect(!desk.say(.line(.evicted)).contains(.cancelTimer(.credential)))
  }

  @Test func aDeadLineEndsTheWait() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credentialFailed("away", final: false))
    #expect(
      desk.say(.line(.died(reason: "x", retryIn: 5))).contains(.cancelTimer(.credential)))
    #expect(desk.say(.timer(.credential)) == [])
  }

  /// A line that comes back by itself after it was refused has its token renewed all the same.
  @Test func whoeverComesBackByItselfIsRenewed() {
    var desk = up()
    desk.say(.line(.unregistered(reason: "refused", retryIn: nil, final: true)))
    desk.say(.line(.registered(account: nil, expiresIn: 1000, secure: nil)))
    #expect(desk.desk.link.isUp)
    desk.wait(800)
    #expect(desk.say(.timer(.renewal)) == [.fetchCredential])
  }

  /// The wait for a renewal is over, and the line has been registered for good meanwhile.
  @Test func whatIsNotNeededAnyMoreIsNotFetched() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a")))
    desk.say(.line(.registered(account: nil, expiresIn: 1000, secure: nil)))
    desk.wait(800)
    desk.say(.timer(.renewal))
    desk.say(.credentialFailed("away", final: false))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.credential == nil)
    #expect(desk.say(.timer(.credential)) == [])
  }

  /// The source is not asked for a program that is ending, nor by a desk that closes.
  @Test func nothingIsFetchedForALineThatEnds() throws {
    var cut = Script(.init(line: "sdk", hasCredentialSource: true))
    cut.say(.line(.started))
    cut.call(.talking, id: "a")
    cut.say(.line(.unregistered(reason: "away", retryIn: 5, final: false)))
    cut.say(.credentialFailed("away", final: false))
    cut.say(.cutLine(try #require(cut.desk.active?.id)))
    cut.call(.ended, id: "a")
    #expect(cut.say(.timer(.credential)) == [])
    var closing = Script(.init(line: "sdk", hasCredentialSource: true))
    closing.say(.line(.started))
    closing.say(.credentialFailed("away", final: false))
    closing.say(.quit)
    #expect(closing.say(.timer(.credential)) == [])
  }

  /// A desk that closes says what the source said, and waits for nothing more.
  @Test(arguments: [false, true])
  func aDeskThatClosesWaitsForNoToken(isFinal: Bool) {
    for isUp in [false, true] {
      var desk = Script(.init(line: "sdk", hasCredentialSource: true))
      if isUp {
        desk = up()
        desk.wait(800)
        desk.say(.timer(.renewal))
      } else {
        desk.say(.line(.started))
      }
      desk.say(.quit)
      let link = desk.desk.link
      #expect(
        desk.say(.credentialFailed("away", final: isFinal)) == [.tell(.notice(.error, "away"))])
      #expect(desk.desk.link == link)
    }
  }

  /// A renewal that is refused for good is not waited for; the next sign-in asks again.
  @Test func aRefusedRenewalIsLeftUntilTheNextSignIn() {
    var desk = up()
    desk.wait(800)
    desk.say(.timer(.renewal))
    let effects = desk.say(.credentialFailed("no", final: true))
    #expect(!effects.contains { if case .startTimer = $0 { true } else { false } })
    #expect(desk.desk.link.isUp && desk.desk.credential != nil)
    desk.say(.line(.died(reason: "x", retryIn: 5)))
    #expect(desk.say(.line(.started)).contains(.fetchCredential))
  }

  /// The link is down since the source failed, not since the line was started.
  @Test func downIsSinceTheSourceFailed() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.wait(3)
    desk.say(.credentialFailed("away", final: false))
    #expect(
      desk.desk.link
        == .down(
          since: desk.now, reason: "away", retryAt: desk.now.advanced(by: 5 * Instant.second)))
  }

  /// A refused registration is tried again only with a source, and for a token that has an end.
  @Test func aRefusedRegisterIsTriedAgainOnlyWithASource() throws {
    for (hasSource, life) in [(false, 1000), (true, nil), (true, 1000)] as [(Bool, Int?)] {
      var desk = Script(.init(line: "sdk", hasCredentialSource: hasSource))
      desk.say(.line(.started))
      if hasSource { desk.say(.credential(Secret("a"))) }
      let command = try #require(desk.sent.last?.id)
      desk.say(.line(.registered(account: nil, expiresIn: life, secure: nil)))
      let effects = desk.say(.line(.result(id: command, ok: false, error: "no")))
      let waits = effects.contains {
        if case .startTimer(.credential, _) = $0 { true } else { false }
      }
      #expect(waits == (hasSource && life != nil))
      #expect(desk.desk.credential?.renewalDue ?? false == waits)
    }
  }

  @Test func anEvictionEndsTheCountdown() {
    var desk = up()
    #expect(desk.desk.credential != nil && desk.desk.token != nil)
    #expect(desk.say(.line(.evicted)).contains(.cancelTimer(.renewal)))
    #expect(desk.desk.credential == nil && desk.desk.token == nil)
  }
}
