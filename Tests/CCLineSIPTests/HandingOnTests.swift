// Two calls that are to become one of others: who may be asked, who may be joined, and who says that it is done.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct HandingOnTests {
  /// A line in a call with a scripted telephone system.
  private func inCall(
    _ transport: String = "udp", callWaiting: Bool = false
  ) async throws -> (pbx: ScriptedPBX, line: LineUnderTest, customer: ScriptedDialog) {
    let pbx = try await ScriptedPBX(transport)
    let line = try LineUnderTest()
    try await pbx.signIn(
      line,
      [
        ("dialPlan", "0900X. -> refuse: no premium numbers"), ("emergency", "70000"),
        ("callWaiting", .bool(callWaiting)),
      ])
    return (pbx, line, try await pbx.takesCall(line))
  }

  private func consult(_ line: LineUnderTest, _ call: String?, _ number: String) async throws
    -> SafeText?
  {
    try await line.ask { .transfer(id: $0, call: call, to: number, consult: true) }
  }

  /// Lets a call be held, and the one that is asked answer.
  private func asks(
    _ pbx: ScriptedPBX, _ line: LineUnderTest, _ customer: ScriptedDialog, _ number: String
  ) async throws -> ScriptedDialog {
    line.send(.transfer(id: 60, call: customer.id, to: number, consult: true))
    let hold = try await pbx.next("INVITE")
    pbx.send(customer.answer(hold, "200 OK", body: HostileMessages.sound))
    try await pbx.next("ACK")
    let invite = try await pbx.next("INVITE")
    #expect(invite.hasPrefix("INVITE sip:\(number)@"))
    var other = ScriptedDialog(pbx, invited: invite, tag: "other")
    pbx.send(other.answer(invite, "200 OK", body: HostileMessages.sound))
    try await pbx.next("ACK")
    other.id = try await line.call(.talking).call
    return other
  }

  private func isHeld(_ line: LineUnderTest) -> Bool {
    line.seen.contains { if case .callState(_, true?, _) = $0 { true } else { false } }
  }

  // MARK: Who may be asked

  @Test(arguments: ["udp", "tcp"])
  func whoIsNotCalledHoldsNobody(_ transport: String) async throws {
    let (pbx, line, customer) = try await inCall(transport)
    for (number, words) in [
      ("0900123", "no premium numbers"), ("70000", "emergency number"), ("alice", "no number"),
    ] {
      #expect(try await consult(line, customer.id, number)?.string.contains(words) == true)
    }
    try await line.fence()
    #expect(!isHeld(line) && !pbx.waiting.contains { $0.hasPrefix("INVITE ") })
    // The question counts: asked and asked again, with another one between.
    #expect(try await consult(line, customer.id, "70000")?.string.contains("emergency") == true)
    _ = try await asks(pbx, line, customer, "70000")
    #expect(isHeld(line))
  }

  /// She was held, and nobody could be called then: she is taken back.
  @Test func whoWasHeldForNothingIsTakenBack() async throws {
    let (pbx, line, customer) = try await inCall(callWaiting: true)
    line.send(.transfer(id: 60, call: customer.id, to: "1003", consult: true))
    let hold = try await pbx.next("INVITE")
    // Somebody calls before the hold is agreed on.
    pbx.send(ScriptedDialog.invite(pbx))
    try await line.call(.ringing)
    pbx.send(customer.answer(hold, "200 OK", body: HostileMessages.sound))
    let back = try await pbx.next("INVITE")
    #expect(!back.contains("a=sendonly") && !back.contains("a=inactive"))
    pbx.send(customer.answer(back, "200 OK", body: HostileMessages.sound))
    let why = try await line.wait("the answer") { event -> SafeText? in
      if case .result(60, false, let why) = event { why } else { nil }
    }
    #expect(why == "a call is open already")
    #expect(try await line.state(customer.id).held == true)
    #expect(try await line.state(customer.id).held == false)
  }

  // MARK: Who may be joined

  /// Neither way round is a call joined with one to a rescue service.
  @Test func noCallIsJoinedWithAnEmergencyNumber() async throws {
    let (pbx, line, customer) = try await inCall()
    #expect(try await consult(line, customer.id, "70000")?.string.contains("emergency") == true)
    let rescue = try await asks(pbx, line, customer, "70000")
    for (one, two) in [(customer.id, rescue.id), (rescue.id, customer.id)] {
      #expect(
        try await line.ask { .join(id: $0, call: one, with: two) }
          == "no call is handed to an emergency number")
    }
    try await line.fence()
    #expect(!pbx.waiting.contains { $0.hasPrefix("REFER ") || $0.hasPrefix("BYE ") })
    // Each can still be ended alone.
    line.send(.hangUp(id: 70, call: rescue.id))
    let bye = try await pbx.next("BYE")
    #expect(ScriptedDialog.value("call-id", bye) == rescue.callID)
  }

  // MARK: Who says that it is done

  private enum Word: CaseIterable { case before202, before200, before603, alone }

  /// The one who was asked hangs up her old call in the middle of it: what the far end then says of the
  /// transfer decides what that was.
  @Test(arguments: ["udp", "tcp"], [0, 1, 2, 3])
  func theSecondCallEndsBeforeTheAnswer(_ transport: String, _ order: Int) async throws {
    let word = Word.allCases[order]
    let (pbx, line, customer) = try await inCall(transport)
    var (first, other) = (customer, try await asks(pbx, line, customer, "1003"))
    line.send(.join(id: 70, call: first.id, with: other.id))
    let refer = try await pbx.next("REFER")
    #expect(refer.contains("Replaces="))
    let accepted = first.answer(refer, "202 Accepted")
    if word != .before202 { pbx.send(accepted) }
    pbx.send(other.request("BYE"))
    try await pbx.answer(200, to: "BYE")
    try await line.fence()
    #expect(!line.seen.contains { if case .call(let r) = $0 { r.status == .ended } else { false } })
    if word == .before202 { pbx.send(accepted) }
    if word != .alone {
      pbx.send(
        first.request(
          "NOTIFY",
          [
            "Event: refer", "Subscription-State: terminated;reason=noresource",
            "Content-Type: message/sipfrag",
          ], body: "SIP/2.0 \(word == .before603 ? "603 Decline" : "200 OK")\r\n"))
    }
    let isDone = word == .before202 || word == .before200
    _ = try await line.transfer(isDone ? .done : .failed)
    let ends = isDone ? [try await line.call(.ended), try await line.call(.ended)] : []
    if isDone {
      #expect(
        Set(ends.map(\.call)) == [first.id, other.id] && ends.allSatisfy { $0.reason == nil })
      let bye = try await pbx.next("BYE")
      #expect(ScriptedDialog.value("call-id", bye) == first.callID)
    } else {
      let end = try await line.call(.ended)
      #expect(end.call == other.id && end.reason == Reasons.hungUp)
      // The customer is still here.
      #expect(try await line.ask { .hold(id: $0, call: other.id, on: false) } == "the call is over")
      line.send(.hangUp(id: 80, call: first.id))
      try await pbx.next("BYE")
    }
  }

  /// Where the first is hung up as well, both were taken.
  @Test func bothCallsEndBeforeTheAnswer() async throws {
    let (pbx, line, customer) = try await inCall()
    var (first, other) = (customer, try await asks(pbx, line, customer, "1003"))
    line.send(.join(id: 70, call: first.id, with: other.id))
    pbx.send(first.answer(try await pbx.next("REFER"), "202 Accepted"))
    pbx.send(other.request("BYE"))
    try await pbx.answer(200, to: "BYE")
    pbx.send(first.request("BYE"))
    _ = try await line.transfer(.done)
    #expect(
      Set([try await line.call(.ended).call, try await line.call(.ended).call])
        == [first.id, other.id])
  }
}
