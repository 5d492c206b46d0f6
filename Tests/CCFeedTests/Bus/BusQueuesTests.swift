// The two queues of a bus: in order, and never without bound.

import CCCore
import Foundation
import Testing

@testable import CCFeed

@Suite struct BusQueuesTests {
  private func post(_ box: BusMailbox, _ topic: String, _ payload: String, retained: Bool = false) {
    var topic = topic
    var payload = payload
    topic.withUTF8 { topic in
      payload.withUTF8 { payload in
        box.post(
          topic: UnsafeRawBufferPointer(topic), payload: UnsafeRawBufferPointer(payload),
          isRetained: retained)
      }
    }
  }

  private func take(_ box: BusMailbox) -> (words: [String], hasLost: Bool) {
    var words: [String] = []
    let hasLost = box.take { item in
      switch item {
      case .event(let event): words.append("\(event)")
      case .message(let topic, let payload, let isRetained):
        words.append(
          "\(isRetained ? "kept " : "")\(String(decoding: topic, as: UTF8.self)) "
            + String(decoding: payload, as: UTF8.self))
      }
    }
    return (words, hasLost)
  }

  @Test func messagesAndEventsComeInTheirOrder() throws {
    let box = try BusMailbox()
    post(box, "a/seat", "1", retained: true)
    box.post(.room)
    post(box, "a/seat", "")
    #expect(take(box).words == ["kept a/seat 1", "room", "a/seat "])
    #expect(take(box).words == [])
    post(box, "b/call", "2")
    #expect(take(box).words == ["b/call 2"])
  }

  @Test func ofWhatDoesNotFitTheNewestStateStays() throws {
    let box = try BusMailbox(.init(block: 200, newest: 400, events: 8, patience: 1))
    for number in 0..<100 { post(box, "cc/v1/red/1/seat", "\(number)") }
    let (words, hasLost) = take(box)
    #expect(words.first == "cc/v1/red/1/seat 0" && words.last == "cc/v1/red/1/seat 99")
    #expect(words.count < 20 && !hasLost)
  }

  @Test func whatIsBeyondAllBoundsIsToldOf() throws {
    let box = try BusMailbox(.init(block: 200, newest: 400, events: 8, patience: 1))
    for number in 0..<100 { post(box, "cc/v1/red/\(number)/seat", "x") }
    let (words, hasLost) = take(box)
    #expect(hasLost && words.count < 40)
    // Commands are none like the other: the newest one does not stand for the others.
    for number in 0..<100 { post(box, "cc/v1/red/1/cmd/message", "\(number)") }
    #expect(take(box).hasLost)
    #expect(!take(box).hasLost)
  }

  @Test func aReaderWhoIsGoneForLongStartsAnew() throws {
    let box = try BusMailbox(.init(block: 200, newest: 400, events: 8, patience: 1))
    for number in 0..<100 { box.post(.delivered(tag: UInt64(number))) }
    let (words, hasLost) = take(box)
    #expect(hasLost && words.count <= 8 && words.last == "\(BusEvent.delivered(tag: 99))")
  }

  @Test func aFullBoxWaitsForItsReader() async throws {
    let box = try BusMailbox(.init(block: 4096, newest: 0, events: 8, patience: 10_000))
    let thread = Thread { [self] in
      for number in 0..<5_000 { post(box, "cc/v1/red/1/cmd/message", "\(number)") }
    }
    thread.start()
    var seen = 0
    let end = Date.now + 20
    while seen < 5_000, Date.now < end {
      let (words, hasLost) = take(box)
      #expect(!hasLost)
      seen += words.count
    }
    #expect(seen == 5_000)
  }

  @Test func theOutboxKeepsTheNewestOfATopic() {
    let box = BusOutbox(limit: 100)
    func message(_ topic: String, _ payload: String, retained: Bool = true) -> BusMessage {
      BusMessage(topic: topic, payload: Array(payload.utf8), isRetained: retained)
    }
    #expect(!box.add(message("a", "1")), "shut until there is a connection")
    box.open()
    #expect(box.add(message("a", "1")) && box.add(message("b", "2")))
    #expect(box.add(message("a", "3")) && box.add(message("c", "4", retained: false)))
    #expect(box.add(message("c", "5", retained: false)))
    var out: [String] = []
    while let next = box.next() { out.append(String(decoding: next.payload, as: UTF8.self)) }
    #expect(out == ["3", "2", "4", "5"])
    #expect(!box.add(message("d", String(repeating: "x", count: 100))))
    #expect(box.tellsRoom() && !box.tellsRoom())
  }

  @Test func theOutboxIsAQueueWhateverItsLength() {
    let box = BusOutbox()
    box.open()
    var (added, taken) = (0, 0)
    var random = SystemRandomNumberGenerator()
    while taken < 20_000 {
      if Bool.random(using: &random) || added == taken, added < 20_000 {
        // Every second one is retained, each of a topic of its own.
        let isRetained = added.isMultiple(of: 2)
        #expect(
          box.add(BusMessage(topic: "\(added)", payload: [], isRetained: isRetained)))
        added += 1
      } else {
        guard let next = box.next() else { continue }
        #expect(next.topic == "\(taken)")
        taken += 1
      }
    }
    #expect(box.isEmpty)
  }
}
