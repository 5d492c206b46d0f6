// A call that may be gone is asked about, in its own dialog.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct DoubtTests {
  /// How a far end answers the question.
  enum Answer: String, CaseIterable, Sendable {
    case itKnows, itDoesNot, itHangsUp, itWillNot, itSaysNothing
  }

  private func answer(
    _ answer: Answer, _ dialog: ScriptedDialog, _ line: LineUnderTest, within seconds: Double = 20
  ) async throws {
    var dialog = dialog
    let pbx = dialog.pbx
    let question = try await pbx.next("a question", within: seconds) {
      $0.hasPrefix("INVITE ") && ScriptedDialog.value("to", $0).contains(";tag=far")
    }
    #expect(question.contains("a=sendrecv"))
    switch answer {
    case .itKnows:
      pbx.send(dialog.answer(question, "200 OK", body: HostileMessages.sound))
      try await pbx.next("ACK")
    case .itDoesNot:
      pbx.send(dialog.answer(question, "481 Call Does Not Exist"))
      let end = try await line.call(.ended)
      #expect(end.reason == Reason("the far end has lost the call") && end.call == dialog.id)
      try await pbx.next("ACK")
      return
    case .itHangsUp:
      pbx.send(dialog.request("BYE"))
      #expect(try await line.call(.ended).reason == Reason("the far end hung up"))
      return
    case .itWillNot:
      pbx.send(dialog.answer(question, "488 Not Acceptable Here"))
      try await pbx.next("ACK")
    case .itSaysNothing: break
    }
    // It is there: it goes on, and nothing is told.
    try await line.fence()
    try await line.fence()
    #expect(
      !line.seen.contains { event in
        if case .call(let report) = event { report.status == .ended } else { false }
      })
    let held = line.seen.contains { if case .callState(_, .some, _) = $0 { true } else { false } }
    #expect(!held)
    line.send(.hangUp(id: 60, call: dialog.id))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
  }

  @Test("after a transfer that failed", arguments: ScriptedPBX.transports, Answer.allCases)
  func afterATransfer(_ transport: String, _ answer: Answer) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    var dialog = try await pbx.takesCall(line)
    line.send(.transfer(id: 50, call: dialog.id, to: "5550100", consult: false))
    pbx.send(dialog.answer(try await pbx.next("REFER"), "202 Accepted"))
    pbx.send(
      dialog.request(
        "NOTIFY",
        [
          "Event: refer", "Subscription-State: terminated;reason=noresource",
          "Content-Type: message/sipfrag;version=2.0",
        ], body: "SIP/2.0 486 Busy Here\r\n"))
    #expect(try await line.transfer(.failed) == "busy here")
    try await self.answer(answer, dialog, line)
    #expect(try await line.ends())
  }

  /// The telephone system was killed and is there again; the call is not.
  @Test("after the way was lost", arguments: ["tcp", "tls"], [Answer.itKnows, .itDoesNot])
  func afterTheWayWasLost(_ transport: String, _ answer: Answer) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    pbx.shut()
    try await line.wait("lost") { if case .unregistered = $0 { true } else { nil } }
    try await pbx.open()
    try await self.answer(answer, dialog, line)
    #expect(try await line.ends())
  }

  @Test("after the way was lost over UDP", arguments: [Answer.itKnows, .itDoesNot])
  func afterTheWayWasLostOverUDP(_ answer: Answer) async throws {
    let pbx = try await ScriptedPBX("udp")
    let line = try LineUnderTest()
    try await pbx.signIn(line, [("keepaliveSeconds", 1), ("firstAnswerSeconds", 1)])
    let dialog = try await pbx.takesCall(line)
    pbx.isMute = true
    try await line.wait("lost") { if case .unregistered = $0 { true } else { nil } }
    pbx.isMute = false
    try await self.answer(answer, dialog, line)
    #expect(try await line.ends())
  }

  @Test("after its sound has stopped", arguments: [Answer.itKnows, .itDoesNot])
  func afterItsSoundStopped(_ answer: Answer) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine("tcp")
    let dialog = try await pbx.takesCall(line)
    try await line.log("you hear nothing")
    try await self.answer(answer, dialog, line)
    #expect(try await line.ends())
  }

  /// Nothing is heard of a call on hold, so nothing tells that it is gone: it is asked now and then.
  @Test("while it is on hold", arguments: ScriptedPBX.transports, [Answer.itKnows, .itDoesNot])
  func whileItIsOnHold(_ transport: String, _ answer: Answer) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport, [("keepaliveSeconds", 1)])
    let dialog = try await pbx.takesCall(line)
    let id = dialog.id
    async let held = line.ask { .hold(id: $0, call: id, on: true) }
    let body = HostileMessages.sound + "a=recvonly\r\n"
    pbx.send(dialog.answer(try await pbx.next("INVITE"), "200 OK", body: body))
    try await pbx.next("ACK")
    #expect(try await held == nil)
    for _ in 1...(answer == .itKnows ? 2 : 1) {
      let question = try await pbx.next("INVITE", within: 20)
      #expect(question.contains("a=sendonly"))
      if answer == .itKnows {
        pbx.send(dialog.answer(question, "200 OK", body: body))
      } else {
        pbx.send(dialog.answer(question, "481 Call Does Not Exist"))
        #expect(try await line.call(.ended).reason == Reason("the far end has lost the call"))
      }
      try await pbx.next("ACK")
    }
    #expect(try await line.ends())
  }

  /// Who asks us about a call that is over is told so, as we would want to be.
  @Test(arguments: ScriptedPBX.transports)
  func whoAsksUsIsToldTheTruth(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    var dialog = try await pbx.takesCall(line)
    for method in ["OPTIONS"] {
      pbx.send(dialog.request(method))
      try await pbx.answer(200, to: method)
    }
    line.send(.hangUp(id: 50, call: dialog.id))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    try await line.call(.ended)
    for method in ["OPTIONS", "INVITE", "BYE", "INFO"] {
      pbx.send(dialog.request(method, body: method == "INVITE" ? HostileMessages.sound : ""))
      try await pbx.answer(481, to: method)
      if method == "INVITE" { pbx.send(dialog.request("ACK")) }
    }
    #expect(try await line.ends())
  }

  /// A NOTIFY that says that its subscription is over draws no request, let alone thousands a second.
  @Test(
    arguments: ScriptedPBX.transports,
    ["active;expires=0", "active", "pending;expires=0", "terminated"])
  func aNotifyDrawsNothing(_ transport: String, _ state: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    var dialog = try await pbx.takesCall(line)
    line.send(.transfer(id: 50, call: dialog.id, to: "5550100", consult: false))
    let refer = try await pbx.next("REFER")
    pbx.send(dialog.answer(refer, "202 Accepted"))
    _ = try await line.transfer(.trying)
    for _ in 1...5 {
      pbx.send(
        dialog.request(
          "NOTIFY",
          [
            "Event: refer;id=\(ScriptedDialog.number(refer))", "Subscription-State: \(state)",
            "Content-Type: message/sipfrag",
          ], body: "SIP/2.0 100 Trying\r\n"))
      try await pbx.answer(to: "NOTIFY")
    }
    if state == "terminated" {
      #expect(try await line.transfer(.failed) == "the far end does not say how it went")
    }
    for _ in 1...20 { try await line.fence() }
    #expect(!pbx.waiting.contains { $0.hasPrefix("SUBSCRIBE ") })
    if state != "terminated" {
      pbx.send(
        dialog.request(
          "NOTIFY",
          [
            "Event: refer", "Subscription-State: terminated", "Content-Type: message/sipfrag",
          ], body: "SIP/2.0 200 OK\r\n"))
      _ = try await line.transfer(.done)
      pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    }
    try await line.fence()
    #expect(!pbx.waiting.contains { $0.hasPrefix("SUBSCRIBE ") })
    #expect(try await line.ends())
  }

  /// Of two transfers of one call, each hears of itself.
  @Test func theOutcomeOfAnotherTransfer() async throws {
    let (line, pbx) = try await ScriptedPBX.withLine("tcp")
    var dialog = try await pbx.takesCall(line)
    func notify(_ id: UInt32, _ status: String) {
      pbx.send(
        dialog.request(
          "NOTIFY",
          [
            "Event: refer;id=\(id)", "Subscription-State: terminated",
            "Content-Type: message/sipfrag",
          ], body: "SIP/2.0 \(status)\r\n"))
    }
    line.send(.transfer(id: 50, call: dialog.id, to: "1", consult: false))
    let first = try await pbx.next("REFER")
    pbx.send(dialog.answer(first, "603 Decline"))
    _ = try await line.transfer(.failed)
    line.send(.transfer(id: 51, call: dialog.id, to: "2", consult: false))
    let second = try await pbx.next("REFER")
    pbx.send(dialog.answer(second, "202 Accepted"))
    notify(ScriptedDialog.number(first), "200 OK")
    try await line.fence()
    try await line.fence()
    notify(ScriptedDialog.number(second), "486 Busy Here")
    #expect(try await line.transfer(.failed) == "busy here")
    line.send(.hangUp(id: 60, call: dialog.id))
    #expect(try await line.ends())
  }
}
