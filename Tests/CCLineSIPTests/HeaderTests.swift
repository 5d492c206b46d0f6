// Texts that go into a message: the info, users, lengths, lifetimes, reasons.

import CCCore
import Testing

@testable import CCLineSIP

@Suite struct HeaderTests {
  @Test(arguments: [
    ("张伟 愤怒", "张伟 愤怒"), ("100 %", "100 %25"), ("a\r\nVia: x", "a%0D%0AVia: x"),
    ("\u{1B}[2J\u{85}\u{2028}", "%1B[2J%C2%85%E2%80%A8"), (" a b  ", "%20a b%20%20"),
    ("   ", "%20%20%20"),
    ("", ""),
  ])
  func infoIsEncodedSparingly(_ info: String, _ expected: String) {
    #expect(InfoHeader.encoded(info) == expected)
  }

  @Test func infoLine() throws {
    let header = try #require(InfoHeader("X-CC-Info"))
    #expect(header.line("a") == "X-CC-Info: a\r\n")
    #expect(header.line("") == nil)
  }

  @Test(arguments: ["", "v", "Via", "VIA", "Content-Length", "X:Y", "X\r\nY", "Überschrift"])
  func noInfoHeader(_ name: String) { #expect(InfoHeader(name) == nil) }

  @Test func usersInAddresses() {
    #expect(SIPText.escapedUser("+49#1*2") == "+49%231*2")
    #expect(SIPText.escapedUser("a@b c") == "a%40b%20c")
  }

  /// Older telephone systems write names in Latin-1.
  @Test(
    arguments: [
      ([0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "Müller"), (Array("Müller 名".utf8), "Müller 名"),
      ([0xE9], "é"), ([0xC3, 0x28], "Ã("), ([], ""), ([0xDF, 0x80], "߀"),
    ] as [([UInt8], String)])
  func whatIsNotUTF8IsLatin1(_ bytes: [UInt8], _ text: String) {
    #expect(bytes.withUnsafeBytes { SIPText.read($0) } == text)
  }

  @Test(
    arguments: [
      ("<sip:anonymous@anonymous.invalid>", "", nil),
      ("\"Anonymous\" <sip:anonymous@pbx>", "", nil),
      ("\"Anonymous\" <sip:c8oqz84@anonymous.invalid>;tag=1", "", nil),
      ("<sip:Restricted@10.0.0.1>", "", nil),
      ("\"Unavailable\" <sip:unavailable@pbx>", "", nil), ("Private <sip:UNKNOWN@pbx>", "", nil),
      ("<sip:pbx>", "", nil),
      ("\"Private Number\" <sip:withheld@pbx>", "", nil),
      ("\"anonymous\" <sip:+442079460123@pbx>", "+442079460123", nil),
      ("\"Nora\" <sip:anonymous@pbx>", "", "Nora"), ("\"Nora\" <sip:300@pbx>", "300", "Nora"),
    ] as [(String, String, String?)])
  func whoIsWithheldIsNobody(_ from: String, _ number: String, _ name: String?) {
    let caller = Caller(from: from, asserted: [])
    #expect(caller.number == number && caller.name?.string == name)
    #expect(!caller.words.isEmpty)
  }

  @Test func whatTheCallerWantsWithheldIsNotAsserted() {
    let asserted = ["\"Nora\" <sip:+442079460123@pbx>"]
    let from = "\"Anonymous\" <sip:anonymous@anonymous.invalid>"
    for wish in ["id", "user;id", "header; critical", "full", "ID"] {
      let caller = Caller(from: from, asserted: asserted, privacy: [wish])
      #expect(caller.number.isEmpty && caller.name == nil, "\(wish)")
      #expect(caller.words == "number withheld")
      // Asterisk and others leave it in From as well.
      let open = Caller(
        from: "\"Nora\" <sip:+442079460123@pbx>", asserted: asserted, privacy: [wish])
      #expect(open.number.isEmpty && open.name == nil, "\(wish)")
    }
    for wish in [[], ["none"], ["critical"]] {
      #expect(Caller(from: from, asserted: asserted, privacy: wish).number == "+442079460123")
    }
  }

  @Test func headersOfARawMessage() {
    let message = "SIP/2.0 302 Moved\r\nCall-ID : abc\r\nm: \"x\" <sip:1@h;p=1>;q=1\r\n\r\n"
    #expect(SIPText.header(["call-id", "i"], in: message) == "abc")
    #expect(SIPText.header(["contact", "m"], in: message).map(SIPText.uri) == "sip:1@h;p=1")
    #expect(SIPText.header(["via"], in: message) == nil)
  }

  @Test(arguments: [
    (["<sip:1@a>;expires=120"], "", 120),
    (["<sip:9@b>;expires=5", "<sip:1@a>;q=1;Expires=90"], "", 90),
    (["<sip:1@a>"], "300", 300), (["<sip:1@a;expires=7>"], "300", 300), ([], "", 600),
    (["sip:1@a;expires=44"], "", 44), (["<sip:1@a>;expires=0"], "600", 0),
    (["<sip:1@a>;expires=no"], "77", 77),
    // Ours is one of them, rewritten.
    (["<sip:9@b>;expires=5", "<sip:8@b>;expires=6"], "", 5),
  ])
  func whatIsGranted(_ contacts: [String], _ expires: String, _ seconds: Int) {
    #expect(
      Lifetime.granted(contacts: contacts, own: "sip:1@a", expires: expires, asked: 600) == seconds)
  }

  @Test(arguments: [
    (-5, 27_000), (0, 27_000), (30, 27_000), (120, 108_000), (600, 540_000), (3600, 540_000),
    (Int.max, 540_000),
  ])
  func whatIsGrantedIsClamped(_ granted: Int, _ milliseconds: Int) {
    #expect(Lifetime.refresh(granted) == milliseconds)
  }

  @Test func backoffGrowsAndIsBounded() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      var backoff = Backoff()
      var waits: [Int] = []
      for _ in 0..<40 { waits.append(backoff.next(using: &generator)) }
      #expect(waits[0] == 1000)
      #expect(waits.allSatisfy { (1000...30_000).contains($0) })
      #expect((15_000...30_000).contains(waits[39]))
      backoff.reset()
      #expect(backoff.next(using: &generator) == 1000)
    }
  }

  @Test func reasonsInWords() {
    #expect(Reasons.answer(code: 486, phrase: "Busy Here").text == "busy here (486)")
    #expect(Reasons.answer(code: 603, phrase: "No!").text == "declined (603)")
    #expect(
      Reasons.answer(code: 499, phrase: "Gone \u{1B}[2Jfishing").text.contains("fishing (499)"))
    #expect(!Reasons.answer(code: 499, phrase: "\u{1B}[2J").text.contains("\u{1B}"))
    #expect(Reasons.answer(code: 599, phrase: "").text == "the network failed (599)")
    #expect(
      Reasons.redirect(code: 302, target: "sip:2@h").text == "moved to sip:2@h; not followed (302)")
  }
}
