// Two lines on one kamailio, each with a headset at one sound server.

import CCCore
import CCJSON
import CCTestSupport
import Foundation

@testable import CCLineSIP

/// Everything between two mouths and two ears: null sinks, two lines, TLS, SRTP, a registrar.
///
/// 440 Hz goes into the first one's microphone, 1000 Hz into the second one's.
final class TwoDesks {
  let server: SoundServer
  let kamailio: Kamailio
  let caller: LineUnderTest
  let called: LineUnderTest
  let relay: Relay?
  private var voices: [SoundServer.Voice] = []
  private(set) var callersEar: SoundServer.Ear
  private(set) var calledEar: SoundServer.Ear
  private(set) var callersID: String?
  private(set) var calledID: String?

  static let rate = 16_000
  static let low = Tone(hertz: 440, rate: Double(rate))
  static let high = Tone(hertz: 1000, rate: Double(rate))

  /// What a line reaches its devices through.
  enum Door: String, CaseIterable {
    case pulse
    /// The devices of ALSA that are those of the sound server.
    case alsa
  }

  /// Starts everything but the call.
  ///
  /// - Parameters:
  ///   - sinks: sinks of the sound server besides the four that are spoken into and heard on; the first
  ///     is the server's own choice.
  ///   - caller: more settings of the one who calls.
  ///   - called: more settings of the one who is called.
  init(
    codecs: String = "opus,pcmu,pcma", way: Relay.Way? = nil, tls: Bool = true,
    door: Door = .pulse, sinks: [String] = [], modules: [String] = [],
    caller: [(String, JSONValue)] = [], called: [(String, JSONValue)] = []
  ) async throws {
    server = try await SoundServer(
      sinks: sinks + ["mouth1", "ear1", "mouth2", "ear2"], modules: modules)
    let certificates = try await Certificates()
    var setup = Kamailio.Setup()
    if tls { setup.certificate = try await certificates.make("pbx", for: "IP:127.0.0.1") }
    relay = try way.map { try Relay($0) }
    setup.relay = relay.map { (caller: $0.ports.0, called: $0.ports.1) }
    let kamailio = try await Kamailio(setup)
    self.kamailio = kamailio
    let alsa = try server.alsa(
      [
        "mouth1": "mouth1.monitor", "ear1": "ear1", "mouth2": "mouth2.monitor", "ear2": "ear2",
        "bell": "bell",
      ])
    let environment =
      door == .alsa ? ["ALSA_CONFIG_PATH=\(alsa)"] : ["PULSE_SERVER=\(server.address)"]
    (self.caller, self.called) = (
      try LineUnderTest(environment: environment), try LineUnderTest(environment: environment)
    )
    callersEar = try server.listen(to: "ear1", rate: Self.rate)
    calledEar = try server.listen(to: "ear2", rate: Self.rate)
    voices = try Self.voices(at: server)
    for (line, account, number, own) in [
      (self.caller, "1001@cc.test", 1, caller), (self.called, "1002@cc.test", 2, called),
    ] {
      var more: [(String, JSONValue)] = [
        ("account", .string(account)), ("audio", .string(door.rawValue)),
        ("microphone", .string("mouth\(number)" + (door == .alsa ? "" : ".monitor"))),
        // By its description, and by a part of it; ALSA knows names only.
        ("loudspeaker", .string(number == 1 && door == .pulse ? "the-ear1" : "ear\(number)")),
        ("codecs", .string(codecs)),
      ]
      more += own
      if tls { more.append(("caFile", .string(certificates.authority.certificate))) }
      line.register(
        line.configuration(
          port: tls ? kamailio.tlsPort : kamailio.port, transport: tls ? "tls" : "tcp", more))
      try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    }
  }

  private static func voices(at server: SoundServer) throws -> [SoundServer.Voice] {
    [
      try server.speak(low.samples(seconds: 60), rate: rate, into: "mouth1"),
      try server.speak(high.samples(seconds: 60), rate: rate, into: "mouth2"),
    ]
  }

  /// The sound server dies, and everything that was connected to it.
  func killServer() async {
    await server.stop()
    for voice in voices { await voice.stop() }
    for ear in [callersEar, calledEar] { await ear.stop() }
  }

  /// It is there again, and so are the voices and the ears.
  func restartServer() async throws {
    try await server.start()
    callersEar = try server.listen(to: "ear1", rate: Self.rate)
    calledEar = try server.listen(to: "ear2", rate: Self.rate)
    voices = try Self.voices(at: server)
  }

  /// The caller's headset is there again: somebody speaks into it, and it is listened to.
  func plugIn() async throws {
    await voices[0].stop()
    await callersEar.stop()
    callersEar = try server.listen(to: "ear1", rate: Self.rate)
    voices[0] = try server.speak(
      Self.low.samples(seconds: 60), rate: Self.rate, into: "mouth1")
  }

  /// One calls the other, and it is answered.
  func talk() async throws {
    caller.dial("1002")
    let ringing = try await called.call(.ringing)
    calledID = ringing.call
    called.send(.answer(id: 50, call: ringing.call))
    callersID = try await caller.call(.talking).call
    try await called.call(.talking)
  }

  /// Both hear each other, one holds, the other is muted.
  func talkHoldAndMute() async throws {
    try await talk()
    try await calledEar.hears(Self.low)
    try await callersEar.hears(Self.high)
    // Held: neither hears anything.
    try await caller.ask { .hold(id: $0, call: callersID, on: true) }
    try await calledEar.hears(nil)
    try await callersEar.hears(nil)
    try await caller.ask { .hold(id: $0, call: callersID, on: false) }
    try await calledEar.hears(Self.low)
    try await callersEar.hears(Self.high)
    // Muted: the one who muted still hears.
    try await called.ask { .mute(id: $0, call: calledID, on: true) }
    try await callersEar.hears(nil)
    try await calledEar.hears(Self.low)
    try await called.ask { .mute(id: $0, call: calledID, on: false) }
    try await callersEar.hears(Self.high)
  }

  /// Ends everything.
  func end() async throws {
    for line in [caller, called] { _ = try await line.quit() }
    for voice in voices { await voice.stop() }
    for ear in [callersEar, calledEar] { await ear.stop() }
    relay?.stop()
    await server.stop()
    await kamailio.stop()
  }
}
