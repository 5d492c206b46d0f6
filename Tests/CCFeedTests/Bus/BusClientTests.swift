// The client of the bus against real brokers, and against ones that behave badly.

import CCCore
import CCFeed
import CCTestSupport
import Foundation
import Testing

@Suite struct BusClientTests {
  private func message(_ topic: String, _ text: String, retained: Bool = false) -> BusMessage {
    BusMessage(topic: topic, payload: Array(text.utf8), isRetained: retained)
  }

  @Test func whatIsSaidIsHeard() async throws {
    let broker = try await Mosquitto()
    let speaker = try BusEar(broker.port, name: "speaker")
    try await speaker.up()
    // The broker has it before the other one asks: else it would be heard live.
    var kept = message("cc/v1/red/1/seat", "kept", retained: true)
    kept.tag = 1
    #expect(speaker.client.publish(kept))
    try await speaker.wait(for: "the broker") { $0.contains(.delivered(tag: 1)) }
    let ear = try BusEar(broker.port, filters: ["cc/v1/+/+/seat"])
    try await ear.up()
    try await ear.wait(for: "the kept one") { _ in ear.messages.count == 1 }
    let first = try #require(ear.messages.first)
    #expect(first.isRetained && first.payload == Array("kept".utf8))
    #expect(speaker.client.publish(message("cc/v1/red/1/seat", "live", retained: true)))
    try await ear.wait(for: "the live one") { _ in ear.messages.count == 2 }
    #expect(ear.messages.last?.isRetained == false)
    await broker.stop()
  }

  @Test func aTagIsConfirmedOrNot() async throws {
    let broker = try await Mosquitto()
    let speaker = try BusEar(broker.port)
    try await speaker.up()
    var word = message("cc/v1/red/1/cmd/message", "{}")
    word.tag = 7
    #expect(speaker.client.publish(word))
    try await speaker.wait(for: "confirmed") { $0.contains(.delivered(tag: 7)) }
    broker.freeze()
    word.tag = 8
    #expect(speaker.client.publish(word))
    broker.thaw()
    try await speaker.wait(for: "confirmed late") { $0.contains(.delivered(tag: 8)) }
    broker.freeze()
    word.tag = 9
    #expect(speaker.client.publish(word))
    await broker.kill()
    try await speaker.wait(for: "not confirmed") { $0.contains(.undelivered(tag: 9)) }
    try await speaker.wait(for: "down") { _ in !speaker.downs.isEmpty }
    #expect(!speaker.client.publish(word), "nothing is queued without a connection")
  }

  @Test func theNextHostIsTried() async throws {
    let broker = try await Mosquitto()
    let dead = Ports.free()
    let both = try BusAddress("mqtt://127.0.0.1:\(dead),127.0.0.1:\(broker.port)")
    let ear = try BusEar(broker.port) { $0.address = both }
    try await ear.up()
    #expect(ear.downs == ["connection refused"])
    await broker.stop()
  }
}

/// Brokers that do not want us, or do not speak.
@Suite struct BusTroubleTests {
  private func secure(_ broker: Mosquitto, host: String = "127.0.0.1", ca: String? = nil) throws
    -> (inout BusClient.Settings) -> Void
  {
    let address = try BusAddress("mqtts://\(host):\(broker.port)")
    return {
      $0.address = address
      $0.user = "red/1"
      $0.password = Secret("one")
      $0.caFile = ca ?? broker.caFile
    }
  }

  private func secureBroker() async throws -> Mosquitto {
    var setup = Mosquitto.Setup()
    setup.isSecure = true
    setup.users = ["red/1": "one"]
    setup.namesByUser = true
    return try await Mosquitto(setup)
  }

