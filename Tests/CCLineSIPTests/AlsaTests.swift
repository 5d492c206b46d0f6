// Sound without a sound server: ALSA's own library, on devices that are null sinks.

import CCCore
import CCJSON
import CCTestSupport
import Testing

@testable import CCLineSIP

@Suite(.serialized) struct AlsaTests {
  @Test(arguments: ["opus", "pcmu"])
  func twoTalkHoldAndMute(_ codecs: String) async throws {
    let desks = try await TwoDesks(codecs: codecs, door: .alsa)
    try await desks.talkHoldAndMute()
    try await desks.end()
  }

  /// Everything that both are connected to dies while they talk, and comes back.
  @Test(arguments: TwoDesks.Door.allCases)
  func theDevicesGoAwayAndComeBack(_ door: TwoDesks.Door) async throws {
    let desks = try await TwoDesks(door: door)
    try await desks.talk()
    try await desks.calledEar.hears(TwoDesks.low)
    try await desks.callersEar.hears(TwoDesks.high)
    await desks.killServer()
    try await desks.called.log(
      door == .alsa ? "it is tried again every three seconds" : "no sound server")
    try await desks.restartServer()
    try await desks.calledEar.hears(TwoDesks.low)
    try await desks.callersEar.hears(TwoDesks.high)
    try await desks.end()
    guard door == .alsa else { return }
    // Each device was told of once, however often it was tried.
    for way in ["microphone", "loudspeaker"] {
      let told = desks.called.seen.filter { event in
        guard case .log(.warning, let words) = event else { return false }
        return words.string.contains("the \(way) \u{201C}")
      }
      #expect(told.count <= 1, "\(told)")
    }
  }

  @Test func whatIsNotThereIsSaid() async throws {
    let server = try await SoundServer(sinks: ["ear"])
    let path = try server.alsa(["ear": "ear"])
    let line = try LineUnderTest(environment: ["ALSA_CONFIG_PATH=\(path)"])
    let kamailio = try await Kamailio()
    line.register(
      line.configuration(
        port: kamailio.port,
        [("audio", "alsa"), ("loudspeaker", "ear"), ("microphone", "nosuch")]))
    // Before a call needs it, and in the call.
    try await line.log("the microphone \u{201C}nosuch\u{201D} is not there")
    let far = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .receive("BYE"),
      .answer(200, "OK"),
    ])
    line.dial("7\(far.port)")
    try await line.call(.talking)
    try await line.log(
      "the microphone \u{201C}nosuch\u{201D} is not there; it is tried again every three seconds")
    try await line.log("they do not hear you")
    line.send(.hangUp(id: 3, call: nil))
    try await line.call(.ended)
    #expect(await far.finished() == 0)
    #expect(try await line.quit() == 0)
    await server.stop()
  }

  @Test func anEchoCancellerIsRefused() async throws {
    let line = try LineUnderTest()
    line.register(line.configuration(port: 5060, [("audio", "alsa"), ("echoCancel", "yes")]))
    let reason = try await line.wait("refused") { event -> SafeText? in
      if case .unregistered(let reason, nil, final: true) = event { reason } else { nil }
    }
    #expect(reason.string.contains("ALSA has no echo canceller"))
  }
}
