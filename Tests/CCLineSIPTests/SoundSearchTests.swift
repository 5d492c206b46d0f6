// What `auto` chooses, and when it opens it.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct SoundSearchTests {
  private func choose(
    _ environment: [String], _ more: [(String, JSONValue)] = []
  ) async throws -> (line: LineUnderTest, kamailio: Kamailio) {
    let line = try LineUnderTest(environment: environment)
    let kamailio = try await Kamailio()
    line.register(line.configuration(port: kamailio.port, [("audio", "auto")] + more))
    return (line, kamailio)
  }

  /// Neither libpulse's own idea of a server nor ALSA's of a card.
  private static let nothing = [
    "-u", "PULSE_SERVER", "XDG_RUNTIME_DIR=/nonexistent", "HOME=/nonexistent",
    "PULSE_RUNTIME_PATH=/nonexistent",
  ]

  @Test func aServerThatAnswers() async throws {
    let server = try await SoundServer(sinks: ["ear"])
    let (line, kamailio) = try await choose(["PULSE_SERVER=\(server.address)"])
    try await line.log("sound: the sound server (pulseaudio ")
    // Nothing of it is in the line's memory before a call.
    #expect(Self.maps(line)?.contains("libpulse") != true)
    #expect(try await line.quit() == 0)
    await kamailio.stop()
    await server.stop()
  }

  @Test func alsaWhereNoServerAnswers() async throws {
    let server = try await SoundServer(sinks: ["mouth", "ear"])
    let path = try server.alsa(["mouth": "mouth.monitor", "ear": "ear"])
    let (line, kamailio) = try await choose(
      Self.nothing + ["ALSA_CONFIG_PATH=\(path)"],
      [("microphone", "mouth"), ("loudspeaker", "ear"), ("echoCancel", "yes")])
    try await line.log("sound: ALSA's devices, since no sound server answers (Connection refused)")
    try await line.log("there is no echo canceller without a sound server")
    #expect(Self.maps(line)?.contains("libasound") != true)
    #expect(try await line.quit() == 0)
    await kamailio.stop()
    await server.stop()
  }

  /// Nothing is named: what ALSA calls the default is meant, by who looks and by who opens.
  @Test func theDefaultOfALSA() async throws {
    let server = try await SoundServer(sinks: ["ear"])
    let folder = try TestFolder()
    func way(_ device: String) -> String {
      "{ type pulse server \"\(server.address)\" device \"\(device)\" }"
    }
    let path = try folder.write(
      "asound.conf",
      "</usr/share/alsa/alsa.conf>\npcm.!default { type asym playback.pcm \(way("ear")) "
        + "capture.pcm \(way("ear.monitor")) }\n")
    let (line, kamailio) = try await choose(Self.nothing + ["ALSA_CONFIG_PATH=\(path)"])
    try await line.log("sound: ALSA's devices, since no sound server answers (Connection refused)")
    let far = try await Sipp(OrphanTests.hangsUpOnBye)
    _ = try await line.talk(to: far)
    let ear = try server.listen(to: "ear", rate: 8000)
    try await eventually("the device is open") { ear.samples().count > 800 }
    line.send(.hangUp(id: 3, call: nil))
    #expect(await far.finished() == 0)
    #expect(!line.seen.contains { if case .log(.warning, _) = $0 { true } else { false } })
    #expect(try await line.quit() == 0)
    await ear.stop()
    await kamailio.stop()
    await server.stop()
  }

  @Test func nothingAtAll() async throws {
    let folder = try TestFolder()
    let path = try folder.write("asound.conf", "pcm.other { type null }\n")
    let (line, kamailio) = try await choose(
      Self.nothing + ["ALSA_CONFIG_PATH=\(path)"])
    let words = try await line.log("calls are silent: no sound server answers").string
    #expect(words.contains("the loudspeaker \u{201C}default\u{201D} is not there"))
    #expect(try await line.quit() == 0)
    await kamailio.stop()
  }

  /// Who names a server means that one.
  @Test func aNamedServerIsMeant() async throws {
    let (line, kamailio) = try await choose(["PULSE_SERVER=unix:/nonexistent/sound"])
    try await line.log("sound: the sound server that PULSE_SERVER names")
    try await line.log("no sound server answers: Connection refused")
    #expect(try await line.quit() == 0)
    await kamailio.stop()
  }

  /// A line that makes no sound opens no library for it.
  @Test(arguments: ["none", "file:,out.wav"])
  func nothingIsOpenedForNothing(_ audio: String) async throws {
    let line = try LineUnderTest()
    let kamailio = try await Kamailio()
    try await line.signIn(kamailio, [("audio", .string(audio))])
    try await line.fence()
    let maps = Self.maps(line) ?? ""
    #expect(!maps.contains("libpulse") && !maps.contains("libasound"))
    #expect(try await line.quit() == 0)
    await kamailio.stop()
  }

  /// What two who talk choose by themselves is heard.
  @Test func aCallOnWhatWasChosen() async throws {
    let auto: [(String, JSONValue)] = [("audio", "auto")]
    let desks = try await TwoDesks(caller: auto, called: auto)
    try await desks.talk()
    try await desks.calledEar.hears(TwoDesks.low)
    try await desks.callersEar.hears(TwoDesks.high)
    try await desks.end()
  }

  /// What is in a line's memory; only root may look, since a line hides it.
  private static func maps(_ line: LineUnderTest) -> String? {
    try? String(contentsOfFile: "/proc/\(line.pid)/maps", encoding: .utf8)
  }
}
