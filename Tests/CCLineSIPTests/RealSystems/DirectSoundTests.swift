// Sound that a real Asterisk leaves to the two telephones, and hold that it passes on.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite(.serialized) struct DirectSoundTests {
  /// Asterisk names the other telephone's place by UPDATE: both are heard, and neither through Asterisk.
  @Test(
    .enabled(if: RealSystem.asterisk.isExpected, Comment(rawValue: RealSystem.asterisk.absence)),
    arguments: ["udp"])
  func byUpdate(_ transport: String) async throws {
    var setup = Asterisk.Setup()
    setup.changes = [
      (
        "pjsip.conf", "direct_media=no",
        "direct_media=yes\ndirect_media_method=update\nmoh_passthrough=yes"
      ),
      // Asterisk leaves no sound to others that may be encrypted.
      ("pjsip.conf", "media_encryption=sdes\n", ""),
      ("pjsip.conf", "media_encryption_optimistic=yes\n", ""),
    ]
    let asterisk = try await Asterisk(setup)
    _ = try await asterisk.command("pjsip set logger on")
    let way = DeskAtSystem.Way(transport: transport)
    let ana = try await DeskAtSystem("1001", at: .asterisk(asterisk), way)
    let ben = try await DeskAtSystem("1002", at: .asterisk(asterisk), way)
    ana.line.dial("1002")
    let ring = try await ben.takesCall()
    let call = try await ana.line.call(.talking)
    try await eventually("an UPDATE to each") {
      let log = asterisk.log
      return ["1001", "1002"].allSatisfy { log.contains("\nUPDATE sip:\($0)@") }
    }
    try await ana.hears(ben.voice)
    try await ben.hears(ana.voice)

    // He holds, and she is told; then he is back.
    #expect(try await ben.line.ask { .hold(id: $0, call: ring.call, on: true) } == nil)
    #expect(try await ana.farHold(call.call))
    #expect(try await ben.line.ask { .hold(id: $0, call: ring.call, on: false) } == nil)
    #expect(try await !ana.farHold(call.call))
    try await ana.hears(ben.voice)
    try await ben.hears(ana.voice)
    for desk in [ana, ben] { #expect(try await desk.line.ends()) }
    await asterisk.stop()
  }
}

extension DeskAtSystem {
  /// The next word of hold by the far end.
  fileprivate func farHold(_ call: String?) async throws -> Bool {
    try await line.wait("hold by the far end") { event -> Bool? in
      if case .farHold(call, let on) = event { on } else { nil }
    }
  }
}
