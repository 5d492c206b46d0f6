// Brokers that are none: the true reason is told at once, and waiting for a better time costs nothing.

import CCCore
import CCFeed
import CCTestSupport
import Foundation
import Testing

@Suite(.serialized) struct BadBrokerTests {
  /// What is told of each: with TLS, and without.
  private static let words: [BadServer.Kind: (secure: String, plain: String)] = [
    .closed: ("connection refused", "connection refused"),
    .closesAtOnce: ("hung up", "hung up"),
    .closesAfterHello: ("hung up in the TLS handshake", "hung up before it took us"),
    .resets: ("hung up in the TLS handshake", "hung up before it took us"),
    .beginsTLS: ("no answer in 3000 ms", "speaks TLS: use mqtts://"),
    // What it said before is gone with the reset.
    .beginsTLSAndResets: ("hung up", "mqtts://"),
    .hangs: ("no answer in 3000 ms", "no answer in 3000 ms"),
    .readsAndHangs: ("no answer in 3000 ms", "no answer in 3000 ms"),
    .garbage: ("speaks no TLS", "is no MQTT broker"),
    .someGarbage: ("speaks no TLS", "is no MQTT broker"),
    .web: ("speaks no TLS", "is no MQTT broker"),
    .mail: ("speaks no TLS", "is no MQTT broker"),
    .drips: ("speaks no TLS", "is no MQTT broker"),
  ]

  /// Waits for the first reason; how long that took, in seconds.
  private func reason(
    at port: UInt16, secure: Bool, _ change: (inout BusClient.Settings) -> Void = { _ in }
  ) async throws -> (words: String, after: Double) {
    let began = Date()
    var settings = BusClient.Settings(
      address: try BusAddress("\(secure ? "mqtts" : "mqtt")://127.0.0.1:\(port)"), clientID: "x")
    change(&settings)
    let client = try BusClient(settings)
    try client.start()
    defer { client.stop() }
    // Here and not beside: the pool of tasks may be busy with other tests.
    while Date().timeIntervalSince(began) < 20 {
      var entry = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
      _ = poll(&entry, 1, 100)
      for case .down(let reason, _) in client.take() {
        return (reason.string, Date().timeIntervalSince(began))
      }
    }
    throw NotInTime("no reason in 20 s")
  }

  private static func serving(_ pair: Certificates.Pair) -> Mosquitto.Setup {
    var setup = Mosquitto.Setup()
    setup.lines = ["certfile \(pair.certificate)", "keyfile \(pair.key)"]
    return setup
  }

  @Test(arguments: BadServer.Kind.allCases, [true, false])
  func theTrueReasonIsToldAtOnce(_ kind: BadServer.Kind, secure: Bool) async throws {
    let server = try BadServer(kind)
    defer { server.stop() }
    let told = try await reason(at: server.port, secure: secure)
    let expected = try #require(Self.words[kind])
    let words = secure ? expected.secure : expected.plain
    #expect(told.words.contains(words), "\(kind) secure \(secure): \(told.words)")
    let limit = words.contains("3000") ? 3.6 : 1
    #expect(told.after < limit, "\(kind) secure \(secure): \(told.after) s")
  }

  @Test func aCertificateIsRefusedByItsFault() async throws {
    let certificates = try await Certificates()
    let other = try await Certificates()
    for (name, pair, words) in [
      (
        "expired", try await certificates.make("a", for: "IP:127.0.0.1", from: -9, until: -1),
        "certificate has expired"
      ),
      (
        "early", try await certificates.make("b", for: "IP:127.0.0.1", from: 1, until: 9),
        "certificate is not yet valid"
      ),
      (
        "of another name", try await certificates.make("c", for: "DNS:other.example"),
        "another host's"
      ),
      (
        "of another authority", try await other.make("d", for: "IP:127.0.0.1"),
        "see bus.caFile"
      ),
      (
        "signed by itself",
        try await certificates.make("e", for: "IP:127.0.0.1", signsItself: true), "see bus.caFile"
      ),
    ] {
      let broker = try await Mosquitto(Self.serving(pair))
      let told = try await reason(at: broker.port, secure: true) {
        $0.caFile = certificates.authority.certificate
      }
      #expect(
        told.words.contains("TLS failed") && told.words.contains(words), "\(name): \(told.words)")
      #expect(told.after < 1, "\(name): \(told.after) s")
      await broker.stop()
    }
  }

  @Test func aDoorOfTheOtherKindIsNamed() async throws {
    let certificates = try await Certificates()
    let pair = try await certificates.make("a", for: "IP:127.0.0.1")
    let secure = try await Mosquitto(Self.serving(pair))
    let first = try await reason(at: secure.port, secure: false)
    #expect(first.words.contains("is it mqtts:// there?") && first.after < 1, "\(first)")
    await secure.stop()
    let plain = try await Mosquitto()
    let second = try await reason(at: plain.port, secure: true) {
      $0.caFile = certificates.authority.certificate
    }
    #expect(second.words.contains("TLS") && second.after < 1, "\(second)")
    await plain.stop()
  }

  /// One that takes us and throws us out again, at once and for ever, as two of one name do to each
  /// other: the pauses grow as they do for one that is dead.
  @Test func aBrokerThatThrowsUsOutIsNotStormed() async throws {
    let broker = try await Mosquitto()
    let one = try BusEar(broker.port, name: "same")
    let two = try BusEar(broker.port, name: "same")
    let end = Date().addingTimeInterval(6)
    try await eventually("six seconds", within: 10) { Date() > end }
    for ear in [one, two] {
      try await ear.wait(for: "it was thrown out") { _ in !ear.downs.isEmpty }
      #expect(ear.downs.count < 12, "\(ear.downs.count) times in 6 s")
    }
    await broker.stop()
  }
}
