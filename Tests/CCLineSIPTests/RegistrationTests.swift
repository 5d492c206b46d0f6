// Signing in at a real registrar, and at strange ones.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@Suite struct RegistrationTests {
  @Test(arguments: [
    ("tcp", "MD5", false), ("udp", "MD5", false), ("tcp", "MD5", true), ("udp", "SHA-256", true),
    ("tcp", "SHA-256", false),
  ])
  func digest(_ transport: String, _ algorithm: String, _ qop: Bool) async throws {
    var setup = Kamailio.Setup()
    setup.algorithm = algorithm
    setup.protectsQuality = qop
    let kamailio = try await Kamailio(setup)
    let line = try LineUnderTest()
    line.register(line.configuration(port: kamailio.port, transport: transport))
    let account = try await line.wait("registered") { event -> SafeText? in
      if case .registered(let account, nil, "clear") = event { account } else { nil }
    }
    #expect(account == "1001@cc.test")
    #expect(try await line.quit() == 0)
    // Challenged and answered, then unregistered in the same way.
    #expect(kamailio.seen("REGISTER").count == 4)
  }

  @Test(arguments: ["tcp", "udp"])
  func aWrongPasswordGoesOutOnce(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    line.register(line.configuration(port: kamailio.port, transport: transport), password: "wrong")
    let reason = try await line.wait("refused") { event -> SafeText? in
      if case .unregistered(let reason, nil, final: true) = event { reason } else { nil }
    }
    #expect(reason == "the registrar refused the password (401)")
    try await line.fence()
    #expect(try await line.quit() == 0)
    let answers = kamailio.seen("REGISTER").filter { $0.contains("\"1001\"") }
    #expect(answers.count == 1)

    // The agent corrects it: the same program tries anew.
    let again = try LineUnderTest()
    again.register(again.configuration(port: kamailio.port), password: "wrong")
    try await again.wait("refused") { event -> Bool? in
      if case .unregistered(_, nil, final: true) = event { true } else { nil }
    }
    try await again.signIn(kamailio)
  }

  @Test func aForeignRealmGetsNoPassword() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    line.register(line.configuration(port: kamailio.port, [("realm", "ours.example")]))
    let reason = try await line.wait("refused") { event -> SafeText? in
      if case .unregistered(let reason, nil, final: true) = event { reason } else { nil }
    }
    #expect(reason.string.contains("foreign realm"))
    #expect(try await line.quit() == 0)
    #expect(kamailio.seen("REGISTER").count == 1)
  }

  @Test(arguments: ["tcp", "udp"])
  func theRegistrarGoesAndComesBack(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    try await line.signIn(
      kamailio, transport: transport, [("keepaliveSeconds", 1), ("firstAnswerSeconds", 1)])
    await kamailio.stop()
    let wait = try await line.wait("unregistered") { event -> Double? in
      if case .unregistered(_, let retryIn?, final: false) = event { retryIn } else { nil }
    }
    #expect((1...30).contains(wait))
    try await kamailio.start()
    try await line.wait("registered again") { if case .registered = $0 { true } else { nil } }
  }

  @Test func aLostRegistrarEndsNoCall() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(CallTests.answered)
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    line.dial("7\(far.port)")
    try await line.call(.talking)
    await kamailio.stop()
    try await line.wait("unregistered") { event -> Bool? in
      if case .unregistered(_, .some, final: false) = event { true } else { nil }
    }
    try await line.fence()
    let isOver = line.seen.contains {
      if case .call(let report) = $0 { report.status == .ended } else { false }
    }
    #expect(!isOver)
    // The agent can still hang up, whether or not the far end hears of it.
    line.send(.hangUp(id: 9, call: nil))
    try await line.call(.ended)
    await far.stop()
  }

  @Test func aRegistrarThatGrantsNothingIsNotStormed() async throws {
    let registrar = try await Sipp([
      .receive("REGISTER"),
      .answer(200, "OK", headers: ["Contact: <sip:1001@127.0.0.1>;expires=0"]),
      .receive("REGISTER"),
    ])
    let line = try LineUnderTest()
    line.register(line.configuration(port: registrar.port, transport: "udp"))
    try await line.wait("a warning") { event -> Bool? in
      if case .log(.warning, let text) = event { text.string.contains("grants 0 s") } else { nil }
    }
    // libre's own register would have sent thousands in this time.
    for _ in 0..<200 { try await line.fence() }
    await registrar.stop()
    #expect(registrar.messages.components(separatedBy: "REGISTER sip:").count - 1 == 1)
  }

  @Test func nobodyThere() async throws {
    let line = try LineUnderTest()
    line.register(line.configuration(port: Ports.free()))
    let (reason, wait) = try await line.wait("unregistered") { event -> (SafeText, Double?)? in
      if case .unregistered(let reason, let wait, final: false) = event {
        (reason, wait)
      } else {
        nil
      }
    }
    #expect(reason == "the registrar refuses the connection")
    #expect(wait == 1)
    line.dial("123")
    let error = try await line.wait("result") { event -> SafeText? in
      if case .result(_, false, let error) = event { error } else { nil }
    }
    #expect(error == "not registered")
    #expect(try await line.quit() == 0)
  }

  @Test func aNameThatNobodyHas() async throws {
    let line = try LineUnderTest()
    line.register(
      .object(
        JSONObject([
          .init(name: "registrar", value: "nobody.invalid"), .init(name: "account", value: "1"),
          .init(name: "password", value: "x"),
        ])))
    let reason = try await line.wait("unregistered") { event -> SafeText? in
      if case .unregistered(let reason, .some, final: false) = event { reason } else { nil }
    }
    #expect(reason == "nobody.invalid has no address")
  }

  @Test func settingsThatCannotBeUsed() async throws {
    let line = try LineUnderTest()
    line.register(line.configuration(port: 5060, transport: "carrier pigeon"))
    let reason = try await line.wait("unregistered") { event -> SafeText? in
      if case .unregistered(let reason, nil, final: true) = event { reason } else { nil }
    }
    #expect(reason == "sip.transport is tls, tcp or udp.")
    #expect(try await line.quit() == 0)
  }
}
