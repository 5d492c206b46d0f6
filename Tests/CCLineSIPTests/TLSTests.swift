// TLS: with whom, and why not.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct TLSTests {
  /// A TLS server that says nothing.
  private final class Server {
    let port: UInt16
    private let peer: Peer
    private let folder: TestFolder

    init(_ pair: Certificates.Pair, _ more: [String] = []) async throws {
      folder = try TestFolder()
      let port = Ports.free()
      let peer = try Peer(
        "openssl",
        [
          "s_server", "-quiet", "-accept", "127.0.0.1:\(port)", "-cert", pair.certificate, "-key",
          pair.key,
        ] + more, in: folder)
      try await eventually("openssl listens") { Ports.answers(tcp: port) }
      (self.port, self.peer) = (port, peer)
    }

    func stop() async { await peer.stop() }
  }

  /// The words with which a line refuses a registrar.
  private func refusal(
    registrar: String, caFile: String?, _ line: LineUnderTest, patience: Int = 30
  ) async throws -> String {
    let more: [(String, JSONValue)] =
      [("registrar", .string(registrar)), ("firstAnswerSeconds", .int(Int64(patience)))]
      + (caFile.map { [("caFile", .string($0))] } ?? [])
    line.register(line.configuration(port: 1, transport: "tls", more))
    // A reason of its own, not that time ran out: on a busy machine a handshake may take seconds.
    let reason = try await line.wait("refused", within: 30) { event -> SafeText? in
      if case .unregistered(let reason, _, _) = event { reason } else { nil }
    }
    return reason.string
  }

  @Test func whoTheRegistrarIsNot() async throws {
    let certificates = try await Certificates()
    let stranger = try await Certificates()
    let trusted = certificates.authority.certificate
    func check(_ pair: Certificates.Pair, _ more: [String] = [], says words: String) async throws {
      let server = try await Server(pair, more)
      let line = try LineUnderTest()
      let said = try await refusal(
        registrar: "localhost:\(server.port)", caFile: trusted, line)
      #expect(said == words)
      await server.stop()
    }
    let wrong = try await certificates.make("name", for: "DNS:pbx.example,DNS:*.pbx.example")
    try await check(
      wrong,
      says: "the registrar's certificate is for pbx.example, *.pbx.example, not for localhost")
    let over = try await certificates.make("over", for: "DNS:localhost", from: -9, until: -2)
    let day = Date(timeIntervalSinceNow: -2 * 86_400).formatted(.iso8601.year().month().day())
    try await check(over, says: "the registrar's certificate expired on \(day)")
    let early = try await certificates.make("early", for: "DNS:localhost", from: 2, until: 9)
    let start = Date(timeIntervalSinceNow: 2 * 86_400).formatted(.iso8601.year().month().day())
    try await check(early, says: "the registrar's certificate is valid from \(start) on")
    let own = try await certificates.make("own", for: "DNS:localhost", signsItself: true)
    try await check(
      own,
      says: "the registrar's certificate is signed by itself; sip.caFile can name it as trusted")
    let foreign = try await stranger.make("foreign", for: "DNS:localhost")
    try await check(
      foreign,
      says:
        "the registrar's certificate is from an authority not known here; sip.caFile can name it")
    let right = try await certificates.make("right", for: "DNS:localhost")
    try await check(
      right, ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"],
      says: "the registrar speaks only TLS older than 1.2")
  }

  @Test func aNumberIsComparedWithNumbers() async throws {
    let certificates = try await Certificates()
    let server = try await Server(try await certificates.make("n", for: "IP:192.0.2.7"))
    let line = try LineUnderTest()
    let said = try await refusal(
      registrar: "127.0.0.1:\(server.port)", caFile: certificates.authority.certificate, line)
    #expect(said == "the registrar's certificate is for 192.0.2.7, not for 127.0.0.1")
    await server.stop()
  }

  @Test func whatSpeaksNoTLS() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    // It says nothing that TLS could read: what is told is that time ran out.
    let said = try await refusal(
      registrar: "127.0.0.1:\(kamailio.port)", caFile: nil, line, patience: 2)
    #expect(said != "" && !said.contains("certificate"))
    // Nothing of a SIP message went out in the clear.
    #expect(kamailio.seen("REGISTER").isEmpty)
  }

  @Test func aFileThatIsNoAuthority() async throws {
    let line = try LineUnderTest()
    let said = try await refusal(registrar: "127.0.0.1", caFile: "/nonexistent/ca.pem", line)
    #expect(said.contains("sip.caFile: /nonexistent/ca.pem"))
  }

  @Test func aCallOverTLS() async throws {
    let certificates = try await Certificates()
    var setup = Kamailio.Setup()
    setup.certificate = try await certificates.make("pbx", for: "IP:127.0.0.1")
    let kamailio = try await Kamailio(setup)
    let line = try LineUnderTest()
    line.register(
      line.configuration(
        port: kamailio.tlsPort, transport: "tls",
        [("caFile", .string(certificates.authority.certificate))]))
    let secure = try await line.wait("registered") { event -> SafeText? in
      if case .registered(_, _, let secure) = event { secure } else { nil }
    }
    #expect(secure.string.hasPrefix("TLS"))
    let far = try await Sipp([
      .receive("INVITE"), .answer(180, "Ringing"), .answer(200, "OK", sound: .own),
      .receive("ACK"), .bye, .receiveResponse(200),
    ])
    line.dial("7\(far.port)")
    try await line.call(.talking)
    // The far end's BYE comes back over the connection that the line opened.
    try await line.call(.ended)
    #expect(await far.finished() == 0)
    #expect(try await line.quit() == 0)
  }

  @Test(arguments: [
    (TLSRefusal(alert: "handshake failure"), "cannot agree on TLS: handshake failure"),
    (TLSRefusal(verification: 26), "not for a server"),
    (TLSRefusal(verification: 23), "is refused: certificate revoked"),
    (TLSRefusal(verification: 62), "is for nobody, not for sip.example"),
  ])
  func everyRefusalHasWords(_ refusal: TLSRefusal, _ words: String) {
    #expect(refusal.words(host: "sip.example")?.contains(words) == true)
  }

  @Test func noRefusalHasNone() { #expect(TLSRefusal().words(host: "sip.example") == nil) }
}
