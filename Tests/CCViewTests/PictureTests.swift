// The pictures of the design, line by line.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct PictureTests {
  @Test func idleWithNumberAndInfoTyped() {
    var stage = Story.idle
    stage.press("132 1234 5678<Tab>John Doe 20 years old 461385413131<S-Tab>")
    stage.turn(to: "14:03:00")
    Story.check("idle", stage)
  }

  @Test func talkingMutedNextChosenNoteWritten() { Story.check("talking", Story.talking) }

  @Test func aCallComesInWhileANumberIsTyped() { Story.check("incoming", Story.incoming) }

  @Test func postCall() { Story.check("post-call", Story.postCall) }

  @Test func theLinkIsLostDuringACall() { Story.check("link-lost", Story.linkLost) }

  @Test func aConsultation() { Story.check("consultation", Story.consultation) }

  @Test func aRefusedCallStays() {
    var stage = Story.idle
    stage.press("13212345678<Enter>")
    stage.call(.calling, id: "c")
    stage.wait(2)
    stage.call(.ringing, id: "c")
    stage.wait(6)
    stage.call(.notEstablished, id: "c", reason: Reason("busy here", code: 486))
    stage.wait(100)
    Story.check("refused", stage)
  }
}
