// Messages out of a stream, cut anywhere and among garbage.

import CCTestSupport
import Testing

@testable import CCLineSIP

@Suite struct StreamReaderTests {
  /// What a reader found, in short: `m INVITE`, `x no-call-id`, `p`, `?`.
  private struct Found {
    var reader = StreamReader()
    var pieces: [String] = []

    mutating func feed(_ bytes: [UInt8], at now: UInt64 = 0) {
      var found: [String] = []
      bytes.withUnsafeBufferPointer { bytes in
        reader.feed(bytes, at: now) { Self.take($0, &found) }
      }
      pieces += found
    }

    mutating func feed(_ text: String, at now: UInt64 = 0) { feed(Array(text.utf8), at: now) }

    mutating func tick(_ now: UInt64) {
      var found: [String] = []
      reader.tick(now) { Self.take($0, &found) }
      pieces += found
    }

    /// As the gate does, to which every answer here is a stray one.
    private static func take(_ piece: StreamReader.Piece, _ found: inout [String]) -> Bool {
      if case .message(let head, _, _) = piece, case .status? = head.start {
        found.append(name(piece))
        return false
      }
      if case .message(let head, let whole, let body) = piece,
        case .refused(let fault) = MessageCheck.verdict(head, whole, body: body)
      {
        found.append("x \(fault.words)")
        return false
      }
      found.append(name(piece))
      return true
    }

    static func name(_ piece: StreamReader.Piece) -> String {
      switch piece {
      case .message(let head, _, let body):
        let line = String(decoding: head.startLine, as: UTF8.self).split(separator: " ")
        let word = line.first == "SIP/2.0" ? line.dropFirst().first : line.first
        return "m \(word ?? "") \(body.count)"
      case .ping: return "p"
      case .unreadable(_, let fault): return "x \(fault.words)"
      case .endIsLost: return "?"
      }
    }
  }

  private static let invite = HostileMessages.Invite("a").text
  private static func plain(_ line: String, _ method: String) -> String {
    "\(line)\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKp\r\nf: <sip:a@b>;tag=1\r\n"
      + "t: <sip:b@c>\r\ni: p\r\nCSeq: 2 \(method)\r\n"
  }
  private static let bye = plain("BYE sip:a@b SIP/2.0", "BYE") + "Content-Length: 0\r\n\r\n"
  private static var size: Int { HostileMessages.sound.utf8.count }

  @Test func whateverTheCuts() {
    let stream = Array(
      (Self.invite + Self.bye + Self.plain("SIP/2.0 200 OK", "BYE") + "l: 2\r\n\r\nok" + Self.bye)
        .utf8)
    let whole = ["m INVITE \(Self.size)", "m BYE 0", "m 200 2", "m BYE 0"]
    for length in 1...64 {
      var found = Found()
      for index in stride(from: 0, to: stream.count, by: length) {
        found.feed(Array(stream[index..<min(index + length, stream.count)]))
      }
      #expect(found.pieces == whole, "in pieces of \(length)")
      #expect(found.reader.waiting == 0)
    }
  }

  @Test func twoEmptyLinesAreAQuestion() {
    var found = Found()
    found.feed("\r\n\r\n" + Self.bye + "\r\n" + Self.bye)
    #expect(found.pieces == ["p", "m BYE 0", "m BYE 0"])
  }

  @Test(
    arguments: [
      ("a tab", "INVITE sip:a\tSIP/2.0\r\nVia: x\r\nContent-Length: 0\r\n\r\n"),
      ("a word", "HELLO\r\n\r\n"),
      ("a web server", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
      ("a body that is skipped", "INVITE\tx\r\nContent-Length: \(bye.utf8.count)\r\n\r\n\(bye)"),
    ])
  func whatEndsIsSkipped(_ what: String, _ text: String) {
    var found = Found()
    found.feed(text + Self.invite)
    #expect(
      found.pieces == ["x \(Fault.startLine.words)", "m INVITE \(Self.size)"], "\(what)")
  }

  @Test(
    arguments: [
      ("zeros", String(repeating: "\0", count: 1_400)), ("JSON", #"{"type":"quit"}"#),
      ("half a line", "INVITE sip:1001@127.0.0.1 SIP/2.0"),
      ("a body of another", "=0\r\no=x\r\nm=audio 9 RTP/AVP 0\r\n"),
      ("a head without an end", "BYE sip:a@b SIP/2.0\r\nVia: x\r\n"),
      ("no line end for long", String(repeating: "x", count: 20_000) + "\u{1}"),
    ])
  func garbageGluedToACallCostsNoCall(_ what: String, _ garbage: String) {
    var found = Found()
    found.feed(garbage + Self.invite)
    #expect(found.pieces.last == "m INVITE \(Self.size)", "\(what): \(found.pieces)")
    // The same where it comes by itself.
    found = Found()
    found.feed(garbage)
    found.feed(Self.invite)
    #expect(found.pieces.last == "m INVITE \(Self.size)", "\(what): \(found.pieces)")
  }

  @Test func aLengthThatIsTooLongIsDoubtedAfterASecond() {
    var invite = HostileMessages.Invite("b")
    invite.set("Content-Length", "60000")
    var found = Found()
    found.feed(invite.text, at: 5_000)
    #expect(found.reader.wakes == 5_000 + StreamReader.patience)
    found.feed(Self.invite, at: 5_100)
    #expect(found.pieces.isEmpty)
    found.tick(5_999)
    #expect(found.pieces.isEmpty)
    found.tick(6_000)
    #expect(
      found.pieces == ["x \(Fault.tooShort.words)", "?", "m INVITE \(Self.size)"])
    #expect(found.reader.waiting == 0)
  }

