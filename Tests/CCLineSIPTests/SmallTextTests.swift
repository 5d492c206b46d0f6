// Small texts and figures of SIP, from both sides of each bound.

import CCCore
import CCJSON
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct SmallTextTests {
  // MARK: Hosts

  @Test func hostsAndPorts() {
    for (text, host, port, bracketed) in [
      ("pbx.example", "pbx.example", nil, "pbx.example"), ("pbx:1", "pbx", 1, "pbx"),
      ("PBX-1_a.example:65535", "PBX-1_a.example", 65_535, "PBX-1_a.example"),
      ("192.0.2.1:5060", "192.0.2.1", 5_060, "192.0.2.1"), ("[::1]", "::1", nil, "[::1]"),
      ("[2001:db8::F]:5070", "2001:db8::F", 5_070, "[2001:db8::F]"),
      ("[::ffff:192.0.2.1]:1", "::ffff:192.0.2.1", 1, "[::ffff:192.0.2.1]"),
    ] as [(String, String, UInt16?, String)] {
      let read = HostPort(text)
      #expect(
        read?.host == host && read?.port == port && read?.bracketedHost == bracketed, "\(text)")
    }
    for text in [
      "", ":5060", "pbx:", "pbx:0", "pbx:65536", "pbx:x", "pbx:5060:1", "::1", "[::1", "[::1]5060",
      "[::1]:", "[::1]:0", "[]", "[pbx]", "[1.2]", "[::g]", "[::1]x:1", "a b", "a@b", "a/b", "a;b",
      "é.example", "a\u{7F}", "a,b",
    ] { #expect(HostPort(text) == nil, "\(text)") }
    let long = String(repeating: "a", count: 253)
    #expect(HostPort(long)?.host == long && HostPort(long + "a") == nil)
    let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")
    for value in UInt8(0x21)...0x7E where value != 0x3A && value != 0x5B {
      let sign = Character(Unicode.Scalar(value))
      #expect((HostPort("a\(sign)b") != nil) == allowed.contains(sign), "\(sign)")
    }
  }

  // MARK: Headers

  @Test func namesOfTheInfoHeader() {
    let most = String(repeating: "X", count: 64)
    #expect(InfoHeader(most)?.name == most && InfoHeader(most + "X") == nil)
    #expect(InfoHeader("X") == nil && InfoHeader("XY") != nil, "one letter is a short form")
    for name in ["X-CC_Info.1", "a!%*+`'~"] { #expect(InfoHeader(name) != nil, "\(name)") }
    for name in ["to", "From", "CSEQ", "record-route", "X Y", "X\u{E9}", "X\t", "X@Y"] {
      #expect(InfoHeader(name) == nil, "\(name)")
    }
  }

  /// Controls, line ends and outer spaces are encoded, each byte of them, and nothing else.
  @Test func everyScalarOfAnInfo() {
    for value in (0...0x2FF) + [0x2027, 0x2028, 0x2029, 0x202A, 0xFFFD, 0x1F600] as [UInt32] {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isCoded =
        value < 0x20 || value == 0x25 || (0x7F...0x9F).contains(value) || value == 0x2028
        || value == 0x2029
      let code = String(scalar).utf8.map { String(format: "%%%02X", $0) }.joined()
      #expect(
        InfoHeader.encoded("a\(scalar)b") == (isCoded ? "a\(code)b" : "a\(scalar)b"), "\(value)")
    }
    for (info, encoded) in [
      (" a", "%20a"), ("a ", "a%20"), ("  a b  c ", "%20%20a b  c%20"), (" ", "%20"), ("a", "a"),
    ] { #expect(InfoHeader.encoded(info) == encoded) }
  }

  @Test func whatStandsBareInAnAddress() {
    let letters = "abcdefghijklmnopqrstuvwxyz"
    let both = Set(letters + letters.uppercased() + "0123456789-_.!~*'()")
    let user = both.union("&=+$,;?/")
    for value in UInt8(0x20)...0x7E {
      let sign = Character(Unicode.Scalar(value))
      let code = String(format: "%%%02X", value)
      #expect(SIPText.escapedUser("\(sign)") == (user.contains(sign) ? "\(sign)" : code), "\(sign)")
      #expect(
        SIPText.escapedHeader("\(sign)") == (both.contains(sign) ? "\(sign)" : code), "\(sign)")
    }
    #expect(SIPText.escapedUser("é") == "%C3%A9" && SIPText.escapedHeader("é\r") == "%C3%A9%0D")
  }

  @Test func marksAreSixteenDigits() {
    var seen = Set<String>()
    for _ in 0..<500 {
      let mark = SIPText.mark()
      #expect(mark.count == 16 && mark.allSatisfy { $0.isHexDigit && !$0.isUppercase })
      seen.insert(mark)
    }
    #expect(seen.count == 500)
  }

  @Test func headersAreFoundByAnyOfTheirNames() {
    let message = "A: 1\r\nnothing\r\nVia :  x: y\r\nB\t: 2\r\nvia: z\r\n\r\n"
    #expect(SIPText.header(["via", "v"], in: message) == "x: y", "the first one")
    #expect(SIPText.header(["b"], in: message) == "2" && SIPText.header(["a"], in: message) == "1")
    #expect(SIPText.header(["nothing"], in: message) == nil)
    for (address, uri) in [
      ("<sip:1@a;p=1>;tag=2", "sip:1@a;p=1"), ("\"x\" <sip:1@a>", "sip:1@a"),
      ("sip:1@a;tag=2", "sip:1@a"), ("sip:1@a", "sip:1@a"), ("<sip:1@a", "sip:1@a"), ("", ""),
    ] { #expect(SIPText.uri(of: address) == uri, "\(address)") }
  }

  // MARK: Percent signs

  @Test func whatIsNoCodeStays() {
    for (text, plain) in [
      ("%41", "A"), ("%4a%4A", "JJ"), ("%", "%"), ("%4", "%4"), ("a%4", "a%4"), ("%4g", "%4g"),
      ("%+4", "%+4"), ("%-4", "%-4"), ("%%41", "%A"), ("%2541", "%41"), ("%c3%a9", "é"), ("", ""),
    ] { #expect(NameAddress.decoded(text) == plain, "\(text)") }
    #expect(NameAddress.decodedBytes("=41%42".utf8, mark: UInt8(ascii: "=")) == Array("A%42".utf8))
  }

  // MARK: Registrations

  @Test func fromWhenToWhenARegistrationLives() {
    for (granted, seconds) in [
      (-1, 30), (0, 30), (1, 2), (2, 2), (3, 3), (29, 29), (30, 30), (31, 31), (599, 599),
      (600, 600), (601, 600), (86_400, 600),
      (86_401, 600),
    ] { #expect(Lifetime.refresh(granted) == seconds * 900, "\(granted)") }
    for (contact, seconds) in [
      ("<sip:1@a> ; expires = 9 ", 9), ("<sip:1@a>;q=1;EXPIRES=8", 8), ("<sip:1@a>;expires", 600),
      ("<sip:1@a>;expiresx=7", 600), ("sip:1@a;q=1;expires=6", 6), ("<sip:1@a>;expires=-1", 0),
    ] {
      #expect(
        Lifetime.granted(contacts: [contact], own: "sip:1@a", expires: "", asked: 600) == seconds,
        "\(contact)")
    }
    // One contact is ours whatever it is called; of several that may be, the shortest counts.
    #expect(
      Lifetime.granted(contacts: ["<sip:9@b>;expires=5"], own: "sip:1@a", expires: "7", asked: 600)
        == 5)
    #expect(
      Lifetime.granted(
        contacts: ["<sip:9@b>;expires=5", "<sip:8@b>;expires=6"], own: "sip:1@a", expires: " 7 ",
        asked: 600) == 5)
  }

  // MARK: Reasons

  @Test func whatACodeIsWithoutWords() {
    for (code, words) in [
      (299, "refused everywhere"), (300, "redirected"), (399, "redirected"), (409, "refused"),
      (499, "refused"), (509, "the network failed"), (599, "the network failed"),
      (609, "refused everywhere"), (699, "refused everywhere"),
    ] { #expect(Reasons.answer(code: code, phrase: "").text == "\(words) (\(code))") }
    let long = String(repeating: "x", count: 61)
    #expect(Reasons.answer(code: 499, phrase: String(long.dropLast())).words.cells == 60)
    #expect(Reasons.answer(code: 499, phrase: long).words.cells == 60)
    #expect(Reasons.answer(code: 499, phrase: long).words.string != long)
    #expect(Reasons.redirect(code: 302, target: "").text == "moved; not followed (302)")
    for (error, code, part) in [
      (ETIMEDOUT, 408, "no answer"), (ECONNREFUSED, 503, "refuses"), (ECONNRESET, 503, "broke"),
      (EPIPE, 503, "broke"), (ECONNABORTED, 503, "broke"), (ENOTCONN, 503, "broke"),
      (ENETUNREACH, 503, "cannot be reached"), (EHOSTUNREACH, 503, "cannot be reached"),
      (ENETDOWN, 503, "cannot be reached"), (EACCES, 503, "cannot be sent: Permission denied"),
    ] {
      let reason = Reasons.transport(error)
      #expect(reason.code == code && reason.text.contains(part), "\(reason.text)")
    }
    for (code, phrase) in [
      (100, "Trying"), (199, "Progress"), (200, "OK"), (299, "Failure"), (486, "Busy Here"),
      (777, "Failure"),
    ] { #expect(Reasons.phrase(code) == phrase) }
  }

  // MARK: Keys of the sound

  @Test func keysInADescription() throws {
    let key = String(repeating: "A", count: 40)
    let long = try #require(CryptoAttribute("1 AES_CM_128_HMAC_SHA1_80 inline:\(key)"))
    #expect(long.tag == 1 && long.suite == .long && long.key == [UInt8](repeating: 0, count: 30))
    #expect(long.suite.tagBytes == 10 && CryptoAttribute.Suite.short.tagBytes == 4)
    #expect(CryptoAttribute(long.text) == long)
    #expect(
      CryptoAttribute("999999999 AES_CM_128_HMAC_SHA1_32 inline:\(key)|2^20")?.suite == .short)
    for value in [
      "0 AES_CM_128_HMAC_SHA1_80 inline:\(key)", "1000000000 AES_CM_128_HMAC_SHA1_80 inline:\(key)",
      "x AES_CM_128_HMAC_SHA1_80 inline:\(key)", "1 AES_CM_256_HMAC_SHA1_80 inline:\(key)",
      "1 AES_CM_128_HMAC_SHA1_80 outline:\(key)", "1 AES_CM_128_HMAC_SHA1_80 inline:\(key)A",
      "1 AES_CM_128_HMAC_SHA1_80 inline:\(key.dropLast())", "1 AES_CM_128_HMAC_SHA1_80",
      "1 AES_CM_128_HMAC_SHA1_80 inline:\(key) UNENCRYPTED_SRTP",
      "1 AES_CM_128_HMAC_SHA1_80 inline:\(key)|2^20|1:4",
      "1 AES_CM_128_HMAC_SHA1_80 inline:\(key)|1:4",
      "1 AES_CM_128_HMAC_SHA1_80 inline:\(key.dropLast())=", "",
      "1 AES_CM_128_HMAC_SHA1_80 inline:\(key.dropLast())-",
    ] { #expect(CryptoAttribute(value) == nil, "\(value)") }
    for sign in "09azAZ+/" {
      let other = key.dropLast() + "\(sign)"
      #expect(CryptoAttribute("1 AES_CM_128_HMAC_SHA1_80 inline:\(other)") != nil, "\(sign)")
    }
    let (one, two) = (
      CryptoAttribute(tag: 3, suite: .short), CryptoAttribute(tag: 3, suite: .short)
    )
    #expect(one.key.count == 30 && one.key != two.key && CryptoAttribute(one.text) == one)
  }

  @Test func whatCameOfTheSound() {
    var report = SoundReport()
    report.sent = 9
    #expect(report.words == "sound: 9 packets out, 0 in, 0 lost, 0 late, 0 gaps")
    report.counts.taken = 8
    report.counts.lost = 7
    report.counts.late = 6
    report.counts.gaps = 5
    report.counts.unreadable = 1
    report.dropped.strangers = 2
    #expect(
      report.words
        == "sound: 9 packets out, 8 in, 7 lost, 6 late, 5 gaps, 1 unreadable, 2 from strangers")
    report.dropped.garbage = 3
    report.dropped.unsealed = 4
    #expect(report.words.hasSuffix("1 unreadable, 3 garbage, 2 from strangers, 4 without our key"))
  }

  // MARK: What is written down

  @Test func recordsAreReadWhole() {
    func whole(_ text: String) -> Bool { RecordReader.isWhole(text) }
    #expect(whole("a") && whole(" ") && whole("é") && !whole(""))
    for value in (0...0x1F) + [0x7F] as [UInt32] {
      guard let scalar = Unicode.Scalar(value) else { continue }
      #expect(!whole("a\(scalar)b"), "\(value)")
    }
    #expect(whole("a\u{80}b") && whole("~"))
    let long = String(repeating: "x", count: 4_096)
    #expect(whole(long) && !whole(long + "x"))
    let many = JSONValue.array(Array(repeating: .string("a"), count: 16))
    let reader = RecordReader(
      .object(
        JSONObject([
          .init(name: "many", value: many),
          .init(name: "more", value: .array(Array(repeating: .string("a"), count: 17))),
          .init(name: "mixed", value: .array([.string("a"), .int(1)])),
          .init(name: "broken", value: .array([.string("a"), .string("b\n")])),
          .init(name: "none", value: .array([])), .init(name: "text", value: .string("a b")),
          .init(name: "word", value: .string("ab")), .init(name: "uri", value: .string("sip:1@a")),
          .init(name: "no", value: .string("http:1@a")), .init(name: "low", value: .int(0)),
          .init(name: "high", value: .int(Int64(UInt32.max))),
          .init(name: "over", value: .int(Int64(UInt32.max) + 1)),
          .init(name: "minus", value: .int(-1)),
        ])))
    #expect(reader.texts("many")?.count == 16 && reader.texts("more") == nil)
    #expect(
      reader.texts("mixed") == nil && reader.texts("broken") == nil && reader.texts("none") == [])
    #expect(reader.texts("text") == nil && reader.texts("absent") == nil)
    #expect(
      reader.text("text") == "a b" && reader.word("text") == nil && reader.word("word") == "ab")
    #expect(reader.uri("uri") == "sip:1@a" && reader.uri("no") == nil && reader.uri("word") == nil)
    #expect(reader.number("low") == 0 && reader.number("high") == .max)
    #expect(
      reader.number("over") == nil && reader.number("minus") == nil && reader.number("text") == nil)
  }

  @Test func whoIsReplaced() {
    let most = String(repeating: "c", count: 512 - ";to-tag=a;from-tag=b".utf8.count)
    #expect(Replaces("\(most);to-tag=a;from-tag=b")?.callID == most)
    #expect(Replaces("\(most)c;to-tag=a;from-tag=b") == nil)
    let whole = Replaces("c@h;FROM-TAG=b;x;to-tag=a;Early-Only")
    #expect(whole?.callID == "c@h" && whole?.toTag == "a" && whole?.fromTag == "b")
    #expect(whole?.onlyEarly == true && Replaces("c;to-tag=a;from-tag=b")?.onlyEarly == false)
    #expect(Replaces(callID: "c", toTag: "a", fromTag: "b").value == "c;to-tag=a;from-tag=b")
    for value in [
      "", ";to-tag=a;from-tag=b", "c;to-tag=a", "c;from-tag=b", "c;to-tag=;from-tag=b",
      "c;to-tag=a;from-tag=", "c d;to-tag=a;from-tag=b", "c\u{7F};to-tag=a;from-tag=b",
      "cé;to-tag=a;from-tag=b", "c;to-tag;from-tag=b",
    ] { #expect(Replaces(value) == nil, "\(value)") }
  }
}
