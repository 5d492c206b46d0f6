// The token: fetched when it is due and not otherwise, registered where it is wanted and nowhere else.

import Testing

@testable import CCCore

@Suite struct TokenTurnTests {
  /// A desk with a token of 1,000 s, registered; 800 s later it is due.
  private func up() -> Script {
    var desk = Script(.init(line: "sdk", account: "1001", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a"), expiresIn: 1000))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    return desk
  }

  private func fetches(_ desk: Script) -> Int { desk.log.filter { $0 == .fetchCredential }.count }

  @Test func aCallAloneFetchesNoToken() {
    var desk = up()
    for id in ["a", "b"] {
      desk.call(.talking, id: id)
      desk.call(.ended, id: id)
      desk.say(.choose(.idle))
    }
    #expect(fetches(desk) == 1)
    // Due: once, and after the renewal not again.
    desk.wait(800)
    desk.say(.timer(.renewal))
    #expect(fetches(desk) == 2)
    desk.say(.credential(Secret("b"), expiresIn: 1000))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.call(.talking, id: "c")
    desk.call(.ended, id: "c")
    #expect(fetches(desk) == 2 && desk.desk.credential?.renewalDue == false)
  }

  /// A source that refused could only lock the account if it were asked after every call.
  @Test func aSourceThatRefusedIsNotAskedAfterEveryCall() {
    for isFinal in [true, false] {
      var desk = up()
      desk.wait(800)
      desk.say(.timer(.renewal))
      desk.say(.credentialFailed("no", final: isFinal))
      let asked = fetches(desk)
      desk.call(.talking, id: "a")
      desk.call(.ended, id: "a")
      #expect(fetches(desk) == asked && desk.desk.link.isUp)
      #expect(desk.desk.credential?.renewalDue == true)
    }
  }

  @Test func aDialThatWaitsPutsTheRenewalOff() throws {
    var desk = up()
    desk.wait(800)
    desk.say(.dial(phone: "1020", info: ""))
    #expect(!desk.say(.timer(.renewal)).contains(.fetchCredential))
    #expect(desk.say(.timer(.dialSilence)).contains(.fetchCredential))
  }

  /// The line refuses a new token while the old one lives: that is said.
  @Test func aRefusedRenewalIsSaid() throws {
    var desk = up()
    desk.wait(800)
    desk.say(.timer(.renewal))
    desk.say(.credential(Secret("b"), expiresIn: 1000))
    let command = try #require(desk.sent.last?.id)
    let done = desk.does(.line(.result(id: command, ok: false, error: "bad token")))
    #expect(done.said == ["error: Not registered: line: bad token"])
    #expect(desk.desk.link.isUp)
    // At the first sign-in it is the end of it.
    var first = Script(.init(line: "sdk", hasCredentialSource: true))
    first.say(.line(.started))
    first.say(.credential(Secret("a")))
    let register = try #require(first.sent.last?.id)
    #expect(
      first.does(.line(.result(id: register, ok: false, error: ""))).said
        == ["error: Not registered: the line gave no reason"])
    #expect(first.desk.link == .stopped(since: first.now, reason: "the line gave no reason"))
  }

  @Test func whoWentOfflineWaitsForNoToken() {
    for token in [DeskEvent.credential(Secret("a")), .credentialFailed("away", final: false)] {
      var desk = Script(.init(line: "sdk", hasCredentialSource: true))
      desk.say(.line(.started))
      desk.say(.choose(.offline))
      #expect(desk.desk.link == .off(since: desk.now))
      let effects = desk.say(token)
      #expect(desk.desk.link == .off(since: desk.now) && desk.asked == [])
      #expect(!effects.contains { if case .startTimer = $0 { true } else { false } })
      #expect(desk.desk.seat.seat == .offline)
    }
  }

  @Test func aTokenThatComesTooLateIsNotRegistered() {
    var dead = Script(.init(line: "sdk", hasCredentialSource: true))
    dead.say(.line(.started))
    dead.say(.line(.died(reason: "x", retryIn: 5)))
    dead.say(.credential(Secret("a")))
    #expect(dead.asked == [])
    var closing = Script(.init(line: "sdk", hasCredentialSource: true))
    closing.say(.line(.started))
    closing.say(.quit)
    closing.say(.credential(Secret("a")))
    #expect(closing.asked == [])
  }

  @Test func eachWaitIsTwiceTheOneBeforeUpToAMinute() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    for seconds in [5, 10, 20, 40, 60, 60] {
      let effects = desk.say(.credentialFailed("away", final: false))
      #expect(effects.contains(.startTimer(.credential, after: Int64(seconds) * Instant.second)))
      desk.wait(Double(seconds))
      #expect(desk.say(.timer(.credential)) == [.fetchCredential])
    }
    #expect(desk.said == ["error: away"])
    // One that comes begins the row anew.
    desk.say(.credential(Secret("a"), expiresIn: 1000))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.wait(800)
    desk.say(.timer(.renewal))
    #expect(
      desk.say(.credentialFailed("away", final: false)).contains(
        .startTimer(.credential, after: 5 * Instant.second)))
  }

  @Test func aLifeHasItsBounds() {
    for (seconds, left) in [(1, 1), (31_536_000, 31_536_000), (31_536_001, 31_536_000)] {
      var desk = Script()
      desk.say(.line(.started))
      desk.say(.line(.registered(account: nil, expiresIn: seconds, secure: nil)))
      #expect(desk.desk.credential?.secondsLeft(at: desk.now) == left)
    }
    for seconds in [0, -1, Int.min] {
      var desk = Script()
      desk.say(.line(.started))
      desk.say(.line(.registered(account: nil, expiresIn: seconds, secure: nil)))
      #expect(desk.desk.credential == nil)
    }
    var desk = Script()
    desk.say(.line(.started))
    desk.say(.line(.registered(account: nil, expiresIn: 100, secure: nil)))
    // A second that has begun counts: it is over when it is over, and not one second before.
    for (after, left) in [(0.5, 100), (0.5, 99), (98.5, 1), (0.5, 0), (100, 0)] {
      desk.wait(after)
      #expect(desk.desk.credential?.secondsLeft(at: desk.now) == left)
    }
    #expect(desk.desk.credential?.secondsLeft(at: desk.now) == 0)
    #expect(
      desk.say(.line(.died(reason: "x", retryIn: 5))).contains(.cancelTimer(.renewal)))
    #expect(desk.desk.credential == nil)
  }

  @Test func theMinutesLeftAreRoundedUp() {
    for (seconds, words) in [(600, "2 min"), (605, "3 min"), (300, "1 min")] {
      var desk = Script()
      desk.say(.line(.started))
      desk.say(.line(.registered(account: nil, expiresIn: seconds, secure: nil)))
      desk.wait(Double(seconds) * 0.8)
      #expect(desk.does(.timer(.renewal)).said == ["warning: The sign-in ends in \(words)."])
    }
  }
}
