// What is heard of a way that is not even: what may be bent, where, and what is made up.

import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct HeardTests {
  /// A second of a voice, 0.4 s of a pause, and so on: no two samples of the voice repeat.
  private static func talk(seconds: Int) -> [Int16] {
    var random = Random(seed: 11)
    return (0..<seconds * 8000).map { index in
      let isPause = index % 11_200 >= 8_000
      let level = isPause ? 20 : 4_000
      return Int16(Int.random(in: -level...level, using: &random))
    }
  }

  /// What G.711 makes of it.
  private static func through(_ samples: [Int16]) -> [Int16] {
    samples.map { G711.Law.mu.decode(G711.Law.mu.encode($0)) }
  }

  /// Sends it through a way, and returns what a listener takes, in pieces of so many milliseconds that
  /// begin so long after the first packet was sent.
  private func heard(
    _ talk: [Int16], pull: Int, phase: Double, drift: Double = 1, _ way: (Int) -> Double?
  ) -> (samples: [Int16], stream: PlayoutStream, waits: [Double]) {
    var stream = PlayoutStream()
    stream.open(rate: 8000)
    var arrivals: [(at: Double, packet: SoundPacket)] = []
    for index in 0..<(talk.count / 160) {
      guard let delay = way(index) else { continue }
      let bytes = talk[index * 160..<(index + 1) * 160].map(G711.Law.mu.encode)
      arrivals.append(
        (
          Double(index) * 20 * drift + delay,
          SoundPacket(
            number: UInt16(index), timestamp: UInt32(index) * 160, codec: .pcmu, bytes: bytes)
        ))
    }
    arrivals.sort { $0.at < $1.at }
    var (out, waits): ([Int16], [Double]) = ([], [])
    var next = 0
    var piece = [Int16](repeating: 0, count: pull * 8)
    var now = phase
    while now < Double(talk.count) / 8 + 400 {
      while next < arrivals.count, arrivals[next].at <= now {
        stream.put(arrivals[next].packet, source: 7, at: arrivals[next].at)
        next += 1
      }
      piece.withUnsafeMutableBufferPointer { stream.take($0, at: now) }
      out += piece
      waits.append(stream.wait)
      now += Double(pull)
    }
    return (out, stream, waits)
  }

  /// Where each second of the voice is in what was heard, whole and unbent; nil: it is not.
  private func places(of talk: [Int16], in heard: [Int16]) -> [Int?] {
    let spoken = Self.through(talk)
    var off = 0
    return stride(from: 0, to: talk.count - 8_000, by: 11_200).map { start in
      // A little after the pause, so that what is bent may end.
      let word = Array(spoken[start + 400..<start + 7_600])
      let nearby = start + 400 + off - 800..<start + 400 + off + 1_200
      let place = nearby.clamped(to: 0..<max(0, heard.count - word.count)).first {
        heard[$0] == word[0] && heard[$0...].starts(with: word)
      }
      if let place { off = place - start - 400 }
      return place
    }
  }

  /// Whenever in a packet's time the beat comes, a clean way is heard as it was sent.
  @Test(arguments: [0.5, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19.5])
  func aBeatOfTwentyMillisecondsBendsNothing(_ phase: Double) throws {
    let talk = Self.talk(seconds: 6)
    let (samples, stream, _) = heard(talk, pull: 20, phase: phase) { _ in 10 }
    let places = places(of: talk, in: samples).compactMap { $0 }
    #expect(places.count == 4 && stream.counts.gaps <= 1)
    // The same distance all the time: nothing was left out or put in.
    #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 == 11_200 })
  }

  /// Clocks differ, and a few milliseconds have to go somewhere: not into a word.
  @Test(arguments: [(0.9995, 0), (0.9998, 0), (1.0002, 1)])
  func whatHasToBeBentIsAPause(_ drift: Double, _ most: Int) throws {
    let talk = Self.talk(seconds: 120)
    let (samples, _, _) = heard(talk, pull: 5, phase: 3, drift: drift) { _ in 10 }
    let places = places(of: talk, in: samples)
    #expect(places.count { $0 == nil } <= most, "\(places)")
    // It is followed, but for what may be saved up.
    let first = try #require(places.first ?? nil)
    let last = try #require(places.last ?? nil)
    let off = Double(last - first - (places.count - 1) * 11_200) / 8
    #expect(abs(off - 120_000 * (drift - 1)) < 20, "\(off) ms")
  }

  /// The way stands still for 150 ms every two seconds: the first time nobody knew.
  @Test(arguments: [5, 20]) func aWayThatStandsStillAgainIsWaitedFor(_ pull: Int) {
    let talk = Self.talk(seconds: 20)
    let (_, stream, waits) = heard(talk, pull: pull, phase: 3) { index in
      10 + max(0, 150 - Double((index * 20 + 1_300) % 2_000))
    }
    #expect(stream.counts.gaps <= 3, "\(stream.counts)")
    #expect((waits.suffix(200).max() ?? 0) < 175)
  }

  @Test func aWayThatStoodStillOnceIsForgiven() {
    let talk = Self.talk(seconds: 20)
    let (_, _, waits) = heard(talk, pull: 5, phase: 3) { index in
      10 + ((100..<108).contains(index) ? 150 - Double(index - 100) * 20 : 0)
    }
    // Two seconds it is kept in mind, and after eight more it is gone.
    #expect(waits[200 * 4 - 10] > 100 && waits[200 * 13] < 20)
  }

  /// What waits 30 ms too long loses time in the next pause, or in a voice after two seconds without one;
  /// what waits 130 ms too long loses it at once.
  @Test func aPauseIsWaitedForAndNotForEver() {
    let tone = (0..<160).map { Int16(9_000 * sin(2 * .pi * 200 * Double($0) / 8000)) }
    let noise = Array(Self.talk(seconds: 1)[..<160])
    let still = [Int16](repeating: 3, count: 160)
    func count(_ block: [Int16], _ waited: Double, _ pace: inout Pace) -> Int {
      pace.paced(block, waited: waited, wait: 10, pull: 20, rate: 8000).count
    }
    var pace = Pace()
    #expect(count(noise, 60, &pace) == 160 && count(still, 60, &pace) == 80)
    pace = Pace()
    for packet in 1...100 { #expect(count(tone, 60, &pace) == 160, "\(packet)") }
    #expect(count(tone, 60, &pace) == 120)
    pace = Pace()
    #expect(count(noise, 160, &pace) == 80)
    // A packet that begins in the middle of what is taken has no time to spare.
    pace = Pace()
    #expect(count(still, 38, &pace) == 160)
    // What waits too short gains time, in a pause before it does in a voice.
    pace = Pace()
    #expect(count(tone, 4, &pace) == 160 && count(still, 4, &pace) == 240)
    pace = Pace()
    #expect(count(tone, 2, &pace) == 200)
  }

  /// Ten harmonics of a voice, whose period is no whole number of samples.
  private static let voice = (0..<2_400).map { index -> Int16 in
    var sum = 0.0
    for harmonic in 1...10 {
      let (number, turn) = (Double(harmonic), 2 * Double.pi * 137 / 8000)
      sum += 5_000 / number * sin(turn * number * Double(index) + number * number)
    }
    return Int16(max(-32_000, min(32_000, sum)))
  }

  private static func likeness(_ one: some Sequence<Int16>, _ two: some Sequence<Int16>) -> Double {
    let pairs = zip(one, two).map { (Double($0), Double($1)) }
    let (both, first, second) = pairs.reduce((0.0, 0.0, 0.0)) {
      ($0.0 + $1.0 * $1.1, $0.1 + $1.0 * $1.0, $0.2 + $1.1 * $1.1)
    }
    return both / (first * second).squareRoot()
  }

  @Test(arguments: [1_600, 1_633, 1_700]) func aVoiceGoesOnAsItWas(_ end: Int) {
    var concealment = Concealment(rate: 8000)
    var heard = Array(Self.voice[..<end])
    concealment.heard(&heard)
    let made = concealment.invent(160)
    #expect(Self.likeness(made[..<80], Self.voice[end..<end + 80]) > 0.98)
    // Neither where it begins nor where its periods meet is there a step that the voice has not.
    let steps = zip([heard[end - 1]] + made, made).map { abs(Int($0) - Int($1)) }
    let usual = zip(heard, heard.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(steps.max() ?? 0 < usual * 5 / 4)
  }

  /// What has no period goes on too: keys, and the tones of exchanges, are two tones at once.
  @Test(arguments: [(697.0, 1_209.0), (350, 440), (440, 480)], [1_600, 1_633, 1_700])
  func twoTonesGoOnAsTheyWere(_ pair: (Double, Double), _ end: Int) {
    let tones = (0..<2_400).map { index -> Int16 in
      let turn = 2 * Double.pi * Double(index) / 8000
      return Int16(6_000 * sin(turn * pair.0) + 6_000 * sin(turn * pair.1))
    }
    var concealment = Concealment(rate: 8000)
    var heard = Array(tones[..<end])
    concealment.heard(&heard)
    let likeness = Self.likeness(concealment.invent(80), tones[end..<end + 80])
    #expect(likeness > 0.99, "\(likeness)")
  }

  @Test(arguments: [0, 32_767, -32_768]) func whatIsMadeUpOfAnythingIsFinite(_ level: Int) {
    var concealment = Concealment(rate: 8000)
    var block = [Int16](repeating: Int16(level), count: 400)
    concealment.heard(&block)
    let made = concealment.invent(800)
    #expect(made.count == 800 && made.suffix(150).allSatisfy { $0 == 0 })
    // A level is no louder than it was.
    #expect(made.allSatisfy { abs(Int($0)) <= abs(level) })
  }

  /// In the wide band too: what was lost of a narrow call goes on.
  @Test func aLostPacketOfAWideBlockIsMadeUp() throws {
    let reader = try #require(Codec.pcmu.decoder(rate: 16_000))
    for start in stride(from: 0, to: 1_600, by: 160) {
      let block = Self.voice[start..<start + 160].map(G711.Law.mu.encode)
      #expect(reader.samples(of: block)?.count == 320)
    }
    let made = reader.invented(320, follower: nil)
    let loudness = made.reduce(0.0) { $0 + Double($1) * Double($1) } / 320
    let real = Self.voice[1_600..<1_760].reduce(0.0) { $0 + Double($1) * Double($1) } / 160
    #expect(made.count == 320 && loudness > real / 2 && loudness < real * 1.2)
  }
}
