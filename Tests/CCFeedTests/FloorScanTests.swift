// The quick reader of payloads against the general one: the same, whatever comes.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCFeed

@Suite struct FloorScanTests {
  private func quick(_ topic: String, _ payload: [UInt8]) -> FloorEvent {
    Array(topic.utf8).withUnsafeBytes { topic in
      payload.withUnsafeBytes { FloorCodec.event(topic: topic, payload: $0, retained: true) }
    }
  }

  private func isQuick(_ topic: String, _ payload: [UInt8]) -> Bool {
    payload.withUnsafeBytes { payload in
      guard let topic = FloorTopic(topic) else { return false }
      return FloorScan.event(topic.kind, topic.key, payload, retained: true) != nil
    }
  }

  /// Figures said again and again make a payload as long as somebody likes: it is too long for both.
  @Test func whatIsTooLongIsForBoth() {
    for count in [1, 2, 400, 410, 420, 1_000] {
      let figures = Array(repeating: #""calls":2"#, count: count).joined(separator: ",")
      let payload = Array(#"{"v":1,"e":1,"n":1,"seat":2,"today":{\#(figures)}}"#.utf8)
      let general = FloorCodec.event(topic: "cc/v1/red/1/seat", payload: payload, retained: true)
      #expect(quick("cc/v1/red/1/seat", payload) == general, "\(payload.count) bytes")
    }
  }

  /// What a desk's own publisher says, with all that a desk counts, in and out of calls.
  @Test func whatDesksWriteIsReadQuickly() throws {
    let now = Instant(uptime: 0, unix: 1_763_900_000_000)
    var publisher = PresencePublisher(
      .init(
        key: try #require(AgentKey(team: "red", agent: "1")), name: "Li Wei", sharesNumbers: true,
        opened: now.unix))
    var presence = Presence(
      seat: .busy, seatSince: now.unix,
      call: .init(
        status: .talking, since: now.unix, direction: .out, number: "+1 321 234", held: now.unix),
      today: DayFigures(
        calls: 14, talk: 3120, afterCallWork: 420, dials: 20, connected: 15, idle: 900))
    var actions = publisher.show(presence, at: now) + publisher.up(epoch: 7, at: now)
    presence.call = .init(status: .ringing, since: now.unix, direction: .in, number: "", held: nil)
    actions += publisher.show(presence, at: now)
    presence.call = nil
    actions += publisher.show(presence, at: now)
    let said =
      actions.compactMap { action in
        if case .publish(let message) = action { (message.topic, message.payload) } else { nil }
      } + publisher.goodbye(at: now).map { ($0.topic, $0.payload) }
    #expect(said.count == 5)
    for (topic, payload) in said + [("cc/v1/red/1/seat", FloorCodec.will(epoch: 5, desk: 4))] {
      #expect(isQuick(topic, payload), "\(String(decoding: payload, as: UTF8.self))")
      #expect(
        quick(topic, payload) == FloorCodec.event(topic: topic, payload: payload, retained: true))
    }
  }

  /// 100,000 payloads, most of them a little wrong.
  @Test func bothReadTheSame() {
    var random = Random(seed: 7)
    let topics = [
      "cc/v1/red/1/seat", "cc/v1/red/1/call", "cc/v1/red/1/cmd", "cc/v1/r d/1/seat",
      "cc/v1/red/seat",
      "cc/v1/a/b/c/seat", "cc/v1//1/seat", "/seat", "",
    ]
    let members = [
      #""v":1"#, #""v":1"#, #""v":1"#, #""v":2"#, #""e":1763900000000"#, #""e":1763900000000"#,
      #""e":-1"#,
      #""n":7"#, #""n":7"#, #""n":4294967295"#, #""n":4294967296"#, #""n":07"#, #""seat":2"#,
      #""seat":2"#, #""seat":99999"#, #""seat":2.0"#, #""seat":2e0"#, #""call":3"#, #""call":3"#,
      #""call":6"#, #""since":12"#, #""since":9007199254740993"#, #""since":null"#,
      #""name":"Li Wei""#, #""name":"李 伟""#, #""name":"a\u0007b""#, #""name":7"#,
      #""name":"\#(String(repeating: "x", count: 70))""#, #""lease":60"#, #""lease":4"#,
      #""sent":5"#, #""desk":5"#, #""desk":"x""#, #""direction":"out""#, #""direction":"up""#,
      #""held":8"#, #""held":"x""#, #""today":{"dials":2,"connected":1}"#, #""today":{"idle":9}"#,
      #""today":{"idle":9,"idle":9}"#, #""today":{"connected":1,"connected":2}"#,
      #""number":"+1 23""#, #""today":{"calls":1,"talk":2,"acw":3}"#, #""today":{}"#,
      #""today":{"calls":1,"calls":2}"#, #""today":{"more":1}"#, #""x":{"y":[1]}"#, #""x":true"#,
      " ",
      #""v":1,"e":3,"n":1"#, #""v":1,"e":3,"n":1,"seat":3"#, #""v":1,"e":3,"n":1,"call":2"#,
    ]
    for _ in 0..<100_000 {
      var text = "{"
      let count = Int.random(in: 0...7, using: &random)
      for index in 0..<count {
        if index > 0 { text += "," }
        text += members.randomElement(using: &random) ?? ""
      }
      text += "}"
      var payload = Array(text.utf8)
      if Int.random(in: 0..<3, using: &random) == 0 {
        let place = Int.random(in: 0..<payload.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: payload[place] = UInt8.random(in: 0...255, using: &random)
        case 1: payload.remove(at: place)
        default: payload = Array(payload.prefix(place))
        }
      }
      let topic = topics[min(topics.count - 1, Int.random(in: 0..<40, using: &random) / 4)]
      let general = FloorCodec.event(topic: topic, payload: payload, retained: true)
      let ours = quick(topic, payload)
      #expect(ours == general, "\(topic) \(String(decoding: payload, as: UTF8.self))")
      if ours != general { return }
    }
  }
}
