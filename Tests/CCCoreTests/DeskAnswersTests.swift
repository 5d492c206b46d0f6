// What the desk does the second time, offline, in a call and with two calls: what it sends, what it
// says and how gravely, and what it leaves alone.

import Testing

@testable import CCCore

extension Script {
  /// The notices with their levels.
  var said: [String] {
    log.compactMap {
      if case .tell(.notice(let level, let text)) = $0 { "\(level.rawValue): \(text)" } else { nil }
    }
  }

  /// What was asked of the line, without the commands' ids.
  var asked: [String] {
    sent.map { command in
      switch command {
      case .register: "register"
      case .callPhone(_, let phone, _): "dial \(phone)"
      case .hangUp(_, let call): "hang up \(call ?? "-")"
      case .answer(_, let call): "answer \(call ?? "-")"
      case .reject(_, let call): "reject \(call ?? "-")"
      case .hold(_, let call, let on): "\(on ? "hold" : "resume") \(call ?? "-")"
      case .mute(_, let call, let on): "\(on ? "mute" : "unmute") \(call ?? "-")"
      case .dtmf(_, let call, let digits): "tones \(call ?? "-") \(digits)"
      case .transfer(_, let call, let to, let consult):
        "\(consult ? "consult" : "transfer") \(call ?? "-") \(to)"
      case .join(_, let call, let with): "join \(call ?? "-") \(with ?? "-")"
      case .setSeat(_, let status): "seat \(status)"
      case .ping: "ping"
      case .quit: "quit"
      }
    }
  }

  /// What one event asked of the line and said.
  mutating func does(_ event: DeskEvent) -> (asked: [String], said: [String]) {
    let before = (asked.count, said.count)
    say(event)
    return (Array(asked[before.0...]), Array(said[before.1...]))
  }

  /// The ways of a call that is talking, held or ringing; its id.
  mutating func talking(
    _ id: String, _ number: String = "13212345678", held: Bool = false
  ) throws -> Call.ID {
    call(.calling, number, id: id, .out)
    call(.talking, number, id: id, .out)
    if held { say(.line(.callState(call: id, held: true, muted: nil))) }
    return try #require([desk.active, desk.other].compactMap { $0 }.first { $0.lineID == id }?.id)
  }
}

@Suite struct DeskAnswersTests {
  private func clock(_ unix: Int64) -> String { "12:00" }

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
    for wrong in ["", longest + "1", "E", "a", "1 2", "٣"] {
      let done = desk.does(.dtmf(id, wrong))
      #expect(done.asked == [] && done.said == ["warning: Tones are 0 to 9, *, # and A to D."])
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
          == ["warning: \(words) failed: no"])
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

  // MARK: Two calls

  @Test func theEndOfAnotherCallDoesNotSettleTheDial() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    // A caller comes while the customer is held, and gives up: nothing was dialled.
    desk.call(.ringing, "222", id: "w", .in)
    desk.call(.notEstablished, "222", id: "w", .in, code: 487)
    #expect(desk.outcomes == [])
    #expect(desk.desk.recent.map(\.result) == [.missed])
    #expect(desk.desk.today.calls == 0)

