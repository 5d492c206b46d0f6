// What is no call is answered by the standards, and every answer says what can be done here.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct RequestRuleTests {
  typealias Verdict = RequestKind.Verdict

  @Test func theRules() {
    func verdict(
      _ method: String, _ inDialog: Bool = true, of call: Bool = true, event: String = "",
      package: String = "", content: String = "", body: Bool = false, follows: Bool = false
    ) -> Verdict {
      RequestKind(
        method: method, isInDialog: inDialog, isOfCall: call, event: event, infoPackage: package,
        content: content, hasBody: body
      ).verdict(Capabilities(followsTransfers: follows))
    }
    for method in ["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS"] {
      #expect(verdict(method) == .pass && verdict(method, of: false) == .pass)
    }
    for method in ["REFER", "MESSAGE", "SUBSCRIBE", "PUBLISH", "PRACK", "REGISTER"] {
      #expect(verdict(method) == .answer(405) && verdict(method, false) == .answer(405))
      #expect(verdict(method, of: false) == .answer(481))
    }
    #expect(verdict("REFER", follows: true) == .pass)
    #expect(verdict("REFER", false, follows: true) == .answer(405))
    for method in ["FOO", "invite", "update"] {
      #expect(verdict(method) == .answer(501) && verdict(method, of: false) == .answer(481))
    }
    #expect(verdict("NOTIFY", event: "refer") == .pass)
    for event in ["", "message-summary", "check-sync", "dialog"] {
      #expect(verdict("NOTIFY", event: event) == .answer(489, "Allow-Events: refer\r\n"))
    }
    #expect(verdict("UPDATE") == .forCall && verdict("UPDATE", false) == .answer(481))
    #expect(verdict("UPDATE", of: false) == .answer(481))
    #expect(verdict("INFO") == .answer(200) && verdict("INFO", false) == .answer(481))
    #expect(verdict("INFO", content: "message/update_display") == .forCall)
    #expect(verdict("INFO", package: "dtmf", body: true) == .answer(469, "Recv-Info:\r\n"))
    #expect(
      verdict("INFO", content: "application/dtmf-relay", body: true)
        == .answer(415, "Accept: message/update_display\r\n"))
  }

  @Test(arguments: ["udp", "tcp", "tls"])
  func onTheWire(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    var dialog = try await pbx.takesCall(line)
    for (method, code, headers, body) in [
      ("MESSAGE", 405, ["Content-Type: text/plain"], "hello"), ("FOO", 501, [], ""),
      ("SUBSCRIBE", 405, ["Event: dialog"], ""), ("INFO", 200, [], ""),
      ("INFO", 415, ["Content-Type: application/dtmf-relay"], "Signal=5\r\n"),
      ("INFO", 469, ["Info-Package: foo"], ""), ("PRACK", 405, ["RAck: 1 1 INVITE"], ""),
      ("NOTIFY", 489, ["Event: message-summary", "Subscription-State: active"], ""),
      ("NOTIFY", 481, ["Event: refer;id=5", "Subscription-State: active"], ""),
      ("REFER", 405, ["Refer-To: <sip:900@cc.test>"], ""),
    ] as [(String, Int, [String], String)] {
      pbx.send(dialog.request(method, headers, body: body))
      let answer = try await pbx.answer(code, to: method)
      Self.expectCapabilities(answer, method)
      switch code {
      case 489: #expect(answer.contains("\r\nAllow-Events: refer\r\n"))
      case 415: #expect(answer.contains("\r\nAccept: message/update_display\r\n"))
      case 469: #expect(answer.contains("\r\nRecv-Info:\r\n"))
      default: break
      }
    }
    // Outside a call.
    for (method, code) in [("MESSAGE", 405), ("UPDATE", 481), ("INFO", 481), ("OPTIONS", 200)] {
      let request = ScriptedDialog.invite(pbx, body: "").replacingOccurrences(
        of: "INVITE", with: method)
      pbx.send(request)
      Self.expectCapabilities(try await pbx.answer(code, to: method), method)
    }
    let over = line.seen.contains {
      if case .call(let report) = $0 { report.status == .ended } else { false }
    }
    #expect(!over)
    #expect(try await line.ends())
  }

  static func expectCapabilities(_ message: String, _ what: String) {
    let allow = SIPText.header(["allow"], in: message) ?? ""
    let methods = allow.split(separator: ",").map { HeaderText.trimmed($0) }
    #expect(
      Set(methods).isSuperset(of: ["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "UPDATE", "INFO"]),
      "\(what): \(message.prefix(400))")
    #expect(SIPText.header(["supported"], in: message) != nil, "\(what)")
  }

  /// Both ways, at the beginning and in the middle: our INVITEs, and our answers to theirs.
  @Test(arguments: ["udp", "tcp", "tls"], [false, true])
  func everyMessageSaysWhatCanBeDone(_ transport: String, _ follows: Bool) async throws {
    let pbx = try await ScriptedPBX(transport)
    let asked = Mutexed<[String]>([])
    pbx.welcome = { request in
      asked.with { $0.append(request) }
      return nil
    }
    let line = try LineUnderTest()
    try await pbx.signIn(
      line, [("followTransfers", .bool(follows)), ("keepaliveSeconds", .int(1))])
    // What is registered, and what asks over UDP whether the registrar is there.
    if transport == "udp" {
      try await eventually("OPTIONS") { asked.with { $0.contains { $0.hasPrefix("OPTIONS ") } } }
    }
    for request in asked.with({ $0 }) { Self.expectCapabilities(request, "\(request.prefix(9))") }
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    Self.expectCapabilities(invite, "INVITE")
    #expect(SIPText.header(["allow"], in: invite)?.contains("REFER") == follows)
    #expect(SIPText.header(["supported"], in: invite)?.contains("replaces") == follows)
    var dialog = ScriptedDialog(pbx, invited: invite)
    pbx.send(dialog.answer(invite, "200 OK", body: HostileMessages.sound))
    _ = try await pbx.next("ACK")
    let id = try await line.call(.talking).call
    pbx.send(dialog.request("INVITE", body: HostileMessages.sound))
    Self.expectCapabilities(try await pbx.answer(200, to: "INVITE"), "200 to a re-INVITE")
    pbx.send(dialog.request("ACK", number: 101))
    try await line.fence()
    line.send(.hold(id: 50, call: id, on: true))
    Self.expectCapabilities(try await pbx.next("INVITE"), "re-INVITE")
    pbx.send(dialog.request("BYE"))
    try await line.call(.ended)
    let theirs = ScriptedDialog.invite(pbx)
    pbx.send(theirs)
    Self.expectCapabilities(try await pbx.answer(180, to: "INVITE"), "180")
    let ringing = try await line.call(.ringing).call
    line.send(.answer(id: 51, call: ringing))
    let answer = try await pbx.answer(200, to: "INVITE")
    Self.expectCapabilities(answer, "200")
    dialog = ScriptedDialog(pbx, called: theirs, answered: answer)
    pbx.send(dialog.request("ACK", number: 1))
    pbx.send(dialog.request("BYE"))
    try await line.call(.ended)
    #expect(try await line.ends())
  }
}
