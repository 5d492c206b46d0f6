// From packets that come as they like to samples in time.

import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct PlayoutTests {
  private static func packet(_ number: UInt16, _ bytes: [UInt8] = [0xFF]) -> SoundPacket {
    SoundPacket(
      number: number, timestamp: UInt32(number) &* 160, codec: .pcmu, bytes: bytes)
  }

  // MARK: Order

  @Test func packetsComeOutInOrder() {
    var queue = PacketQueue()
    for number: UInt16 in [65_534, 0, 65_535] {
      #expect(queue.put(Self.packet(number), source: 1) == .taken)
    }
    #expect(queue.put(Self.packet(0), source: 1) == .double)
    for number: UInt16 in [65_534, 65_535, 0] {
      #expect(queue.next == .packet(Self.packet(number)))
      queue.advance()
    }
    #expect(queue.next == .nothing)
    #expect(queue.put(Self.packet(65_535), source: 1) == .late)
  }

  @Test func aMissingPacketAndTheOneAfterIt() {
    var queue = PacketQueue()
    for number: UInt16 in [1, 4] { _ = queue.put(Self.packet(number), source: 1) }
    queue.advance()
    #expect(queue.next == .lost(follower: nil))
    queue.advance()
    #expect(queue.next == .lost(follower: Self.packet(4)))
    queue.advance()
    #expect(queue.next == .packet(Self.packet(4)))
  }

  @Test func anotherSenderBeginsAnew() {
    var queue = PacketQueue()
    _ = queue.put(Self.packet(1), source: 1)
    #expect(queue.put(Self.packet(2), source: 2) == .restart)
    #expect(queue.next == .packet(Self.packet(2)))
    #expect(queue.put(Self.packet(9_000), source: 2) == .restart)
    // Whatever is sent, no more is kept.
    for number: UInt16 in 0..<5_000 { _ = queue.put(Self.packet(number), source: 3) }
    #expect(queue.waiting.count <= PacketQueue.most)
  }

  // MARK: The wait

  @Test func anEvenWayNeedsHardlyAWait() {
    var jitter = Jitter()
    for index in 0..<200 {
      jitter.arrived(at: Double(index) * 20 + 3, sent: Double(index) * 20)
    }
    #expect(jitter.wait == Jitter.least && jitter.base == 3)
  }

  @Test func anUnevenOneIsFollowedAtOnceAndForgottenSlowly() {
    var jitter = Jitter()
    for index in 0..<100 {
      jitter.arrived(at: Double(index) * 20 + (index % 2 == 0 ? 0 : 40), sent: Double(index) * 20)
    }
    #expect((40...60).contains(jitter.wait))
    for index in 100..<900 { jitter.arrived(at: Double(index) * 20, sent: Double(index) * 20) }
    #expect(jitter.wait < 12)
    // A pause of the sender's clock is no jitter.
    for index in 900..<950 {
      jitter.arrived(at: Double(index) * 20 + 9_000, sent: Double(index) * 20)
    }
    #expect(jitter.wait < 12)
  }

  // MARK: The whole

  /// Sends a tone through a way that the closure makes, and returns what is heard and what was counted.
  private func heard(
    seconds: Int, codec: Codec = .pcmu, rate: Int = 8000, drift: Double = 1,
    _ way: (Int) -> Double?
  ) throws -> (samples: [Int16], counts: PlayoutStream.Counts) {
    let encoder = try #require(codec.encoder(rate: rate))
    var stream = PlayoutStream()
    stream.open(rate: rate)
    let block = rate / 50
    var arrivals: [(at: Double, packet: SoundPacket)] = []
    for index in 0..<(seconds * 50) {
      let samples = (0..<block).map { offset in
        Int16(12_000 * sin(2 * .pi * 440 * Double(index * block + offset) / Double(rate)))
      }
      guard let delay = way(index) else {
        _ = samples.withUnsafeBufferPointer { encoder.packet(of: $0) }
        continue
      }
      let bytes = try #require(samples.withUnsafeBufferPointer { encoder.packet(of: $0) })
      arrivals.append(
        (
          Double(index) * 20 * drift + delay,
          SoundPacket(
            number: UInt16(index), timestamp: UInt32(index) &* codec.ticks &+ 4_294_960_000,
            codec: codec, bytes: bytes)
        ))
    }
    arrivals.sort { $0.at < $1.at }
    var out: [Int16] = []
    var next = 0
    var piece = [Int16](repeating: 0, count: rate / 200)
    for tick in 0..<(seconds * 200) {
      let now = Double(tick) * 5
      while next < arrivals.count, arrivals[next].at <= now {
        stream.put(arrivals[next].packet, source: 7, at: arrivals[next].at)
        next += 1
      }
      piece.withUnsafeMutableBufferPointer { stream.take($0, at: now) }
      out += piece
    }
    return (out, stream.counts)
  }

  private func strength(_ samples: some Collection<Int16>, rate: Int) -> Double {
    Tone(hertz: 440, rate: Double(rate)).presence(in: samples)
  }

  @Test(arguments: [(Codec.pcmu, 8000), (.pcma, 16_000), (.opus, 16_000), (.opus, 8000)])
  func anEvenWayIsHeardAsItWasSpoken(_ codec: Codec, _ rate: Int) throws {
    let (samples, counts) = try heard(seconds: 3, codec: codec, rate: rate) { _ in 10 }
    #expect(counts.lost == 0 && counts.late == 0 && counts.gaps == 0)
    #expect(strength(samples.dropFirst(rate / 2), rate: rate) > 11_000)
    // It is heard within a packet, its way and the least wait.
    let first = samples.firstIndex { abs(Int($0)) > 3000 } ?? 0
    #expect(Double(first) * 1000 / Double(rate) < 36)
  }

  @Test(arguments: [
    (Codec.pcmu, 8000, 5), (.pcmu, 8000, 20), (.opus, 16_000, 5), (.opus, 16_000, 20),
  ])
  func lostPacketsAreMadeUp(_ codec: Codec, _ rate: Int, _ percent: Int) throws {
    var random = Random(seed: 4)
    let lost = Set((0..<500).filter { _ in random.below(100) < percent })
    let (samples, counts) = try heard(seconds: 10, codec: codec, rate: rate) {
      lost.contains($0) ? nil : 10
    }
    // The last ones may be lost without anything after them that shows it.
    #expect(abs(counts.lost - lost.count) <= 3)
    #expect(strength(samples.dropFirst(rate), rate: rate) > (percent == 5 ? 10_000 : 7_000))
  }

  /// Numbers instead of a voice: which packet is heard when.
  @Test(arguments: [1, 3, 40])
  func whatIsLostTakesItsOwnTimeAndNoMore(_ lost: Int) throws {
    var stream = PlayoutStream()
    stream.open(rate: 8000)
    let packets = 200
    let gap = 100..<(100 + lost)
    var heard: [Int: Double] = [:]
    var piece = [Int16](repeating: 0, count: 8)
    var sent = 0
    for tick in 0..<((packets + 10) * 20) {
      while sent < packets, sent * 20 + 3 <= tick {
        // 31 levels that G.711 can tell from each other.
        let sample = Int16((sent % 31 + 1) * 512)
        if !gap.contains(sent) {
          let bytes = [UInt8](repeating: G711.Law.mu.encode(sample), count: 160)
          stream.put(Self.packet(UInt16(sent), bytes), source: 1, at: Double(sent * 20 + 3))
        }
        sent += 1
      }
      piece.withUnsafeMutableBufferPointer { stream.take($0, at: Double(tick)) }
      let level = Int((Double(piece[4]) / 512).rounded()) - 1
      // The packet of this level that was sent last.
      guard level >= 0 else { continue }
      let latest = min(packets - 1, tick / 20)
      for number in stride(from: latest, through: max(0, latest - 30), by: -1)
      where number % 31 == level {
        if heard[number] == nil { heard[number] = Double(tick) }
        break
      }
    }
    let before = try #require(heard[90]) - 90 * 20
    // Half a second without anything is a pause, after which the wait begins anew.
    let after = try #require(heard[gap.upperBound + 1]) - Double(gap.upperBound + 1) * 20
    #expect(abs(after - before) <= 6, "\(before) ms late before, \(after) ms after")
    #expect(stream.counts.lost == lost)
  }

  @Test func fortyMillisecondsOfJitterLeaveNoHoles() throws {
    var random = Random(seed: 9)
    let (samples, counts) = try heard(seconds: 20) { _ in Double(10 + random.below(41)) }
    // Until the wait has grown a few come too late; then none.
    #expect(counts.lost + counts.gaps < 12)
    let late = samples.suffix(8000 * 10)
    let pieces = stride(from: late.startIndex, to: late.endIndex, by: 400).map {
      strength(late[$0..<min(late.endIndex, $0 + 400)], rate: 8000)
    }
    #expect(pieces.filter { $0 < 5_000 }.count <= 4)
  }

  @Test(arguments: [0.9995, 1.0005])
  func aClockThatRunsOtherwiseIsFollowed(_ drift: Double) throws {
    // Half a part in a thousand, ten times what two sound cards differ: 60 ms after two minutes.
    let (samples, counts) = try heard(seconds: 120, drift: drift) { _ in 10 }
    #expect(counts.gaps < 8 && counts.lost == 0, "\(counts)")
    #expect(strength(samples.suffix(8000), rate: 8000) > 5_000)
  }

  @Test func aSenderThatPausesIsNotRushed() throws {
    // Discontinuous transmission: half a second is not sent at all.
    let (samples, counts) = try heard(seconds: 4) { (50..<75).contains($0) ? nil : 10 }
    _ = counts
    #expect(strength(samples.suffix(8000), rate: 8000) > 11_000)
  }

  @Test func garbageInAPacketIsSilence() {
    var stream = PlayoutStream()
    stream.open(rate: 16_000)
    var random = Random(seed: 3)
    var piece = [Int16](repeating: 1, count: 80)
    for index in 0..<4_000 {
      let codec = Codec.allCases[random.below(3)]
      let bytes = (0..<random.below(1_700)).map { _ in UInt8(random.below(256)) }
      stream.put(
        SoundPacket(
          number: UInt16(random.below(65_536)), timestamp: UInt32(random.below(1 << 30)),
          codec: codec, bytes: bytes), source: UInt32(random.below(3)), at: Double(index) * 5)
      piece.withUnsafeMutableBufferPointer { stream.take($0, at: Double(index) * 5) }
    }
    #expect(stream.counts.taken > 0)
  }

  // MARK: Parts

  @Test func aPeriodLessAndAPeriodMore() throws {
    let tone = (0..<160).map { Int16(9_000 * sin(2 * .pi * 200 * Double($0) / 8000)) }
    let shorter = try #require(Stretch.shortened(tone, rate: 8000))
    let longer = try #require(Stretch.lengthened(tone, rate: 8000))
    #expect(tone.count - shorter.count == 40 && longer.count - tone.count == 40)
    for block in [shorter, longer] {
      let steps = zip(block, block.dropFirst()).map { abs(Int($0) - Int($1)) }
      #expect(steps.max() ?? 0 < 1_600)
    }
    // What repeats nowhere is left alone.
    var random = Random(seed: 1)
    let noise = (0..<160).map { _ in Int16(random.below(20_000) - 10_000) }
    #expect(Stretch.shortened(noise, rate: 8000) == nil)
  }

  @Test func whatIsMadeUpFades() {
    var concealment = Concealment(rate: 8000)
    var tone = (0..<800).map { Int16(9_000 * sin(2 * .pi * 440 * Double($0) / 8000)) }
    concealment.heard(&tone)
    let made = concealment.invent(740)
    #expect(Tone(hertz: 440).strength(in: Array(made[..<80])) > 7_500)
    #expect(made.suffix(100).allSatisfy { $0 == 0 })
  }

  @Test func theBandIsDoubledAndHalved() {
    var (up, down) = (Halfband(), Halfband())
    let tone = Tone(hertz: 1_000).samples(seconds: 1)
    let wide = up.doubled(tone)
    #expect(Tone(hertz: 1_000, rate: 16_000).strength(in: wide) > 11_500)
    #expect(Tone(hertz: 7_000, rate: 16_000).strength(in: wide) < 100)
    let narrow = wide.withUnsafeBufferPointer { down.halved($0) }
    #expect(narrow.count == tone.count)
    #expect(Tone(hertz: 1_000).strength(in: narrow) > 11_500)
  }
}

extension Random {
  /// A number from 0 up to this one.
  fileprivate mutating func below(_ end: Int) -> Int { Int.random(in: 0..<end, using: &self) }
}