  /// The next message begins in what should be the body of this one: at its end, or lines before it.
  @Test(arguments: [1, 7, 20, 45, 300])
  func aLengthThatIsTooLongByALittleCostsNoCall(_ more: Int) {
    var invite = HostileMessages.Invite("b")
    invite.set("Content-Length", "\(Self.size + more)")
    for isSplit in [false, true] {
      var found = Found()
      let bytes = Array((invite.text + Self.invite).utf8)
      let cut = isSplit ? invite.text.utf8.count + 3 : bytes.count
      found.feed(Array(bytes[..<cut]))
      found.feed(Array(bytes[cut...]))
      #expect(found.pieces.last == "m INVITE \(Self.size)", "\(found.pieces)")
      #expect(found.reader.waiting == 0)
    }
  }

  @Test func aBodyThatIsSlowIsNotLost() {
    let text = Array(Self.invite.utf8)
    var found = Found()
    found.feed(Array(text.dropLast(50)), at: 0)
    found.tick(1_000)
    #expect(found.pieces == ["?"])
    found.tick(30_000)
    found.feed(Array(text.suffix(50)), at: 31_000)
    #expect(found.pieces == ["?", "m INVITE \(Self.size)"])
  }

  @Test func whatWaitsIsBounded() {
    var random = Random(seed: 7)
    for kind in 0..<5 {
      var found = Found()
      for _ in 0..<2_000 {
        switch kind {
        case 0: found.feed([UInt8](repeating: 0x41, count: 1_000))
        case 1: found.feed("X-Y: z\r\n")
        case 2: found.feed("INVITE sip:a@b SIP/2.0\r\nContent-Length: 60000\r\n\r\n", at: 0)
        case 3: found.feed("BYE sip:a@b SIP/2.0\r\nX: " + String(repeating: "y", count: 900))
        default: found.feed((0..<500).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        #expect(found.reader.waiting <= StreamReader.longestHead + StreamReader.longestBody)
      }
    }
  }

  /// Whatever came: the next call is found, at once or after the second in which a length is doubted.
  @Test(arguments: [344_106, 969, 133_762, 943_640, 613_066, 863_822, nil] as [UInt64?])
  func theNextCallIsFound(_ given: UInt64?) {
    let seed = given ?? UInt64.random(in: 0...999_999)
    print("the next call: seed \(seed)")
    let call = Array(Self.invite.utf8)
    var lost: [String] = []
    for message in OddMessages.all(seed: seed, damaged: 700) {
      // Its length covers just what follows, but for its last line end: that is a body, whatever it says.
      guard !message.claims(call.count - 2...call.count) else { continue }
      for isGlued in message.isCutInWords ? [false] : [false, true] {
        var found = Found()
        if isGlued {
          found.feed(message.bytes + call, at: 0)
        } else {
          found.feed(message.bytes, at: 0)
          found.feed(call, at: 10)
        }
        found.tick(1_500)
        if found.pieces.last != "m INVITE \(Self.size)" {
          lost.append("\(message.what), \(isGlued ? "glued" : "by itself"): \(found.pieces)")
        }
      }
    }
    #expect(lost.isEmpty, "\(lost.count) lost: \(lost.prefix(20).joined(separator: "\n"))")
  }

  /// A header was cut off behind its colon: what it may say decides whose the next call is.
  @Test(
    arguments: [
      ("Call-ID: ", true), ("i:\t", true), ("From: ", true), ("t: ", true), ("Via:  ", true),
      ("CSEQ: ", true), ("Contact: ", true), ("Max-Forwards: ", true), ("l: ", true),
      ("Route: ", true), ("Call-ID: x ", true), ("CSeq: 1 ", true), ("From: \"Eve\" ", false),
      ("m: <sip:a@b> ", false), ("Subject: ", false), ("s: ", false), ("Organization: ", false),
      ("User-Agent: ", false), ("Reason: ", false), ("X-Note: ", false),
    ])
  func whoseCallItIs(_ header: String, _ isNext: Bool) {
    let cut = "UPDATE sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKc\r\n" + header
    var found = Found()
    found.feed(cut + Self.invite, at: 0)
    found.tick(1_500)
    #expect((found.pieces.last == "m INVITE \(Self.size)") == isNext, "\(found.pieces)")
    // What comes by itself, and begins as a message does, is one.
    var apart = Found()
    apart.feed(cut, at: 0)
    apart.feed(Self.invite, at: 10)
    #expect(apart.pieces.last == "m INVITE \(Self.size)", "\(apart.pieces)")
  }

  /// Words in a value are its own.
  @Test(arguments: ["From: \"Eve\" ", "Subject: call me: "])
  func wordsInAValueAreItsOwn(_ header: String) {
    var found = Found()
    found.feed(Self.plain("UPDATE sip:a@b SIP/2.0", "UPDATE") + header + Self.invite, at: 0)
    found.tick(1_500)
    #expect(found.pieces.last != "m INVITE \(Self.size)", "\(found.pieces)")
  }

  @Test func nothingBreaksIt() {
    let seed = UInt64.random(in: 0...999_999)
    print("stream reader: seed \(seed)")
    var random = Random(seed: seed)
    let seeds = HostileMessages.toAnIdleLine.map(\.bytes).filter { $0.count < 1_400 }
    var found = Found()
    for round in 0..<20_000 {
      found.feed(Mutation.spoil(seeds, using: &random), at: UInt64(round) * 10)
      found.tick(UInt64(round) * 10 + 5)
      found.pieces = []
    }
    // A pause, and then the next call is heard.
    found.tick(10_000_000)
    found.feed(Self.invite, at: 10_000_100)
    #expect(found.pieces.last == "m INVITE \(Self.size)", "\(found.pieces)")
  }
}
