// The link beside its usual way: a line that says no hello, one that is refused or evicted and speaks on,
// one that ends while the desk closes, and signing off.

import Testing

@testable import CCCore

@Suite struct LinkEdgeTests {
  private func isDown(_ desk: Script) -> Bool {
    if case .down = desk.desk.link { true } else { false }
  }

  // MARK: What the line says of its registration

  /// A line that speaks of its registration is believed: a call brings its lost link not up.
  @Test(arguments: [false, true])
  func aCallBringsNoLostLinkUp(wasRegistered: Bool) {
    var desk = Script()
    desk.say(.line(.started))
    if wasRegistered { desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil))) }
    desk.say(.line(.unregistered(reason: "away", retryIn: 5, final: false)))
    desk.call(.ringing, "222", id: "i", .in)
    desk.say(.line(.seat(.idle)))
    #expect(isDown(desk) && desk.desk.hasOpenCall)
    // One that never speaks of it is up with its first event.
    var silent = Script()
    silent.say(.line(.started))
    silent.call(.ringing, "222", id: "i", .in)
    #expect(silent.desk.link.isUp)
  }

  /// After a refusal of the token's source a line tries in vain; after its own it may come back.
  @Test func whoseRefusalItIs() {
    for (hasSource, isFinal, reason) in [
      (false, false, "away"), (true, true, "away"), (true, false, "refused"),
    ] {
      var desk = Script(.init(line: "t", account: "1", hasCredentialSource: hasSource))
      desk.say(.line(.started))
      desk.say(.line(.unregistered(reason: "refused", retryIn: nil, final: true)))
      desk.say(.line(.unregistered(reason: "away", retryIn: 5, final: isFinal)))
      #expect(isDown(desk) == (!hasSource && !isFinal))
      switch desk.desk.link {
      case .down(_, let words, _), .stopped(_, let words):
        #expect(words.string == "line: \(reason)")
      default: Issue.record("\(desk.desk.link)")
      }
    }
  }

  // MARK: A line that ends or is started

  @Test func aLineThatIsStartedAnewIsConnecting() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.say(.hold(id, true))
    desk.say(.line(.died(reason: "x", retryIn: 5)))
    #expect(isDown(desk))
    desk.wait(5)
    desk.say(.line(.started))
    #expect(desk.desk.link == .connecting(since: desk.now))
    // What was asked of the program before is asked of nobody, also where nobody saw it end.
    var unseen = Script.up()
    let call = try unseen.talking("a")
    unseen.say(.hold(call, true))
    unseen.say(.line(.started))
    #expect(unseen.desk.asked(of: call).hold == nil)
  }

  /// The next program knows nothing of a dial that was cancelled, nor of the ids of the last one.
  @Test func theNextProgramBeginsAnew() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.notEstablished, "222", id: "i", .in)
    desk.say(.line(.died(reason: "x", retryIn: 1)))
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "test", abilities: [.dial, .hangUp])))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.call(.ringing, "222", id: "i", .in)
    #expect(desk.desk.active?.isRingingHere == true && desk.desk.anomalies.isEmpty)
    desk.call(.notEstablished, "222", id: "i", .in)
    desk.call(.calling, "1020", id: "b", .out)
    #expect(desk.desk.active?.number == "1020" && !desk.asked.contains("hang up b"))
  }

  @Test func aLineThatDiesWhileTheDeskClosesIsNotStartedAgain() {
    var desk = Script.up()
    desk.say(.quit)
    let link = desk.desk.link
    #expect(desk.say(.line(.died(reason: "ended", retryIn: nil))) == [])
    #expect(desk.desk.link == link)
    #expect(desk.say(.line(.started)) == [] && desk.desk.link == link)
    // Also one that did not run, and that its keeper gives up.
    var down = Script.up()
    down.say(.line(.died(reason: "x", retryIn: 5)))
    down.say(.quit)
    #expect(down.say(.line(.died(reason: "gone", retryIn: nil))) == [] && isDown(down))
  }

  @Test func aDeskClosesOnceAndAsksNoLineForWhatItCannot() throws {
    var desk = Script.up([.dial])
    _ = try desk.talking("a")
    let effects = desk.say(.quit)
    #expect(effects == [.stopLine] && desk.said == [])
    #expect(desk.say(.quit) == [])
    var able = Script.up([.dial, .hangUp])
    _ = try able.talking("a")
    #expect(able.does(.quit).asked == ["hang up a"] && able.does(.quit).asked == [])
  }

  // MARK: Trying, signing off, coming back

  @Test func tryingTakesBackAndComesBack() {
    var evicted = Script.up()
    evicted.say(.line(.evicted))
    evicted.wait(60)
    #expect(evicted.does(.tryNow).asked == ["register"])
    #expect(evicted.desk.link == .connecting(since: evicted.now))
    var off = Script.up()
    off.say(.choose(.shortBreak))
    off.say(.choose(.offline))
    off.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(off.say(.tryNow).contains(.startLine))
    #expect(off.desk.seat.seat == .offline, "until the link is up")
    off.say(.line(.started))
    off.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(off.desk.seat.seat == .idle, "the break ended with signing off")
  }

  /// What was chosen for after post-call is void when she goes offline instead.
  @Test func offlineTakesTheNextStatusBack() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.call(.ended, id: "a")
    desk.say(.choose(.shortBreak))
    desk.say(.choose(.offline))
    desk.say(.line(.died(reason: "ended", retryIn: nil)))
    desk.say(.choose(.idle))
    desk.say(.line(.started))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.seat == .idle && desk.desk.seat.pending == nil)
  }

  /// A line that does not run is stopped too, since its keeper would start it; it can be started again.
  @Test func offlineWhileTheLineIsAwayIsOffline() {
    var desk = Script.up()
    desk.say(.line(.died(reason: "x", retryIn: 5)))
    #expect(desk.say(.choose(.offline)).contains(.stopLine))
    #expect(desk.say(.choose(.idle)).contains(.startLine))
    // One that is ending is not stopped twice.
    var ending = Script.up()
    #expect(ending.say(.choose(.offline)).contains(.stopLine))
    #expect(!ending.say(.quit).contains(.stopLine))
  }

  /// Refused in a call, she cuts the line and tries: the next program signs in.
  @Test func tryingWhileTheLineEndsIsForTheNextOne() throws {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a")))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.call(.talking, id: "a")
    desk.say(.line(.unregistered(reason: "refused", retryIn: nil, final: true)))
    desk.say(.cutLine(try #require(desk.desk.active?.id)))
    #expect(desk.does(.tryNow).said == [])
    #expect(desk.say(.line(.died(reason: "ended", retryIn: nil))).contains(.startLine))
  }
}
