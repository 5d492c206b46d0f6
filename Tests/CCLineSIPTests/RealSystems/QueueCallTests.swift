// A customer calls a queue of a real Asterisk and a real FreeSWITCH, and meets the agents.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite(.serialized) struct QueueCallTests {
  @Test(
    .enabled(if: RealSystem.asterisk.isExpected, Comment(rawValue: RealSystem.asterisk.absence)),
    arguments: ["udp", "tcp", "tls"])
  func asterisk(_ transport: String) async throws { try await queueCall(.asterisk, transport) }

  @Test(
    .enabled(
      if: RealSystem.freeswitch.isExpected, Comment(rawValue: RealSystem.freeswitch.absence)),
    arguments: ["udp", "tcp", "tls"])
  func freeswitch(_ transport: String) async throws { try await queueCall(.freeswitch, transport) }

  /// A customer talks to Ana, is held, hears keys, is handed to Ben, who asks Ana and hands her back.
  ///
  /// What counts is what the customer hears.
  private func queueCall(_ which: RealSystem, _ transport: String) async throws {
    let certificates = try await Certificates()
    let system = try await TelephoneSystem(
      which, certificate: try await certificates.make("pbx", for: "IP:127.0.0.1"))
    let way = DeskAtSystem.Way(
      transport: transport,
      authority: transport == "tls" ? certificates.authority.certificate : nil)
    let ana = try await DeskAtSystem("1001", at: system, way)
    let ben = try await DeskAtSystem("1002", at: system, way)
    let customer = try Customer(speaks: Tone(hertz: 1000))

    try await ana.choose(.idle)
    customer.call("7000", at: system.customersPort)
    let first = try await ana.takesCall()
    #expect(first.number == "5550100" && first.name?.string.hasSuffix("Nora Field") == true)
    try await customer.waits(for: .talking)
    try await customer.hears(ana.voice)
    try await ana.hears(Tone(hertz: 1000))

    #expect(try await ana.line.ask { .hold(id: $0, call: first.call, on: true) } == nil)
    try await customer.hears(CustomerVoice.holdMusic)
    #expect(try await ana.line.ask { .hold(id: $0, call: first.call, on: false) } == nil)
    try await customer.hears(ana.voice)
    try await ana.hears(Tone(hertz: 1000))

    #expect(try await ana.line.ask { .dtmf(id: $0, call: first.call, digits: "159#") } == nil)
    try await eventually("the keys") { customer.keys == "159#" }

    // Blind.
    #expect(
      try await ana.line.ask { .transfer(id: $0, call: first.call, to: "1002", consult: false) }
        == nil)
    let second = try await ben.takesCall()
    _ = try await ana.line.transfer(.done)
    try await ana.line.call(.ended)
    try await customer.hears(ben.voice)
    try await ben.hears(Tone(hertz: 1000))

    // After asking.
    let asked = Task { try await ana.takesCall() }
    #expect(
      try await ben.line.ask { .transfer(id: $0, call: second.call, to: "1001", consult: true) }
        == nil)
    _ = try await asked.value
    let between = try await ben.line.call(.talking)
    try await customer.hears(CustomerVoice.holdMusic)
    #expect(
      try await ben.line.ask { .join(id: $0, call: second.call, with: between.call) } == nil)
    _ = try await ben.line.transfer(.done)
    try await customer.hears(ana.voice)
    try await ana.hears(Tone(hertz: 1000))

    customer.hangUp()
    try await ana.line.call(.ended)
    for desk in [ana, ben] { #expect(try await desk.line.ends()) }
    await system.stop()
  }
}
