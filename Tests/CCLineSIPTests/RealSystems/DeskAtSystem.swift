// A line at a desk of a real telephone system, with a tone at its mouth and an ear that is looked into.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

/// One agent at a telephone system.
final class DeskAtSystem: Sendable {
  let line: LineUnderTest
  let number: String
  /// What is spoken here.
  let voice: Tone
  private let recording: String

  /// A transport and the codecs that a line is set to.
  struct Way: Sendable, CustomTestStringConvertible {
    var transport: String
    var codecs = "opus,pcmu,pcma"
    var authority: String?
    var more: [(String, JSONValue)] = []
    var testDescription: String { "\(transport) \(codecs)" }
  }

  /// Registers one; her tone is 440, 880 or 520 Hz for 1001, 1002 and 1003.
  init(_ number: String, at system: TelephoneSystem, _ way: Way) async throws {
    self.number = number
    voice = Tone(hertz: ["1001": 440, "1002": 880][number] ?? 520)
    line = try LineUnderTest()
    recording = line.folder.path("heard.wav")
    let spoken = line.folder.path("spoken.wav")
    try Wave.write(voice.samples(seconds: 1), to: spoken)
    var more: [(String, JSONValue)] = [
      ("account", .string(number)), ("audio", .string("file:\(spoken),\(recording)")),
      ("codecs", .string(way.codecs)), ("onChange", "dial"),
      ("codes", "idle=*45 post-call=*46 break=*46 offline=*47"),
    ]
    if let authority = way.authority { more.append(("caFile", .string(authority))) }
    line.register(
      line.configuration(
        port: way.transport == "tls" ? system.tlsPort : system.port, transport: way.transport,
        more + way.more),
      password: TelephoneSystem.password)
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
  }

  /// Chooses a status, and waits until the system has heard of it.
  func choose(_ seat: Seat) async throws {
    if let why = try await line.ask({ .setSeat(id: $0, status: seat.code) }) {
      throw NotInTime("the system was not told: \(why)")
    }
  }

  /// How much was told of calls, those that were turned away among them.
  var calls: Int { line.seen.count { if case .call = $0 { true } else { false } } }

  /// The next call rings, and is taken.
  @discardableResult
  func takesCall() async throws -> CallReport {
    let ringing = try await line.call(.ringing)
    if let why = try await line.ask({ .answer(id: $0, call: ringing.call) }) {
      throw NotInTime("not taken: \(why)")
    }
    return ringing
  }

  /// Waits until she hears a tone.
  func hears(_ tone: Tone, within seconds: Double = 10) async throws {
    let from = heard.count
    do {
      try await eventually("\(number) hears \(tone.hertz) Hz", within: seconds) {
        let all = heard
        return all.count - from >= 1600 && tone.presence(in: all.suffix(1600)) > 2500
      }
    } catch {
      throw NotInTime("\(error); \(line.seen.suffix(12))")
    }
  }

  /// All that was heard in the last call, at 8,000 samples a second.
  private var heard: [Int16] {
    let names = [recording] + (2...9).map { line.folder.path("heard-\($0).wav") }
    guard let last = names.last(where: { access($0, R_OK) == 0 }) else { return [] }
    return (try? Wave.samples(last)) ?? []
  }

  /// The log of the line, for a complaint.
  var complaint: String { "\(line.seen)" }
}
