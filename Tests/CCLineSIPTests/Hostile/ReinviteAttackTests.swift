// A re-INVITE as an attack: the sound stays where it was.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct ReinviteAttackTests {
  /// A call that talks, seen from its far end: the registrar that speaks for it, where its sound goes, and
  /// where it must never go.
  private final class Talk {
    let registrar: BareRegistrar
    let ear: BareSocket
    let trap: BareSocket
    private(set) var to = ""
    private(set) var answers: [String] = []
    private var heard = 0

    init(tcp: Bool) throws {
      registrar = try BareRegistrar(tcp: tcp)
      ear = try BareSocket()
      trap = try BareSocket()
    }

    var contact: String {
      "<sip:far@127.0.0.1:\(registrar.port)\(registrar.isTCP ? ";transport=tcp" : "")>"
    }

    /// A description of sound at a port, some of its lines replaced by others.
    static func sound(_ port: UInt16, _ changes: [String: String] = [:]) -> String {
      [
        ("v", "v=0"), ("o", "o=far 1 2 IN IP4 127.0.0.1"), ("s", "s=-"),
        ("c", "c=IN IP4 127.0.0.1"), ("t", "t=0 0"), ("m", "m=audio \(port) RTP/AVP 0"),
      ].map { changes[$0.0] ?? $0.1 }.filter { !$0.isEmpty }.map { "\($0)\r\n" }.joined()
    }

    /// Calls the line, which answers, until its sound is heard.
    func begin() async throws -> LineUnderTest {
      let line = try LineUnderTest()
      try await registrar.welcome(line)
      var invite = HostileMessages.Invite("attack", body: Self.sound(ear.port))
      invite.set("Contact", contact)
      registrar.send(invite.text)
      let id = try await line.call(.ringing).call
      #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
      let answer = try await self.answer("200", to: "1 INVITE")
      to = SIPText.header(["to"], in: answer) ?? ""
      registrar.send(request("ACK", 1).text)
      try await stillHears("the beginning")
      return line
    }

    func request(_ method: String, _ number: Int, body: String = "") -> HostileMessages.Invite {
      var request = HostileMessages.Invite("attack", body: body)
      request.line = "\(method) sip:1001@127.0.0.1 SIP/2.0"
      request.set("Via", "SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKa\(method)\(number);rport")
      request.set("To", to)
      request.set("Contact", contact)
      request.set("CSeq", "\(number) \(method)")
      return request
    }

    /// The answer to a request, by its CSeq.
    @discardableResult
    func answer(_ code: String, to number: String) async throws -> String {
      var found = ""
      try await eventually("\(code) to \(number)") {
        for message in self.registrar.attend() where message.hasPrefix("SIP/2.0 ") {
          guard SIPText.header(["cseq"], in: message) == number, !message.hasPrefix("SIP/2.0 1")
          else { continue }
          found = message
        }
        return !found.isEmpty
      }
      #expect(found.hasPrefix("SIP/2.0 \(code) "), "\(found.prefix(60)) to \(number)")
      return found
    }

    /// What was under way to the ear is taken; then sound still comes, and none came to the trap.
    func stillHears(_ what: String) async throws {
      while ear.receivedBytes != nil {}
      var count = 0
      try await eventually("sound at the old place after \(what)") {
        while let packet = self.ear.receivedBytes { if packet.first == 0x80 { count += 1 } }
        return count >= 5
      }
      #expect(trap.receivedBytes == nil, "sound went to the trap after \(what)")
    }
  }

  /// Descriptions that may not count, each with what it tries; `port` is the trap's.
  private static func bad(_ port: UInt16) -> [(String, String)] {
    func sound(_ changes: [String: String] = [:]) -> String { Talk.sound(port, changes) }
    return [
      ("multicast", sound(["c": "c=IN IP4 224.2.1.1/127"])),
      ("multicast of IPv6", sound(["c": "c=IN IP6 ff02::1"])),
      ("everybody", sound(["c": "c=IN IP4 255.255.255.255"])),
      ("a name", sound(["c": "c=IN IP4 evil.example"])),
      ("no address", sound(["c": ""])),
      ("port 70000", sound(["m": "m=audio 70000 RTP/AVP 0"])),
      ("many ports", sound(["m": "m=audio \(port)/4 RTP/AVP 0"])),
      ("no origin", sound(["o": ""])), ("two origins", sound(["s": "o=far 1 3 IN IP4 127.0.0.1"])),
      ("no media", sound(["m": ""])), ("only pictures", sound(["m": "m=video \(port) RTP/AVP 31"])),
      ("unknown codecs", sound(["m": "m=audio \(port) RTP/AVP 97 98\r\na=rtpmap:97 EVIL/8000"])),
      ("another profile", sound(["m": "m=audio \(port) UDP/TLS/RTP/SAVPF 0"])),
      (
        "1000 media",
        sound([
          "m": Array(repeating: "m=audio \(port) RTP/AVP 0", count: 1000).joined(separator: "\r\n")
        ])
      ),
      (
        "a second address that counts for the first",
        sound(["m": "m=audio \(port) RTP/AVP 0\r\nc=IN IP4 224.2.1.1"])
      ),
      ("a NUL", sound(["s": "s=\u{0}"])), ("no description", "garbage\r\n"),
    ]
  }

  @Test(arguments: [false, true], [false, true])
  func aBadDescriptionMovesNothing(_ tcp: Bool, _ updates: Bool) async throws {
    let talk = try Talk(tcp: tcp)
    let line = try await talk.begin()
    var number = 1
    for (what, description) in Self.bad(talk.trap.port) {
      number += 1
      talk.registrar.send(talk.request("INVITE", number, body: description).text)
      try await talk.answer("488", to: "\(number) INVITE")
      talk.registrar.send(talk.request("ACK", number).text)
      try await talk.stillHears(what)
      number += 1
      talk.registrar.send(talk.request("UPDATE", number, body: description).text)
      try await talk.answer("488", to: "\(number) UPDATE")
      try await talk.stillHears("\(what) in an UPDATE")
    }
    // A good one moves it: the test can fail.
    number += 1
    talk.registrar.send(
      talk.request(updates ? "UPDATE" : "INVITE", number, body: Talk.sound(talk.trap.port)).text)
    try await talk.answer("200", to: "\(number) \(updates ? "UPDATE" : "INVITE")")
    try await eventually("sound at the new place") { talk.trap.receivedBytes != nil }
    #expect(try await line.ends())
  }

  @Test(arguments: [false, true])
  func aStrangerToTheDialogMovesNothing(_ tcp: Bool) async throws {
    let talk = try Talk(tcp: tcp)
    let line = try await talk.begin()
    let good = Talk.sound(talk.trap.port)
    let ours = talk.to
    for (index, (what, to, from)) in [
      ("another tag of ours", "<sip:1001@127.0.0.1>;tag=0123456789abcdef", "attack"),
      ("another tag of theirs", ours, "stranger"),
      ("no tag of theirs", ours, ""),
      ("both wrong", "<sip:1001@127.0.0.1>;tag=x", "y"),
      ("the tags the wrong way round", "<sip:1001@127.0.0.1>;tag=attack", Self.tag(ours)),
    ].enumerated() {
      for method in ["INVITE", "BYE", "INFO", "REFER", "UPDATE", "MESSAGE"] {
        let number = 100 + index
        var request = talk.request(method, number, body: method == "INVITE" ? good : "")
        request.set("To", to)
        request.set("From", "<sip:far@127.0.0.1>" + (from.isEmpty ? "" : ";tag=\(from)"))
        talk.registrar.send(request.text)
        try await talk.answer("481", to: "\(number) \(method)")
      }
      try await talk.stillHears(what)
    }
    if !tcp {
      // From another machine it is not even answered.
      let stranger = try BareSocket(host: 2)
      let place = talk.registrar.contact.split(separator: "@").last?.prefix { $0 != ";" } ?? ""
      var request = talk.request("INVITE", 200, body: good)
      request.set("Via", "SIP/2.0/UDP 127.0.0.2:\(stranger.port);branch=z9hG4bKs;rport")
      request.set("From", "<sip:far@127.0.0.1>;tag=stranger")
      stranger.send(request.text, to: try #require(HostPort(String(place))?.port))
      try await line.log("dropped a request from 127.0.0.2")
      try await line.fence()
      #expect(stranger.received == nil)
      try await talk.stillHears("another machine")
    }
    let over = line.seen.contains {
      if case .call(let report) = $0 { report.status == .ended } else { false }
    }
    #expect(!over)
    #expect(try await line.ends())
  }

  private static func tag(_ address: String) -> String {
    address.components(separatedBy: "tag=").last ?? ""
  }
}
