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
  let callersEar: SoundServer.Ear
  let calledEar: SoundServer.Ear
  private(set) var callersID: String?
  private(set) var calledID: String?

  static let rate = 16_000
  static let low = Tone(hertz: 440, rate: Double(rate))
  static let high = Tone(hertz: 1000, rate: Double(rate))

  /// Starts everything but the call.
  init(codecs: String = "opus,pcmu,pcma", way: Relay.Way? = nil, tls: Bool = true) async throws {
    server = try await SoundServer(sinks: ["mouth1", "ear1", "mouth2", "ear2"])
    let certificates = try await Certificates()
    var setup = Kamailio.Setup()
    if tls { setup.certificate = try await certificates.make("pbx", for: "IP:127.0.0.1") }
    relay = try way.map { try Relay($0) }
    setup.relay = relay.map { (caller: $0.ports.0, called: $0.ports.1) }
    let kamailio = try await Kamailio(setup)
    self.kamailio = kamailio
    let environment = ["PULSE_SERVER=\(server.address)"]
    (caller, called) = (
      try LineUnderTest(environment: environment), try LineUnderTest(environment: environment)
    )
    callersEar = try server.listen(to: "ear1", rate: Self.rate)
    calledEar = try server.listen(to: "ear2", rate: Self.rate)
    voices = [
      try server.speak(Self.low.samples(seconds: 60), rate: Self.rate, into: "mouth1"),
      try server.speak(Self.high.samples(seconds: 60), rate: Self.rate, into: "mouth2"),
    ]
    for (line, account, number) in [(caller, "1001@cc.test", 1), (called, "1002@cc.test", 2)] {
      var more: [(String, JSONValue)] = [
        ("account", .string(account)), ("audio", "pulse"),
        ("microphone", .string("mouth\(number).monitor")),
        // By its description, and by a part of it.
        ("loudspeaker", .string(number == 1 ? "the-ear1" : "ear2")), ("codecs", .string(codecs)),
      ]
      if tls { more.append(("caFile", .string(certificates.authority.certificate))) }
      line.register(
        line.configuration(
          port: tls ? kamailio.tlsPort : kamailio.port, transport: tls ? "tls" : "tcp", more))
      try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    }
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
