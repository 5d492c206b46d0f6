// Challenges inside a call: a proxy that asks for the password again at every request.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct InCallDigestTests {
  private static func house(
    _ algorithm: String, qop: Bool = true, realm: String = "cc.test"
  ) async throws -> Kamailio {
    var setup = Kamailio.Setup()
    setup.algorithm = algorithm
    setup.protectsQuality = qop
    setup.realmInCalls = realm
    return try await Kamailio(setup)
  }

  /// The far end's part: all that comes has passed the proxy's check of the digest.
  private static let everything: [Sipp.Step] = [
    .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .receive("INVITE"),
    .reply(200, "OK", sound: .lines(HoldTests.head + ["m=audio 4000 RTP/AVP 0", "a=recvonly"])),
    .receive("ACK"), .receive("INVITE"), .reply(200, "OK", sound: .own), .receive("ACK"),
    .receive("INFO"), .reply(200, "OK"), .receive("BYE"), .reply(200, "OK"),
  ]

  @Test(arguments: [("MD5", false), ("MD5", true), ("SHA-256", false), ("SHA-256", true)])
  func holdResumeKeysAndHangingUp(_ algorithm: String, _ qop: Bool) async throws {
    let kamailio = try await Self.house(algorithm, qop: qop)
    let far = try await Sipp(Self.everything)
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("dtmf", "info")])
    let id = try await line.talk(to: far)
    let held = try await line.ask { .hold(id: $0, call: id, on: true) }
    #expect(held == nil, "\(far.complaint.suffix(600))")
    #expect(try await line.ask { .hold(id: $0, call: id, on: false) } == nil)
    #expect(try await line.ask { .dtmf(id: $0, call: id, digits: "5") } == nil)
    try await eventually("the key") { far.messages.contains("Signal=5") }
    line.send(.hangUp(id: 50, call: id))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
    #expect(far.messages.contains("a=sendonly"))
    // Its BYE was challenged, and the agent's own hand sent it.
    #expect(!far.messages.contains("the line was restarted"))
    let told = line.seen.contains {
      if case .log(.warning, let text) = $0 { text.string.contains("far end") } else { false }
    }
    #expect(!told)
  }

  @Test(arguments: ["MD5", "SHA-256"])
  func handingOn(_ algorithm: String) async throws {
    let kamailio = try await Self.house(algorithm)
    let far = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .receive("REFER"),
      .reply(202, "Accepted"),
      .request(
        "NOTIFY", 1,
        [
          "Event: refer", "Contact: <sip:far@[local_ip]:[local_port]>",
          "Subscription-State: terminated;reason=noresource",
        ], type: "message/sipfrag", body: ["SIP/2.0 200 OK"]),
      // It comes on the connection of the NOTIFY, and the BYE on another: either may be the first.
      .mayReceiveResponse(200), .receive("BYE"), .reply(200, "OK"),
    ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await line.talk(to: far)
    line.send(.transfer(id: 50, call: id, to: "5550100", consult: false))
    _ = try await line.transfer(.trying)
    _ = try await line.transfer(.done)
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }

  @Test func anInboundCallIsHungUpToo() async throws {
    let kamailio = try await Self.house("SHA-256")
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let caller = try await Sipp(InboundTests.taken, Sipp.Setup(calls: ("1001", kamailio.port)))
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    try await eventually("the ACK") { !kamailio.seen("ACK").isEmpty }
    #expect(try await line.ask { .hangUp(id: $0, call: id) } == nil)
    #expect(await caller.finished() == 0, "\(caller.complaint.suffix(600))")
  }

  /// What the dead left is hung up by the same rules.
  @Test func anOrphanIsHungUpToo() async throws {
    let kamailio = try await Self.house("SHA-256")
    let far = try await Sipp(OrphanTests.hangsUpOnBye)
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    _ = try await line.talk(to: far)
    try await line.fence()
    _ = try await line.signal(SIGKILL)
    let next = try LineUnderTest()
    try await next.signIn(kamailio)
    #expect(await far.finished() == 0)
  }

  @Test func aForeignRealmGetsNothingAndTheAgentIsTold() async throws {
    let kamailio = try await Self.house("SHA-256", realm: "evil")
    let far = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .receive("BYE"),
    ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("dtmf", "info")])
    let id = try await line.talk(to: far)
    let words =
      "asks for the password of a foreign realm, \u{201C}evil\u{201D}; not answered"
    #expect(
      try await line.ask { .hold(id: $0, call: id, on: true) }?.string == "the far end \(words)")
    #expect(try await line.ask { .dtmf(id: $0, call: id, digits: "5") } == nil)
    try await line.log("a tone was not sent: the far end \(words)")
    line.send(.transfer(id: 50, call: id, to: "5550100", consult: false))
    #expect(try await line.transfer(.failed).string == "the far end \(words)")
    // The call is still ours, until we leave it.
    line.send(.hangUp(id: 51, call: id))
    #expect(try await line.call(.ended).call == id)
    try await line.log("the far end does not take the hang-up: it \(words)")
    // No digest went out for any of it.
    for method in ["BYE", "INFO", "REFER"] {
      #expect(kamailio.seen(method).allSatisfy { $0.contains("\"<null>\"") || $0.contains("\"\"") })
      #expect(kamailio.seen(method).count == 1, "\(method)")
    }
    #expect(try await line.ends())
    await far.stop()
  }
}