    var dials = Script.up()
    dials.say(.dial(phone: "111", info: ""))
    dials.call(.calling, "111", id: "a", .out)
    dials.call(.ringing, "222", id: "w", .in)
    dials.call(.notEstablished, "222", id: "w", .in, code: 487)
    #expect(dials.outcomes == [] && dials.desk.attempt != nil)
    dials.call(.notEstablished, "111", id: "a", .out, code: 486)
    #expect(dials.outcomes == [.rejected])
  }

  @Test func theSoftBellRingsWhileOneIsHeld() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    _ = try desk.talking("b", "222", held: true)
    #expect(desk.log.filter { $0 == .startTimer(.heldBell, after: 60 * Instant.second) }.count == 1)
    let end = desk.call(.ended, "222", id: "b", .out)
    #expect(!end.contains(.cancelTimer(.heldBell)), "the other is held still")
    #expect(
      desk.say(.timer(.heldBell)) == [
        .bell(.soft), .startTimer(.heldBell, after: 60 * Instant.second),
      ])
    #expect(desk.call(.ended, "111", id: "a", .out).contains(.cancelTimer(.heldBell)))
    #expect(desk.say(.timer(.heldBell)) == [])
  }

  @Test func aCallThatRingsRingsEveryFourSeconds() throws {
    var desk = Script.up()
    let rings = desk.call(.ringing, "222", id: "i", .in)
    #expect(rings.contains(.bell(.incoming)))
    #expect(rings.contains(.startTimer(.ringBell, after: 4 * Instant.second)))
    #expect(
      desk.say(.timer(.ringBell)) == [
        .bell(.incoming), .startTimer(.ringBell, after: 4 * Instant.second),
      ])
    #expect(desk.call(.talking, "222", id: "i", .in).contains(.cancelTimer(.ringBell)))
    #expect(desk.say(.timer(.ringBell)) == [])
  }

  @Test func theCustomerIsTheOneThatIsJoined() throws {
    var desk = Script.up()
    let customer = try desk.talking("a", "111")
    desk.say(.transfer(customer, to: "1020", consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    let second = try desk.talking("b", "1020")
    desk.say(.join(second))
    desk.say(.line(.transfer(call: "a", state: .done, reason: "")))
    desk.call(.ended, "1020", id: "b")
    desk.call(.ended, "111", id: "a")
    let record = try #require(desk.desk.recent.first { $0.number == "111" })
    #expect(record.result == .transferred)
    let other = try #require(desk.desk.recent.first { $0.number == "1020" })
    #expect(other.isConsultation && !record.isConsultation)
  }

  // MARK: Why it is so

  @Test func whyNamesTheSecondCall() throws {
    func why(_ desk: Script) -> String { desk.desk.explain(at: desk.now, clock: clock).string }
    var waits = Script.up()
    _ = try waits.talking("a", "13212345678")
    waits.say(
      .line(.call(CallReport(.ringing, number: "222", call: "w", direction: .in, name: "Maria"))))
    #expect(why(waits) == "Talking: answered at 12:00. Maria waits since 12:00.")

    var held = Script.up()
    _ = try held.talking("a", "111", held: true)
    #expect(why(held) == "Talking: answered at 12:00, held since 12:00.")
    _ = try held.talking("b", "222")
    #expect(why(held) == "Talking: answered at 12:00. 111 is held since 12:00.")
    held.say(.line(.callState(call: "a", held: false, muted: nil)))
    held.say(.line(.callState(call: "b", held: nil, muted: true)))
    #expect(why(held).contains("111 is there too.") || why(held).contains("222 is there too."))

    var calling = Script.up()
    _ = try calling.talking("a", "111", held: true)
    calling.call(.calling, "1020", id: "b", .out)
    #expect(
      why(calling) == "Calling since 12:00: no sign of ringing yet. 111 is held since 12:00.")
    calling.call(.ringing, "1020", id: "b", .out)
    #expect(why(calling) == "Ringing at the far end since 12:00. 111 is held since 12:00.")
  }

  @Test func whyExplainsADialThatCameToNothingForAMinute() throws {
    func why(_ desk: Script) -> String { desk.desk.explain(at: desk.now, clock: clock).string }
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    desk.wait(3)
    #expect(why(desk) == "Sent 3 s ago, no word from the line yet; unanswered after 10 s.")
    let command = try #require(desk.desk.attempt?.command)
    desk.say(.line(.result(id: command, ok: false, error: "no such route")))
    desk.wait(59)
    #expect(why(desk) == "Not dialled 59 s ago: no such route.")
    desk.wait(1)
    #expect(why(desk).hasPrefix("idle since 12:00"))
    for (event, word) in [
      (.timer(.dialSilence), "Not established"), (.line(.died(reason: "x", retryIn: nil)), ""),
    ] as [(DeskEvent, String)] where !word.isEmpty {
      var other = Script.up()
      other.say(.dial(phone: "1020", info: ""))
      other.say(event)
      #expect(why(other).hasPrefix("\(word) 0 s ago"))
    }
    var cancelled = Script.up()
    cancelled.say(.dial(phone: "1020", info: ""))
    cancelled.say(.hangUp(try #require(cancelled.desk.shownCallID)))
    #expect(why(cancelled) == "Cancelled 0 s ago.")
  }

  @Test func whySaysHowTheLinkStands() {
    func why(_ desk: Script) -> String { desk.desk.explain(at: desk.now, clock: clock).string }
    var desk = Script()
    desk.wait(7)
    #expect(why(desk) == "Signing in for 7 s: the line has not registered yet.")
    desk.say(.line(.started))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(why(desk) == "idle since 12:00, since the link is up, kept by this desk.")
    desk.say(.line(.unregistered(reason: "away", retryIn: 90, final: false)))
    #expect(
      why(desk) == "No link since 12:00: away, again in 1 min. The status is unknown until then.")
    desk.say(.line(.unregistered(reason: "refused", retryIn: nil, final: true)))
    #expect(why(desk) == "No link since 12:00: refused. It is not tried again by itself.")
    desk.say(.line(.evicted))
    #expect(why(desk) == "Signed in elsewhere at 12:00: this desk lost the seat.")
    var off = Script.up()
    off.say(.choose(.offline))
    #expect(why(off) == "Offline since 12:00, by you.")
    var calls = Script.up()
    calls.call(.talking, id: "a")
    calls.say(.line(.unregistered(reason: "away", retryIn: nil, final: false)))
    #expect(why(calls).hasSuffix("until then. The call goes on."))
  }

  @Test func whyTellsTheAgeOfAnEnd() throws {
    for (seconds, age) in [(59.0, "59 s"), (60.0, "1 min"), (7_199.0, "119 min"), (7_200.0, "2 h")]
    {
      var desk = Script.up([.dial], .init(line: "test", account: "1001", wrapUpSeconds: 9_000))
      _ = try desk.talking("a")
      desk.call(.ended, id: "a")
      desk.wait(seconds)
      let left = 9_000 - Int(seconds)
      #expect(
        desk.desk.explain(at: desk.now, clock: clock).string
          == "Ended \(age) ago, by the far end: post-call for \(left) s more of 9000, then idle.")
    }
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
