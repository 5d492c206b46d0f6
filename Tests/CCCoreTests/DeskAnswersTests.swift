// What the desk does the second time, offline, in a call and with two calls: what it sends, what it
// says and how gravely, and what it leaves alone.

import Testing

@testable import CCCore

@Suite struct DeskAnswersTests {
  // MARK: What is sent

  @Test func aSwapHoldsTheOneAndResumesTheOther() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    _ = try desk.talking("b", "222")
    let shown = try #require(desk.desk.active?.id)
    #expect(desk.desk.active?.lineID == "b")
    #expect(desk.does(.swap(shown)).asked == ["hold b", "resume a"])
    desk.say(.line(.callState(call: "b", held: true, muted: nil)))
    desk.say(.line(.callState(call: "a", held: false, muted: nil)))
    #expect(desk.desk.active?.lineID == "a" && desk.desk.other?.lineID == "b")
    // And back.
    let again = try #require(desk.desk.active?.id)
    #expect(desk.does(.swap(again)).asked == ["hold a", "resume b"])
    let other = try #require(desk.desk.other?.id)
    #expect(desk.does(.swap(other)).said == ["warning: There is no second call."])
  }

  @Test func aCallThatWaitsIsAnsweredAndTheTalkingOneHeld() throws {
    var desk = Script.up()
    let talking = try desk.talking("a")
    desk.call(.ringing, "222", id: "w", .in)
    let waiting = try #require(desk.desk.other?.id)
    #expect(desk.does(.answer(waiting)).asked == ["hold a", "answer w"])
    #expect(
      desk.does(.answer(talking)).said == ["warning: There is no call to answer."])
    // One that is held already is not held again.
    var held = Script.up()
    _ = try held.talking("a", held: true)
    held.call(.ringing, "222", id: "w", .in)
    let ringing = try #require(
      [held.desk.active, held.desk.other].compactMap { $0 }.first { $0.isRingingHere }?.id)
    #expect(held.does(.answer(ringing)).asked == ["answer w"])
  }

  @Test func whatOnlyATalkingCallCanDo() throws {
    var desk = Script.up()
    desk.call(.ringing, "222", id: "i", .in)
    let id = try #require(desk.desk.active?.id)
    for (event, words) in [
      (.hold(id, true), "Only a talking call can be held."),
      (.mute(id, true), "Only a talking call can be muted."),
      (.dtmf(id, "1"), "Tones need a talking call."),
      (.transfer(id, to: "1020", consult: false), "Only a talking call can be transferred."),
      (.join(id), "There are no two talking calls to join."),
      (.swap(id), "There is no second call."),
    ] as [(DeskEvent, String)] {
      let done = desk.does(event)
      #expect(done.asked == [] && done.said == ["warning: \(words)"], "\(event)")
    }
    #expect(desk.does(.hangUp(id)).asked == ["reject i"])
  }

  @Test func whatALineCannotDoIsNotAskedOfIt() throws {
    var desk = Script.up([.dial])
    let id = try desk.talking("a")
    for (event, words) in [
      (.hangUp(id), "hang up"), (.hold(id, true), "hold a call"), (.mute(id, true), "mute"),
      (.dtmf(id, "1"), "send tones"), (.transfer(id, to: "1020", consult: true), "transfer"),
      (.join(id), "transfer"),
    ] as [(DeskEvent, String)] {
      let done = desk.does(event)
      #expect(done.asked == [] && done.said == ["warning: This line cannot \(words)."], "\(event)")
    }
    var rings = Script.up([.dial])
    rings.call(.ringing, "222", id: "i", .in)
    let caller = try #require(rings.desk.active?.id)
    #expect(rings.does(.answer(caller)).said == ["warning: This line cannot answer."])
    #expect(rings.does(.hangUp(caller)).said == ["warning: This line cannot reject a call."])
    #expect(rings.desk.active?.isRingingHere == true)
  }

  @Test func eachWishGoesToItsCall() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    #expect(desk.does(.hold(id, true)).asked == ["hold a"])
    #expect(desk.does(.hold(id, false)).asked == ["resume a"])
    #expect(desk.does(.mute(id, true)).asked == ["mute a"])
    #expect(desk.does(.dtmf(id, "12*#AD")).asked == ["tones a 12*#AD"])
    #expect(
      desk.does(.transfer(id, to: "132 1234", consult: false)).asked == ["transfer a 1321234"])
    #expect(desk.does(.hangUp(id)).asked == ["hang up a"])
  }

  @Test func tonesHaveTheirLettersAndTheirLength() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    let longest = String(repeating: "9", count: 64)
    #expect(desk.does(.dtmf(id, longest)).asked == ["tones a \(longest)"])
    for wrong in ["", longest + "1", "E"] {
      let done = desk.does(.dtmf(id, wrong))
      let why =
        wrong.count > 64
        ? "Too many tones: 64 go at once." : "Tones are 0 to 9, *, # and A to D."
      #expect(done.asked == [] && done.said == ["warning: \(why)"])
    }
  }

  @Test func aTransferNeedsANumberAndRoom() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    var done = desk.does(.transfer(id, to: "12a", consult: true))
    #expect(done.asked == [])
    #expect(
      done.said == [
        "warning: \u{201C}a\u{201D} is not part of a number: digits, +, * and # are."
      ])
    #expect(desk.does(.transfer(id, to: "1020", consult: true)).asked == ["consult a 1020"])
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    let second = try desk.talking("b", "1020")
    done = desk.does(.transfer(second, to: "1030", consult: false))
    #expect(done.asked == [] && done.said == ["warning: Two calls are open already."])
    #expect(desk.does(.join(second)).asked == ["join a b"])
  }

  /// A second call that only rings, or is only called, is none to join.
  @Test func whoRingsIsNotJoined() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.call(.ringing, "222", id: "w", .in)
    let waiting = try #require(desk.desk.other?.id)
    for call in [id, waiting] {
      let done = desk.does(.join(call))
      #expect(done.asked == [] && done.said == ["warning: There are no two talking calls to join."])
    }
    var called = Script.up()
    let customer = try called.talking("a", "111")
    called.say(.transfer(customer, to: "1020", consult: true))
    called.say(.line(.callState(call: "a", held: true, muted: nil)))
    called.call(.calling, "1020", id: "b", .out)
    let asked = try #require(called.desk.active?.id)
    #expect(called.does(.join(asked)).asked == [])
  }

  @Test func whatFailedIsSaidWithItsReason() throws {
    for (event, words) in [
      ({ .hold($0, true) }, "hold"), ({ .hold($0, false) }, "resume"),
      ({ .mute($0, true) }, "mute"),
      ({ .mute($0, false) }, "unmute"), ({ .dtmf($0, "1") }, "tones"), ({ .hangUp($0) }, "hang up"),
      ({ .transfer($0, to: "1020", consult: true) }, "transfer"),
      ({ .transfer($0, to: "1020", consult: false) }, "transfer"),
    ] as [((Call.ID) -> DeskEvent, String)] {
      var desk = Script.up()
      let id = try desk.talking("a")
      // To resume and to unmute there must be something.
      desk.say(.line(.callState(call: "a", held: words == "resume", muted: words == "unmute")))
      desk.say(event(id))
      let command = try #require(desk.sent.last?.id)
      #expect(
        desk.does(.line(.result(id: command, ok: false, error: "no"))).said
          == ["warning: \(words) failed: line: no"])
      // Once: a second answer is nobody's.
      #expect(
        desk.say(.line(.result(id: command, ok: false, error: ""))).first
          == .tell(.anomaly(.strayResult, count: 1)))
      #expect(desk.desk.active?.isOpen == true)
    }
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.say(.mute(id, true))
    let command = try #require(desk.sent.last?.id)
    #expect(
      desk.does(.line(.result(id: command, ok: false, error: ""))).said
        == ["warning: mute failed: the line gave no reason"])
    #expect(desk.desk.active?.talk?.muted == false)
  }

  // MARK: The second time

  /// A dial that was cancelled before a word: the next one to the same number is hers.
  @Test func aDialAfterACancelledOneIsNotHungUp() throws {
    for firstAppears in [false, true] {
      var desk = Script.up()
      desk.say(.dial(phone: "13212345678", info: ""))
      desk.say(.hangUp(try #require(desk.desk.shownCallID)))
      if firstAppears {
        desk.wait(1)
        desk.call(.calling, id: "a", .out)
        #expect(desk.asked.last == "hang up a")
        desk.call(.notEstablished, id: "a", .out, code: 487)
      }
      desk.wait(5)
      desk.say(.dial(phone: "13212345678", info: ""))
      let asked = desk.asked
      desk.wait(1)
      desk.call(.calling, id: "b", .out)
      #expect(desk.asked == asked && desk.desk.active?.endAskedBy == nil)
      #expect(desk.desk.attempt?.seen == true && desk.desk.active?.attempt == 2)
      desk.call(.talking, id: "b", .out)
      #expect(desk.outcomes == [.cancelled, .answered])
    }
  }

  @Test func aCallOfTheCancelledNumberIsHungUpForHalfAMinute() throws {
    for (seconds, isHungUp) in [(29.0, true), (30.0, false)] {
      var desk = Script.up()
      desk.say(.dial(phone: "13212345678", info: ""))
      desk.say(.hangUp(try #require(desk.desk.shownCallID)))
      desk.wait(seconds)
      desk.call(.calling, id: "a", .out)
      #expect((desk.asked.last == "hang up a") == isHungUp)
    }
    // A caller from outside is not it.
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.call(.ringing, id: "i", .in)
    #expect(desk.desk.active?.isRingingHere == true && desk.asked.last != "hang up i")
  }

  @Test func everyCallAfterTheFirstIsCountedToo() throws {
    var desk = Script.up()
    for number in 1...3 {
      let id = try desk.talking("c\(number)")
      desk.wait(10)
      desk.say(.note(id, "note \(number)"))
      desk.call(.ended, id: "c\(number)")
      desk.say(.choose(.idle))
    }
    #expect(desk.desk.today.calls == 3 && desk.desk.today.talked == 30 * Instant.second)
    #expect(desk.desk.recent.map(\.note) == ["note 3", "note 2", "note 1"])
  }

  // MARK: Offline, and what is chosen

  @Test func offlineChosenInACallIsOfflineAfterIt() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.say(.choose(.offline))
    #expect(desk.desk.seat.seat == .busy && desk.desk.seat.pending == .offline)
    desk.call(.ended, id: "a")
    desk.wait(30)
    let effects = desk.say(.timer(.wrapUp))
    #expect(effects.contains(.stopLine))
    #expect(desk.desk.seat.seat == .offline && desk.desk.wrapUp == nil)
    #expect(desk.desk.link == .off(since: desk.now) && desk.desk.seat.pending == nil)
    // The choice is spent: she comes back idle.
    desk.say(.line(.died(reason: "ended", retryIn: nil)))
    desk.say(.choose(.idle))
    #expect(desk.desk.seat.chosen == .idle)
  }

  @Test func aBreakChosenWhileOfflineIsABreak() {
    var desk = Script.up()
    desk.say(.choose(.offline))
    desk.say(.line(.died(reason: "ended", retryIn: nil)))
    #expect(desk.does(.choose(.offline)).said == ["info: Already offline."])
    #expect(desk.say(.choose(.shortBreak)).contains(.startLine))
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "test", abilities: [.dial, .answer, .reject])))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.seat == .shortBreak)
    desk.call(.ringing, "222", id: "i", .in)
    #expect(desk.asked.last == "reject i", "in a break no call rings")
  }

  @Test func whatCannotBeChosenIsSaid() {
    var desk = Script.up()
    #expect(desk.does(.choose(.postCall)).said == ["warning: post-call cannot be chosen."])
    #expect(desk.does(.choose(.unknown(7))).said == ["warning: status 7 cannot be chosen."])
    #expect(desk.desk.seat.seat == .idle)
    desk.say(.choose(.busy))
    #expect(desk.desk.seat.seat == .busy)
    // A line that sets the status by itself is not asked, not even during a call.
    var line = Script.up([.dial, .seat])
    line.say(.line(.seat(.idle)))
    #expect(
      line.does(.choose(.shortBreak)).said == ["warning: This line sets the status by itself."])
    line.call(.talking, id: "a")
    #expect(
      line.does(.choose(.shortBreak)).said == ["warning: This line sets the status by itself."])
    #expect(line.desk.seat.pending == nil)
  }

  @Test func aChoiceWithoutALinkIsForLater() {
    var desk = Script()
    desk.say(.line(.started))
    #expect(
      desk.does(.choose(.shortBreak)).said == ["info: short break, as soon as the link is up."])
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.seat == .shortBreak)
  }

  /// A line that keeps the seat is asked for what was chosen in a call when the call is over.
  @Test func aChoiceInACallIsAskedOfTheLineAfterIt() {
    var desk = Script.up([.dial, .hangUp, .seat, .setSeat])
    desk.say(.line(.seat(.idle)))
    desk.call(.talking, id: "a")
    desk.say(.line(.seat(.busy)))
    #expect(desk.does(.choose(.shortBreak)).asked == [])
    let before = desk.asked
    desk.call(.ended, id: "a")
    #expect(desk.asked == before + ["seat 5"] && desk.desk.seat.pending == nil)
    #expect(desk.desk.seat.seat == .busy, "not before the line says so")
  }

  // MARK: Post-call

  @Test func withoutPostCallThereIsNone() throws {
    var desk = Script.up(
      [.dial, .hangUp], .init(line: "test", account: "1001", wrapUpSeconds: 0))
    _ = try desk.talking("a")
    desk.call(.ended, id: "a")
    #expect(desk.desk.seat.seat == .idle && desk.desk.wrapUp == nil)
    #expect(
      desk.does(.extendWrapUp).said == ["warning: There is no post-call time to extend."])
    #expect(desk.say(.timer(.wrapUp)) == [] && desk.say(.timer(.wrapUpWarning)) == [])
  }

  @Test func postCallIsExtendedWarnedOfAndEnded() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    let ended = desk.call(.ended, id: "a")
    #expect(ended.contains(.startTimer(.wrapUp, after: 30 * Instant.second)))
    #expect(ended.contains(.startTimer(.wrapUpWarning, after: 25 * Instant.second)))
    desk.wait(10)
    let more = desk.say(.extendWrapUp)
    #expect(more.contains(.startTimer(.wrapUp, after: 50 * Instant.second)))
    #expect(more.contains(.startTimer(.wrapUpWarning, after: 45 * Instant.second)))
    #expect(desk.said.last == "info: 30 seconds more.")
    #expect(more.contains(.tell(.seat(desk.desk.seat))))
    // Idle ends it at once, and both timers with it.
    let idle = desk.say(.choose(.idle))
    #expect(idle.contains(.cancelTimer(.wrapUp)) && idle.contains(.cancelTimer(.wrapUpWarning)))
    #expect(desk.desk.seat.seat == .idle)
    #expect(desk.desk.today.afterCallWork == 10 * Instant.second)
    // A post-call that is shorter than its warning has none.
    var short = Script.up([.dial], .init(line: "test", account: "1001", wrapUpSeconds: 5))
    _ = try short.talking("a")
    let effects = short.call(.ended, id: "a")
    #expect(effects.contains(.startTimer(.wrapUp, after: 5 * Instant.second)))
    #expect(
      !effects.contains { if case .startTimer(.wrapUpWarning, _) = $0 { true } else { false } })
    #expect(
      short.say(.timer(.wrapUpWarning)) == [.tell(.wrapUpEnds(seconds: 5, next: .idle))])
  }

  @Test func anotherCallEndsPostCall() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.call(.ended, id: "a")
    let effects = desk.say(.dial(phone: "1020", info: ""))
    desk.call(.calling, "1020", id: "b", .out)
    let all = effects + desk.log
    #expect(all.contains(.cancelTimer(.wrapUpWarning)) && all.contains(.cancelTimer(.wrapUp)))
    #expect(desk.desk.wrapUp == nil && desk.desk.seat.seat == .busy)
  }

  // MARK: Closing

  @Test func aDeskThatClosesDialsNothing() {
    var desk = Script.up()
    #expect(desk.say(.quit).last == .stopLine)
    desk.say(.dial(phone: "1020", info: ""))
    #expect(desk.outcomes == [.refused] && desk.asked.allSatisfy { !$0.hasPrefix("dial") })
    #expect(desk.desk.whyNotDial == "The desk is closing.")
  }

  @Test func whatKeepsADialBackIsNamed() throws {
    var desk = Script.up()
    #expect(desk.desk.whyNotDial == nil)
    desk.say(.dial(phone: "1020", info: ""))
    #expect(desk.desk.whyNotDial == "A dial attempt is open: end it first.")
    var calls = Script.up()
    _ = try calls.talking("a")
    #expect(calls.desk.whyNotDial == "A call is open: end it first.")
    #expect(Script.up([.hangUp]).desk.whyNotDial == "This line cannot dial.")
    #expect(Script().desk.whyNotDial == "No link: nothing was dialled.")
  }
}
