// A line that dies before anybody has answered leaves nobody ringing.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct EarlyOrphanTests {
  /// A registrar and how a line signs in there over a transport.
  private struct House {
    var kamailio: Kamailio
    var configuration: JSONValue

    init(_ transport: String) async throws {
      var setup = Kamailio.Setup()
      var more: [(String, JSONValue)] = []
      if transport == "tls" {
        let certificates = try await Certificates()
        setup.certificate = try await certificates.make("pbx", for: "IP:127.0.0.1")
        more = [("caFile", .string(certificates.authority.certificate))]
        self.certificates = certificates
      }
      kamailio = try await Kamailio(setup)
      port = transport == "tls" ? kamailio.tlsPort : kamailio.port
      configuration = try LineUnderTest().configuration(port: port, transport: transport, more)
    }

    private var port: UInt16
    // The authority's file lives as long.
    private var certificates: Certificates?

    func signIn(_ line: LineUnderTest) async throws {
      line.register(configuration)
      try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    }
  }

  /// Lets the next line begin, and says when: a busy machine may take its time before that.
  private func started(_ next: LineUnderTest, _ house: House) async throws -> Date {
    try await next.wait("hello") { if case .hello = $0 { true } else { nil } }
    defer { next.register(house.configuration) }
    return Date()
  }

  @Test(arguments: ["udp", "tcp", "tls"])
  func whomItCalledStopsRinging(_ transport: String) async throws {
    let house = try await House(transport)
    let far = try await Sipp(
      [
        .receive("INVITE"), .answer(180, "Ringing"), .receive("CANCEL"), .answerCancel,
        .receive("ACK"),
      ], Sipp.Setup(tcp: transport != "udp"))
    let line = try LineUnderTest()
    try await house.signIn(line)
    line.dial("\(transport == "udp" ? 7 : 8)\(far.port)")
    try await line.call(.ringing)
    _ = try await line.signal(SIGKILL)
    let next = try LineUnderTest()
    let began = try await started(next, house)
    try await eventually("the CANCEL") { far.messages.contains("CANCEL sip:") }
    #expect(Date().timeIntervalSince(began) < 2)
    try await next.log("a call of a line that died was still being made: it is taken back")
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
    try await next.wait("registered") { if case .registered = $0 { true } else { nil } }
    // Only once.
    let third = try LineUnderTest()
    try await house.signIn(third)
    #expect(!third.seen.contains { if case .log = $0 { true } else { false } })
  }

  /// A telephone in place of sipp, whose 487 is a whole one: the proxy has it for the dead line.
  @Test(arguments: ["udp", "tcp", "tls"])
  func whatComesBackIsAcknowledged(_ transport: String) async throws {
    let house = try await House(transport)
    let far = try LineUnderTest()
    var other = house.configuration
    guard case .object(var object) = other else { return }
    object["account"] = "1002@cc.test"
    other = .object(object)
    far.register(other)
    try await far.wait("registered") { if case .registered = $0 { true } else { nil } }
    let line = try LineUnderTest()
    try await house.signIn(line)
    line.dial("1002")
    try await far.call(.ringing)
    try await line.call(.ringing)
    _ = try await line.signal(SIGKILL)
    let port = try house.kamailio.contactPort()
    let next = try LineUnderTest()
    let began = try await started(next, house)
    #expect(try await far.call(.notEstablished).reason == Reason("the caller hung up", code: 487))
    #expect(Date().timeIntervalSince(began) < 2)
    try await next.wait("registered") { if case .registered = $0 { true } else { nil } }
    // Over TCP and TLS kamailio knows only the connection that is gone, and repeats nothing. Over UDP the
    // next line listens where the dead one did, unless another program took the port meanwhile.
    if transport == "udp", try house.kamailio.contactPort() == port {
      try await eventually("the ACK") { !house.kamailio.seen("ACK").isEmpty }
    }
    #expect(try await next.quit() == 0)
  }

  /// Whoever rang is told in his dialog that it is over.
  ///
  /// The line itself took its call back in the moment before it was killed: a proxy that has ended the INVITE by
  /// then says nothing to the next one's CANCEL.
  @Test(arguments: ["udp", "tcp", "tls"])
  func whomNobodyAnswersForIsHungUp(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    let far = ScriptedDialog(pbx, invited: invite)
    pbx.send(far.answer(invite, "180 Ringing"))
    try await line.call(.ringing)
    try await line.fence()
    _ = try await line.signal(SIGKILL)
    let next = try LineUnderTest()
    try await pbx.signIn(next)
    try await pbx.next("CANCEL")
    let bye = try await pbx.next("BYE", within: 3)
    #expect(ScriptedDialog.value("to", bye) == far.local)
    #expect(ScriptedDialog.number(bye) > ScriptedDialog.number(invite))
    pbx.send(far.answer(bye, "481 Call Does Not Exist"))
    // It is settled: who comes next says nothing.
    try await next.fence()
    #expect(try await next.quit() == 0)
    pbx.forget()
    let third = try LineUnderTest()
    try await pbx.signIn(third)
    try await third.fence()
    #expect(pbx.waiting.isEmpty)
  }

  /// Who never rang is in no dialog: the CANCEL is all there is, and it is not taken for said.
  @Test(arguments: ["udp", "tcp"])
  func whomNobodyHasHeardOfIsNotForgotten(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    line.dial("123")
    try await pbx.next("INVITE")
    try await line.fence()
    _ = try await line.signal(SIGKILL)
    for _ in 1...2 {
      let next = try LineUnderTest()
      try await pbx.signIn(next)
      try await pbx.next("CANCEL")
      let asked = Date.now
      try await eventually("the time of the doubt is over") { Date.now > asked + 1.5 }
      _ = try await next.signal(SIGKILL)
      pbx.forget()
    }
  }

  @Test(arguments: ["udp", "tcp", "tls"])
  func whoCalledItIsToldThatNobodyIsThere(_ transport: String) async throws {
    let house = try await House(transport)
    let line = try LineUnderTest()
    try await house.signIn(line)
    let caller = try await Sipp(
      [
        .invite, .mayReceiveResponse(100), .receiveResponse(180), .receiveResponse(480),
        .acknowledge,
      ], Sipp.Setup(tcp: transport != "udp", calls: ("1001", house.kamailio.port)))
    try await line.call(.ringing)
    try await eventually("180 at the caller") { caller.messages.contains("SIP/2.0 180") }
    _ = try await line.signal(SIGKILL)
    let port = try house.kamailio.contactPort()
    let next = try LineUnderTest()
    let began = try await started(next, house)
    try await eventually("480 at the caller") { caller.messages.contains("SIP/2.0 480") }
    #expect(Date().timeIntervalSince(began) < 2)
    try await next.log("a call of a line that died still rang for its caller: refused (480)")
    #expect(await caller.finished() == 0, "\(caller.complaint.suffix(600))")
    try await next.wait("registered") { if case .registered = $0 { true } else { nil } }
    // The next caller rings at the living line, and there alone; unless another program took the port.
    guard try house.kamailio.contactPort() == port else { return }
    let another = try await Sipp(
      [
        .invite, .mayReceiveResponse(100), .receiveResponse(180), .receiveResponse(486),
        .acknowledge,
      ], Sipp.Setup(tcp: transport != "udp", calls: ("1001", house.kamailio.port)))
    let id = try await next.call(.ringing).call
    #expect(try await next.ask { .reject(id: $0, call: id) } == nil)
    #expect(await another.finished() == 0, "\(another.complaint.suffix(600))")
  }

  /// A line that dialled 123 at a bare registrar, heard it ring, and died; and the next one, which has
  /// just said CANCEL.
  private func takenBack(
    _ registrar: BareRegistrar
  ) async throws -> (next: LineUnderTest, invite: String, cancel: String) {
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    line.dial("123")
    let invite = try await heard("INVITE", by: registrar)
    registrar.send(registrar.answer(to: invite, "180 Ringing"))
    try await line.call(.ringing)
    _ = try await line.signal(SIGKILL)
    let next = try LineUnderTest()
    next.register(
      next.configuration(
        port: registrar.port, transport: registrar.isTCP ? "tcp" : "udp",
        [("firstAnswerSeconds", 30)]))
    return (next, invite, try await heard("CANCEL", by: registrar))
  }

  private func heard(_ method: String, by registrar: BareRegistrar) async throws -> String {
    var found: String?
    try await eventually("a \(method)") {
      found = registrar.attend().first { $0.hasPrefix("\(method) ") }
      return found != nil
    }
    return found ?? ""
  }

  private func header(_ name: String, _ message: String) -> String {
    SIPText.header([name], in: message) ?? ""
  }

  @Test(arguments: [false, true])
  func theCancelIsTheInvitesOwn(_ tcp: Bool) async throws {
    let registrar = try BareRegistrar(tcp: tcp)
    let (next, invite, cancel) = try await takenBack(registrar)
    let target = invite.split(separator: " ")[1]
    #expect(cancel.hasPrefix("CANCEL \(target) SIP/2.0\r\n"))
    for name in ["via", "route", "to", "from", "call-id"] {
      #expect(header(name, cancel) == header(name, invite), "\(name)")
    }
    let number = header("cseq", invite).split(separator: " ")[0]
    #expect(header("cseq", cancel) == "\(number) CANCEL")
    registrar.send(registrar.answer(to: cancel, "200 OK"))
    registrar.send(registrar.answer(to: invite, "487 Request Terminated"))
    let ack = try await heard("ACK", by: registrar)
    #expect(ack.hasPrefix("ACK \(target) SIP/2.0\r\n"))
    #expect(header("via", ack) == header("via", invite))
    #expect(header("to", ack).hasSuffix(";tag=bare"))
    #expect(header("cseq", ack) == "\(number) ACK")
    // A repeated answer is acknowledged again, a stranger's is not.
    registrar.send(registrar.answer(to: invite, "487 Request Terminated"))
    _ = try await heard("ACK", by: registrar)
    let other = invite.replacing(header("call-id", invite), with: "0123456789abcdef")
    registrar.send(registrar.answer(to: other, "487 Request Terminated"))
    try await next.fence()
    #expect(!registrar.attend().contains { $0.hasPrefix("ACK ") })
    #expect(try await next.quit() == 0)
  }

  @Test(arguments: [false, true])
  func anAnswerThatCrossedItIsHungUp(_ tcp: Bool) async throws {
    let registrar = try BareRegistrar(tcp: tcp)
    let (next, invite, cancel) = try await takenBack(registrar)
    registrar.send(registrar.answer(to: cancel, "200 OK"))
    let contact = "<sip:far@127.0.0.1:\(registrar.port)\(tcp ? ";transport=tcp" : "")>"
    let answer = registrar.answer(to: invite, "200 OK", ["Contact: \(contact)"])
    registrar.send(answer)
    var seen: [String] = []
    try await eventually("ACK and BYE") {
      seen += registrar.attend()
      return seen.contains { $0.hasPrefix("BYE ") }
    }
    let number = Int(header("cseq", invite).split(separator: " ")[0]) ?? 0
    let ack = try #require(seen.first { $0.hasPrefix("ACK sip:far@") })
    #expect(header("cseq", ack) == "\(number) ACK")
    let bye = try #require(seen.first { $0.hasPrefix("BYE sip:far@") })
    #expect(header("cseq", bye) == "\(number + 1) BYE")
    #expect(header("to", bye) == header("to", answer))
    registrar.send(registrar.answer(to: bye, "200 OK"))
    // The answer again: acknowledged, and not hung up a second time.
    registrar.send(answer)
    _ = try await heard("ACK", by: registrar)
    try await next.fence()
    #expect(!registrar.attend().contains { $0.hasPrefix("BYE ") })
    #expect(try await next.quit() == 0)
  }

  @Test func overUDPACancelThatIsLostIsSaidAgain() async throws {
    let registrar = try BareRegistrar(tcp: false)
    let (next, _, cancel) = try await takenBack(registrar)
    let again = try await heard("CANCEL", by: registrar)
    #expect(again == cancel)
    registrar.send(registrar.answer(to: again, "200 OK"))
    try await next.fence()
    // Whether the answer is read before the end comes is luck; what is owed then, the next line ends.
    let code = try await next.quit()
    #expect(code == 0 || code == LineExit.unfinished)
  }

  /// Answered here, and the line died before the ACK was there.
  @Test func whatWasJustAnsweredIsHungUp() async throws {
    let registrar = try BareRegistrar(tcp: false)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    var call = HostileMessages.Invite("just")
    call.set("Contact", "<sip:far@127.0.0.1:\(registrar.port)>")
    registrar.send(call.text)
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    _ = try await line.signal(SIGKILL)
    let next = try LineUnderTest()
    next.register(
      next.configuration(port: registrar.port, transport: "udp", [("firstAnswerSeconds", 30)]))
    let bye = try await heard("BYE", by: registrar)
    #expect(bye.hasPrefix("BYE sip:far@127.0.0.1:\(registrar.port) "))
  }
}
