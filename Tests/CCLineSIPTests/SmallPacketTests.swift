// How far a packet of sound may be off, and how long one waits, from both sides of each bound.

import Testing

@testable import CCLineSIP

@Suite struct SmallPacketTests {
  private static func packet(_ number: UInt16) -> SoundPacket {
    SoundPacket(number: number, timestamp: 0, codec: .pcmu, bytes: [])
  }

  /// A hundred numbers on are the same stream, a hundred and one another; and so backwards.
  @Test func howFarAPacketMayBeOff() {
    for (number, verdict) in [
      (1_100, .taken), (1_101, .restart), (999, .late), (900, .late), (899, .restart),
      (1_000, .double), (1_001, .taken),
    ] as [(UInt16, PacketQueue.Verdict)] {
      var queue = PacketQueue()
      #expect(queue.put(Self.packet(1_000), source: 1) == .taken)
      #expect(queue.put(Self.packet(number), source: 1) == verdict, "\(number)")
      if verdict == .restart { #expect(queue.next == .packet(Self.packet(number))) }
      if verdict == .late || verdict == .double { #expect(queue.waiting.count == 1) }
    }
    // Sixty-four wait, and with the next it begins anew.
    var queue = PacketQueue()
    for number in UInt16(1)...64 { #expect(queue.put(Self.packet(number), source: 1) == .taken) }
    #expect(queue.waiting.count == 64 && queue.put(Self.packet(65), source: 1) == .restart)
    #expect(queue.waiting == [Self.packet(65)])
    queue.clear()
    #expect(queue.next == .nothing && queue.put(Self.packet(7), source: 2) == .taken)
    // One that was due and is gone does not come back.
    queue.advance()
    #expect(queue.next == .nothing && queue.put(Self.packet(7), source: 2) == .late)
    #expect(queue.put(Self.packet(9), source: 2) == .taken)
    #expect(queue.next == .lost(follower: Self.packet(9)))
  }

  @Test func theWaitHasItsBounds() {
    var jitter = Jitter()
    #expect(jitter.base == nil && jitter.wait == Jitter.least)
    jitter.arrived(at: 10, sent: 0)
    #expect(jitter.base == 10)
    jitter.arrived(at: 25, sent: 20)
    #expect(jitter.base == 5, "the quickest one counts")
    // Twenty late: that, and half of the least.
    jitter.arrived(at: 65, sent: 40)
    #expect(jitter.wait == 24 && jitter.base == 5)
    jitter.arrived(at: 1_055, sent: 60)
    #expect(jitter.wait == Jitter.most, "the most there is")
    // A second off is another clock.
    jitter.arrived(at: 1_085, sent: 80)
    #expect(jitter.base == 1_005)
    jitter.restart()
    #expect(jitter.base == nil && jitter.wait == Jitter.most, "what was learnt stays")
    // The quickest of the last two windows: after two of them the old measure is gone.
    var slower = Jitter()
    for index in 0..<50 { slower.arrived(at: Double(index) * 20 + 5, sent: Double(index) * 20) }
    for index in 50..<400 { slower.arrived(at: Double(index) * 20 + 30, sent: Double(index) * 20) }
    #expect(slower.base == 30)
  }
}
