// Messages that no telephone should send, each with what it tries.

import Foundation

/// One message, and what it tries.
struct Hostile: Sendable {
  var what: String
  var bytes: [UInt8]

  init(_ what: String, _ bytes: [UInt8]) {
    self.what = what
    self.bytes = bytes
  }

  init(_ what: String, _ text: String) { self.init(what, Array(text.utf8)) }
}

/// The corpus: written here, from tables, the same every time.
enum HostileMessages {
  /// Everything that can be sent to a line that is idle.
  static let toAnIdleLine = headers + missing + numbers + methods + responses + framing + invites
  /// Descriptions, to be sent in an INVITE, in a change of a call and in an answer.
  static let descriptions = broken + addresses + media + attributes

  // MARK: Requests

  /// An INVITE whose parts can be replaced.
  struct Invite {
    var line = "INVITE sip:1001@127.0.0.1 SIP/2.0"
    var headers: [(String, String)]
    var body: String

    init(_ mark: String, body: String = sound) {
      headers = [
        ("Via", "SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK\(mark);rport"),
        ("Max-Forwards", "70"), ("From", "\"Far\" <sip:far@127.0.0.1>;tag=\(mark)"),
        ("To", "<sip:1001@127.0.0.1>"), ("Call-ID", mark), ("CSeq", "1 INVITE"),
        ("Contact", "<sip:far@127.0.0.1:9>"), ("Content-Type", "application/sdp"),
      ]
      self.body = body
    }

    mutating func set(_ name: String, _ value: String) {
      headers.removeAll { $0.0 == name }
      headers.append((name, value))
    }

    mutating func remove(_ name: String) { headers.removeAll { $0.0 == name } }

    var text: String {
      let length =
        headers.contains { $0.0 == "Content-Length" }
        ? [] : [("Content-Length", "\(body.utf8.count)")]
      let lines = (headers + length).map { "\($0.0): \($0.1)" }
      return ([line] + lines + ["", body]).joined(separator: "\r\n")
    }
  }

  static let sound =
    "v=0\r\no=far 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    + "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"

  private static let values: [(String, String)] = [
    ("nothing", ""), ("format strings", "%s%s%s%n%n%x%p"), ("escapes", "\u{1B}[2J\u{1B}]0;x\u{07}"),
    ("bidi overrides", "\u{202E}evil\u{2066}"), ("a quote left open", "\"far <sip:a@b>"),
    ("a bracket left open", "<sip:a@b"), ("many brackets", String(repeating: "<", count: 500)),
    ("64 KB", String(repeating: "A", count: 65_000)),
    ("8 KB", String(repeating: "%", count: 8_000)),
    ("a colon", ":"), ("semicolons", String(repeating: ";", count: 1000)),
    ("a folded line", "a\r\n b\r\n\tc"), ("a header inside", "x\r\nX-Evil: 1"),
    ("percent codes", "sip:%00%0d%0a%ff@%"), ("a negative number", "-1"),
    ("a great number", "99999999999999999999999"),
  ]

  /// Every header with every strange value.
  private static let headers: [Hostile] = [
    "Via", "From", "To", "Call-ID", "CSeq", "Contact", "Max-Forwards", "Content-Type", "Expires",
    "Content-Length", "Require", "Replaces", "Record-Route", "Route", "P-Asserted-Identity",
    "Refer-To", "Event", "Subject", "Authorization", "Supported", "Session-Expires", "User-Agent",
  ].flatMap { name in
    values.enumerated().map { index, value in
      var invite = Invite("h\(name.lowercased())\(index)")
      invite.set(name, value.1)
      return Hostile("\(name): \(value.0)", invite.text)
    }
  }

  /// Headers that must be there and are not, or are there twice.
  private static let missing: [Hostile] = [
    "Via", "From", "To", "Call-ID", "CSeq", "Contact", "Max-Forwards", "Content-Type",
  ].flatMap { name -> [Hostile] in
    var without = Invite("m\(name)")
    without.remove(name)
    var twice = Invite("d\(name)")
    twice.headers += twice.headers.filter { $0.0 == name }
    var many = Invite("n\(name)")
    many.headers += Array(repeating: (name, "x"), count: 300)
    return [
      Hostile("no \(name)", without.text), Hostile("\(name) twice", twice.text),
      Hostile("\(name) 301 times", many.text),
    ]
  }

