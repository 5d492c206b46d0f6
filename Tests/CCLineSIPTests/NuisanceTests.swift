// What others do that is none of the agent's business.

import CCCore
import CCTestSupport
import CLinux
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct NuisanceTests {
  /// A desk that is busy, or stopped, reads no stderr; and each of these is a line there.
  @Test func nobodyReadsWhatIsComplainedOf() async throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe2(&ends, O_CLOEXEC) == 0)
    defer { close(ends[0]) }
    let pbx = try await ScriptedPBX("udp")
    let line = try LineUnderTest(errors: ends[1])
    close(ends[1])
    try await pbx.signIn(line)
    let dialog = try await pbx.takesCall(line)
    let stranger = try BareSocket(host: 2)
    let port = try #require(pbx.peerPort)
    for count in 1...8_000 {
      stranger.send("no message of SIP at all, \(count)\r\n\r\n", to: port)
      if count.isMultiple(of: 400) { try await line.fence() }
    }
    try await line.fence()
    // A pipe holds 64 KiB, of which much less was used.
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(ends[0], &bytes, bytes.count)
    #expect(count < 40_000)
    line.send(.hangUp(id: 50, call: dialog.id))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    #expect(try await line.quit() == 0)
  }

  /// Somebody tries TLS at our port and fails; later the registrar goes away, and that is all that is told.
  @Test(arguments: [BadHandshake.plain, .cut])
  func aStrangersHandshakeIsNotTheRegistrars(_ kind: BadHandshake) async throws {
    let pbx = try await ScriptedPBX("tls")
    let contact = Mutexed("")
    pbx.welcome = { request in
      if let header = SIPText.header(["contact"], in: request) {
        contact.with { $0 = SIPText.uri(of: header) }
      }
      return nil
    }
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    let place = contact.with { $0 }.split(separator: "@").last?.split(separator: ";").first ?? ""
    let port = try #require(UInt16(place.split(separator: ":").last ?? ""))
    let bytes: [UInt8] =
      kind == .plain ? Array("GET / HTTP/1.1\r\n\r\n".utf8) : [22, 3, 1, 0, 5, 1, 0]
    for _ in 1...3 {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      guard Ports.withLoopback(port, { connect(descriptor, $0, $1) }) == 0 else {
        // Nobody is let in there at all.
        close(descriptor)
        break
      }
      _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      try await line.fence()
      close(descriptor)
      try await line.fence()
    }
    pbx.shut()
    var reasons: [SafeText] = []
    for _ in 1...2 {
      reasons.append(
        try await line.wait("lost") { event -> SafeText? in
          if case .unregistered(let reason, _, _) = event { reason } else { nil }
        })
    }
    #expect(
      !reasons.contains { $0.string.contains("TLS") || $0.string.contains("certificate") },
      "\(reasons)")
    #expect(try await line.ends())
  }

  enum BadHandshake: Sendable { case plain, cut }

  /// The far end moves its sound in the middle of a call: the word about it moves too.
  @Test func controlFollowsTheSound() async throws {
    let pbx = try await ScriptedPBX("udp")
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    let (first, second) = (try BareSocket(), try BareSocket())
    func sound(_ control: BareSocket) -> String {
      "v=0\r\no=far 1 \(control.port) IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        + "m=audio 9 RTP/AVP 0\r\na=rtcp:\(control.port)\r\n"
    }
    var dialog = try await pbx.takesCall(line, body: sound(first))
    pbx.send(dialog.request("INVITE", body: sound(second)))
    try await pbx.answer(200, to: "INVITE")
    pbx.send(dialog.request("ACK", number: 101))
    try await eventually("a report at the new port", within: 20) {
      second.receivedBytes.map { $0.count >= 8 && $0[0] >> 6 == 2 } ?? false
    }
    line.send(.hangUp(id: 50, call: dialog.id))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    #expect(try await line.quit() == 0)
  }
}
