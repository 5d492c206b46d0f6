// A desk's place at a real Asterisk and a real FreeSWITCH: reached, kept, forgotten, taken, left by the dead.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite(.serialized) struct PlaceAtSystemTests {
  private static let systems = RealSystem.allCases.filter(\.isExpected)

  /// A system that rewrites no contact, as on a network without a NAT.
  private func plain(
    _ which: RealSystem, _ certificates: Certificates? = nil,
    asterisk more: [(file: String, old: String, new: String)] = [],
    freeswitch changes: [(old: String, new: String)] = []
  ) async throws -> TelephoneSystem {
    let pair = try await certificates?.make("pbx", for: "IP:127.0.0.1")
    switch which {
    case .asterisk:
      var setup = Asterisk.Setup(certificate: pair)
      setup.changes =
        [
          ("pjsip.conf", "rewrite_contact=yes", "rewrite_contact=no"),
          ("pjsip.conf", "force_rport=yes", "force_rport=no"),
        ] + more
      return .asterisk(try await Asterisk(setup))
    case .freeswitch:
      var setup = FreeSwitch.Setup(certificate: pair)
      setup.changes =
        [
          (
            "<param name=\"aggressive-nat-detection\" value=\"true\"/>",
            "<param name=\"aggressive-nat-detection\" value=\"false\"/>"
          )
        ] + changes
      return .freeswitch(try await FreeSwitch(setup))
    }
  }

  private func tell(_ system: TelephoneSystem, asterisk: String, freeswitch: String) async throws {
    switch system {
    case .asterisk(let asterisk_): _ = try await asterisk_.command(asterisk)
    case .freeswitch(let freeswitch_): _ = try await freeswitch_.command(freeswitch)
    }
  }

  /// Calls arrive, and the end of them, where the system goes by the contact alone.
  @Test(
    .enabled(if: !systems.isEmpty, "there is no telephone system"),
    arguments: systems, ["udp", "tcp", "tls"])
  func aCallArrivesAndItsEnd(_ which: RealSystem, _ transport: String) async throws {
    let certificates = transport == "tls" ? try await Certificates() : nil
    let system = try await plain(which, certificates)
    let way = DeskAtSystem.Way(
      transport: transport, codecs: "pcmu", authority: certificates?.authority.certificate,
      more: [("srtp", "off")])
    let ana = try await DeskAtSystem("1001", at: system, way)
    let ben = try await DeskAtSystem("1002", at: system, way)
    ben.line.dial("1001")
    let id = try await ana.takesCall().call
    try await ben.line.call(.talking)
    // The system's own BYE, in both directions.
    #expect(try await ben.line.ask { .hangUp(id: $0, call: nil) } == nil)
    let end = try await ana.line.call(.ended)
    #expect(end.call == id)
    // And a CANCEL.
    ben.line.dial("1001")
    try await ana.line.call(.ringing)
    #expect(try await ben.line.ask { .hangUp(id: $0, call: nil) } == nil)
    try await ana.line.call(.notEstablished)
    await system.stop()
  }

  /// What the system has forgotten is registered again within a few looks.
  @Test(
    .enabled(if: !systems.isEmpty, "there is no telephone system"),
    arguments: systems, ["udp", "tcp"])
  func whatIsForgottenIsHealed(_ which: RealSystem, _ transport: String) async throws {
    let system = try await plain(which)
    let way = DeskAtSystem.Way(
      transport: transport, codecs: "pcmu", more: [("keepaliveSeconds", 1)])
    let ana = try await DeskAtSystem("1001", at: system, way)
    let ben = try await DeskAtSystem("1002", at: system, way)
    try await forget("1001", system)
    try await ana.line.log("the registrar had forgotten us; registered again")
    ben.line.dial("1001")
    try await ana.takesCall()
    await system.stop()
  }

  private func forget(_ user: String, _ system: TelephoneSystem) async throws {
    switch system {
    case .asterisk(let asterisk):
      let contacts = try await asterisk.command("pjsip show contacts")
      let name = try #require(
        contacts.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("\(user)/sip:") })
      let key = try await asterisk.command("database show registrar/contact")
      let entry = try #require(
        key.split(separator: "\n").compactMap { line -> String? in
          guard line.contains("/registrar/contact/\(user);@") else { return nil }
          return line.prefix { $0 != " " && $0 != ":" }.description
        }.first, "\(name): \(key)")
      let hash = entry.components(separatedBy: "/registrar/contact/").last ?? ""
      _ = try await asterisk.command("database del registrar contact/\(hash)")
    case .freeswitch(let freeswitch):
      _ = try await freeswitch.command("sofia profile desks flush_inbound_reg \(user)@127.0.0.1")
    }
  }

  /// A second desk of the account takes the place: the first one says so, and fights for nothing.
  @Test(
    .enabled(if: !systems.isEmpty, "there is no telephone system"),
    arguments: systems, ["udp", "tcp"])
  func aSecondDeskTakesThePlace(_ which: RealSystem, _ transport: String) async throws {
    let system = try await plain(which)
    let way = DeskAtSystem.Way(
      transport: transport, codecs: "pcmu", more: [("keepaliveSeconds", 1)])
    let first = try await DeskAtSystem("1001", at: system, way)
    let second = try await DeskAtSystem("1001", at: system, way)
    try await first.line.wait("to be told", within: 30) {
      if case .evicted = $0 { true } else { nil }
    }
    let ben = try await DeskAtSystem("1002", at: system, way)
    ben.line.dial("1001")
    try await second.takesCall()
    await system.stop()
  }

  /// A killed desk's place is free for its next line at once, though the system allows one only.
  @Test(
    .enabled(if: !systems.isEmpty, "there is no telephone system"),
    arguments: systems, ["udp", "tcp", "tls"])
  func theNextLineOfAKilledDesk(_ which: RealSystem, _ transport: String) async throws {
    let certificates = transport == "tls" ? try await Certificates() : nil
    let system = try await plain(
      which, certificates,
      asterisk: [("pjsip.conf", "remove_existing=yes", "remove_existing=no")],
      freeswitch: [
        (
          "<param name=\"tls-version\"",
          "<param name=\"max-registrations-per-extension\" value=\"1\"/>\n"
            + "<param name=\"multiple-registrations\" value=\"contact\"/>\n"
            + "<param name=\"tls-version\""
        )
      ])
    let home = try TestFolder()
    let authority: [(String, JSONValue)] =
      certificates.map { [("caFile", .string($0.authority.certificate))] } ?? []
    func register() async throws -> LineUnderTest {
      let line = try LineUnderTest(environment: ["XDG_STATE_HOME=\(home.url.path)"])
      line.register(
        line.configuration(
          port: transport == "tls" ? system.tlsPort : system.port, transport: transport,
          [("account", "1001")] + authority),
        password: TelephoneSystem.password)
      try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
      return line
    }
    for _ in 0..<3 { _ = try await register().signal(SIGKILL) }
    let line = try await register()
    #expect(!line.seen.contains { if case .unregistered = $0 { true } else { false } })
    #expect(try await line.ends())
    await system.stop()
  }

  /// A system that was killed and knows no members any more is told the status anew.
  @Test(
    .enabled(if: RealSystem.asterisk.isExpected, Comment(rawValue: RealSystem.asterisk.absence)),
    arguments: ["udp", "tcp"])
  func aSystemThatForgotItsQueueIsToldAnew(_ transport: String) async throws {
    var setup = Asterisk.Setup()
    setup.changes = [("queues.conf", "persistentmembers=yes", "persistentmembers=no")]
    let asterisk = try await Asterisk(setup)
    let system = TelephoneSystem.asterisk(asterisk)
    let way = DeskAtSystem.Way(
      transport: transport, codecs: "pcmu",
      more: [("keepaliveSeconds", 1), ("firstAnswerSeconds", 1)])
    let ana = try await DeskAtSystem("1001", at: system, way)
    try await ana.choose(.idle)
    #expect(try await asterisk.command("queue show support").contains("PJSIP/1001"))
    await asterisk.kill()
    try await ana.line.wait("to lose it", within: 30) { event -> Bool? in
      if case .unregistered = event { true } else { nil }
    }
    try await asterisk.start()
    try await ana.line.wait("registered", within: 60) {
      if case .registered = $0 { true } else { nil }
    }
    // As the desk does it: its status, once more.
    try await ana.choose(.idle)
    #expect(try await asterisk.command("queue show support").contains("PJSIP/1001"))
    await system.stop()
  }
}
