// Who is at the other end: at the beginning, and after a telephone system has handed the call on.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct IdentityTests {
  private func party(_ line: LineUnderTest) async throws -> (call: String?, party: Party) {
    try await line.wait("who is there now") { event -> (call: String?, party: Party)? in
      if case .party(let call, let party) = event { (call, party) } else { nil }
    }
  }

  @Test(arguments: ["udp", "tcp", "tls"])
  func whoCalls(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    for (headers, number, name) in [
      (
        ["P-Asserted-Identity: \"Nora\" <sip:nora@cc.test>, <tel:+44-20-7946-0123>"],
        "+442079460123", "Nora"
      ),
      (
        ["Remote-Party-ID: \"Bob Hill\" <sip:300@cc.test>;party=calling;privacy=off"], "300",
        "Bob Hill"
      ),
      (["Remote-Party-ID: \"Me\" <sip:1001@cc.test>;party=called"], "caller", nil),
      (["P-Asserted-Identity: <sip:300@cc.test>", "Privacy: id"], nil, nil),
    ] as [([String], String?, SafeText?)] {
      let invite = ScriptedDialog.invite(pbx, headers: headers)
      pbx.send(invite)
      let ringing = try await line.call(.ringing)
      #expect(ringing.number?.string == number && ringing.name == name, "\(headers)")
      pbx.send(ScriptedDialog.cancel(invite))
      try await line.call(.notEstablished)
    }
    #expect(try await line.ends())
  }

  @Test(arguments: ["udp", "tcp", "tls"])
  func whomTheCallerWanted(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    pbx.send(
      ScriptedDialog.invite(
        pbx, headers: ["Diversion: \"Sales\" <sip:7000@cc.test>;reason=unknown"]))
    let called = try await line.call(.ringing).called
    #expect(called == Party(number: "7000", name: "Sales"))
    #expect(try await line.ends())
  }

  /// Where the settings let it: a stranger behind a bare proxy must open no microphone.
  @Test(arguments: [true, false])
  func takenByItselfWhereThatIsAsked(_ isLet: Bool) async throws {
    let pbx = try await ScriptedPBX("udp")
    let line = try LineUnderTest()
    try await pbx.signIn(line, [("answerWhenAsked", .bool(isLet))])
    pbx.send(ScriptedDialog.invite(pbx, headers: ["Call-Info: <sip:x@cc.test>;answer-after=0"]))
    let id = try await line.call(.ringing).call
    if isLet {
      try await line.log("the call was taken by itself, as the telephone system asks")
      #expect(try await line.call(.talking).call == id)
    } else {
      for _ in 1...5 { try await line.fence() }
      #expect(
        !line.seen.contains {
          if case .call(let report) = $0 { report.status == .talking } else { false }
        })
    }
    #expect(try await line.ends())
  }

  enum Way: String, CaseIterable, Sendable { case update, reinvite, info }

  /// After an attended transfer in the telephone system: in every way that one tells it, both directions.
  @Test(arguments: ["udp", "tcp", "tls"], Way.allCases)
  func afterATransfer(_ transport: String, _ way: Way) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    for isIn in [true, false] {
      var dialog = isIn ? try await pbx.calls(line) : try await pbx.takesCall(line)
      let identity = "P-Asserted-Identity: \"Nora Field\" <sip:+442079460123@cc.test>"
      switch way {
      case .update:
        pbx.send(dialog.request("UPDATE", [identity]))
        try await pbx.answer(200, to: "UPDATE")
      case .reinvite:
        pbx.send(dialog.request("INVITE", number: 300, [identity], body: HostileMessages.sound))
        try await pbx.answer(200, to: "INVITE")
        pbx.send(dialog.request("ACK", number: 300))
      case .info:
        pbx.send(
          dialog.request(
            "INFO", number: 300,
            [
              "Content-Type: message/update_display", "X-FS-Display-Name: Nora Field",
              "X-FS-Display-Number: +442079460123",
            ]))
        try await pbx.answer(200, to: "INFO")
      }
      let told = try await party(line)
      #expect(told.call == dialog.id)
      #expect(told.party == Party(number: "+442079460123", name: "Nora Field"))
      // The same again is no news.
      pbx.send(dialog.request("UPDATE", number: 400, [identity]))
      try await pbx.answer(200, to: "UPDATE")
      // An older form of it, and whoever may not be shown.
      pbx.send(
        dialog.request(
          "UPDATE", number: 401, ["Remote-Party-ID: \"X\" <sip:301@cc.test>;privacy=full"]))
      #expect(try await party(line).party == Party(number: "", name: nil))
      pbx.send(dialog.request("BYE", number: 402))
      try await line.call(.ended)
    }
    #expect(try await line.ends())
  }

  /// Whoever answers a dial, or rings, may be named with it; the number dialled stays as it is.
  @Test(arguments: ["udp", "tcp", "tls"])
  func whoAnswers(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    line.dial("6000")
    let invite = try await pbx.next("INVITE")
    var dialog = ScriptedDialog(pbx, invited: invite)
    pbx.send(
      dialog.answer(
        invite, "180 Ringing", ["P-Asserted-Identity: \"Outbound Call\" <sip:6000@cc.test>"]))
    try await line.call(.ringing)
    // Before anybody answers: a new identity is taken, a new description is not (RFC 3311 section 5.2).
    pbx.send(
      dialog.request("UPDATE", ["P-Asserted-Identity: \"Desk\" <sip:6000@cc.test>"]))
    #expect(try await party(line).party == Party(number: "6000", name: "Desk"))
    try await pbx.answer(200, to: "UPDATE")
    pbx.send(dialog.request("UPDATE", body: HostileMessages.sound))
    try await pbx.answer(491, to: "UPDATE")
    pbx.send(
      dialog.answer(
        invite, "200 OK", ["P-Asserted-Identity: \"Bob\" <sip:1002@cc.test>"],
        body: HostileMessages.sound))
    #expect(try await party(line).party == Party(number: "1002", name: "Bob"))
    try await line.call(.talking)
    #expect(try await line.ends())
  }

  @Test(arguments: ["udp", "tcp", "tls"])
  func whileItRingsHere(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    var (dialog, invite) = try await pbx.rings()
    pbx.send(dialog.request("UPDATE", ["P-Asserted-Identity: \"Bob\" <sip:1002@cc.test>"]))
    #expect(try await party(line).party == Party(number: "1002", name: "Bob"))
    // Theirs is not answered yet: another offer has to wait.
    pbx.send(dialog.request("UPDATE", body: HostileMessages.sound))
    let answer = try await pbx.answer(500, to: "UPDATE")
    #expect(answer.contains("\r\nRetry-After: "))
    #expect(try await line.ends())
  }

  /// Direct media by UPDATE, as Asterisk does it: the sound follows, and a wrong one changes nothing.
  @Test(arguments: ["udp", "tcp", "tls"])
  func soundFollowsAnUpdate(_ transport: String) async throws {
    let pbx = try await ScriptedPBX(transport)
    let (ear, other) = (try BareSocket(), try BareSocket())
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    func sound(_ port: UInt16, _ codec: Int = 0) -> String {
      [
        "v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
        "m=audio \(port) RTP/AVP \(codec)",
      ].map { "\($0)\r\n" }.joined()
    }
    var dialog = try await pbx.calls(line, body: sound(ear.port))
    try await eventually("sound") { ear.receivedBytes != nil }
    pbx.send(dialog.request("UPDATE", body: sound(other.port, 9)))
    try await pbx.answer(488, to: "UPDATE")
    pbx.send(dialog.request("UPDATE", ["Content-Type: text/plain"], body: "hello"))
    try await pbx.answer(415, to: "UPDATE")
    #expect(other.receivedBytes == nil)
    let update = dialog.request("UPDATE", body: sound(other.port))
    pbx.send(update)
    let answer = try await pbx.answer(200, to: "UPDATE")
    #expect(answer.contains("\r\nm=audio ") && answer.contains("\r\nContact: <sip:"))
    try await eventually("sound at the new place") { other.receivedBytes != nil }
    // An old number is nobody's; the same request again is answered and done once.
    pbx.send(dialog.request("UPDATE", number: 1, body: sound(ear.port)))
    try await pbx.answer(500, to: "UPDATE")
    if transport == "udp" {
      pbx.send(update)
      try await pbx.answer(200, to: "UPDATE")
    }
    line.send(.hangUp(id: 9, call: dialog.id))
    _ = try await pbx.next("BYE")
    #expect(try await line.ends())
  }
}
