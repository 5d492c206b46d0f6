// Calls in any order: repeats, skips, strangers, seconds, ends that nobody saw.

import Testing

@testable import CCCore

@Suite struct CallStoryTests {
  @Test func repeatsChangeNothing() {
    var desk = Script.up()
    desk.call(.calling)
    #expect(desk.call(.calling) == [])
    desk.call(.ringing)
    #expect(desk.call(.ringing) == [])
    #expect(desk.call(.calling) == [])
    desk.call(.talking)
    #expect(desk.call(.talking) == [] && desk.call(.ringing) == [])
  }

  @Test func talkingOutOfNothingWasNotWitnessed() {
    var desk = Script.up()
    desk.call(.talking)
    #expect(desk.desk.active?.talk?.witnessed == false)
    desk.wait(5)
    desk.call(.ended)
    #expect(desk.desk.active?.end?.witnessed == false)
    #expect(desk.desk.recent.first?.witnessed == false)
  }

  @Test func endsWithoutACallAreCounted() {
    var desk = Script.up()
    let first = desk.call(.ended)
    #expect(
      first == [
        .tell(.anomaly(.endWithoutCall, count: 1)), .startTimer(.anomalies, after: Instant.second),
      ])
    #expect(desk.call(.notEstablished) == [])
    #expect(
      desk.say(.timer(.anomalies)) == [
        .tell(.anomaly(.endWithoutCall, count: 2)), .startTimer(.anomalies, after: Instant.second),
      ])
    #expect(desk.say(.timer(.anomalies)) == [])
  }

  /// The end alone of a call from outside: the line was busy, and says who it was.
  @Test func whoWasTurnedAwayByTheLineIsListedAndNothingElse() {
    var desk = Script.up()
    desk.call(.calling, id: "a")
    desk.call(.talking, id: "a")
    let before = desk.desk.active
    let report = CallReport(
      .notEstablished, number: "+34612345678", call: "b", direction: .in,
      reason: Reason("busy", code: 486), name: "María López")
    let effects = desk.say(.line(.call(report)))
    #expect(
      effects.last
        == .tell(.notice(.info, "Turned away: María López, +34612345678: busy (486).")))
    #expect(desk.desk.active == before && desk.desk.other == nil)
    #expect(desk.desk.recent.first?.result == .turnedAway && desk.desk.recent.count == 1)
    #expect(desk.desk.today.calls == 0)
    // Once: the same again is late.
    desk.say(.line(.call(report)))
    #expect(desk.desk.recent.count == 1 && desk.desk.anomalies[.lateEvent] == 1)
  }

  @Test func whatComesAfterTheEndIsCounted() {
    var desk = Script.up()
    desk.call(.calling, id: "a")
    desk.call(.notEstablished, id: "a", code: 486)
    let before = desk.desk.active
    for status in [CallReport.Status.ringing, .talking, .ended, .notEstablished] {
      desk.call(status, id: "a")
    }
    #expect(desk.desk.active == before)
    #expect(desk.desk.anomalies[.lateEvent] == 4)
    // The same holds once the next call has begun.
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.call(.ringing, id: "a")
    #expect(desk.desk.attempt?.seen == false && desk.desk.anomalies[.lateEvent] == 5)
  }

  @Test func aLineMayUseAnIdAgain() {
    var desk = Script.up()
    desk.call(.calling, id: "1")
    desk.call(.ended, id: "1")
    desk.say(.dial(phone: "2025550100", info: ""))
    desk.call(.calling, "2025550100", id: "1")
    desk.call(.ringing, "2025550100", id: "1")
    #expect(desk.desk.active?.phase == .ringing && desk.desk.anomalies.isEmpty)
    // A line that died and came back counts from the beginning.
    desk.say(.line(.died(reason: "killed", retryIn: 0)))
    desk.say(.line(.started))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.call(.ringing, "3", id: "1", .in)
    #expect(desk.desk.active?.isRingingHere == true && desk.desk.anomalies.isEmpty)
  }

  @Test func onALineWithoutIdsAnotherNumberClosesTheOldCall() {
    var desk = Script.up()
    desk.call(.calling)
    desk.call(.talking)
    desk.wait(9)
    desk.call(.calling, "2025550100")
    #expect(desk.desk.active?.phase == .calling && desk.desk.openCalls.count == 1)
    #expect(desk.desk.recent.first?.reason?.text == "end not seen")
  }

  @Test func aRejectedWhileTalkingIsEnded() {
    var desk = Script.up()
    desk.call(.calling)
    desk.call(.talking)
    desk.call(.notEstablished)
    if case .ended = desk.desk.active?.phase {} else { Issue.record("not ended") }
  }

  @Test func theSeatKnowsOfAnEndThatNobodyReported() {
    var desk = Script.up([.dial, .seat])
    desk.say(.line(.seat(.idle)))
    desk.call(.talking)
    desk.say(.line(.seat(.busy)))
    let effects = desk.say(.line(.seat(.postCall)))
    #expect(effects.contains(.startTimer(.inferEnd, after: 5 * Instant.second)))
    desk.wait(5)
    desk.say(.timer(.inferEnd))
    #expect(desk.desk.active?.end?.by == .inferred)

    var back = Script.up([.dial, .seat])
    back.call(.talking)
    back.say(.line(.seat(.idle)))
    #expect(back.say(.line(.seat(.busy))).contains(.cancelTimer(.inferEnd)))
    back.say(.timer(.inferEnd))
    #expect(back.desk.active?.isOpen == true)
  }

  @Test func anInboundCallRingsIsAnsweredAndLeavesPostCall() throws {
    var desk = Script.up()
    let effects = desk.call(.ringing, "+34612345678", id: "i", .in)
    #expect(effects.contains(.bell(.incoming)))
    #expect(desk.desk.seat.seat == .idle, "a call that only rings does not make busy")
    desk.say(.answer(try #require(desk.desk.active?.id)))
    #expect(desk.sent.last == .answer(id: 2, call: "i"))
    desk.call(.talking, "+34612345678", id: "i")
    #expect(desk.desk.seat.seat == .busy)
    desk.call(.ended, id: "i")
    #expect(desk.desk.seat.seat == .postCall)
  }

  @Test func aMissedCallLeavesTheSeatAlone() {
    var desk = Script.up()
    let since = desk.desk.seat.since
    desk.wait(10)
    desk.call(.ringing, id: "i", .in)
    desk.wait(20)
    desk.call(.notEstablished, id: "i", code: 487)
    #expect(desk.desk.recent.first?.result == .missed)
    #expect(desk.desk.seat.since == since)
  }

  @Test func inBreakAndPostCallAnInboundCallIsTurnedAway() {
    var desk = Script.up()
    desk.say(.choose(.shortBreak))
    let effects = desk.call(.ringing, id: "i", .in)
    #expect(!effects.contains(.bell(.incoming)))
    #expect(
      desk.sent.last == .reject(id: 3, call: "i") || desk.sent.last == .reject(id: 2, call: "i"))
    desk.call(.notEstablished, id: "i")
    #expect(desk.desk.recent.first?.result == .turnedAway)
    #expect(desk.desk.seat.seat == .shortBreak)
  }

  @Test func aCallThatWaitsIsTheOtherOne() throws {
    var desk = Script.up()
    desk.call(.calling, id: "a")
    desk.call(.talking, id: "a")
    desk.call(.ringing, "+34612345678", id: "w", .in)
    #expect(desk.desk.other?.lineID == "w" && desk.desk.active?.lineID == "a")
    desk.say(.swap(try #require(desk.desk.active?.id)))
    #expect(desk.sent.suffix(2) == [.hold(id: 2, call: "a", on: true), .answer(id: 3, call: "w")])
    desk.call(.talking, "+34612345678", id: "w")
    #expect(desk.desk.active?.lineID == "w" && desk.desk.other?.lineID == "a")
    desk.call(.ended, id: "w")
    #expect(desk.desk.active?.lineID == "a" && desk.desk.other == nil)
    #expect(desk.desk.seat.seat == .busy)
    desk.call(.ended, id: "a")
    #expect(desk.desk.seat.seat == .postCall)
  }

  @Test func aConsultationIsJoinedOrFallsBack() throws {
    for joins in [true, false] {
      var desk = Script.up()
      desk.call(.calling, "+34612345678", id: "a")
      desk.call(.talking, "+34612345678", id: "a")
      desk.say(.transfer(try #require(desk.desk.active?.id), to: "1020", consult: true))
      desk.say(.line(.callState(call: "a", held: true, muted: nil)))
      desk.call(.calling, "1020", id: "b", .out)
      #expect(desk.desk.active?.lineID == "b" && desk.desk.other?.lineID == "a")
      desk.call(.talking, "1020", id: "b")
      let second = try #require(desk.desk.active?.id)
      if joins {
        desk.say(.join(second))
        if case .join(_, "a", "b") = desk.sent.last {} else { Issue.record("\(desk.sent)") }
        desk.call(.ended, id: "b")
        desk.call(.ended, id: "a")
        #expect(desk.desk.seat.seat == .postCall)
      } else {
        desk.say(.hangUp(second))
        desk.call(.ended, id: "b")
        #expect(desk.desk.active?.lineID == "a" && desk.desk.other == nil)
        #expect(desk.desk.active?.talk?.heldSince != nil)
      }
    }
  }

  @Test func aCommandForAnotherCallDoesNothing() throws {
    var desk = Script.up()
    desk.call(.calling, id: "a")
    let old = try #require(desk.desk.active?.id)
    desk.call(.ended, id: "a")
    desk.call(.calling, id: "b")
    let sent = desk.sent
    for event: DeskEvent in [
      .hangUp(old), .answer(old), .hold(old, true), .mute(old, true), .swap(old), .dtmf(old, "1"),
      .transfer(old, to: "1020", consult: false), .join(old), .cutLine(old),
    ] {
      desk.say(event)
    }
    #expect(desk.sent == sent && desk.desk.active?.isOpen == true)
    #expect(desk.notices.filter { $0 == "The call has changed: nothing was done." }.count == 9)
  }

  @Test func holdAndMuteFollowTheLinesWord() throws {
    var desk = Script.up()
    desk.call(.talking, id: "a")
    let id = try #require(desk.desk.active?.id)
    desk.say(.hold(id, true))
    #expect(desk.desk.active?.talk?.heldSince == nil, "not before the line says so")
    let effects = desk.say(.line(.result(id: 2, ok: true, error: "")))
    #expect(effects.contains(.startTimer(.heldBell, after: 60 * Instant.second)))
    #expect(desk.say(.timer(.heldBell)).first == .bell(.soft))
    #expect(
      desk.say(.line(.callState(call: "a", held: false, muted: true))).contains(
        .cancelTimer(.heldBell)))
    #expect(desk.desk.active?.talk?.muted == true)
    desk.say(.mute(id, false))
    desk.say(.line(.result(id: 3, ok: false, error: "no device")))
    #expect(desk.notices.last == "unmute failed: line: no device")
  }

  @Test func tonesAreCheckedAndTold() throws {
    var desk = Script.up()
    desk.call(.talking, id: "a")
    let id = try #require(desk.desk.active?.id)
    #expect(desk.say(.dtmf(id, "12#")).last == .tell(.tones("12#")))
    let sent = desk.sent.count
    desk.say(.dtmf(id, "12x"))
    #expect(desk.sent.count == sent)
  }

  @Test func notesFindTheirCall() throws {
    var desk = Script.up()
    desk.call(.talking, id: "a")
    let id = try #require(desk.desk.active?.id)
    desk.say(.note(id, "asks for the March invoice"))
    desk.call(.ended, id: "a")
    #expect(desk.desk.recent.first?.note == "asks for the March invoice")
    desk.say(.note(id, "and April"))
    #expect(desk.desk.recent.first?.note == "and April")
    #expect(desk.say(.note(Call.ID(99), "x")) == [])
  }
}
