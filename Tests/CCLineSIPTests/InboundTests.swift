// What comes from outside: calls that ring, are taken and refused, and strangers that are not heard.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct InboundTests {
  /// Calls 1001 and waits for the answer, then for our BYE.
  static let taken: [Sipp.Step] = [
    .invite, .mayReceiveResponse(100), .receiveResponse(180), .receiveAnswer, .confirm,
    .receive("BYE"), .answer(200, "OK"),
  ]

  private func call(_ kamailio: Kamailio, _ steps: [Sipp.Step], tcp: Bool = false) async throws
    -> Sipp
  {
    try await Sipp(steps, Sipp.Setup(tcp: tcp, calls: ("1001", kamailio.port)))
  }

  @Test(arguments: ["tcp", "udp"])
  func ringsIsTakenAndHungUpHere(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: transport)
    let caller = try await call(kamailio, Self.taken, tcp: transport == "tcp")
    let ringing = try await line.call(.ringing)
    #expect(ringing.direction == .in && ringing.number == "caller")
    #expect(try await line.ask { .answer(id: $0, call: ringing.call) } == nil)
    #expect(try await line.ask { .hangUp(id: $0, call: ringing.call) } == nil)
    #expect(await caller.finished() == 0, "\(caller.complaint.suffix(600))")
    let phases = line.seen.compactMap { event -> CallReport? in
      if case .call(let report) = event { report } else { nil }
    }
    #expect(phases.map(\.status) == [.ringing, .talking, .ended])
    #expect(phases.allSatisfy { $0.call == ringing.call && $0.direction == .in })
  }

  @Test func theCallerHangsUp() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let caller = try await call(
      kamailio,
      [
        .invite, .mayReceiveResponse(100), .receiveResponse(180), .receiveAnswer, .confirm,
        .pause(milliseconds: 30), .hangUp, .receiveResponse(200),
      ])
    let id = try await line.call(.ringing).call
    line.send(.answer(id: 1, call: id))
    #expect(try await line.call(.ended).reason == Reason("the far end hung up"))
    #expect(await caller.finished() == 0)
  }

  @Test func aMissedCall() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let caller = try await call(
      kamailio,
      [
        .invite, .mayReceiveResponse(100), .receiveResponse(180), .cancel, .receiveResponse(200),
        .receiveResponse(487), .acknowledge,
      ])
    let id = try await line.call(.ringing).call
    let end = try await line.call(.notEstablished)
    #expect(end.call == id && end.reason == Reason("the caller hung up", code: 487))
    #expect(await caller.finished() == 0)
  }

  @Test(arguments: [("busy", 486), ("decline", 603)])
  func refusedByTheAgent(_ way: String, _ code: Int) async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("reject", .string(way))])
    let caller = try await call(
      kamailio,
      [
        .invite, .mayReceiveResponse(100), .receiveResponse(180), .receiveResponse(code),
        .acknowledge,
      ])
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .reject(id: $0, call: "another") } == "no such call rings")
    #expect(try await line.ask { .reject(id: $0, call: id) } == nil)
    #expect(await caller.finished() == 0)
    // What is over cannot be taken.
    #expect(try await line.ask { .answer(id: $0, call: id) } == "no such call rings")
  }

  @Test func theSecondCallerHearsBusy() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let first = try await call(kamailio, Self.taken)
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    let second = try await call(
      kamailio, [.invite, .mayReceiveResponse(100), .receiveResponse(486), .acknowledge])
    #expect(await second.finished() == 0)
    // Who it was is told, and nothing of a call that rings.
    let told = try await line.wait("the second") { event -> CallReport? in
      if case .call(let report) = event, report.call != id { report } else { nil }
    }
    #expect(told.status == .notEstablished && told.direction == .in && told.number == "caller")
    #expect(told.reason == Reason("busy", code: 486))
    line.send(.hangUp(id: 1, call: id))
    #expect(await first.finished() == 0)
  }

  @Test func callWaitingAndSwap() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("callWaiting", true)])
    let lines = try [LineUnderTest(), LineUnderTest()]
    for (index, far) in lines.enumerated() {
      try await far.signIn(kamailio, [("account", .string("100\(index + 2)@cc.test"))])
    }
    lines[0].dial("1001")
    let one = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: one) } == nil)
    try await lines[0].call(.talking)
    lines[1].dial("1001")
    let two = try await line.call(.ringing)
    #expect(two.number == "1003" && two.call != one)
    // As the desk does it: the first is held, the second taken.
    #expect(try await line.ask { .hold(id: $0, call: one, on: true) } == nil)
    #expect(try await line.ask { .answer(id: $0, call: two.call) } == nil)
    try await lines[1].call(.talking)
    try await lines[0].log("holds the call")
    // Swap.
    #expect(try await line.ask { .hold(id: $0, call: two.call, on: true) } == nil)
    #expect(try await line.ask { .hold(id: $0, call: one, on: false) } == nil)
    try await lines[0].log("is back")
    // A command for one never hits the other.
    #expect(try await line.ask { .hangUp(id: $0, call: one) } == nil)
    try await lines[0].call(.ended)
    let other = lines[1].seen.contains {
      if case .call(let report) = $0 { report.status == .ended } else { false }
    }
    #expect(!other)
    #expect(try await line.ask { .hangUp(id: $0, call: two.call) } == nil)
    try await lines[1].call(.ended)
  }

  @Test func aCallerWithoutADescriptionIsOfferedOne() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let caller = try await call(
      kamailio,
      [
        .inviteWith([], []), .mayReceiveResponse(100), .receiveResponse(180), .receiveAnswer,
        .confirm, .receive("BYE"), .answer(200, "OK"),
      ])
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    // The ACK brings no answer to our offer: there is no sound to be had, and the call ends.
    #expect(try await line.call(.ended).call == id)
    #expect(await caller.finished() == 0)
  }

  @Test func theCallersNameIsWashed() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let sound = [
      "v=0", "o=far 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
      "m=audio 4000 RTP/AVP 0",
    ]
    let caller = try await call(
      kamailio,
      [
        .inviteWith(
          [#"From: "N\u{202E}ora %s" <sip:+442079460123@[local_ip]>;tag=c"#], sound),
        .mayReceiveResponse(100), .receiveResponse(180), .receiveResponse(486), .acknowledge,
      ])
    let ringing = try await line.call(.ringing)
    #expect(ringing.number == "+442079460123")
    let name = try #require(ringing.name?.string)
    #expect(name.contains("%s") && !name.unicodeScalars.contains("\u{202E}"))
    line.send(.reject(id: 1, call: ringing.call))
    try await line.call(.notEstablished)
    await caller.stop()
  }

  @Test(arguments: [(5, "short break"), (4, "post-call")])
  func inABreakCallsAreTurnedAwayAndListed(_ seat: Int, _ word: String) async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    #expect(try await line.ask { .setSeat(id: $0, status: seat) } == nil)
    let caller = try await call(
      kamailio, [.invite, .mayReceiveResponse(100), .receiveResponse(486), .acknowledge])
    try await line.call(.ringing)
    let end = try await line.call(.notEstablished)
    #expect(end.reason == Reason(SafeText(word), code: 486) && end.number == "caller")
    #expect(await caller.finished() == 0)
  }

  @Test func inABreakItRingsAnyway() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("ringAnyway", true)])
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    let caller = try await call(kamailio, Self.taken)
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    line.send(.hangUp(id: 1, call: id))
    #expect(await caller.finished() == 0)
  }

  @Test func takenByItselfAndSaid() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("autoAnswerSeconds", 1)])
    let caller = try await call(kamailio, Self.taken)
    let id = try await line.call(.ringing).call
    try await line.log("the call was taken by itself after 1 s")
    try await line.call(.talking)
    line.send(.hangUp(id: 1, call: id))
    #expect(await caller.finished() == 0)
  }

  @Test func whatIsRequiredAndNotKnownIsSaid() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let caller = try await call(
      kamailio,
      [
        .inviteWith(["Require: 100rel, magic"], []), .mayReceiveResponse(100),
        .receiveResponse(420), .acknowledge,
      ])
    #expect(await caller.finished() == 0)
    #expect(caller.messages.contains("Unsupported: 100rel, magic"))
  }

  @Test func aStrangerIsNotHeard() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: "udp")
    let port = try kamailio.contactPort()
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

      """, to: port)
    let told = try await line.wait("a warning") { event -> SafeText? in
      if case .log(.warning, let text) = event { text } else { nil }
    }
    #expect(told == "dropped a request from 127.0.0.2, which is not the registrar")
    try await line.fence()
    #expect(stranger.received == nil)
  }
}

extension Kamailio {
  /// The port of the last contact that signed in.
  func contactPort() throws -> UInt16 {
    let contact = try #require(seen("REGISTER").last?.split(separator: "<sip:1001@").last)
    let port = try #require(contact.split(whereSeparator: { ":>;".contains($0) }).dropFirst().first)
    return try #require(UInt16(port))
  }
}
