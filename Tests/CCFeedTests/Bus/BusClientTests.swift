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
    #expect(speaker.client.publish(message("cc/v1/red/1/seat", "kept", retained: true)))
    let ear = try BusEar(broker.port, filters: ["cc/v1/+/+/seat"])
    try await ear.up()
    try await ear.wait(for: "the kept one") { _ in ear.messages.count == 1 }
    #expect(ear.messages[0].isRetained && ear.messages[0].payload == Array("kept".utf8))
    #expect(speaker.client.publish(message("cc/v1/red/1/seat", "live", retained: true)))
    try await ear.wait(for: "the live one") { _ in ear.messages.count == 2 }
    #expect(!ear.messages[1].isRetained)
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
