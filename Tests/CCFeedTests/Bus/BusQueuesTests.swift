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

  // MARK: Bounds

  /// A message of 8 bytes before the topic fills what is left to the last byte, and no more.
  @Test func theBlockIsFilledToItsLastByte() throws {
    let topic = "cc/v1/red/1/cmd/message"
    let size = 8 + topic.utf8.count + 1
    let exact = try BusMailbox(.init(block: 3 * size, newest: 0, events: 8, patience: 1))
    for number in 0..<3 { post(exact, topic, "\(number)") }
    #expect(take(exact) == (["\(topic) 0", "\(topic) 1", "\(topic) 2"], false))
    let less = try BusMailbox(.init(block: 3 * size - 1, newest: 0, events: 8, patience: 1))
    for number in 0..<3 { post(less, topic, "\(number)") }
    #expect(take(less) == (["\(topic) 0", "\(topic) 1"], true))
    #expect(take(less) == ([], false), "told once")
  }

  /// Beside the block the newest of each topic stands, in its bytes, and what comes after it waits there
  /// too: nothing newer overtakes it.
  @Test func whatWaitsBesideTheBlockIsNotOvertaken() throws {
    let size = 8 + "r/1/seat".utf8.count + 1
    let box = try BusMailbox(.init(block: size, newest: 2 * size, events: 8, patience: 1))
    post(box, "r/0/seat", "0")
    post(box, "r/1/seat", "1")
    post(box, "r/1/seat", "2")
    post(box, "r/2/call", "3", retained: true)
    post(box, "r/1/seat", "4")
    var (words, hasLost) = take(box)
    #expect(words.first == "r/0/seat 0" && !hasLost)
    #expect(Set(words.dropFirst()) == ["r/1/seat 4", "kept r/2/call 3"])
    // One more topic than there is room for: that is told.
    for agent in 0..<4 { post(box, "r/\(agent)/seat", "x") }
    (words, hasLost) = take(box)
    #expect(words.count == 3 && hasLost)
    // A smaller message, which the block has room for, waits behind what stands beside it.
    post(box, "r/0/seat", "")
    post(box, "r/1/seat", "1")
    post(box, "r/1/seat", "")
    #expect(take(box).words == ["r/0/seat ", "r/1/seat "])
  }

  /// What was forgotten with a reader who was gone takes no room from what comes after.
  @Test func afterAReaderWhoWasGoneThereIsRoomAgain() throws {
    let size = 8 + "r/1/seat".utf8.count + 1
    let box = try BusMailbox(.init(block: 8 + size, newest: 2 * size, events: 2, patience: 1))
    for agent in 0..<3 { post(box, "r/\(agent)/seat", "o") }
    for tag in 1...3 { box.post(.delivered(tag: UInt64(tag))) }
    for agent in 0..<3 { post(box, "r/\(agent)/seat", "n") }
    let (words, hasLost) = take(box)
    #expect(hasLost && words.prefix(2) == ["\(BusEvent.delivered(tag: 3))", "r/0/seat n"])
    #expect(Set(words.dropFirst(2)) == ["r/1/seat n", "r/2/seat n"])
  }

  @Test func soManyEventsAndNoMore() throws {
    let box = try BusMailbox(.init(block: 4096, newest: 400, events: 8, patience: 1))
    for number in 1...8 { box.post(.delivered(tag: UInt64(number))) }
    #expect(take(box).words.count == 8)
    for number in 1...9 { box.post(.delivered(tag: UInt64(number))) }
    let (words, hasLost) = take(box)
    #expect(words == ["\(BusEvent.delivered(tag: 9))"] && hasLost)
    #expect(take(box) == ([], false))
  }

  private func out(_ topic: String, _ size: Int = 0, retained: Bool = false, tag: UInt64 = 0)
    -> BusMessage
  {
    BusMessage(
      topic: topic, payload: [UInt8](repeating: 1, count: size), isRetained: retained, tag: tag)
  }

  @Test func theOutboxHoldsItsBytes() {
    let box = BusOutbox(limit: 20)
    box.open()
    #expect(box.isEmpty && box.next() == nil)
    #expect(!box.tellsRoom(), "nothing was refused")
    #expect(box.add(out("a", 9)) && box.add(out("b", 9)) && !box.isEmpty)
    #expect(!box.add(out("c")), "full to the last byte")
    #expect(!box.tellsRoom(), "still more than half")
    #expect(box.next()?.topic == "a")
    #expect(box.tellsRoom() && !box.tellsRoom(), "once, from half on")
    #expect(box.add(out("d", 9)) && !box.add(out("e")))
    #expect(box.next()?.topic == "b" && box.next()?.topic == "d" && box.next() == nil)
    // A newer word of a topic counts its own bytes, not those of the older one beside it.
    box.open()
    #expect(box.add(out("k", 18, retained: true)) && box.add(out("k", 1, retained: true)))
    #expect(box.add(out("b", 17)) && !box.add(out("c")))
    #expect(box.next()?.payload.count == 1)
    // What is asked to be confirmed stands for itself.
    box.open()
    #expect(box.add(out("k", retained: true, tag: 1)) && box.add(out("k", retained: true)))
    #expect(box.add(out("k", retained: true, tag: 2)) && box.add(out("k", retained: true)))
    #expect(
      [box.next()?.tag, box.next()?.tag, box.next()?.tag, box.next()?.tag] == [1, 0, 2, nil])
    // A topic whose word went out begins anew.
    #expect(box.add(out("k", 1, retained: true)) && box.next() != nil)
    #expect(box.add(out("k", 2, retained: true)) && box.next()?.payload.count == 2)
  }

  @Test func whatWaitsWhenTheConnectionGoesIsNamed() {
    let box = BusOutbox()
    box.open()
    for tag in [0, 7, 8] as [UInt64] { #expect(box.add(out("a", tag: tag))) }
    _ = box.next()
    _ = box.next()
    #expect(box.shut() == [8] && !box.add(out("a")) && box.isEmpty)
    box.open()
    #expect(box.isEmpty && box.next() == nil)
  }

  /// From fifty in ten milliseconds on, and until a look that is not in a flood any more.
  @Test func aFloodBeginsAndEnds() {
    var flood = Flood()
    #expect(flood.goesOn(100, at: 100) == false, "it has only begun")
    #expect(flood.goesOn(10, at: 110) == true, "a hundred in the ten before")
    #expect(flood.goesOn(39, at: 119) && !flood.goesOn(128, at: 119) && flood.goesOn(0, at: 119))
    #expect(flood.goesOn(49, at: 120) == true, "more than fifty in the ten before")
    #expect(flood.goesOn(50, at: 130) == false, "forty-nine in the ten before")
    #expect(flood.goesOn(127, at: 140) == true, "fifty")
    #expect(flood.goesOn(1, at: 160) == false, "a pause of twenty ends it")
    var late = Flood()
    _ = late.goesOn(0, at: 100)
    _ = late.goesOn(60, at: 101)
    #expect(late.goesOn(1, at: 119) == true)
  }
}
