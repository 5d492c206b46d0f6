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
    (["<sip:9@b>;expires=5", "<sip:8@b>;expires=6"], "", 600),
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
