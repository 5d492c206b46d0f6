// The corpus against a living line: nothing crashes, hangs, dials, or hears what it should not.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct HostileTests {
  @Test func theCorpusIsLargeAndEachHasItsReason() {
    let all = HostileMessages.toAnIdleLine + HostileMessages.descriptions
    #expect(all.count >= 500, "\(all.count)")
    #expect(all.allSatisfy { !$0.what.isEmpty })
  }

  /// Refuses whatever rings.
  private final class Refuser {
    private var looked = 0
    private(set) var rang = 0

    func attend(_ line: LineUnderTest) {
      let seen = line.seen
      for event in seen[looked...] {
        guard case .call(let report) = event, report.status == .ringing else { continue }
        rang += 1
        line.send(.reject(id: 9_000, call: report.call))
      }
      looked = seen.count
    }
  }

  /// Whether any call of the line talked, or it dialled by itself.
  private func misbehaved(_ line: LineUnderTest, _ sent: [String]) -> Bool {
    sent.contains { $0.hasPrefix("INVITE ") || $0.hasPrefix("REFER ") }
      || line.seen.contains {
        if case .call(let report) = $0 {
          report.status == .talking || report.direction == .out
        } else {
          false
        }
      }
  }

  @Test(arguments: [false, true])
  func anIdleLine(_ tcp: Bool) async throws {
    let registrar = try BareRegistrar(tcp: tcp)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    let refuser = Refuser()
    var sent: [String] = []
    let inInvites = HostileMessages.descriptions.enumerated().map { index, description in
      var invite = HostileMessages.Invite("s\(index)", body: "")
      invite.set("Content-Length", "\(description.bytes.count)")
      return Hostile(description.what, Array(invite.text.utf8) + description.bytes)
    }
    for message in HostileMessages.toAnIdleLine + inInvites {
      registrar.send(message.bytes)
      do {
        try await line.fence()
      } catch {
        Issue.record("\(message.what): the line does not answer any more: \(error)")
        return
      }
      sent += registrar.attend()
      refuser.attend(line)
    }
    try await line.fence()
    refuser.attend(line)
    try await line.fence()
    #expect(!misbehaved(line, sent))
    // The honest one among them still rings; over TCP garbage ends the connection, and whether it
    // stands again when the honest one comes is luck: the call below decides.
    #expect(tcp || refuser.rang > 0)
    let before = line.seen.count
    try await eventually("the line is registered, or will be") {
      registrar.attend()
      return registrar.contact != ""
    }
    let ring = HostileMessages.Invite("honest")
    try await eventually("an honest call rings", within: 20) {
      sent += registrar.attend()
      registrar.send(ring.text)
      return line.seen[before...].contains {
        if case .call(let report) = $0 { report.status == .ringing } else { false }
      }
    }
    #expect(try await line.ends())
  }

  /// Every description as a change of a call that talks: the call lives, and ends only by its own hand.
  @Test(arguments: [false, true])
  func aCallThatTalks(_ tcp: Bool) async throws {
    let registrar = try BareRegistrar(tcp: tcp)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    let contact = "<sip:far@127.0.0.1:\(registrar.port)\(tcp ? ";transport=tcp" : "")>"
    var first = HostileMessages.Invite("talk")
    first.set("Contact", contact)
    registrar.send(first.text)
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    var answer = ""
    try await eventually("our answer") {
      answer = registrar.attend().first { $0.hasPrefix("SIP/2.0 200") } ?? answer
      return !answer.isEmpty
    }
    let to = SIPText.header(["to"], in: answer) ?? ""
    func inCall(
      _ method: String, _ number: Int, _ bytes: [UInt8] = [], _ more: [(String, String)] = []
    )
      -> [UInt8]
    {
      var request = HostileMessages.Invite("talk", body: "")
      request.line = "\(method) sip:1001@127.0.0.1 SIP/2.0"
      request.set("Via", "SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKc\(method)\(number)")
      request.set("To", to)
      request.set("Contact", contact)
      request.set("CSeq", "\(number) \(method)")
      request.set("Content-Length", "\(bytes.count)")
      for (name, value) in more { request.set(name, value) }
      return Array(request.text.utf8) + bytes
    }
    registrar.send(inCall("ACK", 1))
    var number = 1
    for description in HostileMessages.descriptions {
      number += 1
      registrar.send(inCall("INVITE", number, description.bytes))
      try await line.fence()
      registrar.send(inCall("ACK", number))
      registrar.attend()
    }
    for method in ["REFER", "NOTIFY", "INFO", "UPDATE", "MESSAGE", "SUBSCRIBE", "PRACK", "CANCEL"] {
      number += 1
      registrar.send(
        inCall(
          method, number, Array("SIP/2.0 200 OK\r\n".utf8),
          [
            ("Refer-To", "<sip:0900123456@evil.example>"), ("Event", "refer"),
            ("Subscription-State", "terminated"), ("Content-Type", "message/sipfrag"),
          ]))
      try await line.fence()
    }
    let over = line.seen.contains {
      if case .call(let report) = $0 { report.status == .ended } else { false }
    }
    #expect(!over)
    // The agent's own end is still an end.
    #expect(try await line.ask { .hangUp(id: $0, call: id) } == nil)
    try await eventually("our BYE") { registrar.attend().contains { $0.hasPrefix("BYE ") } }
    #expect(try await line.ends())
  }

  /// What a far end may answer to our INVITE.
  private static let answers: [(String, [(String, [String], String)])] = {
    let sound = HostileMessages.sound
    let contact = "Contact: <sip:far@127.0.0.1:9>"
    return [
      ("a storm of 183", Array(repeating: ("183 Progress", [contact], sound), count: 300)),
      ("a storm of 180", Array(repeating: ("180 Ringing", [contact], ""), count: 300)),
      ("302", [("302 Moved", ["Contact: <sip:0900@evil.example>"], "")]),
      ("302 to nowhere", [("302 Moved", [], "")]),
      ("301 to many", [("301 Moved", ["Contact: <sip:a@224.0.0.1>, <sip:b@224.0.0.1>"], "")]),
      ("380", [("380 Alternative", [contact], "<xml/>")]),
      ("422", [("422 Too Small", ["Min-SE: 4294967295"], "")]),
      ("423", [("423 Brief", ["Min-Expires: 1"], "")]),
      ("199 and 799", [("199 ?", [], ""), ("699 %n", [], "")]),
      ("200 without a contact", [("200 OK", [], sound)]),
      ("200 without a description", [("200 OK", [contact], "")]),
      ("200 with a contact for many", [("200 OK", ["Contact: <sip:far@224.0.0.1>"], sound)]),
      ("200 with a contact of nobody", [("200 OK", ["Contact: <sip:far@nobody.invalid>"], sound)]),
      ("200 with a broken contact", [("200 OK", ["Contact: <sip:"], sound)]),
      (
        "200 with 200 routes",
        [
          (
            "200 OK", [contact] + Array(repeating: "Record-Route: <sip:127.0.0.1;lr>", count: 200),
            sound
          )
        ]
      ),
      ("200 with a broken route", [("200 OK", [contact, "Record-Route: <<<%s"], sound)]),
      (
        "401 of another realm",
        [("401 Who", [#"WWW-Authenticate: Digest realm="evil", nonce="n""#], "")]
      ),
      ("407 without a challenge", [("407 Who", [], "")]), ("491", [("491 Pending", [], "")]),
      ("a reason of escapes", [("603 \u{1B}[2J%n", [], "")]),
      ("a reason of 7 KB", [("499 " + String(repeating: "x", count: 7000), [], "")]),
      ("two answers", [("486 Busy", [], ""), ("200 OK", [contact], sound)]),
    ]
  }()

  @Test(arguments: [false, true])
  func answersToOurCall(_ tcp: Bool) async throws {
    let registrar = try BareRegistrar(tcp: tcp)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    let descriptions = HostileMessages.descriptions.compactMap {
      description -> (String, [(String, [String], String)])? in
      guard let text = String(bytes: description.bytes, encoding: .utf8) else { return nil }
      return (description.what, [("200 OK", ["Contact: <sip:far@127.0.0.1:9>"], text)])
    }
    for (index, (what, replies)) in (Self.answers + descriptions).enumerated() {
      line.dial("55\(index)")
      let id = try await line.call(.calling).call
      var invite: String?
      try await eventually("our INVITE (\(what))") {
        invite = registrar.attend().first { $0.hasPrefix("INVITE sip:55\(index)@") } ?? invite
        return invite != nil
      }
      for (number, (status, headers, body)) in replies.enumerated() {
        // Each from another far end: forks.
        registrar.send(
          registrar.answer(to: invite ?? "", status, tag: "fork\(number % 5)", headers, body: body))
      }
      try await line.fence()
      #expect(try await line.ask { .hangUp(id: $0, call: id) } == nil)
      try await eventually("the end of it (\(what))") {
        for message in registrar.attend()
        where message.hasPrefix("BYE ") || message.hasPrefix("CANCEL ") {
          registrar.send(registrar.answer(to: message, "200 OK"))
          if message.hasPrefix("CANCEL ") {
            registrar.send(registrar.answer(to: invite ?? "", "487 Gone"))
          }
        }
        return line.seen.contains {
          guard case .call(let report) = $0, report.call == id else { return false }
          return report.status == .ended || report.status == .notEstablished
        }
      }
    }
    // No redirect was followed, no realm but ours was answered.
    #expect(!registrar.attend().contains { $0.hasPrefix("INVITE sip:0900") })
    #expect(try await line.ends())
  }

  @Test func fiveHundredInvitesInFiveSeconds() async throws {
    let registrar = try BareRegistrar(tcp: false)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    let before = try #require(Self.memory(line.pid))
    for index in 0..<500 {
      registrar.send(HostileMessages.Invite("flood\(index)").text)
      if index % 10 == 9 { try await line.fence() }
      registrar.attend()
    }
    try await line.fence()
    let rang = line.seen.filter {
      if case .call(let report) = $0 { report.status == .ringing } else { false }
    }
    let told = line.seen.filter { if case .log = $0 { true } else { false } }
    #expect(rang.count == 1)
    #expect(told.count <= 3)
    #expect(try #require(Self.memory(line.pid)) - before < 4_000)
    #expect(try await line.ends())
  }

  /// Resident memory, in KB.
  static func memory(_ pid: Int32) -> Int? {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
  }
}
