// A proof of the password for nobody who should not have it, and sound for nobody who has no key.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct SecretsTests {
  /// A registrar that asks with this challenge, or with none.
  private func registrar(_ transport: String, _ challenge: String?) async throws -> ScriptedPBX {
    let pbx = try await ScriptedPBX(transport)
    pbx.welcome = { request in
      guard let challenge, request.hasPrefix("REGISTER "),
        SIPText.header(["authorization"], in: request) == nil
      else { return nil }
      return ScriptedDialog.answer(
        to: request, "401 Unauthorized", tag: "pbx", ["WWW-Authenticate: \(challenge)"])
    }
    return pbx
  }

  /// Who is called asks for the password when we hang up: any realm where the registrar asked nothing, and
  /// less than it where it did.
  @Test(
    arguments: ["udp", "tcp", "tls"],
    [
      (nil, #"Digest realm="evil", nonce="1", qop="auth""#),
      (nil, #"Digest realm="cc.test", nonce="1""#),
      (#"Digest realm="cc.test", nonce="1", qop="auth""#, #"Digest realm="evil", nonce="1""#),
      (
        #"Digest realm="cc.test", nonce="1", algorithm=SHA-256, qop="auth""#,
        #"Digest realm="cc.test", nonce="1", algorithm=MD5"#
      ),
      (
        #"Digest realm="cc.test", nonce="1", algorithm=SHA-256, qop="auth""#,
        #"Digest realm="cc.test", nonce="1", algorithm=SHA-256"#
      ),
    ] as [(String?, String)])
  func aCallerGetsNoDigest(_ transport: String, _ challenges: (String?, String)) async throws {
    let pbx = try await registrar(transport, challenges.0)
    let line = try LineUnderTest()
    try await pbx.signIn(line, [("dtmf", "info")])
    for status in ["401 Unauthorized", "407 Proxy Authentication Required"] {
      let name = status.hasPrefix("401") ? "WWW-Authenticate" : "Proxy-Authenticate"
      let dialog = try await pbx.takesCall(line)
      func asks(_ method: String) async throws {
        let request = try await pbx.next(method)
        pbx.send(dialog.answer(request, status, ["\(name): \(challenges.1)"]))
        if method == "INVITE" { try await pbx.next("ACK") }
      }
      line.send(.hold(id: 60, call: dialog.id, on: true))
      try await asks("INVITE")
      line.send(.dtmf(id: 61, call: dialog.id, digits: "5"))
      try await asks("INFO")
      line.send(.hangUp(id: 62, call: dialog.id))
      try await asks("BYE")
      try await line.log("not answered")
      try await line.fence()
      try await line.fence()
      #expect(!pbx.waiting.contains { $0.contains("uthorization:") }, "\(pbx.waiting)")
      pbx.forget()
    }
    #expect(try await line.ends())
  }

  /// A proxy asks, and then who is called by it: the INVITE that both let through carries both answers.
  @Test(arguments: ["udp", "tcp", "tls"])
  func aProxyAsksAndThenTheServer(_ transport: String) async throws {
    let pbx = try await registrar(transport, #"Digest realm="cc.test", nonce="r", qop="auth""#)
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    line.dial("123")
    func ask(_ invite: String, _ status: String, _ header: String) async throws {
      pbx.send(
        ScriptedDialog(pbx, invited: invite, tag: "p").answer(
          invite, status, ["\(header): Digest realm=\"cc.test\", nonce=\"\(header)\", qop=\"auth\""]
        ))
      try await pbx.next("ACK")
    }
    try await ask(
      try await pbx.next("INVITE"), "407 Proxy Authentication Required", "Proxy-Authenticate")
    try await ask(try await pbx.next("INVITE"), "401 Unauthorized", "WWW-Authenticate")
    let last = try await pbx.next("INVITE")
    let proxys = try #require(SIPText.header(["proxy-authorization"], in: last))
    #expect(proxys.contains("Proxy-Authenticate") && proxys.contains("nc=00000002"))
    #expect(SIPText.header(["authorization"], in: last)?.contains("WWW-Authenticate") == true)
    let dialog = ScriptedDialog(pbx, invited: last)
    pbx.send(dialog.answer(last, "200 OK", body: HostileMessages.sound))
    try await line.call(.talking)
    try await pbx.next("ACK")
    line.send(.hangUp(id: 50, call: nil))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    #expect(try await line.quit() == 0)
  }

  /// Nonces that live for a moment: each answer is found too old, and at last the line waits and asks anew.
  @Test func staleAgainAndAgain() async throws {
    let pbx = try await ScriptedPBX("tcp")
    let asked = Mutexed(0)
    pbx.welcome = { request in
      guard request.hasPrefix("REGISTER ") else { return nil }
      let count = asked.with { count in
        count += 1
        return count
      }
      let isStale = SIPText.header(["authorization"], in: request) != nil
      guard count < 4 || (6..<12).contains(count) else { return nil }
      return ScriptedDialog.answer(
        to: request, "401 Unauthorized", tag: "pbx",
        ["WWW-Authenticate: Digest realm=\"cc.test\", nonce=\"\(count)\", stale=\(isStale)"])
    }
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    #expect(asked.with { $0 } == 4)
    // The next sign-in meets it without end: that is told, and not for good.
    asked.with { $0 = 5 }
    line.register(pbx.configuration(line))
    let end = try await line.wait("lost") { event -> (SafeText, Bool)? in
      if case .unregistered(let reason, _, let final) = event { (reason, final) } else { nil }
    }
    #expect(end.0.string.contains("too old") && !end.1)
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(try await line.quit() == 0)
  }

  // MARK: Sound

  private static let theirs = CryptoAttribute(tag: 1, suite: .long)

  private func sound(_ port: UInt16, tag: Int) -> String {
    var key = Self.theirs
    key.tag = tag
    return "v=0\r\no=far 1 \(tag) IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
      + "m=audio \(port) RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=crypto:\(key.text)\r\n"
  }

  private func port(_ message: String) throws -> UInt16 {
    let line = try #require(message.split(separator: "\r\n").first { $0.hasPrefix("m=audio ") })
    return try #require(UInt16(line.split(separator: " ")[1]))
  }

  /// What came in, as the line tells at the end of a call.
  private func heard(_ line: LineUnderTest) async throws -> Int {
    let words = try await line.log("packets out").string
    let parts = words.split(separator: " ")
    let place = try #require(parts.firstIndex(of: "in,"))
    return try #require(Int(parts[place - 1]))
  }

  /// A call over TLS whose far end is a socket with a key.
  private func secureCall(
    _ body: (ScriptedPBX, ScriptedDialog, BareSocket, SecureContext, UInt16) async throws -> Void
  ) async throws -> Int {
    let pbx = try await ScriptedPBX("tls")
    let line = try LineUnderTest()
    try await pbx.signIn(line, [("srtp", "required")])
    let mouth = try BareSocket()
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    let dialog = ScriptedDialog(pbx, invited: invite)
    pbx.send(dialog.answer(invite, "200 OK", body: sound(mouth.port, tag: 1)))
    try await line.call(.talking)
    try await pbx.next("ACK")
    let far = try #require(SecureContext(Self.theirs.soundKey))
    // It listens: our own packets come.
    try await eventually("sound") { mouth.receivedBytes != nil }
    try await body(pbx, dialog, mouth, far, try port(invite))
    try await line.fence()
    line.send(.hangUp(id: 50, call: nil))
    let count = try await heard(line)
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    #expect(try await line.quit() == 0)
    return count
  }

  private func speak(
    _ numbers: Range<Int>, _ mouth: BareSocket, _ far: SecureContext, to port: UInt16
  ) async throws {
    for number in numbers {
      let plain = SecureContextTests.packet(UInt16(truncatingIfNeeded: number))
      mouth.send(try #require(SecureContextTests.over(plain) { far.seal($0) }), to: port)
      if number % 10 == 0 { try await Task.sleep(for: .milliseconds(2)) }
    }
  }

  @Test("a few datagrams of a stranger make no call deaf", arguments: [false, true])
  func strangersMakeNobodyDeaf(_ onControl: Bool) async throws {
    let count = try await secureCall { _, _, mouth, far, port in
      let stranger = try BareSocket()
      for source in 101...120 as ClosedRange<UInt32> {
        if onControl {
          let report: [UInt8] =
            [0x80, 201, 0, 1, 0, 0, 0, UInt8(source)] + [UInt8](repeating: 1, count: 14)
          stranger.send(report, to: port + 1)
        } else {
          stranger.send(
            SecureContextTests.packet(1, source: source) + [UInt8](repeating: 0, count: 10),
            to: port)
        }
      }
      // In the far end's own name, far ahead.
      if !onControl {
        stranger.send(
          SecureContextTests.packet(0x9000) + [UInt8](repeating: 0, count: 10), to: port)
      }
      try await speak(0..<100, mouth, far, to: port)
    }
    #expect(count == 100)
  }

  @Test("the same key under another number goes on counting")
  func theSameKeyUnderAnotherNumber() async throws {
    let count = try await secureCall { pbx, dialog, mouth, far, port in
      var dialog = dialog
      try await speak(65_500..<65_560, mouth, far, to: port)
      pbx.send(dialog.request("INVITE", body: sound(mouth.port, tag: 2)))
      try await pbx.answer(200, to: "INVITE")
      pbx.send(dialog.request("ACK", number: 101))
      try await speak(65_560..<65_600, mouth, far, to: port)
    }
    #expect(count == 100)
  }
}
