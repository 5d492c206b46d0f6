// Twenty thousand spoilt messages from a fixed seed.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct MutationTests {
  @Test func twentyThousandMutations() async throws {
    let registrar = try BareRegistrar(tcp: false)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    var random = Random(seed: 20_261_124)
    let seeds =
      (0..<40).map { Array(HostileMessages.Invite("x\($0)").text.utf8) }
      + HostileMessages.toAnIdleLine.map(\.bytes).filter { $0.count < 1400 }
    var refused = 0
    for round in 0..<400 {
      for _ in 0..<50 {
        registrar.send(Mutation.spoil(seeds, using: &random))
      }
      registrar.attend()
      do {
        try await line.fence()
      } catch {
        Issue.record("round \(round): the line does not answer any more: \(error)")
        return
      }
      let seen = line.seen
      for event in seen[refused...] {
        guard case .call(let report) = event, report.status == .ringing else { continue }
        line.send(.reject(id: 9_000, call: report.call))
      }
      refused = seen.count
    }
    let talked = line.seen.contains {
      if case .call(let report) = $0 {
        report.status == .talking || report.direction == .out
      } else {
        false
      }
    }
    #expect(!talked)
    #expect(try await line.ends())
  }
}

/// Small damage: what networks and attackers do to messages.
enum Mutation {
  static func spoil(_ seeds: [[UInt8]], using random: inout Random) -> [UInt8] {
    var bytes = seeds.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      guard !bytes.isEmpty else { break }
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(contentsOf: Array("\r\n".utf8), at: place)
      case 4:
        let length = min(bytes.count - place, Int.random(in: 1...60, using: &random))
        bytes.removeSubrange(place..<(place + length))
      case 5:
        let length = min(bytes.count - place, Int.random(in: 1...60, using: &random))
        bytes.insert(contentsOf: bytes[place..<(place + length)], at: place)
      case 6:
        let other = seeds.randomElement(using: &random) ?? []
        bytes = bytes[..<place] + other.suffix(max(0, other.count - place))
      default:
        let odd = [0, 0x22, 0x25, 0x3B, 0x3C, 0x3E, 0x7F, 0x80, 0xFF].randomElement(using: &random)
        bytes.insert(contentsOf: Array(repeating: UInt8(odd ?? 0), count: 9), at: place)
      }
    }
    return Array(bytes.prefix(4_000))
  }
}