  @Test func tlsIsSpokenAndTheNameChecked() async throws {
    let broker = try await secureBroker()
    let own = "cc/v1/red/1/seat"
    let ear = try BusEar(broker.port, filters: [own], try secure(broker, host: "localhost"))
    try await ear.up()
    #expect(ear.client.publish(BusMessage(topic: own, payload: [0x7B], isRetained: true)))
    try await ear.wait(for: "its own word") { _ in ear.messages.count == 1 }
    let other = try await secureBroker()
    for (what, change) in [
      ("another name", try secure(broker, host: "127.1")),
      ("another authority", try secure(broker, ca: other.caFile)),
      (
        "the system's authorities",
        { (settings: inout BusClient.Settings) in settings.caFile = nil }
      ),
      ("no TLS at all", { (settings: inout BusClient.Settings) in settings.user = "red/1" }),
    ] {
      let stranger = try BusEar(broker.port) {
        if what == "the system's authorities", let same = try? secure(broker) { same(&$0) }
        change(&$0)
      }
      try await stranger.wait(for: "\(what) is refused") { _ in !stranger.downs.isEmpty }
      #expect(!stranger.events.contains { if case .up = $0 { true } else { false } }, "\(what)")
      if what != "no TLS at all" { #expect(stranger.downs[0].contains("TLS failed"), "\(what)") }
    }
    await broker.stop()
    await other.stop()
  }

  @Test func aWrongPasswordIsNamed() async throws {
    let broker = try await secureBroker()
    let change = try secure(broker)
    let stranger = try BusEar(broker.port) {
      change(&$0)
      $0.password = Secret("hush")
    }
    try await stranger.wait(for: "refused") { _ in !stranger.downs.isEmpty }
    #expect(stranger.downs[0] == "the broker refuses user red/1: see bus.user and bus.passwordFile")
    await broker.stop()
  }

  @Test func aBrokerThatAcceptsAndSaysNothingIsLeft() async throws {
    let silent = try SilentServer()
    let broker = try await Mosquitto()
    let both = try BusAddress("mqtt://127.0.0.1:\(silent.port),127.0.0.1:\(broker.port)")
    let ear = try BusEar(broker.port) {
      $0.address = both
      $0.patience = 500
    }
    try await ear.up()
    #expect(ear.downs == ["no answer in 500 ms"])
    await broker.stop()
  }

  @Test func aBrokerThatIsFullIsTriedAgain() async throws {
    var setup = Mosquitto.Setup()
    setup.lines = ["max_connections 1"]
    let broker = try await Mosquitto(setup)
    // Mosquitto 2.0.11 miscounts one that hung up before it said anything: our look whether it listens.
    let inside = [
      try BusEar(broker.port, name: "first"), try BusEar(broker.port, name: "second"),
    ]
    for ear in inside { try await ear.up() }
    let late = try BusEar(broker.port, name: "late")
    try await late.wait(for: "turned away") { _ in late.downs.count >= 2 }
    #expect(late.downs[0].contains("the broker"))
    for ear in inside { ear.client.stop() }
    try await late.up()
    await broker.stop()
  }

  @Test func aBrokerThatFallsSilentIsNoticed() async throws {
    let broker = try await Mosquitto()
    let ear = try BusEar(broker.port) { $0.keepalive = 5 }
    try await ear.up()
    broker.freeze()
    try await ear.wait(for: "the silence is noticed", within: 40) { _ in !ear.downs.isEmpty }
    #expect(ear.downs[0] == "the broker has fallen silent")
    broker.thaw()
    try await ear.up(times: 2)
    await broker.stop()
  }

  @Test func theSameNameTakesOver() async throws {
    let broker = try await Mosquitto()
    let key = AgentKey(team: "red", agent: "1")
    let watcher = try BusEar(broker.port, name: "watcher", filters: ["cc/v1/+/+/seat"])
    try await watcher.up()
    let first = try BusEar(broker.port, name: "red/1") { $0.will = key }
    try await first.up()
    let second = try BusEar(broker.port, name: "red/1") { $0.will = key }
    try await second.up()
    try await first.wait(for: "it is thrown out") { _ in !first.downs.isEmpty }
    first.client.stop()
    try await watcher.wait(for: "the will of the first") { _ in !watcher.messages.isEmpty }
    await broker.stop()
  }
}

/// A server that takes every connection and never says a word.
private final class SilentServer {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    port = Ports.free()
    guard Ports.withLoopback(port, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 8) == 0
    else { throw NotInTime("a silent server") }
  }

  deinit { close(descriptor) }
}
