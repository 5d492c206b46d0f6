// How calls end before the answer, who is there after a transfer, and hold by the far end: on the screen.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct EndPictureTests {
  private func ringing() -> Stage {
    var stage = Story.idleForLong
    stage.call(.ringing, "+34612345678", id: "i", .in, name: "María López")
    stage.wait(6)
    return stage
  }

  private func end(_ stage: inout Stage, _ kind: EndKind, _ reason: Reason? = nil, id: String = "i")
  {
    stage.line(
      .call(
        CallReport(
          .notEstablished, number: "+34612345678", call: id, direction: .in, reason: reason,
          name: "María López", kind: kind)))
  }

  @Test func aColleagueWasQuicker() {
    var stage = ringing()
    end(&stage, .answeredElsewhere, Reason("answered by a colleague", cause: 26))
    stage.wait(3)
    Story.check("answered-elsewhere", stage)
  }

  @Test func itStoppedRinging() {
    var stage = ringing()
    end(&stage, .stoppedRinging)
    stage.wait(3)
    Story.check("stopped-ringing", stage)
  }

  /// The telephone system went away in the talk: that is no hang-up.
  @Test func aTalkIsCutOff() {
    var stage = ringing()
    stage.call(.talking, "+34612345678", id: "i", .in)
    stage.wait(26)
    stage.call(
      .ended, "+34612345678", id: "i", .in, reason: Reason("the far end has lost the call"))
    stage.wait(2)
    Story.check("cut-off", stage)
    #expect(stage.frame(20, 5).text.contains { $0.contains("CUT OFF") })
    // Beside another call it is a sentence.
    var two = ringing()
    two.call(.talking, "+34612345678", id: "i", .in)
    two.press("<F7>1020<Enter>")
    two.line(.callState(call: "i", held: true, muted: nil))
    two.call(.calling, "1020", id: "d", .out)
    two.call(.talking, "1020", id: "d", .out)
    two.call(.ended, id: "i", reason: Reason("the far end has lost the call"))
    #expect(two.message == "! María López: the far end has lost the call.")
  }

  /// A queue that calls her in her break every second is one line.
  @Test func oneCallerIsTurnedAwayAgainAndAgain() {
    var stage = Story.idleForLong
    stage.press("<F2>p")
    for id in ["z1", "z2", "z3"] {
      stage.call(.ringing, "+33140000000", id: id, .in, name: "Zoé")
      stage.call(.notEstablished, "+33140000000", id: id, .in)
    }
    stage.wait(2)
    // In Recent, and beside it as the last one.
    #expect(stage.text.count { $0.contains("3 turned away") } == 2)
  }

  @Test func severalCouldNotBeTaken() {
    var stage = Story.idleForLong
    for id in ["r1", "r2", "r3"] {
      end(&stage, .notTaken, Reason("no common sound", code: 488), id: id)
    }
    stage.wait(2)
    Story.check("not-taken", stage)
    // The others are told when the minute is over.
    stage.tell(.timer(.notTaken))
    guard case .text(let words)? = stage.screen.message?.content else {
      Issue.record("nothing was said")
      return
    }
    #expect(words.string.contains("3 calls in a minute"))
  }

  @Test func afterATransferInTheTelephoneSystem() {
    var stage = Story.talking
    stage.line(.party(call: "t", Party(number: "+34612345678", name: "María López")))
    stage.wait(4)
    Story.check("handed-over", stage)
  }

  @Test func whomTheCallerWanted() {
    var stage = Story.idleForLong
    stage.line(
      .call(
        CallReport(
          .ringing, number: "+34612345678", call: "i", direction: .in, name: "María López",
          called: Party(number: "1800", name: "Sales"))))
    stage.wait(2)
    Story.check("for-sales", stage)
    stage.call(.talking, id: "i", .in)
    #expect(stage.desk.active?.called?.name == "Sales")
  }

  @Test func heldByBoth() {
    var stage = Story.talking
    stage.line(.farHold(call: "t", true))
    stage.wait(5)
    Story.check("far-held", stage)
    stage.line(.callState(call: "t", held: true, muted: nil))
    stage.line(.farHold(call: "t", false))
    #expect(stage.desk.active?.isHeld == true && stage.desk.active?.talk?.farHeldSince == nil)
  }

  /// A warning of a call is gone with it, and so is what it said.
  @Test func aWarningGoesWithItsCall() {
    var stage = Story.talking
    stage.line(.remark(call: "t", .warning, "you hear nothing"))
    #expect(stage.screen.message?.content == .text("line: you hear nothing"))
    stage.call(.ended, id: "t")
    #expect(stage.screen.message == nil)
    // One of another call stays.
    var two = Story.consultation
    two.line(.remark(call: "j", .warning, "you hear nothing"))
    two.call(.ended, "+34612345678", id: "i")
    #expect(two.screen.message != nil)
  }

  @Test(
    arguments: [
      (.answeredElsewhere, .info, "María López: answered by a colleague."),
      (.stoppedRinging, .info, "María López stopped ringing."),
      (.callerGaveUp, .info, "Missed: María López."),
      (.notTaken, .warning, "María López could not be taken: no sound (480)."),
    ] as [(EndKind, NoticeLevel, SafeText)])
  func besideAnotherCall(_ kind: EndKind, _ level: NoticeLevel, _ words: SafeText) {
    var stage = Story.talking
    stage.call(.ringing, "+34612345678", id: "i", .in, name: "María López")
    end(&stage, kind, kind == .notTaken ? Reason("no sound", code: 480) : nil)
    #expect(stage.screen.message?.level == level && stage.screen.message?.content == .text(words))
  }
}