  private static let numbers: [Hostile] = [
    ("CSeq", "1 BYE"), ("CSeq", "4294967296 INVITE"), ("CSeq", "1"), ("CSeq", "INVITE 1"),
    ("Max-Forwards", "0"), ("Content-Length", "0"), ("Content-Length", "100000"),
    ("Content-Length", "1"), ("Content-Length", "2147483648"),
    ("Via", "SIP/2.0/UDP 127.0.0.1:0;branch=z9hG4bKx"),
    ("Via", "SIP/2.0/TLS [::1]:99999;branch=z9hG4bKx"), ("Via", "SIP/3.0/SCTP a;branch="),
    ("Via", "SIP/2.0/UDP 224.0.0.1:5060;branch=z9hG4bKm"),
    ("Contact", "*"), ("Contact", "<tel:+1>"), ("Contact", "<sip:far@224.0.0.1>"),
    ("Contact", "<sip:far@0.0.0.0:0>"), ("Contact", "<sip:far@no.such.host.invalid>"),
    ("Contact", "<sips:far@127.0.0.1>"), ("From", "<sip:far@127.0.0.1>"),
    ("To", "<sip:1001@127.0.0.1>;tag=unknown"), ("To", "<sip:1001@127.0.0.1>;tag="),
    ("Content-Type", "multipart/mixed;boundary=x"), ("Content-Type", "application/sdp;"),
    ("Content-Type", "text/html"), ("Content-Encoding", "gzip"),
    ("Require", "100rel"), ("Replaces", "a;to-tag=b;from-tag=c"), ("Join", "a;to-tag=b;from-tag=c"),
    ("Alert-Info", "<http://127.0.0.1/ring.wav>;info=alert-autoanswer"),
    ("Call-Info", "<sip:127.0.0.1>;answer-after=0"), ("Answer-Mode", "Auto"),
    ("Priority", "emergency"), ("Accept-Contact", "*;explicit;require"),
  ].enumerated().map { index, pair in
    var invite = Invite("v\(index)")
    invite.set(pair.0, pair.1)
    return Hostile("\(pair.0): \(pair.1)", invite.text)
  }

  /// Requests for calls that nobody has, and methods that nobody asked for.
  private static let methods: [Hostile] = [
    "BYE", "CANCEL", "ACK", "INFO", "UPDATE", "PRACK", "REFER", "NOTIFY", "SUBSCRIBE", "MESSAGE",
    "PUBLISH", "REGISTER", "OPTIONS", "invite", "INVITE INVITE", "GET", "X", "",
    String(repeating: "M", count: 3000), "\u{0}",
  ].enumerated().flatMap { index, method -> [Hostile] in
    ["", ";tag=nobody"].map { tag in
      var request = Invite("q\(index)\(tag.isEmpty ? "a" : "b")", body: "")
      request.line = "\(method) sip:1001@127.0.0.1 SIP/2.0"
      request.set("CSeq", "1 \(method)")
      request.set("To", "<sip:1001@127.0.0.1>\(tag)")
      request.set("Refer-To", "<sip:0900123456@evil.example>")
      request.set("Event", "refer")
      request.set("Subscription-State", "active")
      return Hostile(
        "\(method.prefix(20)) \(tag.isEmpty ? "out of a call" : "in no call")", request.text)
    }
  }

