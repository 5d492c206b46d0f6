// Who is on the panel and what stands in Recent, beside the usual cases: who was turned away, who is being
// ended, a dial that failed; and the reminders that run meanwhile.

import Testing

@testable import CCCore

@Suite struct PanelEdgeTests {
  private func timers(_ effects: [Effect]) -> [TimerID] {
    effects.compactMap { if case .startTimer(let id, _) = $0 { id } else { nil } }
  }

  // MARK: Back on the panel

  /// A dial that came to nothing is shown again after a caller was turned away, and not beside one who
  /// waits.
  @Test func theFailedDialComesBack() throws {
    for anotherWaits in [false, true] {
      var desk = Script.up()
      desk.say(.choose(.shortBreak))
      desk.say(.dial(phone: "1020", info: ""))
      desk.say(.hangUp(try #require(desk.desk.shownCallID)))
      desk.call(.ringing, "222", id: "i", .in)
      #expect(desk.asked.last == "reject i" && desk.desk.failed == nil)
      if anotherWaits { desk.call(.ringing, "333", id: "j", .in) }
      desk.call(.notEstablished, "222", id: "i", .in)
      #expect(desk.desk.failed?.outcome == (anotherWaits ? nil : .cancelled))
      #expect(desk.desk.active?.lineID == (anotherWaits ? "j" : nil))
    }
  }

  /// While one is being turned away the telephone on her table calls out: that call stays.
  @Test func whoIsTurnedAwayTakesNoOtherOffThePanel() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111")
    desk.call(.ended, "111", id: "a")
    desk.say(.choose(.idle))
    desk.say(.choose(.shortBreak))
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.calling, "333", id: "b", .out)
    #expect(desk.desk.openCalls.map(\.lineID) == ["b", "i"])
    desk.call(.notEstablished, "222", id: "i", .in)
    #expect(desk.desk.openCalls.map(\.lineID) == ["b"])
  }

