// Two calls at once, and why it is so: what rings on, whose record it is, what F9 says.

import Testing

@testable import CCCore

@Suite struct DeskWhyTests {
  private func clock(_ unix: Int64) -> String { "12:00" }

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
    #expect(why(desk) == "Not dialled 59 s ago: line: no such route.")
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
    let away = "No link since 12:00: line: away, again in 1 min."
    #expect(why(desk) == "\(away) The status is unknown until then.")
    desk.say(.line(.unregistered(reason: "refused", retryIn: nil, final: true)))
    #expect(why(desk) == "No link since 12:00: line: refused. It is not tried again by itself.")
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
    for (seconds, age) in [
      (59.0, "59 s"), (60.0, "1 min"), (7_199.0, "119 min"), (7_200.0, "2 h"), (10_799.0, "2 h"),
    ] {
      var desk = Script.up([.dial], .init(line: "test", account: "1001", wrapUpSeconds: 11_000))
      _ = try desk.talking("a")
      desk.call(.ended, id: "a")
      desk.wait(seconds)
      let left = 11_000 - Int(seconds)
      #expect(
        desk.desk.explain(at: desk.now, clock: clock).string
          == "Ended \(age) ago, by the far end: post-call for \(left) s more of 11000, then idle.")
    }
  }
}
