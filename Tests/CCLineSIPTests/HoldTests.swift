// What is done with a call that talks: hold, mute, keys.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct HoldTests {
  static let head = ["v=0", "o=far 1 2 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]

  /// Answers, and then does what a test wants.
  static func answers(_ more: [Sipp.Step], sound: Sipp.Sound = .own) -> [Sipp.Step] {
    [.receive("INVITE"), .answer(200, "OK", sound: sound), .receive("ACK")] + more
      + [.receive("BYE"), .reply(200, "OK")]
  }

  /// A call that talks with this far end, and its id.
  private func talk(_ far: Sipp, _ kamailio: Kamailio, _ line: LineUnderTest) async throws
    -> String?
  {
    line.dial("7\(far.port)")
    return try await line.call(.talking).call
  }

  @Test(arguments: ["tcp", "udp"])
  func holdAndResume(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(
      Self.answers([
        .receive("INVITE"),
        .reply(200, "OK", sound: .lines(Self.head + ["m=audio 4000 RTP/AVP 0", "a=recvonly"])),
        .receive("ACK"), .receive("INVITE"), .reply(200, "OK", sound: .own), .receive("ACK"),
      ]))
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: transport)
    let id = try await talk(far, kamailio, line)
    line.send(.hold(id: 50, call: id, on: true))
    #expect(try await line.state(id).held == true)
    line.send(.hold(id: 51, call: id, on: false))
    #expect(try await line.state(id).held == false)
    // Saying it twice changes nothing and is no failure.
    #expect(try await line.ask { .hold(id: $0, call: id, on: false) } == nil)
    line.send(.hangUp(id: 52, call: id))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
    #expect(far.messages.contains("a=sendonly"))
  }

  @Test func aRefusedHoldIsSaidAndTheCallGoesOn() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(
      Self.answers([
        .receive("INVITE"), .reply(488, "Not Acceptable Here"), .receive("ACK"),
      ]))
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await talk(far, kamailio, line)
    let why = try await line.ask { .hold(id: $0, call: id, on: true) }
    #expect(why == "no common sound (488)")
    line.send(.hangUp(id: 50, call: id))
    try await line.call(.ended)
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }

  @Test func bothChangeAtOnce() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(
      Self.answers([
        // As if its own re-INVITE had crossed ours.
        .receive("INVITE"), .reply(491, "Request Pending"), .receive("ACK"), .receive("INVITE"),
        .reply(200, "OK", sound: .own), .receive("ACK"),
      ]))
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await talk(far, kamailio, line)
    // libre waits three seconds, as who called does (RFC 3261 section 14.1).
    #expect(try await line.ask { .hold(id: $0, call: id, on: true) } == nil)
    line.send(.hangUp(id: 50, call: id))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }

  @Test func muteIsTold() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.answers([]))
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    #expect(try await line.ask { .mute(id: $0, call: nil, on: true) } == "the call is over")
    let id = try await talk(far, kamailio, line)
    line.send(.mute(id: 50, call: id, on: true))
    #expect(try await line.state(id).muted == true)
    line.send(.mute(id: 51, call: id, on: false))
    #expect(try await line.state(id).muted == false)
    line.send(.hangUp(id: 52, call: id))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }

  @Test func keysAsEventsInTheSound() async throws {
    let kamailio = try await Kamailio()
    let ear = try BareSocket()
    let media = [
      "m=audio \(ear.port) RTP/AVP 0 96", "a=rtpmap:96 telephone-event/8000", "a=fmtp:96 0-15",
    ]
    let far = try await Sipp(Self.answers([], sound: .lines(Self.head + media)))
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await talk(far, kamailio, line)
    #expect(try await line.ask { .dtmf(id: $0, call: id, digits: "5x") } != nil)
    #expect(try await line.ask { .dtmf(id: $0, call: id, digits: "15#") } == nil)
    // The payload type is theirs; each key has one beginning, marked, and an end.
    var began: [UInt8] = []
    var ended: Set<[UInt8]> = []
    try await eventually("three keys", within: 30) {
      while let packet = ear.receivedBytes {
        guard packet.count == 16, packet[1] & 0x7F == 96 else { continue }
        if packet[1] & 0x80 != 0 { began.append(packet[12]) }
        if packet[13] & 0x80 != 0 { ended.insert([packet[12]] + packet[4..<8]) }
      }
      return ended.count == 3
    }
    #expect(began == [1, 5, 11])
    line.send(.hangUp(id: 50, call: id))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }

  @Test func keysAsInfo() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(
      Self.answers([
        .receive("INFO"), .reply(200, "OK"), .receive("INFO"), .reply(200, "OK"),
      ]))
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("dtmf", "info")])
    let id = try await talk(far, kamailio, line)
    #expect(try await line.ask { .dtmf(id: $0, call: id, digits: "9#") } == nil)
    try await eventually("both keys") { far.messages.contains("Signal=#") }
    #expect(far.messages.contains("Signal=9"))
    line.send(.hangUp(id: 50, call: id))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }

  @Test func aFarEndThatTakesNoKeys() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.answers([]))
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await talk(far, kamailio, line)
    let why = try await line.ask { .dtmf(id: $0, call: id, digits: "1") }
    #expect(why?.string.contains("sip.dtmf: info") == true)
    line.send(.hangUp(id: 50, call: id))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }

  @Test func soundBeforeTheAnswerAndNoneInIt() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp([
      .receive("INVITE"), .answer(183, "Session Progress", sound: .own),
      .answer(183, "Session Progress", sound: .own), .answer(200, "OK"), .receive("ACK"),
      .receive("BYE"), .reply(200, "OK"),
    ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await talk(far, kamailio, line)
    line.send(.hangUp(id: 50, call: id))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }
}
