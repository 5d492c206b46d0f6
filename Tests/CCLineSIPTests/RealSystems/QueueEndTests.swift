// How calls end, and who talks in the end, at the desks of a real Asterisk and a real FreeSWITCH.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite(.serialized) struct QueueEndTests {
  @Test(
    .enabled(if: RealSystem.asterisk.isExpected, Comment(rawValue: RealSystem.asterisk.absence)))
  func asterisk() async throws {
    var setup = Asterisk.Setup()
    setup.changes = [
      ("queues.conf", "strategy=rrmemory", "strategy=ringall"),
      ("queues.conf", "timeout=15", "timeout=4"),
      (
        "extensions.conf", "exten => _1XXX,1,Dial(PJSIP/${EXTEN},30)",
        "exten => _1XXX,1,Dial(PJSIP/${EXTEN},4)"
      ),
    ]
    let asterisk = try await Asterisk(setup)
    let (ana, ben, customer) = try await ends(
      .asterisk(asterisk), timeout: .stoppedRinging, gaveUp: .stoppedRinging)
    // A colleague who does not come: Asterisk says 603, and its cause that nobody declined.
    ana.line.dial("1002")
    try await ben.line.call(.ringing)
    let end = try await ana.line.call(.notEstablished)
    #expect(end.kind == .unanswered, "\(end)")
    #expect(try await ben.line.call(.notEstablished).kind == .stoppedRinging)
    ben.line.dial("1001")
    let calling = try await ben.line.call(.ringing)
    try await ana.line.call(.ringing)
    #expect(try await ben.line.ask { .hangUp(id: $0, call: calling.call) } == nil)
    let gone = try await ana.line.call(.notEstablished)
    #expect(gone.kind == .callerGaveUp, "\(gone)")
    // One who calls a desk and hangs up is told from a queue that goes on.
    customer.call("1001", at: asterisk.port)
    try await ana.line.call(.ringing)
    customer.hangUp()
    let left = try await ana.line.call(.notEstablished)
    #expect(left.kind == .callerGaveUp, "\(left)")
    for desk in [ana, ben] { #expect(try await desk.line.ends()) }
    await asterisk.stop()
  }

  @Test(
    .enabled(
      if: RealSystem.freeswitch.isExpected, Comment(rawValue: RealSystem.freeswitch.absence)))
  func freeswitch() async throws {
    var setup = FreeSwitch.Setup()
    setup.changes = [
      ("value=\"longest-idle-agent\"", "value=\"ring-all\""), ("leg_timeout=15", "leg_timeout=4"),
    ]
    let freeswitch = try await FreeSwitch(setup)
    let (ana, ben, _) = try await ends(
      .freeswitch(freeswitch), timeout: .rangOut, gaveUp: .callerGaveUp)
    for desk in [ana, ben] { #expect(try await desk.line.ends()) }
    await freeswitch.stop()
  }

  /// A queue of three desks: one rings until its time is over, one that is taken by a colleague, one whose
  /// caller gives up; then the customer is handed on, and the other desk is told who talks now.
  private func ends(
    _ system: TelephoneSystem, timeout: EndKind, gaveUp: EndKind
  ) async throws -> (DeskAtSystem, DeskAtSystem, Customer) {
    let way = DeskAtSystem.Way(transport: "tcp")
    let desks = try await [
      DeskAtSystem("1001", at: system, way), DeskAtSystem("1002", at: system, way),
      DeskAtSystem("1003", at: system, way),
    ]
    let (ana, ben, cleo) = (desks[0], desks[1], desks[2])
    let customer = try Customer(speaks: Tone(hertz: 1000))
    for desk in desks { try await desk.choose(.idle) }

    customer.call("7000", at: system.customersPort)
    for desk in desks { try await desk.line.call(.ringing) }
    for desk in desks {
      let end = try await desk.line.call(.notEstablished, within: 20)
      #expect(end.kind == timeout, "\(desk.number): \(end)")
    }
    // The queue rings again, and the customer gives up.
    for desk in desks { try await desk.line.call(.ringing, within: 30) }
    customer.hangUp()
    for desk in desks {
      let end = try await desk.line.call(.notEstablished)
      #expect(end.kind == gaveUp, "\(desk.number): \(end)")
    }

    try await customer.waits(for: .over(0))
    let second = try Customer(speaks: Tone(hertz: 1000))
    second.call("7000", at: system.customersPort)
    for desk in [ben, cleo] { try await desk.line.call(.ringing, within: 30) }
    let taken = try await ana.takesCall()
    for desk in [ben, cleo] {
      let end = try await desk.line.call(.notEstablished)
      #expect(end.kind == .answeredElsewhere, "\(desk.number): \(end)")
    }
    try await second.hears(ana.voice)

    // Ana asks Ben and leaves the customer to him: his panel names her.
    let asked = Task { try await ben.takesCall() }
    #expect(
      try await ana.line.ask { .transfer(id: $0, call: taken.call, to: "1002", consult: true) }
        == nil)
    let ring = try await asked.value
    #expect(ring.number == "1001", "\(ring)")
    let between = try await ana.line.call(.talking)
    #expect(try await ana.line.ask { .join(id: $0, call: taken.call, with: between.call) } == nil)
    let party = try await ben.line.wait("who talks now") { event -> Party? in
      if case .party(_, let party) = event, party.number == "5550100" { party } else { nil }
    }
    #expect(party.name?.string.hasSuffix("Nora Field") == true, "\(party)")
    try await second.hears(ben.voice)
    second.hangUp()
    try await ben.line.call(.ended)

    // Post-call after a call that was not the queue's: it knows, and does not try him.
    try await ben.choose(.postCall)
    let tried = ben.calls
    let third = try Customer(speaks: Tone(hertz: 1000))
    third.call("7000", at: system.customersPort)
    for desk in [ana, cleo] { try await desk.line.call(.ringing, within: 30) }
    third.hangUp()
    for desk in [ana, cleo] { try await desk.line.call(.notEstablished) }
    #expect(ben.calls == tried, "\(ben.complaint)")
    try await ben.choose(.idle)
    return (ana, ben, second)
  }
}
