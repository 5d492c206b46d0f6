// Who waits at the box of the bus, for how long, and who is woken.

import Foundation
import Testing

@testable import CCFeed

@Suite struct BusMailboxTests {
  private static let topic = "cc/v1/red/1/cmd/message"
  /// Bytes of a message of three letters.
  private static let size = 8 + topic.utf8.count + 3

  /// Posts a message of three digits.
  private static func post(_ box: BusMailbox, _ number: Int, topic: String = topic) {
    let text = String(1_000 + number).dropFirst()
    Array(topic.utf8).withUnsafeBytes { topic in
      Array(text.utf8).withUnsafeBytes { text in
        box.post(topic: topic, payload: text, isRetained: false)
      }
    }
  }

  /// The numbers that are there, and whether some were lost.
  private static func take(_ box: BusMailbox) -> (numbers: [Int], hasLost: Bool) {
    var numbers: [Int] = []
    let hasLost = box.take { item in
      if case .message(_, let text, _) = item {
        numbers.append(Int(String(decoding: text, as: UTF8.self)) ?? -1)
      }
    }
    return (numbers, hasLost)
  }

  /// Whether a reader who sleeps at the box wakes up within so many seconds.
  private static func wakes(_ box: BusMailbox, within seconds: Double = 0) -> Bool {
    var entry = pollfd(fd: box.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, Int32(seconds * 1_000)) == 1
  }

  @Test func whoSleepsAtTheBoxIsWoken() throws {
    let box = try BusMailbox(.init(block: Self.size, newest: 4_096, events: 8, patience: 1))
    #expect(!Self.wakes(box), "there is nothing")
    box.post(.subscribed)
    #expect(Self.wakes(box) && Self.wakes(box), "until it is taken")
    _ = Self.take(box)
    #expect(!Self.wakes(box), "it was taken")
    Self.post(box, 1)
    #expect(Self.wakes(box))
    _ = Self.take(box)
    // One that is too long for the block, and one that is lost: he is to hear of both.
    for topic in ["cc/v1/red/1-2-3-4-5/seat", Self.topic + "s"] {
      Self.post(box, 2, topic: topic)
      #expect(Self.wakes(box), "\(topic)")
      _ = Self.take(box)
      #expect(!Self.wakes(box))
    }
  }

  /// The reader comes while the bus waits: what waited is there at once, and it wakes him who has
  /// gone to sleep again.
  @Test func whatWaitedForRoomWakesTheReaderToo() throws {
    for _ in 0..<20 {
      let box = try BusMailbox(.init(block: Self.size, newest: 0, events: 8, patience: 20_000))
      Self.post(box, 0)
      Thread { Self.post(box, 1) }.start()
      var numbers: [Int] = []
      while numbers.count < 2, Self.wakes(box, within: 10) { numbers += Self.take(box).numbers }
      #expect(numbers == [0, 1])
    }
  }

  /// A message that fills the block to its last byte is no sign of a reader who does not come.
  @Test func whoComesEachTimeLosesNothing() throws {
    let box = try BusMailbox(.init(block: Self.size, newest: 0, events: 8, patience: 20_000))
    Thread { for number in 0..<500 { Self.post(box, number) } }.start()
    var numbers: [Int] = []
    while numbers.count < 500, Self.wakes(box, within: 10) {
      let (more, hasLost) = Self.take(box)
      numbers += more
      #expect(!hasLost)
      if hasLost { break }
    }
    #expect(numbers == Array(0..<500))
  }

  /// The bus waits as long as it was told to, once; then it goes on without a reader, until he is back.
  @Test func aReaderWhoDoesNotComeIsWaitedForOnce() throws {
    let box = try BusMailbox(.init(block: Self.size, newest: 0, events: 8, patience: 500))
    for round in 0..<2 {
      Self.post(box, round)
      let began = BusClock.uptime()
      Self.post(box, 10)
      let waited = BusClock.uptime() - began
      #expect(waited >= 500, "\(waited) ms")
      for number in 11..<31 { Self.post(box, number) }
      let all = BusClock.uptime() - began
      #expect(all < 5_000, "\(all) ms for twenty more")
      let (numbers, hasLost) = Self.take(box)
      #expect(numbers == [round] && hasLost)
    }
  }
}
