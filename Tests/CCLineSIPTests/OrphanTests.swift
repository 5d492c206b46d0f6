// A line that dies leaves nobody hanging.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct OrphanTests {
  static let hangsUpOnBye: [Sipp.Step] = [
    .receive("INVITE"), .answer(180, "Ringing"), .answer(200, "OK", sound: .own), .receive("ACK"),
    .receive("BYE"), .reply(200, "OK"),
  ]

  @Test(arguments: ["tcp", "udp"])
  func theFarEndGetsItsByeFromTheNextLine(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.hangsUpOnBye)
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: transport)
    line.dial("7\(far.port)")
    try await line.call(.talking)
    try await line.fence()
    _ = try await line.signal(SIGKILL)
    let next = try LineUnderTest()
    next.register(next.configuration(port: kamailio.port, transport: transport))
    try await next.log("a call of a line that died was still up")
    #expect(await far.finished() == 0)
    #expect(far.messages.contains("the line was restarted"))
    try await next.wait("registered") { if case .registered = $0 { true } else { nil } }
    // It is ended before anything else is done.
    let order = next.seen.compactMap { event in
      switch event {
      case .log: "ended"
      case .registered: "registered"
      default: nil
      }
    }
    #expect(order == ["ended", "registered"])
    // Only once.
    let third = try LineUnderTest()
    try await third.signIn(kamailio, transport: transport)
    let told = third.seen.contains { if case .log = $0 { true } else { false } }
    #expect(!told)
  }

  @Test func anInboundCallToo() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let caller = try await Sipp(
      InboundTests.taken, Sipp.Setup(tcp: true, calls: ("1001", kamailio.port)))
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    try await eventually("the ACK") { caller.messages.contains("ACK sip:") }
    try await line.fence()
    _ = try await line.signal(SIGKILL)
    let next = try LineUnderTest()
    try await next.signIn(kamailio)
    #expect(await caller.finished() == 0, "\(caller.complaint.suffix(600))")
  }

  @Test func aLivingLineKeepsItsCalls() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.hangsUpOnBye)
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    let id = try await line.call(.talking).call
    let other = try LineUnderTest()
    try await other.signIn(kamailio)
    try await line.fence()
    #expect(!far.messages.contains("BYE sip:"))
    line.send(.hangUp(id: 50, call: id))
    #expect(await far.finished() == 0)
  }
}