  /// Answers that nobody waits for.
  private static let responses: [Hostile] = [
    "100 Trying", "180 Ringing", "183 %n%n", "200 OK", "202 Accepted", "299 \u{1B}c", "300 Many",
    "301 Moved", "302 Moved", "401 Who", "407 Who", "408 Late", "422 Small", "423 Brief",
    "481 Gone",
    "486 Busy", "488 No", "491 Pending", "500 Oops", "503 Oops", "603 No", "699 ?", "0 ?", "99 ?",
    "1000 ?", "-1 ?", "200", "", "OK 200",
  ].enumerated().flatMap { index, status -> [Hostile] in
    ["INVITE", "REGISTER"].map { method in
      var answer = Invite("r\(index)\(method)")
      answer.line = "SIP/2.0 \(status)"
      answer.set("CSeq", "1 \(method)")
      answer.set("WWW-Authenticate", #"Digest realm="evil", nonce="x""#)
      return Hostile("\(status) to no \(method)", answer.text)
    }
  }

  /// What is no message at all.
  private static let framing: [Hostile] = [
    Hostile("an empty line", "\r\n\r\n"),
    Hostile("a thousand empty lines", String(repeating: "\r\n", count: 1000)),
    Hostile("zeros", [UInt8](repeating: 0, count: 1400)),
    Hostile("ones", [UInt8](repeating: 0xFF, count: 1400)),
    Hostile("HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    Hostile("an answer of HTTP", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
    Hostile(
      "a TLS hello", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3] + [UInt8](repeating: 7, count: 500)),
    Hostile("STUN", [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42] + [UInt8](repeating: 1, count: 12)),
    Hostile("RTP", [0x80, 0] + [UInt8](repeating: 0x55, count: 170)),
    Hostile("JSON", #"{"type":"quit"}"#), Hostile("one letter", "I"),
    Hostile("a start line only", "INVITE sip:1001@127.0.0.1 SIP/2.0"),
    Hostile("a start line without an end", "INVITE sip:1001@127.0.0.1 SIP/2.0\r\n"),
    Hostile("a version of tomorrow", Invite("f1").text.replacing("SIP/2.0\r", with: "SIP/9.9\r")),
    Hostile("line feeds only", Invite("f2").text.replacing("\r\n", with: "\n")),
    Hostile("carriage returns only", Invite("f3").text.replacing("\r\n", with: "\r")),
    Hostile("no empty line", Invite("f4", body: "").text.replacing("\r\n\r\n", with: "\r\n")),
    Hostile("a line of 60 KB", String(repeating: "INVITE ", count: 8500) + "\r\n\r\n"),
    Hostile(
      "bad UTF-8",
      Array(Invite("f5").text.utf8.prefix(120)) + [0xC3, 0x28, 0xFF, 0xFE, 0xED, 0xA0, 0x80]
        + Array(Invite("f6").text.utf8.dropFirst(120))),
    Hostile("a zero in a header", Array(Invite("f7").text.replacing("Far", with: "F\u{0}r").utf8)),
    Hostile("two messages in one", Invite("f8").text + Invite("f9").text),
    Hostile(
      "ten thousand headers",
      {
        var invite = Invite("f10")
        invite.headers += (0..<5000).map { ("X-\($0)", "y") }
        return invite.text
      }()),
    Hostile(
      "a request line of tabs", Invite("f11").text.replacing("INVITE sip", with: "INVITE\t\tsip")),
    Hostile(
      "compact names",
      "INVITE sip:1001@127.0.0.1 SIP/2.0\r\nv: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKf12\r\nf: <sip:a@b>;tag=1\r\nt: <sip:1001@b>\r\ni: f12\r\nCSeq: 1 INVITE\r\nm: <sip:a@127.0.0.1>\r\nl: 0\r\n\r\n"
    ),
  ]

  /// Request lines.
  private static let invites: [Hostile] = [
    "sip:", "sip:@", "sip:1001", "sips:1001@127.0.0.1", "tel:1001", "http://x", "sip:1001@[::1",
    "sip:%00@127.0.0.1", "sip:1001@127.0.0.1:99999", "sip:1001@127.0.0.1;lr;maddr=224.0.0.1",
    "sip:1001:password@127.0.0.1", "*", "", " ", "sip:1001@127.0.0.1?Replaces=x",
    "sip:" + String(repeating: "a", count: 4000) + "@127.0.0.1",
  ].enumerated().map { index, uri in
    var invite = Invite("u\(index)")
    invite.line = "INVITE \(uri) SIP/2.0"
    return Hostile("to \(uri.prefix(30))", invite.text)
  }

  // MARK: Descriptions

  private static func described(_ what: String, _ lines: [String]) -> Hostile {
    Hostile(what, lines.map { $0 + "\r\n" }.joined())
  }

  private static let usual = [
    "v=0", "o=far 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0",
    "m=audio 9 RTP/AVP 0",
  ]

  private static func without(_ index: Int) -> [String] {
    usual.enumerated().filter { $0.offset != index }.map(\.element)
  }

  private static func with(_ index: Int, _ line: String) -> [String] {
    usual.enumerated().map { $0.offset == index ? line : $0.element }
  }

  private static let broken: [Hostile] =
    ["v", "o", "s", "c", "t", "m"].enumerated().map { described("no \($1)=", without($0)) }
    + ["v", "o", "s", "c", "t", "m"].enumerated().map {
      described("\($1)= with nothing", with($0, "\($1)="))
    }
    + ["v", "o", "c", "m"].map { letter in
      described(
        "\(letter)= of 15 KB", usual + ["\(letter)=" + String(repeating: "1 ", count: 7_500)])
    } + [
      described("a version of tomorrow", with(0, "v=1")),
      described("an origin of format strings", with(1, "o=%s %n %d IN IP4 %x")),
      described("lines without =", usual + ["hello"]), described("one letter", ["v"]),
      described("a name of escapes", with(2, "s=\u{1B}[2J\u{202E}")),
      Hostile("no line ends", usual.joined(separator: " ")),
      Hostile("line feeds", usual.joined(separator: "\n")),
      Hostile("a zero", usual.joined(separator: "\r\n") + "\r\na=\u{0}\r\n"),
      Hostile(
        "bad UTF-8",
        Array(usual.joined(separator: "\r\n").utf8) + [13, 10, 0x61, 0x3D, 0xFF, 0xC0, 13, 10]),
      Hostile("nothing but line ends", String(repeating: "\r\n", count: 400)),
      Hostile("XML", "<?xml version=\"1.0\"?><a>&b;</a>"),
      Hostile(
        "17 KB",
        usual.joined(separator: "\r\n") + "\r\n" + String(repeating: "a=x\r\n", count: 3500)),
    ]

  private static let addresses: [Hostile] = [
    "IN IP4 224.0.0.1", "IN IP4 239.255.255.255/127", "IN IP4 255.255.255.255", "IN IP4 0.0.0.0",
    "IN IP4 127.0.0.1/0", "IN IP4 256.1.1.1", "IN IP4 1.2.3", "IN IP4 ", "IN IP6 ff02::1",
    "IN IP6 ::", "IN IP6 ::1", "IN IP6 :::", "IN IP4 evil.example", "IN IP9 1.1.1.1",
    "ATM NSAP 47", "IN IP4 %s%n", "IN IP4 127.0.0.1 extra", "IN IP6 ::ffff:224.0.0.1",
  ].map { described("c=\($0)", with(3, "c=\($0)")) }

  private static let media: [Hostile] =
    [
      "audio 0 RTP/AVP 0", "audio 65536 RTP/AVP 0", "audio -1 RTP/AVP 0", "audio 9/2 RTP/AVP 0",
      "audio 9 RTP/AVP", "audio 9", "audio", "video 9 RTP/AVP 96", "audio 9 RTP/AVP 255",
      "audio 9 RTP/AVP -1", "audio 9 RTP/AVP 97 98 99", "audio 9 RTP/AVP %s %n",
      "audio 9 UDP/TLS/RTP/SAVPF 0", "audio 9 RTP/SAVP 0", "audio 9 TCP/MSRP *", "audio 9 x 0",
      "AUDIO 9 RTP/AVP 0", "audio 9 RTP/AVP 0 0 0 0 0 0", "audio 1 RTP/AVP 101",
      "image 9 udptl t38",
      "audio nine RTP/AVP 0", "audio 9 RTP/AVP 00000000000000000000000000000000000",
    ].map { described("m=\($0)", with(5, "m=\($0)")) } + [
      described("1000 media", usual + Array(repeating: "m=audio 9 RTP/AVP 0", count: 1000)),
      described("17 media", usual + Array(repeating: "m=video 9 RTP/AVP 96", count: 16)),
      described(
        "2000 formats",
        with(5, "m=audio 9 RTP/AVP " + (0..<2000).map(String.init).joined(separator: " "))),
      described("video before audio", Array(usual.prefix(5)) + ["m=video 9 RTP/AVP 96", usual[5]]),
      described(
        "two audio lines, the second to many",
        usual + ["m=audio 9 RTP/AVP 0", "c=IN IP4 224.0.0.1"]),
    ]

  private static let attributes: [Hostile] = [
    "rtpmap:0 opus/48000/2", "rtpmap:0", "rtpmap:", "rtpmap:0 PCMU/0", "rtpmap:0 PCMU/99999999999",
    "rtpmap:-1 x/8000", "rtpmap:0 %s%n/8000", "fmtp:0 %s%n", "fmtp:", "ptime:0", "ptime:-20",
    "ptime:4294967295", "maxptime:0", "rtcp:0", "rtcp:99999 IN IP4 224.0.0.1", "rtcp:x",
    "rtcp-mux", "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:", "crypto:1 NULL inline:AAAA",
    "crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + String(repeating: "A", count: 5000),
    "crypto:99999999999 x y", "candidate:1 1 UDP 1 224.0.0.1 9 typ host", "ice-ufrag:%s",
    "fingerprint:sha-256 00", "setup:actpass", "sendonly", "recvonly", "inactive", "group:BUNDLE a",
    "ssrc:1 cname:\u{1B}", "extmap:1 urn:x", "", ":", "a:b:c:d",
    String(repeating: "x", count: 9000),
  ].map { described("a=\($0.prefix(40))", usual + ["a=\($0)"]) }
}
