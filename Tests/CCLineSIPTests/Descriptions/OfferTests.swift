// Offers and answers on the wire, as telephone systems write them, proved by tones at both ends.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct OfferTests {
  static let head = ["v=0", "o=- 100 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"]

  /// A body, its type, how many media lines the answer has, and which is ours.
  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var lines: [String]
    var end = "\r\n"
    var type = "application/sdp"
    var before = ""
    var after = ""
    var ours = 0
    var count = 1
    var testDescription: String { what }

    /// The body, with the port where sound is wanted.
    func body(_ port: UInt16) -> String {
      before + lines.joined(separator: "\r\n").replacing("PORT", with: "\(port)") + end + after
    }
  }

  static let cases = [
    Case(
      what: "no last line end", lines: head + ["m=audio PORT RTP/AVP 0 8", "a=ptime:20"], end: ""),
    Case(
      what: "zeros behind it", lines: head + ["m=audio PORT RTP/AVP 0"], end: "\r\n\0\0\0"),
    Case(
      what: "secure, then plain",
      lines: head + [
        "m=audio 40122 RTP/SAVP 0",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\(NegotiationTests.key)",
        "m=audio PORT RTP/AVP 0",
      ], ours: 1, count: 2),
    Case(
      what: "the first is off",
      lines: head + ["m=audio 0 RTP/AVP 8", "m=audio PORT RTP/AVP 0"], ours: 1, count: 2),
    Case(
      what: "pictures first",
      lines: head + ["m=video 9 RTP/AVP 96", "m=audio PORT RTP/AVP 0", "m=image 9 udptl t38"],
      ours: 1, count: 3),
    Case(
      what: "in parts", lines: head + ["m=audio PORT RTP/AVP 0 8"],
      type: "multipart/mixed;boundary=\"uniq\"",
      before: "--uniq\r\nContent-Type: application/sdp\r\n\r\n",
      after:
        "\r\n--uniq\r\nContent-Type: application/isup;version=itu-t92+\r\n\r\nx\r\n--uniq--\r\n"),
    Case(
      what: "names where addresses stand",
      lines: [
        "v=0", "o=- 1 1 IN IP4 pbx.example", "s=-", "c=IN IP4 localhost", "t=0 0",
        "m=audio PORT RTP/AVP 0",
      ]),
    Case(what: "a count behind the port", lines: head + ["m=audio PORT/1 RTP/AVP 0"]),
    Case(
      what: "blanks", lines: head + ["m=audio  PORT  RTP/AVP  0 ", " a= sendrecv", "a=ptime: 20 "]),
  ]

  /// A line at a registrar that is nothing but a socket, with a voice and an ear.
  private func line(_ tcp: Bool) async throws -> (LineUnderTest, BareRegistrar, CustomerVoice) {
    let registrar = try BareRegistrar(tcp: tcp)
    let line = try LineUnderTest()
    let spoken = line.folder.path("spoken.wav")
    try Wave.write(Tone(hertz: 440).samples(seconds: 1), to: spoken)
    try await registrar.welcome(
      line, [("audio", .string("file:\(spoken),\(line.folder.path("heard.wav"))"))])
    return (line, registrar, try CustomerVoice(speaks: Tone(hertz: 1000)))
  }

  private func next(
    _ start: String, from registrar: BareRegistrar, containing text: String = ""
  ) async throws -> String {
    var found = ""
    try await eventually("\(start) \(text)") {
      found =
        registrar.attend().first { $0.hasPrefix(start) && (text.isEmpty || $0.contains(text)) }
        ?? found
      return !found.isEmpty
    }
    return found
  }

  /// Both hear each other.
  private func heard(
    _ line: LineUnderTest, _ voice: CustomerVoice, at description: String
  ) async throws {
    let port = description.components(separatedBy: "\r\n").lazy
      .filter { $0.hasPrefix("m=audio ") }.compactMap { UInt16($0.split(separator: " ")[1]) }
      .first { $0 > 0 }
    voice.speak(toPort: try #require(port))
    try await voice.hears(Tone(hertz: 440))
    let recording = line.folder.path("heard.wav")
    try await eventually("1000 Hz in the agent's ear") {
      let samples = (try? Wave.samples(recording)) ?? []
      return samples.count >= 1600
        && Tone(hertz: 1000).presence(in: samples.suffix(1600)) > 2500
    }
  }

  @Test(arguments: cases, [false, true])
  func offered(_ offer: Case, _ tcp: Bool) async throws {
    let (line, registrar, voice) = try await line(tcp)
    var invite = HostileMessages.Invite("offer", body: offer.body(voice.port))
    invite.set("Content-Type", offer.type)
    let contact = "<sip:far@127.0.0.1:\(registrar.port)\(tcp ? ";transport=tcp" : "")>"
    invite.set("Contact", contact)
    registrar.send(invite.text)
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    let answer = try await next("SIP/2.0 200", from: registrar, containing: "INVITE\r\n")
    let media = answer.components(separatedBy: "\r\n").filter { $0.hasPrefix("m=") }
    #expect(media.count == offer.count)
    for (index, line) in media.enumerated() {
      let port = line.split(separator: " ")[1]
      #expect((port != "0") == (index == offer.ours), "\(line)")
    }
    var ack = HostileMessages.Invite("offer", body: "")
    ack.line = "ACK sip:1001@127.0.0.1 SIP/2.0"
    ack.set("CSeq", "1 ACK")
    ack.set("To", SIPText.header(["to"], in: answer) ?? "")
    registrar.send(ack.text)
    try await heard(line, voice, at: answer)
    line.send(.hangUp(id: 9, call: id))
    try await line.call(.ended)
    voice.stop()
  }

  @Test(arguments: cases.filter { $0.count == 1 || $0.ours == 1 }, [false, true])
  func answered(_ answer: Case, _ tcp: Bool) async throws {
    let (line, registrar, voice) = try await line(tcp)
    line.dial("5501")
    let invite = try await next("INVITE ", from: registrar)
    let contact = "<sip:far@127.0.0.1:\(registrar.port)\(tcp ? ";transport=tcp" : "")>"
    registrar.send(
      registrar.answer(
        to: invite, "200 OK", ["Contact: \(contact)", "Content-Type: \(answer.type)"],
        body: answer.body(voice.port)
      ).replacing("Content-Type: application/sdp\r\nContent-Length", with: "Content-Length"))
    _ = try await next("ACK ", from: registrar)
    let id = try await line.call(.talking).call
    try await heard(line, voice, at: invite)
    line.send(.hangUp(id: 9, call: id))
    try await line.call(.ended)
    voice.stop()
  }

  /// A far end that agreed to two codecs and speaks the second is answered in it.
  @Test func whatIsSpokenIsFollowed() async throws {
    let (line, registrar, voice) = try await line(false)
    line.dial("5501")
    let invite = try await next("INVITE ", from: registrar)
    registrar.send(
      registrar.answer(
        to: invite, "200 OK", ["Contact: <sip:far@127.0.0.1:\(registrar.port)>"],
        body: (Self.head + ["m=audio \(voice.port) RTP/AVP 8 0"]).map { "\($0)\r\n" }.joined()))
    try await line.call(.talking)
    try await eventually("A-law as agreed first") { voice.payloads == [8] }
    // It speaks mu-law.
    try await heard(line, voice, at: invite)
    #expect(voice.payloads == [0, 8])
    voice.stop()
  }
}
