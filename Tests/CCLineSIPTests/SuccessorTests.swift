// What ends a dead line's calls when no next line comes, and what a line leaves that had to go too soon.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct SuccessorTests {
  /// Runs it as the guardian does; its exit code.
  private func succeed(_ line: LineUnderTest, _ configuration: JSONValue) async throws -> Int32 {
    let register = LineCodec.encode(
      .register(id: 1, token: Secret("secret")), configuration: configuration)
    let path = try line.folder.write("register", String(decoding: register, as: UTF8.self))
    let input = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(input) }
    let child = try TestChild(
      Products.path("ccterm-line-sip"), ["--end-orphans"], in: line.folder.url.path, input: input)
    return try await child.ended(within: 15)
  }

  @Test(arguments: ["udp", "tcp"], [nil, "calls.test"])
  func itSaysByeAndRegistersNothing(_ transport: String, _ realm: String?) async throws {
    var setup = Kamailio.Setup()
    setup.realmInCalls = realm == nil ? nil : setup.realm
    let kamailio = try await Kamailio(setup)
    let far = try await Sipp(OrphanTests.hangsUpOnBye)
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: transport)
    _ = try await line.talk(to: far)
    try await line.fence()
    _ = try await line.signal(SIGKILL)
    let registered = kamailio.seen("REGISTER").count
    let configuration = line.configuration(port: kamailio.port, transport: transport)
    #expect(try await succeed(line, configuration) == 0)
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
    #expect(kamailio.seen("REGISTER").count == registered)
    // Nothing is left: the next one says nothing.
    let byes = kamailio.seen("BYE").count
    #expect(try await succeed(line, configuration) == 0)
    #expect(kamailio.seen("BYE").count == byes)
  }

  @Test func itTakesNothingFromALivingLine() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(OrphanTests.hangsUpOnBye)
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await line.talk(to: far)
    try await line.fence()
    #expect(try await succeed(line, line.configuration(port: kamailio.port)) == 0)
    #expect(!far.messages.contains("BYE sip:"))
    line.send(.hangUp(id: 50, call: id))
    #expect(await far.finished() == 0)
  }

  /// Whom it called answers in the moment that the line dies: over a stream the answer finds nobody.
  @Test(arguments: ["udp", "tcp"])
  func whoAnsweredTheDeadIsHungUp(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let far = try Telephone(answersAfter: 0.3)
    let line = try LineUnderTest()
    try await line.signIn(kamailio, transport: transport)
    line.dial("7\(far.port)")
    try await line.call(.ringing)
    try await line.fence()
    _ = try await line.signal(SIGKILL)
    try await eventually("the answer") { far.talks }
    let configuration = line.configuration(port: kamailio.port, transport: transport)
    #expect(try await succeed(line, configuration) == 0)
    #expect(far.open == 0)
  }

  private func header(_ name: String, _ message: String) -> String {
    SIPText.header([name], in: message) ?? ""
  }

  private func heard(_ method: String, by registrar: BareRegistrar) async throws -> String {
    var found: String?
    try await eventually("a \(method)") {
      found = registrar.attend().first { $0.hasPrefix("\(method) ") }
      return found != nil
    }
    return found ?? ""
  }

  /// The line is asked to end in a call, and nobody answers its BYE.
  @Test func aByeThatNobodyAnswersIsSaidAgain() async throws {
    let registrar = try BareRegistrar(tcp: false)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    line.dial("123")
    let invite = try await heard("INVITE", by: registrar)
    let body =
      "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
      + "m=audio 9 RTP/AVP 0\r\n"
    registrar.send(
      registrar.answer(
        to: invite, "200 OK", ["Contact: <sip:far@127.0.0.1:\(registrar.port)>"], body: body))
    try await line.call(.talking)
    _ = try await heard("ACK", by: registrar)
    #expect(try await line.closeInput() == LineExit.unfinished)
    let first = try await heard("BYE", by: registrar)
    // The same from whoever comes next, until it is answered.
    for _ in 1...2 {
      let next = try LineUnderTest()
      next.register(next.configuration(port: registrar.port, transport: "udp"))
      let again = try await heard("BYE", by: registrar)
      #expect(header("call-id", again) == header("call-id", first))
      #expect(
        (Int(header("cseq", again).split(separator: " ")[0]) ?? 0)
          > (Int(header("cseq", first).split(separator: " ")[0]) ?? 0))
      _ = try await next.quit()
    }
    // Repetitions of those that are gone.
    registrar.attend()
    let last = try LineUnderTest()
    last.register(last.configuration(port: registrar.port, transport: "udp"))
    registrar.send(registrar.answer(to: try await heard("BYE", by: registrar), "200 OK"))
    try await eventually("registered") {
      for message in registrar.attend() where message.hasPrefix("BYE ") {
        registrar.send(registrar.answer(to: message, "200 OK"))
      }
      return last.seen.contains { if case .registered = $0 { true } else { false } }
    }
    try await last.fence()
    _ = try await last.quit()
    registrar.attend()
    let other = try LineUnderTest()
    other.register(other.configuration(port: registrar.port, transport: "udp"))
    var seen: [String] = []
    try await eventually("registered") {
      seen += registrar.attend()
      return other.seen.contains { if case .registered = $0 { true } else { false } }
    }
    #expect(!seen.contains { $0.hasPrefix("BYE ") })
    _ = try await other.quit()
  }

  /// Answered here, not acknowledged, and the line is asked to end: its BYE has to wait for the ACK.
  @Test func whatWasAnsweredAndNotAcknowledgedIsNotForgotten() async throws {
    let registrar = try BareRegistrar(tcp: false)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    var call = HostileMessages.Invite("just")
    call.set("Contact", "<sip:far@127.0.0.1:\(registrar.port)>")
    registrar.send(call.text)
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    #expect(try await line.quit() == LineExit.unfinished)
    registrar.attend()
    let configuration = line.configuration(port: registrar.port, transport: "udp")
    let successor = Task { try await succeed(line, configuration) }
    let bye = try await heard("BYE", by: registrar)
    #expect(bye.hasPrefix("BYE sip:far@127.0.0.1:\(registrar.port) "))
    registrar.send(registrar.answer(to: bye, "200 OK"))
    #expect(try await successor.value == 0)
  }

  @Test(arguments: [SIGTERM, SIGUSR1, SIGALRM, SIGQUIT, SIGIO, 34, 64] as [Int32])
  func whateverEndsALineItSaysGoodbye(_ signal: Int32) async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(OrphanTests.hangsUpOnBye)
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    _ = try await line.talk(to: far)
    #expect(try await line.signal(signal) == 0)
    #expect(await far.finished() == 0)
  }
}
