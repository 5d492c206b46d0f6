// A challenged INVITE: answered in its own dialog, once.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct ChallengeTests {
  private static let sound =
    OfferTests.head.map { "\($0)\r\n" }.joined() + "m=audio 9 RTP/AVP 0\r\n"

  private func header(_ name: String, _ message: String) -> String {
    SIPText.header([name.lowercased()], in: message) ?? ""
  }

  private func invite(
    _ registrar: BareRegistrar, after number: Int = -1
  ) async throws -> (text: String, number: Int) {
    var found = ("", 0)
    try await eventually("an INVITE after \(number)") {
      for message in registrar.attend() where message.hasPrefix("INVITE ") {
        let own = Int(header("CSeq", message).split(separator: " ")[0]) ?? 0
        if own > number { found = (message, own) }
      }
      return found.1 > 0
    }
    return found
  }

  /// RFC 3261 section 22.2: the same Call-ID and From tag, the next number.
  @Test(arguments: ["401", "407"], [("MD5", false), ("SHA-256", false), ("MD5", true)])
  func theSameDialog(_ code: String, _ way: (algorithm: String, tcp: Bool)) async throws {
    let registrar = try BareRegistrar(tcp: way.tcp)
    let line = try LineUnderTest()
    // Who never asked at the registration is answered where the settings name the realm.
    try await registrar.welcome(line, [("realm", "cc.test")])
    line.dial("5501")
    let first = try await invite(registrar)
    registrar.send(registrar.answer(to: first.text, "100 Trying", tag: ""))
    let challenge =
      "\(code == "401" ? "WWW" : "Proxy")-Authenticate: Digest realm=\"cc.test\", "
      + "nonce=\"abc\", algorithm=\(way.algorithm), qop=\"auth\""
    let refusal = registrar.answer(to: first.text, "\(code) Who", [challenge])
    // Twice, as over a bad network: it is answered once.
    registrar.send(refusal)
    if !way.tcp { registrar.send(refusal) }
    let second = try await invite(registrar, after: first.number)
    #expect(header("Call-ID", second.text) == header("Call-ID", first.text))
    #expect(header("From", second.text) == header("From", first.text))
    #expect(second.number == first.number + 1)
    #expect(header("To", second.text) == header("To", first.text))
    let credentials = header(code == "401" ? "Authorization" : "Proxy-Authorization", second.text)
    #expect(credentials.contains("username=\"1001\"") && credentials.contains("nonce=\"abc\""))
    #expect(second.text.contains("m=audio "))
    registrar.send(
      registrar.answer(
        to: second.text, "180 Ringing",
        ["Contact: <sip:far@127.0.0.1:\(registrar.port)\(way.tcp ? ";transport=tcp" : "")>"]))
    try await line.call(.ringing)
    registrar.send(
      registrar.answer(
        to: second.text, "200 OK",
        ["Contact: <sip:far@127.0.0.1:\(registrar.port)\(way.tcp ? ";transport=tcp" : "")>"],
        body: Self.sound))
    try await line.call(.talking)
    try await line.fence()
    let more = registrar.attend()
    #expect(!more.contains { $0.hasPrefix("INVITE ") }, "\(more)")
    #expect(more.contains { $0.hasPrefix("ACK sip:far@") })
    line.send(.hangUp(id: 9, call: nil))
    try await line.call(.ended)
  }

  @Test func aPasswordThatIsWrongGoesOutOnce() async throws {
    let registrar = try BareRegistrar(tcp: false)
    let line = try LineUnderTest()
    try await registrar.welcome(line, [("realm", "cc.test")])
    line.dial("5501")
    let first = try await invite(registrar)
    func refuse(_ text: String, _ nonce: String) {
      registrar.send(
        registrar.answer(
          to: text, "407 Who",
          ["Proxy-Authenticate: Digest realm=\"cc.test\", nonce=\"\(nonce)\""]))
    }
    refuse(first.text, "a")
    let second = try await invite(registrar, after: first.number)
    refuse(second.text, "b")
    let end = try await line.call(.notEstablished)
    #expect(end.reason == Reason("the registrar refused the password (407)", code: 407))
    try await line.fence()
    #expect(!registrar.attend().contains { $0.hasPrefix("INVITE ") })
  }

  /// Over TLS sound is to be encrypted, and a far end that cannot is asked again, in the same dialog.
  @Test(arguments: [488, 415, 606])
  func encryptedSoundThatIsRefused(_ code: Int) async throws {
    let certificates = try await Certificates()
    var setup = Kamailio.Setup()
    setup.certificate = try await certificates.make("pbx", for: "IP:127.0.0.1")
    let kamailio = try await Kamailio(setup)
    let line = try LineUnderTest()
    line.register(
      line.configuration(
        port: kamailio.tlsPort, transport: "tls",
        [("caFile", .string(certificates.authority.certificate))]))
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    let far = try await Sipp([
      .receive("INVITE"), .answer(code, "No"), .receive("ACK"), .receive("INVITE"),
      .answer(200, "OK", sound: .own), .receive("ACK"), .receive("BYE"), .answer(200, "OK"),
    ])
    line.dial("7\(far.port)")
    try await line.log("not encrypted")
    try await line.call(.talking)
    let offers = far.messages.components(separatedBy: "INVITE sip:").dropFirst()
      .filter { $0.contains("m=audio") && !$0.hasPrefix("SIP") }
    #expect(offers.first?.contains("RTP/SAVP ") == true)
    #expect(offers.last?.contains("RTP/AVP ") == true && offers.last?.contains("crypto") == false)
    line.send(.hangUp(id: 9, call: nil))
    try await line.call(.ended)
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
    _ = kamailio
  }
}
