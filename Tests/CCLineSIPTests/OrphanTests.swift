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
    let began = Date()
    let next = try LineUnderTest()
    next.register(next.configuration(port: kamailio.port, transport: transport))
    try await next.log("a call of a line that died was still up")
    #expect(await far.finished() == 0)
    try await next.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(Date().timeIntervalSince(began) < 2)
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

  @Test func theFileIsOursAloneAndGoesWithTheCalls() throws {
    let folder = try TestFolder()
    let record = DialogRecord(
      callID: "c", local: "<sip:a@b>;tag=1", remote: "<sip:c@d>;tag=2", target: "sip:c@192.0.2.1",
      routes: ["<sip:192.0.2.2;lr>"], sequence: 7)
    let book = DialogBook(account: "one", folder: folder.url.path)
    book.add(record)
    let path = folder.path("calls-\(getpid()).json")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    // Locked by the living.
    #expect(DialogBook(account: "one", folder: folder.url.path).takeOrphans().isEmpty)
    book.remove(record)
    #expect(!folder.read("calls-\(getpid()).json").contains("192.0.2.1"))
    book.leave()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func onlyThisAccountsOrphansAreTaken() throws {
    let folder = try TestFolder()
    let record = DialogRecord(
      callID: "c", local: "<sip:a@b>;tag=1", remote: "<sip:c@d>;tag=2", target: "sip:c@192.0.2.1",
      routes: [], sequence: 7)
    let json = JSONValue.object(
      JSONObject([
        .init(name: "account", value: "one"), .init(name: "calls", value: .array([record.json])),
      ]))
    _ = try folder.write("calls-1.json", String(decoding: JSONWriter.write(json), as: UTF8.self))
    #expect(DialogBook(account: "two", folder: folder.url.path).takeOrphans().isEmpty)
    #expect(DialogBook(account: "one", folder: folder.url.path).takeOrphans() == [record])
    #expect(DialogBook(account: "one", folder: folder.url.path).takeOrphans().isEmpty)
  }

  @Test(arguments: [
    "", "{", "[]", #"{"account":"one","calls":[{"callID":"c\r\nX: y"}]}"#,
    #"{"account":"one","calls":[{"callID":"c","local":"l","remote":"r","target":"tel:1\r\n","routes":[],"sequence":1}]}"#,
    #"{"account":"one","calls":[{"callID":"c","local":"l","remote":"r","target":"sip:a@b","routes":[],"sequence":-1}]}"#,
  ])
  func aSpoiltFileEndsNothing(_ text: String) throws {
    let folder = try TestFolder()
    _ = try folder.write("calls-1.json", text)
    #expect(DialogBook(account: "one", folder: folder.url.path).takeOrphans().isEmpty)
  }
}
