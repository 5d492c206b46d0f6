// Real sound: a tone goes out, and a tone is found in what was recorded.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct SoundTests {
  @Test func theToneThatThePeerPlaysIsRecorded() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let tone = Tone(hertz: 1000).samples(seconds: 1).map { G711.Law.mu.encode($0) }
    let played = line.folder.path("tone.ulaw")
    try Data(tone).write(to: URL(filePath: played))
    let far = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .play(played),
      .receive("BYE"), .answer(200, "OK"),
    ])
    let recorded = line.folder.path("recorded.wav")
    try await line.signIn(kamailio, [("audio", .string("file:,\(recorded)"))])
    line.dial("7\(far.port)")
    try await line.call(.talking)
    try await eventually("a second of sound") { Wave.bytes(recorded) > 24_000 }
    line.send(.hangUp(id: 9, call: nil))
    try await line.call(.ended)
    #expect(await far.finished() == 0)
    let samples = try Wave.samples(recorded)
    // A full-scale tone is at 12,000; the first packets are silence until the peer starts.
    #expect(Tone(hertz: 1000).presence(in: samples) > 6000)
    #expect(Tone(hertz: 1600).presence(in: samples) < 500)
  }

  @Test(arguments: ["tcp", "udp"])
  func whatWePlayComesBackFromAnEcho(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let played = line.folder.path("in.wav")
    try Wave.write(Tone(hertz: 440).samples(seconds: 1), to: played)
    let far = try await Sipp(
      [
        .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .receive("BYE"),
        .answer(200, "OK"),
      ], Sipp.Setup(echo: true))
    let recorded = line.folder.path("out.wav")
    // It exists: the recording takes the next name and leaves it alone.
    try Data("mine".utf8).write(to: URL(filePath: recorded))
    let second = line.folder.path("out-2.wav")
    try await line.signIn(
      kamailio, transport: transport, [("audio", .string("file:\(played),\(recorded)"))])
    line.dial("7\(far.port)")
    try await line.call(.talking)
    try await eventually("a second of sound") { Wave.bytes(second) > 24_000 }
    line.send(.hangUp(id: 9, call: nil))
    try await line.call(.ended)
    #expect(await far.finished() == 0)
    #expect(Tone(hertz: 440).presence(in: try Wave.samples(second)) > 6000)
    #expect(try Data(contentsOf: URL(filePath: recorded)) == Data("mine".utf8))
    let mode = try FileManager.default.attributesOfItem(atPath: second)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func aFileThatIsNoSoundIsRefusedAtOnce() async throws {
    let line = try LineUnderTest()
    line.register(line.configuration(port: 5060, [("audio", "file:/nonexistent/in.wav,")]))
    let reason = try await line.wait("refused") { event -> SafeText? in
      if case .unregistered(let reason, nil, final: true) = event { reason } else { nil }
    }
    #expect(reason.string.contains("/nonexistent/in.wav: No such file"))
  }

  @Test(arguments: G711.Law.allCases)
  func g711IsNearlyTrue(_ codec: G711.Law) {
    for sample in stride(from: Int(Int16.min), through: Int(Int16.max), by: 7) {
      let back = Int(codec.decode(codec.encode(Int16(sample))))
      #expect(abs(back - sample) <= max(16, abs(sample) / 15), "\(sample)")
    }
  }
}

/// WAV files of 8000 Hz, one channel, 16 bits.
enum Wave {
  static func bytes(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }

  static func samples(_ path: String) throws -> [Int16] {
    let data = try Data(contentsOf: URL(filePath: path)).dropFirst(44)
    let bytes = Array(data)
    return stride(from: 0, to: bytes.count - 1, by: 2).map {
      Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
    }
  }

  static func write(_ samples: [Int16], to path: String) throws {
    var data = Data("RIFF".utf8)
    func add(_ value: UInt32, _ bytes: Int) {
      for index in 0..<bytes { data.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * index))) }
    }
    add(UInt32(36 + samples.count * 2), 4)
    data.append(Data("WAVEfmt ".utf8))
    for (value, bytes) in [(16, 4), (1, 2), (1, 2), (8000, 4), (16_000, 4), (2, 2), (16, 2)] {
      add(UInt32(value), bytes)
    }
    data.append(Data("data".utf8))
    add(UInt32(samples.count * 2), 4)
    for sample in samples { add(UInt32(UInt16(bitPattern: sample)), 2) }
    try data.write(to: URL(filePath: path))
  }
}
