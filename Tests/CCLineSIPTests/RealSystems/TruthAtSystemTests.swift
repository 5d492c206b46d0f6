// Calls that a real telephone system has let go of, and holds that it agrees to late.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite(.serialized) struct TruthAtSystemTests {
  /// A system, a desk at it, and a customer whom she talks to.
  private struct Scene {
    let system: TelephoneSystem
    let ana: DeskAtSystem
    let customer: Customer
    let call: String?
  }

  private func begin(_ which: RealSystem, _ transport: String) async throws -> Scene {
    let certificates = try await Certificates()
    let system = try await TelephoneSystem(
      which, certificate: try await certificates.make("pbx", for: "IP:127.0.0.1"))
    let way = DeskAtSystem.Way(
      transport: transport, codecs: "pcmu,pcma",
      authority: transport == "tls" ? certificates.authority.certificate : nil)
    let ana = try await DeskAtSystem("1001", at: system, way)
    let customer = try Customer(speaks: Tone(hertz: 1000))
    try await ana.choose(.idle)
    customer.call("7000", at: system.customersPort)
    let call = try await ana.takesCall().call
    try await customer.waits(for: .talking)
    try await ana.hears(Tone(hertz: 1000))
    return Scene(system: system, ana: ana, customer: customer, call: call)
  }

  private func end(_ scene: Scene) async throws {
    #expect(try await scene.ana.line.ends())
    await scene.system.stop()
  }

  // MARK: A transfer that fails

  /// Asterisk takes the REFER, hangs the customer up, says 486 and then nothing more: the desk asks, and is
  /// told that the call is gone.
  @Test(
    .enabled(if: RealSystem.asterisk.isExpected, Comment(rawValue: RealSystem.asterisk.absence)),
    arguments: ["udp", "tcp", "tls"])
  func aTransferThatFailsAtAsterisk(_ transport: String) async throws {
    let scene = try await begin(.asterisk, transport)
    let line = scene.ana.line
    #expect(
      try await line.ask { .transfer(id: $0, call: scene.call, to: "1003", consult: false) } == nil)
    _ = try await line.transfer(.failed)
    let end = try await line.call(.ended)
    #expect(end.call == scene.call && end.reason != nil)
    try await scene.customer.waits(for: .over(0))
    try await self.end(scene)
  }

  // MARK: A system that is killed

  @Test(
    .enabled(if: RealSystem.asterisk.isExpected, Comment(rawValue: RealSystem.asterisk.absence)),
    // Its port for TLS cannot be bound again for a minute after it was killed.
    arguments: ["udp", "tcp"])
  func asteriskIsKilled(_ transport: String) async throws { try await killed(.asterisk, transport) }

  @Test(
    .enabled(
      if: RealSystem.freeswitch.isExpected, Comment(rawValue: RealSystem.freeswitch.absence)),
    arguments: ["udp", "tcp", "tls"])
  func freeswitchIsKilled(_ transport: String) async throws {
    try await killed(.freeswitch, transport)
  }

  /// It comes back at once and knows nothing of the call: that is asked, and told.
  private func killed(_ which: RealSystem, _ transport: String) async throws {
    let scene = try await begin(which, transport)
    await scene.system.kill()
    try await scene.system.start()
    let end = try await scene.ana.line.call(.ended, within: 40)
    #expect(end.call == scene.call && end.reason == Reason("the far end has lost the call"))
    try await self.end(scene)
  }

  // MARK: A system that stands still

  @Test(
    .enabled(if: RealSystem.asterisk.isExpected, Comment(rawValue: RealSystem.asterisk.absence)),
    arguments: ["udp", "tcp", "tls"])
  func asteriskStandsStill(_ transport: String) async throws {
    try await standsStill(.asterisk, transport)
  }

  @Test(
    .enabled(
      if: RealSystem.freeswitch.isExpected, Comment(rawValue: RealSystem.freeswitch.absence)),
    arguments: ["udp", "tcp", "tls"])
  func freeswitchStandsStill(_ transport: String) async throws {
    try await standsStill(.freeswitch, transport)
  }

  /// It agrees to a hold that was given up: both sides know it, and the resume is sent.
  private func standsStill(_ which: RealSystem, _ transport: String) async throws {
    let scene = try await begin(which, transport)
    let line = scene.ana.line
    try await scene.system.stand(still: true)
    #expect(
      try await line.ask { .hold(id: $0, call: scene.call, on: true) }
        == "no answer from the far end")
    try await scene.system.stand(still: false)
    #expect(try await line.state(scene.call).held == true)
    try await scene.customer.hears(CustomerVoice.holdMusic, within: 20)
    #expect(try await line.ask { .hold(id: $0, call: scene.call, on: false) } == nil)
    try await scene.customer.hears(scene.ana.voice, within: 20)
    line.send(.hangUp(id: 60, call: scene.call))
    try await scene.customer.waits(for: .over(0))
    try await self.end(scene)
  }

  // MARK: A number that is withheld

  /// Asterisk says both: who it is, and that she is not to be shown.
  @Test(
    .enabled(if: RealSystem.asterisk.isExpected, Comment(rawValue: RealSystem.asterisk.absence)))
  func aWithheldNumberIsNotShown() async throws {
    var setup = Asterisk.Setup()
    setup.changes = [
      ("pjsip.conf", "dtmf_mode=rfc4733", "dtmf_mode=rfc4733\nsend_pai=yes\ntrust_id_outbound=yes")
    ]
    setup.additions = [
      "extensions.conf":
        "[customers]\nexten => 67,1,Set(CALLERID(pres)=prohib)\n same => n,Dial(PJSIP/1001,30)\n"
    ]
    let system = TelephoneSystem.asterisk(try await Asterisk(setup))
    let ana = try await DeskAtSystem("1001", at: system, .init(transport: "udp"))
    let customer = try Customer(speaks: nil)
    customer.call("67", at: system.customersPort)
    let ringing = try await ana.line.call(.ringing)
    #expect(ringing.number == nil && ringing.name == nil, "\(ringing)")
    customer.hangUp()
    try await ana.line.call(.notEstablished)
    #expect(try await ana.line.ends())
    await system.stop()
  }
}