  /// A customer who was handed on is in mind until the last call is over, and no longer.
  @Test func theNextCallIsShownWhenItIsOver() throws {
    var desk = Script.up()
    let customer = try desk.talking("a", "111")
    desk.say(.transfer(customer, to: "1020", consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    desk.call(.calling, "1020", id: "b", .out)
    desk.call(.ended, "111", id: "a")
    desk.call(.notEstablished, "1020", id: "b", .out)
    #expect(desk.desk.active?.id == customer)
    _ = try desk.talking("c", "333")
    desk.call(.ended, "333", id: "c")
    #expect(desk.desk.active?.lineID == "c")
  }

  /// After an end the panel goes to who stays; who is being ended comes last.
  @Test func whoStaysComesOntoThePanel() throws {
    var desk = Script.up()
    let first = try desk.talking("a", "111", held: true)
    _ = try desk.talking("b", "222", held: true)
    _ = try desk.talking("c", "333")
    #expect(desk.desk.openCalls.map(\.lineID) == ["c", "b", "a"])
    let second = try #require(desk.desk.openCalls.first { $0.lineID == "b" }?.id)
    desk.say(.hangUp(second))
    desk.call(.ended, "333", id: "c")
    #expect(desk.desk.active?.id == first && desk.desk.other?.id == second)
  }

  /// A dial waits while the call of a cancelled one lives on: the panel is the dial's until it came out.
  @Test func theDialThatWaitsHasThePanel() throws {
    var desk = Script.up([.dial])
    for number in ["2025550100", "2025550200"] {
      desk.say(.dial(phone: number, info: ""))
      let command = try #require(desk.desk.attempt?.command)
      desk.say(.line(.result(id: command, ok: true, error: "")))
      desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    }
    desk.say(.dial(phone: "1020", info: ""))
    desk.call(.calling, "2025550100", id: "a", .out)
    desk.call(.calling, "2025550200", id: "b", .out)
    #expect(desk.desk.active == nil && desk.desk.others.map(\.lineID) == ["a", "b"])
    #expect(desk.desk.shownCallID == desk.desk.attempt?.callID)
    desk.wait(10)
    desk.say(.timer(.dialSilence))
    #expect(desk.desk.openCalls.map(\.lineID) == ["a", "b"])
  }

  // MARK: What is recorded

  /// A line that dies by itself has lost the calls, also those that she was ending.
  @Test func aCallThatDiesWithItsLineIsLost() throws {
    var desk = Script.up()
    desk.say(.hangUp(try desk.talking("a")))
    desk.say(.line(.died(reason: "x", retryIn: 5)))
    #expect(desk.desk.recent.first?.result == .lineLost)
  }

  @Test func aRecordSaysWhenItWasAnswered() throws {
    var desk = Script.up()
    desk.call(.ringing, "222", id: "i", .in)
    desk.wait(7)
    desk.call(.talking, "222", id: "i", .in)
    let answered = desk.now
    desk.wait(5)
    desk.call(.ended, "222", id: "i", .in)
    #expect(desk.desk.recent.first?.answered == answered)
    #expect(desk.desk.recent.first?.talked == 5 * Instant.second)
    desk.call(.ringing, "333", id: "j", .in)
    desk.call(.notEstablished, "333", id: "j", .in)
    #expect(desk.desk.recent.first?.answered == nil && desk.desk.recent.first?.witnessed == true)
  }

  @Test func aDialWithoutACallIsRecordedWhole() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: "order 7"))
    let attempt = try #require(desk.desk.attempt)
    desk.say(.note(attempt.callID, "again"))
    desk.wait(4)
    let effects = desk.say(.line(.result(id: attempt.command, ok: false, error: "no")))
    let record = Record(
      id: attempt.callID, number: "1020", name: nil, direction: .out, began: attempt.at,
      answered: nil, ended: desk.now, result: .refused, reason: Reason("line: no"),
      isConsultation: false, wasDialled: true, talked: nil, witnessed: true, info: "order 7",
      note: "again")
    #expect(desk.desk.recent == [record] && effects.contains(.tell(.record(record))))
    // A note of a call that is none is nobody's.
    #expect(desk.say(.note(Call.ID(99), "x")) == [] && desk.desk.note(of: Call.ID(99)) == "")
  }

  /// Whom the line turned away stays turned away, whatever it says of her later.
  @Test func whoWasTurnedAwayByTheLineIsRecordedWhole() {
    var desk = Script.up()
    desk.call(.notEstablished, "222", id: "i", .in, code: 486, words: "busy")
    let record = Record(
      id: Call.ID(1), lineID: "i", number: "222", name: nil, direction: .in, began: desk.now,
      answered: nil,
      ended: desk.now, result: .turnedAway, reason: Reason("busy", code: 486),
      isConsultation: false, wasDialled: false, talked: nil, witnessed: true, info: "", note: "")
    #expect(desk.desk.recent == [record])
    desk.call(.talking, "222", id: "i", .in)
    #expect(desk.desk.recent == [record] && desk.desk.anomalies == [.lateEvent: 1])
  }

  /// A caller who turns out to have been called: told once, and nothing is owed for it.
  @Test func aDirectionIsToldWhenItChanges() throws {
    var desk = Script.up()
    desk.call(.ringing, "222", id: "a", nil)
    #expect(desk.call(.ringing, "222", id: "a", .in) == [], "as it was taken")
    var out = Script.up()
    out.call(.ringing, "222", id: "a", nil)
    let effects = out.call(.ringing, "222", id: "a", .out)
    #expect(effects.contains(.tell(.call(try #require(out.desk.active)))))
    out.call(.notEstablished, "222", id: "a", .out)
    #expect(out.desk.seat.seat == .idle && out.desk.wrapUp == nil)
  }

  // MARK: Reminders

  /// A held call has its soft bell and no other clock; it ends with the hold.
  @Test func aHeldCallHasOneReminder() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    let held = desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    #expect(timers(held) == [.heldBell])
    let resumed = desk.say(.line(.callState(call: "a", held: false, muted: nil)))
    #expect(resumed.contains(.cancelTimer(.heldBell)) && timers(resumed) == [])
  }

  /// Who is being rejected rings no more; where the line will not, she rings on.
  @Test func whoIsBeingRejectedDoesNotRing() throws {
    var desk = Script.up()
    #expect(timers(desk.call(.ringing, "222", id: "i", .in)) == [.ringBell])
    #expect(
      desk.say(.hangUp(try #require(desk.desk.active?.id))).contains(.cancelTimer(.ringBell)))
    #expect(desk.say(.timer(.ringBell)) == [])
    let command = try #require(desk.sent.last?.id)
    #expect(timers(desk.say(.line(.result(id: command, ok: false, error: "no")))) == [.ringBell])
  }

  /// By the word of the seat both calls of a consultation are over, one after the other.
  @Test func theSeatEndsBothCallsOfAConsultation() throws {
    var desk = Script.up([.dial, .transfer, .hold, .seat])
    desk.say(.line(.seat(.busy)))
    desk.call(.calling, "111", id: nil, .out)
    desk.call(.talking, "111", id: nil, .out)
    desk.say(.transfer(try #require(desk.desk.active?.id), to: "1020", consult: true))
    desk.call(.calling, "1020", id: nil, .out)
    desk.call(.talking, "1020", id: nil, .out)
    #expect(desk.desk.openCalls.count == 2)
    desk.wait(30)
    #expect(timers(desk.say(.line(.seat(.idle)))).contains(.inferEnd))
    desk.wait(5)
    #expect(timers(desk.say(.timer(.inferEnd))).contains(.inferEnd))
    #expect(desk.desk.openCalls.count == 1)
    desk.wait(5)
    desk.say(.timer(.inferEnd))
    #expect(!desk.desk.hasOpenCall)
  }

  // MARK: What is counted

  /// Broken text is said once; a kind is told at once after a quiet second, and once a second before.
  @Test func anomaliesAreToldOnceASecond() {
    var desk = Script.up()
    let bad = DeskEvent.line(.anomaly(.badUTF8))
    #expect(
      desk.does(bad).said == [
        "warning: The line sends text that is not UTF-8; what cannot be read is shown as \u{FFFD}."
      ])
    #expect(desk.does(bad).said == [] && desk.does(.line(.anomaly(.badJSON))).said == [])
    #expect(desk.say(.line(.anomaly(.badJSON))) == [])
    let told = desk.say(.timer(.anomalies))
    #expect(
      told == [
        .tell(.anomaly(.badJSON, count: 2)), .tell(.anomaly(.badUTF8, count: 2)),
        .startTimer(.anomalies, after: Instant.second),
      ])
    #expect(desk.say(.timer(.anomalies)) == [])
    #expect(
      desk.say(.line(.anomaly(.tooLong))) == [
        .tell(.anomaly(.tooLong, count: 1)), .startTimer(.anomalies, after: Instant.second),
      ])
    // Another kind first is no reason to say nothing of the text.
    var later = Script.up()
    later.say(.line(.anomaly(.badJSON)))
    #expect(later.does(bad).said.count == 1)
  }
}
