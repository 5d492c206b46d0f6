// No figure of a message on the bus ends its reader, and what is written can be read.

import CCCore
import CCTestSupport
import Testing

@testable import CCFeed

@Suite struct FeedExtremeTests {
  private static let now = Instant(uptime: 1_000 * Instant.second, unix: 1_763_900_000_000)

  /// Every member of every message, with `#` where the figure goes.
  private static let messages: [(topic: String, payload: String)] = {
    let whole = [
      "v": "1", "e": "1763900000000", "n": "7", "since": "1763900000000", "lease": "60",
      "sent": "1763900000000", "desk": "1763900000000", "held": "5",
    ]
    var all: [(String, String)] = []
    for (kind, code) in [("seat", "2"), ("call", "3")] {
      let members = whole.merging([kind: code]) { $1 }
      for name in members.keys.sorted() {
        let text = members.sorted { $0.key < $1.key }
          .map { "\"\($0.key)\":\($0.key == name ? "#" : $0.value)" }.joined(separator: ",")
        all.append((kind, "{\(text)}"))
      }
    }
    for name in ["calls", "talk", "acw", "dials", "connected", "idle"] {
      all.append(("seat", #"{"v":1,"e":5,"n":1,"seat":2,"today":{"\#(name)":#}}"#))
    }
    return all
  }()

  @Test("every figure in every member of a state, by both readers, into a floor")
  func states() throws {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    for (kind, template) in Self.messages {
      for text in Extremes.texts {
        let payload = Array(template.replacing("#", with: text).utf8)
        let topic = "cc/v1/\(key)/\(kind)"
        let event = FloorCodec.event(topic: topic, payload: payload, retained: false)
        let quick = Array(topic.utf8).withUnsafeBytes { topic in
          payload.withUnsafeBytes {
            FloorCodec.event(topic: topic, payload: $0, retained: false)
          }
        }
        #expect(event == quick, "\(kind) \(template) \(text)")
        var floor = Floor(at: Self.now)
        _ = floor.handle(event, at: Self.now)
        _ = floor.handle(.time, at: Self.now.advanced(by: 90 * Instant.second))
        var publisher = PresencePublisher(.init(key: key, opened: 1))
        _ = publisher.up(epoch: 5, at: Self.now)
        _ = publisher.show(Presence(seat: .idle, seatSince: 1), at: Self.now)
        _ = publisher.hear(payload, at: Self.now)
      }
    }
  }

  @Test("every figure in every member of an order and an answer") func orders() {
    let whole = [
      "v": "1", "id": "\"a\"", "exp": "1763900060000", "e": "5", "seat": "5", "text": "\"t\"",
      "ok": "true",
    ]
    for name in whole.keys {
      for text in Extremes.texts {
        let payload = Array(
          ("{"
            + whole.map { "\"\($0.key)\":\($0.key == name ? text : $0.value)" }
            .joined(separator: ",") + "}").utf8)
        for kind in Order.Wish.Kind.allCases {
          guard let order = try? OrderCodec.order(word: kind.rawValue, payload: payload) else {
            continue
          }
          var desk = Desk(settings: .init(), at: Self.now)
          _ = desk.handle(.order(order, epoch: order.epoch), at: Self.now)
          #expect(
            (try? OrderCodec.order(word: kind.rawValue, payload: OrderCodec.encode(order)))
              == order)
        }
        _ = try? OrderCodec.answer(payload: payload)
      }
    }
  }

  @Test("whatever a desk says of its agent can be read by every floor") func written() throws {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    for number in Extremes.integers {
      let int = Int(number)
      let figures = DayFigures(
        calls: int, talk: int, afterCallWork: int, dials: int, connected: int, idle: int)
      let seat = SeatUpdate(
        stamp: Stamp(epoch: number, sequence: 7), seat: Seat(code: int), since: number,
        name: "Li", lease: int, today: figures, sent: number)
      let read = try FloorCodec.decode(
        topic: "cc/v1/\(key)/seat", payload: FloorCodec.encode(seat, desk: number),
        retained: false)
      guard case .seat(_, let update, _) = read else { return }
      #expect(update.seat == ((0...9_999).contains(int) ? Seat(code: int) : .unknown(0)))
      #expect(update.since == min(max(number, 0), 1 << 53))
      let call = CallUpdate(
        stamp: Stamp(epoch: number, sequence: 7), status: .talking, since: number, held: number)
      _ = try FloorCodec.decode(
        topic: "cc/v1/\(key)/call", payload: FloorCodec.encode(call), retained: false)
      let order = Order(
        id: "a", expires: number, epoch: number, from: "sup", wish: .message, text: "look")
      _ = try OrderCodec.order(word: "message", payload: OrderCodec.encode(order))
      _ = try FloorCodec.decode(
        topic: "cc/v1/\(key)/seat", payload: FloorCodec.will(epoch: number, desk: number),
        retained: false)
    }
  }

  @Test("a presence with any figure, at any clock") func presence() throws {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    for number in Extremes.integers {
      for clock in Extremes.integers {
        let now = Instant(uptime: clock, unix: number)
        var publisher = PresencePublisher(.init(key: key, opened: number, lease: Int(clock)))
        var actions = publisher.up(epoch: number, at: now)
        actions += publisher.show(
          Presence(
            seat: Seat(code: Int(number)), seatSince: number,
            call: .init(
              status: .talking, since: number, direction: .out, number: "1", held: clock)),
          at: now)
        actions += publisher.hear(FloorCodec.will(epoch: clock), at: now)
        actions += publisher.turn(at: now.advanced(by: .max))
        for case .publish(let message) in actions {
          _ = try FloorCodec.decode(
            topic: message.topic, payload: message.payload, retained: true)
        }
        _ = publisher.goodbye(at: now)
      }
    }
  }

  @Test("a demo of any size, of any seed") func demo() {
    for agents in [Int.min, -1, 0, 1] {
      for seed: UInt64 in [0, .max] {
        var feed = DemoFeed(seed: seed, agents: agents)
        #expect(!feed.start(at: Self.now).isEmpty)
        _ = feed.events(upTo: Self.now.advanced(by: 600 * Instant.second))
      }
    }
  }
}
