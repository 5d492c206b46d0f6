// Whose a report is where two could have it: by its number, by its id, by a dial that was given up.

import Testing

@testable import CCCore

@Suite struct WhoseReportTests {
  /// A withheld number fits every report; the call that has the number has the better claim.
  @Test func aReportWithoutAnIdIsOfTheCallWithItsNumber() {
    var desk = Script.up()
    desk.call(.talking, nil, id: "a", .in)
    desk.call(.ringing, "2025550100", id: "w", .in)
    desk.call(.notEstablished, "2025550100")
    #expect(desk.desk.openCalls.map(\.lineID) == ["a"])
    #expect(desk.desk.recent.map(\.result) == [.missed])
  }

  /// What the line called the dialled number once, it goes on to call it; a third number is another.
  @Test func aCallerIsNotTakenForTheDialThatTheLineHasNamed() {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.call(.calling, "+8613212345678")
    desk.call(.ringing, "2025550100", id: "w")
    #expect(desk.desk.openCalls.map(\.lineID) == [nil, "w"])
    #expect(desk.desk.other?.isRingingHere == true && desk.desk.other?.number == "2025550100")
    desk.call(.talking, "+8613212345678", id: "d")
    #expect(desk.desk.active?.lineID == "d" && desk.outcomes == [.answered])
  }

  /// The end of the first was not seen, and its late 3 says that it was answered.
  @Test func aLateAnswerOfACallWhoseEndWasNotSeenCorrectsItsRecord() {
    var desk = Script.up()
    desk.call(.calling)
    desk.wait(1)
    desk.call(.calling, "2025550100")
    #expect(desk.desk.recent.map(\.result) == [.unanswered])
    desk.wait(1)
    desk.call(.talking)
    #expect(desk.desk.recent.map(\.result) == [.answered])
    #expect(desk.desk.active?.phase == .calling && desk.desk.active?.number == "2025550100")
  }

  /// A call that nobody answered owes no post-call, also where its end was not seen.
  @Test func whatWasNeverAnsweredOwesNoPostCall() {
    for (first, owes) in [(CallReport.Status.calling, false), (.talking, true)] {
      var desk = Script.up()
      desk.call(first)
      desk.wait(1)
      desk.call(.calling, "2025550100")
      desk.wait(1)
      desk.call(.notEstablished, "2025550100", code: 486)
      #expect(desk.desk.seat.seat == (owes ? .postCall : .idle))
      #expect((desk.desk.wrapUp != nil) == owes)
    }
  }

  /// The seat that became idle since the end confirms no call that a late report may have begun.
  @Test func anIdleSeatShowsNoCall() {
    for (seat, isReal) in [(Seat.idle, false), (.shortBreak, false), (.busy, true)] {
      var desk = Script.up([.dial, .seat])
      desk.say(.line(.seat(.busy)))
      desk.call(.talking)
      desk.call(.ended)
      desk.say(.line(.seat(.postCall)))
      desk.wait(1)
      desk.call(.talking)
      desk.wait(0.5)
      desk.say(.line(.seat(seat)))
      desk.wait(1.5)
      desk.say(.timer(.lateReports))
      #expect(desk.desk.hasOpenCall == isReal, "\(seat)")
    }
  }

  /// The busy seat belongs to the call that is open: the late report began none beside it.
  @Test func aLateReportOpensNothingBesideAnOpenCall() {
    var desk = Script.up([.dial, .seat])
    desk.call(.talking)
    desk.call(.ended)
    desk.say(.line(.seat(.postCall)))
    desk.wait(1)
    desk.call(.talking)
    desk.wait(0.5)
    desk.call(.calling, "2025550100")
    desk.say(.line(.seat(.busy)))
    desk.wait(1.5)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.openCalls.map(\.number) == ["2025550100"] && desk.desk.recent.count == 1)
  }

  /// While she talks, a dial that the line reports under another number is not the cancelled one.
  @Test func inACallNothingOfAnotherNumberIsHungUp() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.talking, "222", id: "i", .in)
    desk.call(.calling, "2025550100", id: "b", .out)
    #expect(desk.desk.openCalls.count == 2 && desk.asked.allSatisfy { !$0.hasPrefix("hang up") })
    // With no call open there is nobody else who could have called out.
    var alone = Script.up()
    alone.say(.dial(phone: "13212345678", info: ""))
    alone.say(.hangUp(try #require(alone.desk.shownCallID)))
    alone.call(.calling, "2025550100", id: "b", .out)
    #expect(alone.asked.last == "hang up b")
  }

  /// A dial nobody heard of keeps its claim to its number when another call comes and goes.
  @Test func aDialNobodyHeardOfKeepsItsNumber() {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.wait(10)
    desk.say(.timer(.dialSilence))
    desk.call(.calling, "2025550100", id: "b", .out)
    desk.call(.notEstablished, "2025550100", id: "b", .out, code: 486)
    desk.call(.ringing, id: "c")
    #expect(desk.desk.active?.direction == .out && desk.desk.active?.isRingingHere == false)
    #expect(!desk.log.contains(.bell(.incoming)))
  }

  /// A call that only rings is neither held nor muted: what is said so waits for its answer.
  @Test func whatIsSaidOfACallThatDoesNotTalkWaits() {
    var desk = Script.up()
    desk.call(.ringing, "222", id: "i", .in)
    desk.say(.line(.callState(call: "i", held: true, muted: true)))
    #expect(desk.desk.anomalies.isEmpty && desk.desk.active?.isHeld == false)
  }

  /// A call that is being dialled while the seat is idle is not over by the word of the seat.
  @Test func theSeatEndsOnlyACallThatTalks() {
    var desk = Script.up([.dial, .seat])
    desk.say(.line(.seat(.idle)))
    let effects = desk.call(.calling)
    #expect(!effects.contains(.startTimer(.inferEnd, after: 5 * Instant.second)))
    desk.say(.timer(.inferEnd))
    #expect(desk.desk.active?.phase == .calling && desk.desk.recent.isEmpty)
  }

  /// The extension that was dialled waits for its own call: a caller meanwhile has none.
  @Test func aCallerHasNoTonesOfTheDialThatWaits() {
    var desk = Script.up()
    desk.say(.dial(phone: "2025550100,,5", info: ""))
    desk.call(.ringing, "222", id: "i", .in)
    #expect(desk.desk.active?.lineID == "i" && desk.desk.active?.nextTones == nil)
    desk.call(.calling, "2025550100", id: "b", .out)
    #expect(desk.desk.openCalls.first { $0.lineID == "b" }?.nextTones == "5")
  }
}
