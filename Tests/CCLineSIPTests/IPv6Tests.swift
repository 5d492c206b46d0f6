// Calls where addresses are long: registrar, signalling and sound over IPv6.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct IPv6Tests {
  /// Whether this machine has an IPv6 loopback.
  static let isHere: Bool = {
    let descriptor = socket(AF_INET6, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_addr = in6addr_loopback
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
      }
    }
  }()

  @Test(.enabled(if: isHere), arguments: ["tcp", "udp"])
  func twoTalk(_ transport: String) async throws {
    var setup = Kamailio.Setup()
    setup.listensOnIPv6 = true
    let kamailio = try await Kamailio(setup)
    let (caller, called) = (try LineUnderTest(), try LineUnderTest())
    let (played, recorded) = (caller.folder.path("in.wav"), called.folder.path("out.wav"))
    try Wave.write(Tone(hertz: 440).samples(seconds: 1), to: played)
    for (line, account, audio) in [
      (caller, "1001", "file:\(played),"), (called, "1002", "file:,\(recorded)"),
    ] {
      line.register(
        line.configuration(
          port: kamailio.port, transport: transport,
          [
            ("registrar", .string("[::1]:\(kamailio.port)")),
            ("account", .string("\(account)@cc.test")), ("audio", .string(audio)),
          ]))
      try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    }
    caller.dial("1002")
    let ringing = try await called.call(.ringing)
    try await called.ask { .answer(id: $0, call: ringing.call) }
    let id = try await caller.call(.talking).call
    try await eventually("a second of sound") { Wave.bytes(recorded) > 24_000 }
    #expect(Tone(hertz: 440).presence(in: try Wave.samples(recorded)) > 5_000)
    try await caller.ask { .hold(id: $0, call: id, on: true) }
    try await caller.ask { .hold(id: $0, call: id, on: false) }
    called.send(.hangUp(id: 9, call: ringing.call))
    try await caller.call(.ended)
    #expect(try await caller.quit() == 0)
    #expect(try await called.quit() == 0)
  }
}
