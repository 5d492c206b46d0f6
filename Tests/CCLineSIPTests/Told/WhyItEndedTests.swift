// Why a call stopped ringing, came to nothing, or was ended: as the telephone system says it on the wire.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct WhyItEndedTests {
  static let transports = ["udp", "tcp", "tls"]

  @Test(
    arguments: transports,
    [
      ("SIP;cause=200;text=\"Call completed elsewhere\", Q.850;cause=26", .answeredElsewhere),
      ("Q.850;cause=19;text=\"NO_ANSWER\"", .rangOut), ("Q.850;cause=0", .stoppedRinging),
      ("SIP;cause=487;text=\"ORIGINATOR_CANCEL\"", .callerGaveUp), (nil, .callerGaveUp),
    ] as [(String?, EndKind)])
  func itStopsRinging(_ transport: String, _ why: (String?, EndKind)) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let invite = ScriptedDialog.invite(pbx)
    pbx.send(invite)
    let id = try await line.call(.ringing).call
    // One of another branch is nobody's, and its reason nobody's either.
    pbx.send(
      ScriptedDialog.cancel(invite, ["Reason: SIP;cause=200"])
        .replacingOccurrences(of: "branch=z9hG4bK", with: "branch=z9hG4bKno"))
    try await pbx.answer(481, to: "CANCEL")
    pbx.send(ScriptedDialog.cancel(invite, why.0.map { ["Reason: \($0)"] } ?? []))
    let end = try await line.call(.notEstablished)
    #expect(end.call == id && end.kind == why.1)
    #expect(end.reason == StopReason(why.0.map { [$0] } ?? []).ofRinging.reason)
    try await pbx.answer(487, to: "INVITE")
    #expect(try await line.ends())
  }

  /// An early BYE says it as well (RFC 3261 section 15 lets a caller do so).
  @Test(arguments: transports)
  func anEarlyGoodbye(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    var (dialog, invite) = try await pbx.rings()
    pbx.send(dialog.request("BYE", ["Reason: SIP;cause=200"]))
    #expect(try await line.call(.notEstablished).kind == .answeredElsewhere)
    #expect(try await line.ends())
  }

  @Test(
    arguments: transports,
    [
      ("603 Decline", ["Reason: Q.850;cause=16"], .unanswered, "ended before an answer (603)"),
      ("603 Decline", ["Reason: Q.850;cause=21"], .rejected, "declined (603)"),
      (
        "503 No", ["Reason: Q.850;cause=34", "Retry-After: 120"], .unanswered,
        "no line is free; another try may succeed; try again in 2 minutes (503)"
      ),
      (
        "488 No", ["Warning: 304 pbx \"No SRTP\""], nil, "no common sound: No SRTP (488)"
      ),
      ("486 Busy Here", [], nil, "busy here (486)"),
    ] as [(String, [String], EndKind?, String)])
  func aDialComesToNothing(
    _ transport: String, _ answer: (String, [String], EndKind?, String)
  ) async throws {
    let pbx = try await ScriptedPBX(transport)
    let line = try LineUnderTest()
    // Encrypted sound that is refused would be offered in the clear once more.
    try await pbx.signIn(line, [("srtp", "off")])
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    let dialog = ScriptedDialog(pbx, invited: invite)
    pbx.send(dialog.answer(invite, "180 Ringing"))
    try await line.call(.ringing)
    pbx.send(dialog.answer(invite, answer.0, answer.1))
    let end = try await line.call(.notEstablished)
    #expect(end.kind == answer.2 && end.reason?.text == answer.3)
    #expect(try await line.ends())
  }

  @Test(
    arguments: transports,
    [
      (
        "FreeSWITCH;cause=604;text=\"MEDIA_TIMEOUT\"",
        "the telephone system heard no sound and ended it"
      ),
      ("SIP;cause=602;text=\"ALLOTTED_TIMEOUT\"", "the time allowed for the call is over"),
      ("Q.850;cause=16;text=\"NORMAL_CLEARING\"", "the far end hung up"),
      (nil, "the far end hung up"),
    ] as [(String?, String)])
  func aCallThatTalked(_ transport: String, _ why: (String?, String)) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    for isIn in [false, true] {
      var dialog = isIn ? try await pbx.calls(line) : try await pbx.takesCall(line)
      pbx.send(dialog.request("BYE", why.0.map { ["Reason: \($0)"] } ?? []))
      let end = try await line.call(.ended)
      #expect(end.reason?.text == why.1 && end.kind == nil)
    }
    #expect(try await line.ends())
  }

  /// What warns of a call is told with its call: it goes with it.
  @Test func aWarningNamesItsCall() async throws {
    let pbx = try await ScriptedPBX("udp")
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    let dialog = try await pbx.takesCall(line)
    let (call, words) = try await line.wait("silence") { event -> (String, SafeText)? in
      if case .remark(let call, .warning, let words) = event { (call, words) } else { nil }
    }
    #expect(call == dialog.id && words.string.hasPrefix("you hear nothing"))
    // It is true at any later moment too.
    #expect(words.string.hasSuffix("for more than 3 s"))
    #expect(try await line.ends())
  }
}

extension ScriptedDialog {
  /// Takes an INVITE back.
  static func cancel(_ invite: String, _ headers: [String] = []) -> String {
    let lines = invite.components(separatedBy: "\r\n")
    let kept = lines.filter { line in
      ["Via:", "Max-Forwards:", "From:", "To:", "Call-ID:"].contains { line.hasPrefix($0) }
    }
    let uri = lines[0].split(separator: " ")[1]
    return
      (["CANCEL \(uri) SIP/2.0"] + kept + ["CSeq: \(number(invite)) CANCEL"] + headers
      + ["Content-Length: 0", "", ""]).joined(separator: "\r\n")
  }
}

extension ScriptedPBX {
  /// Calls a line, which answers; the dialog.
  func calls(
    _ line: LineUnderTest, headers: [String] = [], body: String = HostileMessages.sound
  ) async throws -> ScriptedDialog {
    let invite = ScriptedDialog.invite(self, headers: headers, body: body)
    send(invite)
    let id = try await line.call(.ringing).call
    if let why = try await line.ask({ .answer(id: $0, call: id) }) { throw NotInTime("\(why)") }
    let answer = try await answer(200, to: "INVITE")
    var dialog = ScriptedDialog(self, called: invite, answered: answer)
    dialog.id = id
    send(dialog.request("ACK", number: 1))
    try await line.fence()
    return dialog
  }
}
