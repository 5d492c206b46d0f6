// The info on its way to the far end.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct InfoTests {
  private static func callee(_ line: LineUnderTest) -> [Sipp.Step] {
    [.receive("INVITE"), .answer(486, "Busy Here"), .receive("ACK")]
  }

  private func header(_ message: String) -> String? {
    SIPText.header(["x-cc-info"], in: message)
  }

  @Test func aThousandCharactersArriveWholeOverTCP() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let far = try await Sipp(Self.callee(line), Sipp.Setup(tcp: true))
    let info = String(String(repeating: "客户张伟很愤怒退款", count: 112).prefix(1000))
    #expect(info.utf16.count == 1000 && info.utf8.count == 3000)
    try await line.signIn(kamailio, [("infoHeader", "X-CC-Info")])
    line.dial("8\(far.port)", info: info)
    #expect(try await line.call(.notEstablished).reason?.code == 486)
    #expect(await far.finished() == 0)
    #expect(header(far.messages) == info)
    #expect(far.messages.contains("INVITE sip:8\(far.port)@cc.test"))
  }

  @Test func controlsArriveEncoded() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let far = try await Sipp(Self.callee(line))
    try await line.signIn(kamailio, [("infoHeader", "X-CC-Info")])
    line.dial("7\(far.port)", info: "50 %\r\nX-Evil: 1\u{1B}[2J")
    try await line.call(.notEstablished)
    #expect(await far.finished() == 0)
    #expect(header(far.messages) == "50 %25%0D%0AX-Evil: 1%1B[2J")
    #expect(SIPText.header(["x-evil"], in: far.messages) == nil)
  }

  @Test func withoutAHeaderItStaysHere() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let far = try await Sipp(Self.callee(line))
    try await line.signIn(kamailio)
    line.dial("7\(far.port)", info: "confidential")
    try await line.call(.notEstablished)
    #expect(await far.finished() == 0)
    #expect(!far.messages.contains("confidential"))
  }

  @Test func tooLongForOnePacketItStaysHereAndSaysSo() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let far = try await Sipp(Self.callee(line))
    try await line.signIn(kamailio, transport: "udp", [("infoHeader", "X-CC-Info")])
    line.dial("7\(far.port)", info: String(repeating: "客", count: 400))
    try await line.wait("a warning") { event -> Bool? in
      if case .log(.warning, let text) = event {
        text.string.contains("too long for UDP")
      } else {
        nil
      }
    }
    try await line.call(.notEstablished)
    #expect(await far.finished() == 0)
    #expect(header(far.messages) == nil)
    let warnings = line.seen.filter { if case .log(.warning, _) = $0 { true } else { false } }
    #expect(warnings.count == 1)
  }

  /// The length is computed before libre writes the message: held against what libre wrote.
  @Test func theLengthIsAnUpperBoundAndNear() async throws {
    let registrar = try BareSocket()
    let line = try LineUnderTest()
    line.register(
      line.configuration(port: registrar.port, transport: "udp", [("infoHeader", "X-CC-Info")]))
    try await registrar.welcome {
      line.seen.contains { if case .registered = $0 { true } else { false } }
    }
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    line.dial("123456", info: "who it is")
    let invite = try await registrar.request("INVITE")
    registrar.answer(invite, "486 Busy Here")
    try await line.call(.notEstablished)
    let sent = invite.utf8.count
    let body = try #require(SIPText.header(["content-length"], in: invite).flatMap { Int($0) })
    let via = try #require(SIPText.header(["via"], in: invite))
    let local = try #require(via.split(whereSeparator: { " ;".contains($0) }).dropFirst().first)
    let size = InviteSize(
      uri: "sip:123456@cc.test", from: "sip:1001@cc.test",
      route: "sip:127.0.0.1:\(registrar.port);transport=udp", local: String(local),
      credentials: "", body: body)
    let bound = size.bytes + "X-CC-Info: who it is\r\n".utf8.count
    #expect((sent...sent + 40).contains(bound), "\(sent) sent, \(bound) computed")
  }
}
