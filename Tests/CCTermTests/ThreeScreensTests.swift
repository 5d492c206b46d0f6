// Three agents with headsets, by their keys, screens and ears: what a transfer is like.

import CCTestSupport
import Foundation
import Testing

@Suite struct ThreeScreensTests {
  /// An agent at a terminal, whose voice is a tone of her own.
  private final class Agent {
    let pty: Pty
    let voice: Tone
    let ear: SoundServer.Ear
    private let mouth: SoundServer.Voice
    private let sandbox: Sandbox

    init(_ number: Int, _ hertz: Double, _ house: House) throws {
      voice = Tone(hertz: hertz, rate: Double(House.rate))
      ear = try house.sound.listen(to: "ear\(number)", rate: House.rate)
      mouth = try house.sound.speak(
        voice.samples(seconds: 120), rate: House.rate, into: "mouth\(number)")
      sandbox = try Sandbox()
      sandbox.more = ["PULSE_SERVER": house.sound.address]
      try sandbox.signsIn(
        "\(number)", at: house.kamailio, house.certificates,
        """
          followTransfers: yes
          audio: pulse
          microphone: mouth\(number).monitor
          loudspeaker: ear\(number)
        """)
      pty = try Pty([Products.path("ccterm")], environment: sandbox.environment)
    }

    /// Waits until all of these stand on the screen.
    func sees(_ words: String..., line: Int = #line) {
      let isThere = pty.wait { words.allSatisfy { pty.screen.contains($0) } }
      if !isThere { Issue.record("line \(line), waited for \(words):\n\(pty.screen)") }
    }

    /// Waits until these stand there no more.
    func lacks(_ words: String, line: Int = #line) {
      let isGone = pty.wait { !pty.screen.contains(words) }
      if !isGone {
        Issue.record("line \(line), \(words) stays:\n\(pty.screen)")
      }
    }

    func presses(_ key: String) { pty.type(key) }

    /// Types a number, sees it, and presses Enter as a hand would: not at once, as a paste does.
    func enters(_ number: String) {
      pty.type(number)
      sees(number)
      _ = pty.wait(seconds: 0.15) { false }
      pty.type("\r")
    }

    func leaves() async -> Pty.Status? {
      pty.send(SIGTERM)
      let status = pty.end()
      await mouth.stop()
      await ear.stop()
      return status
    }
  }

  /// What the agents share.
  private struct House {
    let sound: SoundServer
    let kamailio: Kamailio
    let certificates: Certificates
    static let rate = 16_000

    init(_ numbers: [Int]) async throws {
      sound = try await SoundServer(sinks: numbers.flatMap { ["mouth\($0)", "ear\($0)"] })
      certificates = try await Certificates()
      var setup = Kamailio.Setup()
      setup.certificate = try await certificates.make("pbx", for: "IP:127.0.0.1")
      kamailio = try await Kamailio(setup)
    }
  }

  private enum Key {
    static let hold = "\u{1B}OR"  // F3
    static let answer = "\u{1B}[15~"  // F5
    static let transfer = "\u{1B}[18~"  // F7
    static let hangUp = "\u{1B}[19~"  // F8
  }

  @Test func aCallThatIsHandedOnAfterAsking() async throws {
    let house = try await House([1001, 1002, 1003])
    let ana = try Agent(1001, 440, house)
    let ben = try Agent(1002, 1000, house)
    let cleo = try Agent(1003, 1500, house)
    for agent in [ana, ben, cleo] { agent.sees("IDLE", "TLS, SRTP") }

    // Two talk, and hear each other.
    ana.enters("1002")
    ben.sees("► RINGING", "1001")
    ben.presses(Key.answer)
    ana.sees("● TALKING", "1002")
    ben.sees("● TALKING", "1001")
    try await ana.ear.hears(ben.voice)
    try await ben.ear.hears(ana.voice)

    // Held: silence on both sides, and both screens say so.
    ana.presses(Key.hold)
    ana.sees("HELD")
    ben.sees("● TALKING", "ON HOLD")
    try await ana.ear.hears(nil)
    try await ben.ear.hears(nil)
    ana.presses(Key.hold)
    ben.lacks("ON HOLD")
    try await ana.ear.hears(ben.voice)
    try await ben.ear.hears(ana.voice)

    // The third is asked, while the second waits and hears nothing.
    ana.presses(Key.transfer)
    ana.enters("1003")
    cleo.sees("► RINGING", "1001")
    cleo.presses(Key.answer)
    ana.sees("● TALKING", "1003", "HELD", "1002")
    try await ana.ear.hears(cleo.voice)
    try await cleo.ear.hears(ana.voice)
    try await ben.ear.hears(nil)

    // Joined: the two others hear each other, the first is out and free.
    ana.presses(Key.transfer)
    ana.sees("ENDED", "IDLE")
    ben.sees("● TALKING", "1003")
    cleo.sees("● TALKING", "1002")
    try await ben.ear.hears(cleo.voice)
    try await cleo.ear.hears(ben.voice)
    try await ana.ear.hears(nil)

    ben.presses(Key.hangUp)
    ben.sees("ENDED", "IDLE")
    cleo.sees("ENDED", "IDLE")
    try await cleo.ear.hears(nil)
    for agent in [ana, ben, cleo] { #expect(await agent.leaves() == .exited(0)) }
    await house.sound.stop()
    await house.kamailio.stop()
  }
}
