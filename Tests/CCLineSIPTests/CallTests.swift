// Real calls through kamailio to sipp.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@Suite struct CallTests {
  /// Rings, is answered, and waits for our BYE.
  static let answered: [Sipp.Step] = [
    .receive("INVITE"), .answer(180, "Ringing"), .answer(200, "OK", sound: .own), .receive("ACK"),
    .receive("BYE"), .answer(200, "OK"),
  ]

  @Test(arguments: ["tcp", "udp"])
  func answeredAndHungUpHere(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.answered)
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: transport)
    line.dial("7\(far.port)")
    let calling = try await line.call(.calling)
    #expect(calling.number == SafeText("7\(far.port)"))
    #expect(calling.direction == .out)
    let id = try #require(calling.call)
    #expect(try await line.call(.ringing).call == id)
    #expect(try await line.call(.talking).call == id)
    line.send(.hangUp(id: 9, call: id))
    let ended = try await line.call(.ended)
    #expect(ended.call == id && ended.reason == nil)
    #expect(await far.finished() == 0)
    #expect(try await line.quit() == 0)
    // The first REGISTER and INVITE are challenged, the second ones answer; then it unregisters.
    #expect(kamailio.seen("INVITE").count == 2)
    #expect(kamailio.seen("REGISTER").count == 4)
  }

  @Test func hungUpByTheFarEnd() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp([
      .receive("INVITE"), .answer(180, "Ringing"), .answer(200, "OK", sound: .own), .receive("ACK"),
      .pause(milliseconds: 50), .bye, .receiveResponse(200),
    ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    try await line.call(.talking)
    let ended = try await line.call(.ended)
    #expect(ended.reason == Reason("the far end hung up"))
    #expect(await far.finished() == 0)
  }

  @Test(arguments: [
    (486, "Busy Here", "busy here"), (603, "Decline", "declined"), (404, "Not Found", "not found"),
    (480, "Temporarily Unavailable", "not available"), (500, "Oops", "the server failed"),
  ])
  func refused(_ code: Int, _ phrase: String, _ words: String) async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp([.receive("INVITE"), .answer(code, phrase), .receive("ACK")])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    try await line.call(.calling)
    let end = try await line.call(.notEstablished)
    #expect(end.reason == Reason(SafeText(words), code: code))
    #expect(await far.finished() == 0)
  }

  @Test func anUnknownNumber() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("12345")
    #expect(try await line.call(.notEstablished).reason == Reason("not found", code: 404))
  }

  @Test func nobodyAnswers() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.cancelled(after: .answer(180, "Ringing")))
    let line = try LineUnderTest()
    try await line.signIn(kamailio, [("ringSeconds", 1)])
    line.dial("7\(far.port)")
    try await line.call(.ringing)
    #expect(try await line.call(.notEstablished).reason == Reason("nobody answered", code: 408))
    #expect(await far.finished() == 0)
  }

  static func cancelled(after first: Sipp.Step) -> [Sipp.Step] {
    [
      .receive("INVITE"), first, .receive("CANCEL"), .answerCancel, .receive("ACK"),
    ]
  }

  @Test func cancelledWhileItRings() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.cancelled(after: .answer(180, "Ringing")))
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    let id = try await line.call(.ringing).call
    line.send(.hangUp(id: 9, call: id))
    #expect(try await line.call(.notEstablished).reason == Reason("cancelled", code: 487))
    #expect(await far.finished() == 0)
  }

  @Test func cancelledBeforeItRings() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.cancelled(after: .answer(100, "Trying")))
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    try await line.call(.calling)
    // Only once the far end has it is there something to cancel there.
    try await eventually("the INVITE arrives") { far.messages.contains("SIP/2.0 100 Trying") }
    line.send(.hangUp(id: 9, call: nil))
    #expect(try await line.call(.notEstablished).reason == Reason("cancelled", code: 487))
    #expect(await far.finished() == 0)
  }

  @Test func aSilentRegistrarIsNotWaitedForLong() async throws {
    // Answers REGISTER and swallows INVITE.
    let registrar = try await Sipp([
      .receive("REGISTER"), .answer(200, "OK", headers: ["Expires: 600"]), .receive("INVITE"),
      .receive("CANCEL"),
    ])
    defer { Task { await registrar.stop() } }
    let line = try LineUnderTest()
    line.register(
      line.configuration(port: registrar.port, transport: "udp", [("firstAnswerSeconds", 1)]))
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    line.dial("123")
    let end = try await line.call(.notEstablished)
    #expect(end.reason == Reason("no answer from the registrar", code: 408))
    await registrar.stop()
  }

  @Test func aRedirectIsNotFollowed() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp([
      .receive("INVITE"),
      .answer(302, "Moved Temporarily", headers: ["Contact: <sip:900@127.0.0.1:9>"]),
      .receive("ACK"),
    ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    let end = try await line.call(.notEstablished)
    #expect(end.reason?.code == 302)
    #expect(end.reason?.words.string.hasPrefix("moved to sip:") == true)
    #expect(await far.finished() == 0)
    // What libre would have sent by itself went out before this.
    let code = try await line.quit()
    #expect(code == 0, "\(line.seen)")
    #expect(kamailio.seen("INVITE").count == 2)
  }

  @Test func aForeignRealmGetsNoPassword() async throws {
    var setup = Kamailio.Setup()
    setup.inviteRealm = "elsewhere.example"
    let kamailio = try await Kamailio(setup)
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("123")
    let end = try await line.call(.notEstablished)
    #expect(end.reason?.code == 407)
    #expect(end.reason?.words.string.contains("foreign realm") == true)
    #expect(try await line.quit() == 0)
    #expect(kamailio.seen("INVITE").count == 1)
  }

  @Test(arguments: [
    ["m=audio 4000 RTP/AVP 96", "a=rtpmap:96 speex/8000"], ["m=audio 0 RTP/AVP 0"],
  ])
  func noCommonSound(_ media: [String]) async throws {
    let kamailio = try await Kamailio()
    let head = ["v=0", "o=far 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
    let far = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .lines(head + media)), .receive("ACK"),
      .receive("BYE"), .answer(200, "OK"),
    ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    #expect(try await line.call(.notEstablished).reason == Reason("no common sound", code: 488))
    #expect(await far.finished() == 0)
  }

  /// `code`: our answer to the far end's new description; the call lives either way.
  @Test(arguments: [
    (["m=audio 4000 RTP/AVP 0", "a=sendonly"], 200, "a=recvonly"),
    (["m=audio 4000 RTP/AVP 96", "a=rtpmap:96 speex/8000"], 488, "SIP/2.0 488"),
  ])
  func theFarEndChangesItsMind(_ media: [String], _ code: Int, _ answer: String) async throws {
    let kamailio = try await Kamailio()
    let head = ["v=0", "o=far 1 2 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
    let far = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .reinvite(head + media),
      .mayReceiveResponse(100), .receiveResponse(code), .acknowledgeReinvite,
      .pause(milliseconds: 50), .bye, .receiveResponse(200),
    ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    try await line.call(.talking)
    #expect(try await line.call(.ended).reason == Reason("the far end hung up"))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(500))")
    #expect(far.messages.contains(answer))
  }

  @Test func soundToManyIsRefused() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp([
      .receive("INVITE"),
      .answer(
        200, "OK",
        sound: .lines([
          "v=0", "o=far 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 239.1.2.3", "t=0 0",
          "m=audio 4000 RTP/AVP 0",
        ])), .receive("ACK"), .receive("BYE"), .answer(200, "OK"),
    ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    #expect(try await line.call(.notEstablished).reason?.code == 488)
    #expect(await far.finished() == 0)
  }

  @Test(arguments: ["", "bob", "sip:bob@cc.test", "1 2", "1>\r\nX: y"])
  func whatIsNoNumber(_ number: String) async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial(number)
    let error = try await line.wait("result") { event -> SafeText? in
      if case .result(_, false, let error) = event { error } else { nil }
    }
    #expect(error.string.contains("no number"))
    #expect(try await line.quit() == 0)
    #expect(kamailio.seen("INVITE").isEmpty)
  }

  @Test func oneCallAtATime() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.answered)
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    try await line.call(.talking)
    line.dial("123")
    let error = try await line.wait("result") { event -> SafeText? in
      if case .result(_, false, let error) = event { error } else { nil }
    }
    #expect(error == "a call is open already")
    line.send(.hangUp(id: 9, call: nil))
    try await line.call(.ended)
    #expect(await far.finished() == 0)
  }

  enum Farewell: CaseIterable { case quit, endOfInput, signal }

  @Test(arguments: Farewell.allCases)
  func leavingEndsTheCall(_ farewell: Farewell) async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.answered)
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    try await line.call(.talking)
    let began = Date()
    let code =
      switch farewell {
      case .quit: try await line.quit()
      case .endOfInput: try await line.closeInput()
      case .signal: try await line.signal(SIGTERM)
      }
    #expect(code == 0)
    #expect(Date().timeIntervalSince(began) < 1.5)
    #expect(await far.finished() == 0)
    #expect(kamailio.seen("REGISTER").count == 4)
  }
}
