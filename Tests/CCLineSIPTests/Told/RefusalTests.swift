// What the line refuses by itself leaves a trace: at the desk, in the log, and for the caller.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct RefusalTests {
  private static let caller = "From: \"Nora Field\" <sip:300@cc.test>;tag=f"

  /// An INVITE of Nora's that something of is odd.
  private func invite(_ pbx: ScriptedPBX, _ headers: [String] = [], body: String) -> String {
    var lines = ScriptedDialog.invite(pbx, headers: headers, body: body)
      .components(separatedBy: "\r\n")
    if let index = lines.firstIndex(where: { $0.hasPrefix("From:") }) {
      lines[index] = Self.caller
    }
    return lines.joined(separator: "\r\n")
  }

  private static func sound(_ media: String) -> String {
    ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]
      .map { "\($0)\r\n" }.joined() + media
  }

  @Test(
    arguments: ["udp", "tcp", "tls"],
    [
      (
        ["Require: 100rel, magic"], HostileMessages.sound, 420,
        "it requires what is not known here: 100rel, magic (420)", "Unsupported: 100rel, magic"
      ),
      (
        ["Content-Type: text/plain"], "hello", 415, "it brings no sound (415)",
        "Accept: application/sdp"
      ),
      (
        [], sound("m=audio 4000 RTP/AVP 9\r\na=rtpmap:9 G722/8000\r\n"), 488,
        "no common sound (488)", "Allow: INVITE"
      ),
      ([], sound("m=video 4000 RTP/AVP 31\r\n"), 488, "no common sound (488)", "Allow: INVITE"),
    ] as [([String], String, Int, String, String)])
  func everyRefusalLeavesATrace(
    _ transport: String, _ odd: ([String], String, Int, String, String)
  ) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    pbx.send(invite(pbx, odd.0, body: odd.1))
    let told = try await line.call(.notEstablished)
    #expect(told.kind == .notTaken && told.reason?.text == odd.3 && told.direction == .in)
    #expect(told.number == "300" && told.name == "Nora Field" && told.count == 1)
    let answer = try await pbx.answer(odd.2, to: "INVITE")
    #expect(answer.contains("\r\n\(odd.4)"))
    let rang = line.seen.contains {
      if case .call(let report) = $0 { report.status == .ringing } else { false }
    }
    #expect(!rang)
    let words = line.seen.compactMap { event -> String? in
      if case .log(.info, let words) = event { words.string } else { nil }
    }
    #expect(
      words.contains {
        $0.contains("turned away a call from Nora Field, 300: \(odd.3); offered: ")
      }, "\(words)")
    #expect(try await line.ends())
  }

  /// The same request again, since the answer was lost, is no second call.
  @Test func aRepeatedInviteIsToldOnce() async throws {
    let pbx = try await ScriptedPBX("udp")
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    let odd = invite(pbx, ["Require: magic"], body: "")
    for _ in 1...3 { pbx.send(odd) }
    for _ in 1...3 { try await pbx.answer(420, to: "INVITE") }
    try await line.fence()
    #expect(line.seen.filter { if case .call = $0 { true } else { false } }.count == 1)
    #expect(try await line.ends())
  }

  /// Two in the same second for two reasons: each is in the log with what was offered.
  @Test func eachKindIsInTheLog() async throws {
    let pbx = try await ScriptedPBX("tcp")
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    pbx.send(invite(pbx, ["Require: magic"], body: HostileMessages.sound))
    pbx.send(invite(pbx, body: Self.sound("m=video 4000 RTP/AVP 31\r\n")))
    try await line.log("what is not known here: magic (420); offered: audio RTP/AVP PCMU")
    try await line.log("no common sound (488); offered: video RTP/AVP H261")
    #expect(try await line.ends())
  }

  @Test(arguments: ["udp", "tcp", "tls"])
  func busyIsTold(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    pbx.send(invite(pbx, body: HostileMessages.sound))
    let told = try await line.call(.notEstablished)
    #expect(told.call != dialog.id && told.kind == .notTaken && told.number == "300")
    #expect(told.reason == Reason("busy", code: 486))
    try await pbx.answer(486, to: "INVITE")
    #expect(try await line.ends())
  }

  /// A flood is told by its number: nothing is lost of the sum.
  @Test func manyAreCounted() async throws {
    let pbx = try await ScriptedPBX("tcp")
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    for _ in 1...200 { pbx.send(invite(pbx, ["Require: magic"], body: "")) }
    try await eventually("all are told") {
      line.seen.reduce(0) {
        if case .call(let report) = $1, report.kind == .notTaken { $0 + report.count } else { $0 }
      } == 200
    }
    let reports = line.seen.filter { if case .call = $0 { true } else { false } }
    #expect(reports.count <= 40, "\(reports.count)")
    #expect(try await line.ends())
  }

  /// Turned away by the status: the desk's own `reject` comes too late and is no failure.
  @Test func whatTheDeskRejectsTooLateIsDone() async throws {
    let pbx = try await ScriptedPBX("udp")
    let line = try LineUnderTest()
    try await pbx.signIn(line)
    #expect(try await line.ask { .setSeat(id: $0, status: 5) } == nil)
    pbx.send(invite(pbx, body: HostileMessages.sound))
    let id = try await line.call(.ringing).call
    #expect(try await line.call(.notEstablished).call == id)
    #expect(try await line.ask { .reject(id: $0, call: id) } == nil)
    #expect(try await line.ask { .reject(id: $0, call: "another") } == "no such call rings")
    #expect(try await line.ends())
  }

  @Test func wordsOfAFlood() {
    var gate = Turnstile()
    #expect(gate.turnedAway("A", "x", at: 5_000) == "turned away a call from A: x")
    #expect(gate.turnedAway("B", "y", at: 5_000) == "turned away a call from B: y")
    #expect(gate.turnedAway("C", "x", at: 5_001) == nil && gate.untold == 1)
    #expect(gate.turnedAway("D", "y", at: 14_999) == nil && gate.left(at: 14_999) == 1)
    #expect(gate.left(at: 15_000) == 0)
    #expect(gate.rest() == "turned away 2 calls, the last from D: y" && gate.rest() == nil)
    #expect(gate.turnedAway("E", "x", at: 15_000) == "turned away a call from E: x")
    // Whoever thinks of a new reason each time fills no log.
    let told = (0..<900).compactMap { gate.turnedAway("F", "\($0)", at: 15_001) }
    #expect(told.count == Turnstile.mostReasons - 1 && gate.untold == 896)
    _ = gate.rest()
    #expect(gate.turnedAway("G", "x", at: 15_002) == nil)
    #expect(gate.rest() == "turned away a call from G: x")
    // A clock that stands or is at its beginning tells it all the same.
    var early = Turnstile()
    #expect(early.turnedAway("A", "x", at: 0) != nil && early.turnedAway("A", "x", at: 0) == nil)
  }

  @Test func countsOfAFlood() {
    var count = RefusalCount()
    #expect((0..<5).allSatisfy { _ in count.take(at: 1_000) == 1 })
    #expect((0..<9).allSatisfy { _ in count.take(at: 1_999) == nil })
    #expect(count.take(at: 2_000) == 10 && count.take(at: 2_000) == 1)
    #expect(count.flush() == nil)
    for _ in 0..<9 { _ = count.take(at: 2_500) }
    #expect(count.held == 6 && count.flush() == 6 && count.flush() == nil)
  }

  @Test(
    arguments: [
      (
        sound(
          "m=audio 4000 RTP/SAVP 0 9 101\r\na=rtpmap:101 telephone-event/8000\r\na=crypto:1 x\r\n"),
        "audio RTP/SAVP with keys PCMU, G722, telephone-event"
      ),
      (
        sound("m=audio 0 RTP/AVP 8\r\nm=video 9 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n"),
        "audio (off) RTP/AVP PCMA; video RTP/AVP H264"
      ),
      ("", "nothing"), ("hello", "no sound"), (sound("m=\r\n"), "? ? "),
      (String(repeating: "x", count: 20_000), "20000 bytes"),
      (
        sound("m=audio 1 RTP/AVP 97\r\na=rtpmap:97 \u{1B}[2J/8000\r\n"), "audio RTP/AVP \u{FFFD}[2J"
      ),
    ])
  func whatWasOfferedInWords(_ body: String, _ words: String) {
    #expect(OfferWords.text(body.utf8).string == words)
  }
}
