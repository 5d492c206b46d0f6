// An answer belongs to what was asked, by branch, method, number and host; a status is a number of three digits.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct BelongingTests {
  /// What an answer to a request looks like that belongs to another, or to nobody.
  private static func strays(_ answer: String) -> [(what: String, text: String)] {
    let sequence = ScriptedDialog.value("cseq", answer)
    let number = ScriptedDialog.number(answer)
    let method = sequence.split(separator: " ").last.map(String.init) ?? ""
    func with(_ other: String) -> String {
      answer.replacing("CSeq: \(sequence)", with: "CSeq: \(other)")
    }
    return [
      ("another branch", answer.replacing("branch=z9hG4bK", with: "branch=z9hG4bKx")),
      ("no branch", answer.replacing("branch=", with: "brunch=")),
      ("another method", with("\(number) \(method == "BYE" ? "INVITE" : "BYE")")),
      ("another number", with("\(number + 1) \(method)")),
      ("a number of 2^32 more", with("\(UInt64(number) + 4_294_967_296) \(method)")),
    ]
  }

  @Test(arguments: ScriptedPBX.transports)
  func aStrayAnswerMovesNothing(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    var dialog = ScriptedDialog(pbx, invited: invite)
    let right = dialog.answer(invite, "200 OK", body: HostileMessages.sound)
    for stray in Self.strays(right) { pbx.send(stray.text) }
    if let port = pbx.peerPort { try BareSocket(host: 2).send(right, to: port) }
    pbx.send(dialog.answer(invite, "180 Ringing"))
    dialog.id = try await line.call(.ringing).call
    try await line.fence()
    #expect(pbx.waiting.isEmpty, "\(pbx.waiting)")
    pbx.send(right)
    try await pbx.next("ACK")
    try await line.call(.talking)
    // In the call: a hold is agreed to by its own answer alone.
    let id = dialog.id
    async let held = line.ask { .hold(id: $0, call: id, on: true) }
    let request = try await pbx.next("INVITE")
    let agreed = dialog.answer(
      request, "200 OK", body: HostileMessages.sound + "a=recvonly\r\n")
    for stray in Self.strays(agreed) { pbx.send(stray.text) }
    // Whatever came before it is done when this is answered.
    pbx.send(dialog.request("INFO"))
    try await pbx.answer(200, to: "INFO")
    #expect(pbx.waiting.isEmpty, "\(pbx.waiting)")
    pbx.send(agreed)
    #expect(try await held == nil)
    // So is a hang-up.
    pbx.forget()
    line.send(.hangUp(id: 60, call: dialog.id))
    let bye = try await pbx.next("BYE")
    for stray in Self.strays(dialog.answer(bye, "200 OK")) { pbx.send(stray.text) }
    let again = try await pbx.next("the BYE once more", within: 20) { $0.hasPrefix("BYE ") }
    pbx.send(dialog.answer(again, "200 OK"))
    #expect(try await line.quit() == 0)
  }

  static let noCodes = ["4294967301 OK", "99 Low", "700 High", "0200 OK", "OK", "-1 What"]

  /// A dial, a hold, a hang-up: what is no status is a 400 to whoever waits.
  @Test(arguments: ScriptedPBX.transports, noCodes)
  func whatIsNoStatusIsABadRequest(_ transport: String, _ status: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    pbx.send(ScriptedDialog(pbx, invited: invite).answer(invite, status))
    #expect(try await line.call(.notEstablished).reason?.code == 400)
    try await pbx.next("ACK")
    pbx.forget()
    let dialog = try await pbx.takesCall(line)
    async let held = line.ask { .hold(id: $0, call: dialog.id, on: true) }
    pbx.send(dialog.answer(try await pbx.next("INVITE"), status))
    #expect(try await held != nil)
    line.send(.hangUp(id: 60, call: dialog.id))
    pbx.send(dialog.answer(try await pbx.next("BYE"), status))
    try await line.call(.ended)
    #expect(try await line.quit() == 0)
  }

  @Test(arguments: ScriptedPBX.transports, noCodes)
  func aRegistrarWithoutAStatusRefuses(_ transport: String, _ status: String) async throws {
    let pbx = try await ScriptedPBX(transport)
    pbx.welcome = { ScriptedDialog.answer(to: $0, status, tag: "pbx") }
    let line = try LineUnderTest()
    line.register(pbx.configuration(line))
    let reason = try await line.wait("unregistered", within: 30) { event -> String? in
      if case .unregistered(let reason, .some, final: false) = event { reason.string } else { nil }
    }
    #expect(reason.contains("(400)"), "\(reason)")
    pbx.welcome = { _ in nil }
    try await line.wait("registered", within: 30) { if case .registered = $0 { true } else { nil } }
  }

  /// A status line without its reason is one all the same.
  @Test(arguments: ScriptedPBX.transports, [" ", ""])
  func aReasonMayBeMissing(_ transport: String, _ blank: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    let dialog = ScriptedDialog(pbx, invited: invite)
    pbx.send(
      dialog.answer(invite, "200 OK", body: HostileMessages.sound)
        .replacing("SIP/2.0 200 OK", with: "SIP/2.0 200\(blank)"))
    try await pbx.next("ACK")
    dialog.pbx.forget()
    let id = try await line.call(.talking).call
    line.send(.hangUp(id: 60, call: id))
    let bye = try await pbx.next("BYE")
    pbx.send(dialog.answer(bye, "200 OK").replacing("SIP/2.0 200 OK", with: "SIP/2.0 200\(blank)"))
    #expect(try await line.quit() == 0)
  }

  /// RFC 2543 knew no branch: such a request is refused aloud, and changes nothing.
  @Test(arguments: ScriptedPBX.transports)
  func noBranchIsRefusedAloud(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    func old(_ text: String) -> String {
      text.split(separator: "\r\n", omittingEmptySubsequences: false).map { line in
        line.hasPrefix("Via:") ? line.prefix { $0 != ";" } : line
      }.joined(separator: "\r\n")
    }
    pbx.send(old(ScriptedDialog.invite(pbx)))
    try await pbx.answer(400, to: "INVITE")
    var (dialog, invite) = try await pbx.rings()
    let id = try await line.call(.ringing).call
    pbx.send(old(ScriptedDialog.cancel(of: invite)))
    try await pbx.answer(400, to: "CANCEL")
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    try await pbx.answer(200, to: "INVITE")
    pbx.send(dialog.request("ACK", number: 1))
    for method in ["BYE", "UPDATE", "INFO", "OPTIONS"] {
      pbx.send(old(dialog.request(method)))
      try await pbx.answer(400, to: method)
    }
    try await line.fence()
    #expect(
      !line.seen.contains { if case .call(let it) = $0 { it.status == .ended } else { false } })
    pbx.send(dialog.request("BYE"))
    try await pbx.answer(200, to: "BYE")
    try await line.call(.ended)
    #expect(try await line.ends())
  }
}
