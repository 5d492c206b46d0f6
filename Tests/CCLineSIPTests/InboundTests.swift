// What comes from outside: calls that are turned away, strangers that are not heard.

import CCCore
import CCTestSupport
import Foundation
import Testing

@Suite struct InboundTests {
  @Test(arguments: ["tcp", "udp"])
  func aCallIsTurnedAway(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: transport)
    let caller = try await Sipp(
      [.invite, .mayReceiveResponse(100), .receiveResponse(480), .acknowledge],
      Sipp.Setup(calls: ("1001", kamailio.port)))
    #expect(await caller.finished() == 0)
    let told = try await line.wait("a line in the log") { event -> SafeText? in
      if case .log(.info, let text) = event { text } else { nil }
    }
    #expect(told == "turned away a call from caller: this line takes no calls yet (480)")
    let rang = line.seen.contains { if case .call = $0 { true } else { false } }
    #expect(!rang)
  }

  @Test func aStrangerIsNotHeard() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: "udp")
    let contact = try #require(kamailio.seen("REGISTER").last?.split(separator: "<sip:1001@").last)
    let port = try #require(contact.split(whereSeparator: { ":>;".contains($0) }).dropFirst().first)
    // Another loopback address than the registrar's.
    let stranger = try BareSocket(host: 2)
    stranger.send(
      """
      INVITE sip:1001@127.0.0.1:\(port) SIP/2.0\r
      Via: SIP/2.0/UDP 127.0.0.2:\(stranger.port);branch=z9hG4bKstranger;rport\r
      From: <sip:evil@127.0.0.2>;tag=1\r
      To: <sip:1001@127.0.0.1>\r
      Call-ID: stranger\r
      CSeq: 1 INVITE\r
      Contact: <sip:evil@127.0.0.2:\(stranger.port)>\r
      Max-Forwards: 70\r
      Content-Length: 0\r
      \r

      """, to: try #require(UInt16(port)))
    let told = try await line.wait("a warning") { event -> SafeText? in
      if case .log(.warning, let text) = event { text } else { nil }
    }
    #expect(told == "dropped a request from 127.0.0.2, which is not the registrar")
    try await line.fence()
    #expect(stranger.received == nil)
  }
}
