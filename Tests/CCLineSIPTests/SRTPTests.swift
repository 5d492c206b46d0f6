// Encrypted sound: keys in the description, and what becomes of a call without them.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct SRTPTests {
  private static let key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"

  @Test(arguments: [
    "1 AES_CM_128_HMAC_SHA1_80 inline:\(key)", "7 AES_CM_128_HMAC_SHA1_32 inline:\(key)|2^20",
  ])
  func keysThatAreSpoken(_ text: String) throws {
    let key = try #require(CryptoAttribute(text))
    #expect(key.key.count == 30 && key.key.starts(with: Array("YS__".utf8)))
    #expect(text.hasPrefix(key.text))
  }

  @Test(arguments: [
    "", "1", "1 AES_CM_128_HMAC_SHA1_80", "0 AES_CM_128_HMAC_SHA1_80 inline:\(key)",
    "x AES_CM_128_HMAC_SHA1_80 inline:\(key)", "1 F8_128_HMAC_SHA1_80 inline:\(key)",
    "1 AES_CM_128_HMAC_SHA1_80 uri:\(key)", "1 AES_CM_128_HMAC_SHA1_80 inline:",
    "1 AES_CM_128_HMAC_SHA1_80 inline:\(key.dropLast())",
    "1 AES_CM_128_HMAC_SHA1_80 inline:\(key)AA", "1 AES_CM_128_HMAC_SHA1_80 inline:\(key)|2^20|1:4",
    "1 AES_CM_128_HMAC_SHA1_80 inline:\(key)|1:4",
    "1 AES_CM_128_HMAC_SHA1_80 inline:\(key) UNENCRYPTED_SRTP",
    "1 AES_CM_128_HMAC_SHA1_80 inline:\(String(repeating: "%", count: 40))",
  ])
  func keysThatAreNot(_ text: String) { #expect(CryptoAttribute(text) == nil) }

  @Test func everyKeyIsNew() {
    #expect(CryptoAttribute(tag: 1, suite: .long).key != CryptoAttribute(tag: 1, suite: .long).key)
  }

  /// A line on kamailio over TLS.
  private func line(
    srtp: String
  ) async throws -> (LineUnderTest, Kamailio) {
    let certificates = try await Certificates()
    var setup = Kamailio.Setup()
    setup.certificate = try await certificates.make("pbx", for: "IP:127.0.0.1")
    let kamailio = try await Kamailio(setup)
    let line = try LineUnderTest()
    line.register(
      line.configuration(
        port: kamailio.tlsPort, transport: "tls",
        [
          ("caFile", .string(certificates.authority.certificate)), ("srtp", .string(srtp)),
        ]))
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    return (line, kamailio)
  }

  /// A far end whose description has these lines, and whose sound goes to a port.
  private func far(
    _ port: UInt16, profile: String = "RTP/AVP", _ lines: [String] = [], hangsUp: Bool = false
  ) async throws -> Sipp {
    try await Sipp(
      [
        .receive("INVITE"),
        .answer(
          200, "OK",
          sound: .lines(
            [
              "v=0", "o=far 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
              "m=audio \(port) \(profile) 0", "a=rtpmap:0 PCMU/8000",
            ] + lines)), .receive("ACK"),
      ] + [.receive("BYE"), .answer(200, "OK")])
  }

  private func secure(_ line: LineUnderTest, is words: SafeText) async throws {
    try await line.wait("secure: \(words)") { event -> Bool? in
      if case .registered(_, _, words) = event { true } else { nil }
    }
  }

  @Test func soundIsEncryptedAndPlainSoundIsNotHeard() async throws {
    let (line, kamailio) = try await line(srtp: "auto")
    let ear = try BareSocket()
    let far = try await far(
      ear.port, profile: "RTP/SAVP", ["a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)"])
    line.dial("7\(far.port)")
    // The line says so as soon as sound flows.
    try await secure(line, is: "TLS, SRTP")
    let offer = far.messages
    #expect(
      offer.contains("RTP/SAVP ") && offer.contains("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"))
    var packet: [UInt8] = []
    try await eventually("a packet of sound") {
      packet = ear.receivedBytes ?? packet
      return packet.count > 12
    }
    // Silence in G.711 is one byte over and over; encrypted it is not, and ten bytes prove it.
    #expect(packet.count == 12 + 160 + 10)
    #expect(Set(packet[12..<172]).count > 60)
    line.send(.hangUp(id: 3, call: nil))
    // After the call the header tells of the signalling again.
    try await secure(line, is: "TLS")
    #expect(await far.finished() == 0)
    _ = kamailio
  }

  @Test func offeredAndNotTakenIsSaid() async throws {
    let (line, kamailio) = try await line(srtp: "offered")
    let ear = try BareSocket()
    let far = try await far(ear.port)
    line.dial("7\(far.port)")
    try await secure(line, is: "TLS, sound clear")
    try await line.wait("a warning") { event -> Bool? in
      if case .remark(_, .warning, let words) = event {
        words.string.contains("not encrypted") ? true : nil
      } else {
        nil
      }
    }
    line.send(.hangUp(id: 3, call: nil))
    try await line.call(.ended)
    #expect(await far.finished() == 0)
    _ = kamailio
  }

  @Test(arguments: [
    [], ["a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:\(key)"],
    ["a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:short"],
  ])
  func requiredAndNotGivenEndsTheCall(_ lines: [String]) async throws {
    let (line, kamailio) = try await line(srtp: "required")
    let ear = try BareSocket()
    let far = try await far(ear.port, profile: "RTP/SAVP", lines)
    line.dial("7\(far.port)")
    let report = try await line.call(.notEstablished)
    #expect(report.reason?.words == "the far end does not encrypt its sound")
    #expect(far.messages.contains("RTP/SAVP"))
    await far.stop()
    _ = kamailio
  }
}
