// The tones beside the voices, heard where they belong and nowhere else.

import CCCore
import CCTestSupport
import Testing

@testable import CCLineSIP

@Suite(.serialized) struct ToneDeviceTests {
  private static func tone(_ hertz: Double) -> Tone {
    Tone(hertz: hertz, rate: Double(TwoDesks.rate))
  }

  /// The loudest that these frequencies were, together, in any 50 ms since a place.
  private static func peaks(
    _ frequencies: [Double], at ear: SoundServer.Ear, from start: Int
  ) -> [Double] {
    let samples = ear.samples(from: start)
    return frequencies.map { tone($0).pieces(of: samples).max() ?? 0 }
  }

  /// Waits until each of these frequencies has been heard.
  private static func hear(
    _ frequencies: [Double], at ear: SoundServer.Ear, from start: Int
  ) async throws {
    try await eventually("\(frequencies) Hz", within: 20) {
      peaks(frequencies, at: ear, from: start).allSatisfy { $0 > 1_000 }
    }
  }

  /// It rings on the ringer, is told to the caller on the loudspeaker, and ends with the answer.
  @Test(arguments: TwoDesks.Door.allCases)
  func aCallRings(_ door: TwoDesks.Door) async throws {
    let desks = try await TwoDesks(
      tls: false, door: door, sinks: ["bell"], called: [("ringer", "bell")])
    let bell = try desks.server.listen(to: "bell", rate: TwoDesks.rate)
    let starts = (desks.callersEar.count, desks.calledEar.count)
    desks.caller.dial("1002")
    let ringing = try await desks.called.call(.ringing)
    try await Self.hear([660, 880], at: bell, from: 0)
    // The network gives no tone of its own, so the caller's line does.
    try await Self.hear([425], at: desks.callersEar, from: starts.0)
    #expect(Self.peaks([660, 880], at: desks.calledEar, from: starts.1).allSatisfy { $0 < 50 })
    // 425 Hz is not wholly apart from them in 50 ms.
    #expect(Self.peaks([660, 880], at: desks.callersEar, from: starts.0).allSatisfy { $0 < 500 })
    desks.called.send(.answer(id: 50, call: ringing.call))
    try await desks.caller.call(.talking)
    // Voices on the loudspeakers, and nothing on the bell any more.
    try await desks.calledEar.hears(TwoDesks.low)
    try await desks.callersEar.hears(TwoDesks.high)
    try await bell.hears(nil)
    await bell.stop()
    try await desks.end()
  }

  /// A second caller is heard beside the first one's voice, on the same loudspeaker.
  @Test(arguments: TwoDesks.Door.allCases)
  func aSecondCallerIsHeardBesideTheVoice(_ door: TwoDesks.Door) async throws {
    let desks = try await TwoDesks(
      tls: false, door: door, sinks: ["bell"],
      called: [("ringer", "bell"), ("callWaiting", "yes")])
    let bell = try desks.server.listen(to: "bell", rate: TwoDesks.rate)
    try await desks.talk()
    try await desks.calledEar.hears(TwoDesks.low)
    try await desks.caller.ask { .mute(id: $0, call: desks.callersID, on: true) }
    try await desks.calledEar.hears(nil)
    // The bell may have rung for the first call until it was answered.
    try await bell.hears(nil)
    let quiet = bell.count
    // The voice is of the tone's own pitch; now it is the tone.
    let start = desks.calledEar.count
    let second = try LineUnderTest()
    try await second.signIn(desks.kamailio, [("account", "1003@cc.test")])
    second.dial("1002")
    try await desks.called.call(.ringing)
    try await Self.hear([440], at: desks.calledEar, from: start)
    #expect(Self.peaks([440, 660], at: bell, from: quiet).allSatisfy { $0 < 50 })
    _ = try await second.quit()
    await bell.stop()
    try await desks.end()
  }

  /// Three rising notes on the loudspeaker of who was connected by itself.
  @Test(arguments: TwoDesks.Door.allCases)
  func aCallThatAnswersItselfIsHeard(_ door: TwoDesks.Door) async throws {
    let desks = try await TwoDesks(
      tls: false, door: door, sinks: ["bell"], caller: [("audio", "none")],
      called: [("ringer", "bell"), ("autoAnswerSeconds", 1)])
    let bell = try desks.server.listen(to: "bell", rate: TwoDesks.rate)
    let start = desks.calledEar.count
    desks.caller.dial("1002")
    try await desks.caller.call(.talking)
    try await Self.hear([523, 659, 784], at: desks.calledEar, from: start)
    // It rang there until then; the notes are five times as loud.
    #expect(Self.peaks([523, 784], at: bell, from: 0).allSatisfy { $0 < 800 })
    await bell.stop()
    try await desks.end()
  }
}
