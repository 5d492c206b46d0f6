// What becomes of a customer who is being handed on: she is with the telephone system, and it tells.

import CCCore
import CCTestSupport
import Testing

@testable import CCLineSIP

@Suite struct OutcomeTests {
  /// A call whose transfer was accepted.
  private func begin(_ transport: String) async throws
    -> (line: LineUnderTest, pbx: ScriptedPBX, dialog: ScriptedDialog)
  {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    line.send(.transfer(id: 50, call: dialog.id, to: "5550100", consult: false))
    pbx.send(dialog.answer(try await pbx.next("REFER"), "202 Accepted"))
    _ = try await line.transfer(.trying)
    return (line, pbx, dialog)
  }

  private func tell(
    _ pbx: ScriptedPBX, _ dialog: inout ScriptedDialog, _ words: String, ends: Bool = false
  ) async throws {
    pbx.send(
      dialog.request(
        "NOTIFY",
        [
          "Event: refer",
          "Subscription-State: \(ends ? "terminated;reason=noresource" : "active;expires=599")",
          "Content-Type: message/sipfrag;version=2.0",
        ], body: "SIP/2.0 \(words)\r\n"))
    try await pbx.answer(200, to: "NOTIFY")
  }

  /// Ten seconds of silence are what a call is asked about that may be gone; some telephone systems end one
  /// that is asked while it is handed on.
  @Test(arguments: ["udp", "tls"])
  func silenceIsRightWhileItRings(_ transport: String) async throws {
    var (line, pbx, dialog) = try await begin(transport)
    try await tell(pbx, &dialog, "100 Trying")
    try await tell(pbx, &dialog, "180 Ringing")
    let began = Timer.now
    try await eventually("twelve seconds of ringing", within: 20) {
      Timer.since(began, at: Timer.now) >= 12_000
    }
    #expect(!pbx.waiting.contains { $0.hasPrefix("INVITE ") || $0.hasPrefix("UPDATE ") })
    #expect(!line.seen.contains { "\($0)".contains("you hear nothing") })
    // The colleague refuses: the customer is hers again, and silence says something.
    try await tell(pbx, &dialog, "486 Busy Here", ends: true)
    #expect(try await line.transfer(.failed) == "busy here")
    pbx.send(
      dialog.answer(try await pbx.next("INVITE"), "200 OK", body: HostileMessages.sound))
    try await pbx.next("ACK")
    try await line.log("you hear nothing")
    #expect(try await line.ends())
  }

  /// Whoever held her to hand her on takes her back the moment it has failed: a question at that moment would
  /// meet the resume, and each would refuse the other.
  @Test(arguments: ScriptedPBX.transports)
  func theResumeIsNotCrossed(_ transport: String) async throws {
    var (line, pbx, dialog) = try await begin(transport)
    try await tell(pbx, &dialog, "486 Busy Here", ends: true)
    let resume = dialog.request("INVITE", body: HostileMessages.sound)
    pbx.send(resume)
    try await pbx.answer(200, to: "INVITE")
    pbx.send(dialog.request("ACK", number: ScriptedDialog.number(resume)))
    #expect(try await line.transfer(.failed) == "busy here")
    // It knows the call, so nothing is asked.
    let began = Timer.now
    try await eventually("three seconds") { Timer.since(began, at: Timer.now) >= 3_000 }
    #expect(!pbx.waiting.contains { $0.hasPrefix("INVITE ") })
    #expect(try await line.ends())
  }

  enum Outcome: CaseIterable, Sendable { case taken, refused, untold }

  /// BYE ends the call, and not what was asked about the transfer (RFC 5057 section 4.1).
  @Test(arguments: ScriptedPBX.transports, Outcome.allCases)
  func theOutcomeIsToldAfterTheBye(_ transport: String, _ outcome: Outcome) async throws {
    var (line, pbx, dialog) = try await begin(transport)
    try await tell(pbx, &dialog, "180 Ringing")
    pbx.send(dialog.request("BYE"))
    try await pbx.answer(200, to: "BYE")
    #expect(try await line.call(.ended).call == dialog.id)
    try await comesOut(outcome, line, pbx, &dialog)
    // It is over: what comes now belongs to nothing.
    pbx.send(dialog.request("NOTIFY", ["Event: refer", "Subscription-State: terminated"]))
    try await pbx.answer(481, to: "NOTIFY")
    #expect(try await line.ends())
  }

  /// An agent who hangs up while it rings there is out of it; the customer is not lost by that.
  @Test(arguments: ScriptedPBX.transports, Outcome.allCases)
  func sheHangsUpMeanwhile(_ transport: String, _ outcome: Outcome) async throws {
    var (line, pbx, dialog) = try await begin(transport)
    try await tell(pbx, &dialog, "100 Trying")
    line.send(.hangUp(id: 51, call: dialog.id))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    #expect(try await line.call(.ended).call == dialog.id)
    try await comesOut(outcome, line, pbx, &dialog)
    #expect(try await line.ends())
  }

  /// Nothing was told of the outcome yet; then it comes, once.
  private func comesOut(
    _ outcome: Outcome, _ line: LineUnderTest, _ pbx: ScriptedPBX, _ dialog: inout ScriptedDialog
  ) async throws {
    try await line.fence()
    let isTold = line.seen.contains {
      switch $0 {
      case .transfer(_, .done, _), .transfer(_, .failed, _): true
      default: false
      }
    }
    #expect(!isTold)
    switch outcome {
    case .taken:
      try await tell(pbx, &dialog, "200 OK", ends: true)
      _ = try await line.transfer(.done)
    case .refused:
      try await tell(pbx, &dialog, "503 Service Unavailable", ends: true)
      #expect(try await line.transfer(.failed) == "service unavailable")
    case .untold:
      try await tell(pbx, &dialog, "180 Ringing", ends: true)
      #expect(try await line.transfer(.failed) == "the far end does not say how it went")
    }
  }

  /// Nothing was said of ringing: whoever hangs up has taken it.
  @Test func whoHangsUpAtOnceHasTakenIt() async throws {
    var (line, pbx, dialog) = try await begin("udp")
    try await tell(pbx, &dialog, "100 Trying")
    pbx.send(dialog.request("BYE"))
    _ = try await line.transfer(.done)
    #expect(try await line.call(.ended).call == dialog.id)
    #expect(try await line.ends())
  }
}
