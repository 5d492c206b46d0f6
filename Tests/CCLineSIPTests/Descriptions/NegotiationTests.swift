// Offers and answers, bare: what is read, what is chosen, what is answered.

import CCTestSupport
import CLibre
import Testing

@testable import CCLineSIP

@Suite struct NegotiationTests {
  /// The beginning of every description here.
  static let head = ["v=0", "o=- 100 1 IN IP4 192.0.2.7", "s=-", "c=IN IP4 192.0.2.7", "t=0 0"]
  static let key = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR"

  static func negotiation(
    _ protection: MediaRules.Protection = .off, _ codecs: [Codec] = [.opus, .pcmu, .pcma]
  ) -> Negotiation {
    var local = sa()
    sa_set_str(&local, "192.0.2.1", 0)
    return Negotiation(
      local: local, rules: MediaRules(protection: protection, codecs: codecs), port: 4000)
  }

  static func description(_ lines: [String], end: String = "\r\n") -> Description? {
    Description(Array(((head + lines).joined(separator: "\r\n") + end).utf8))
  }

  /// The lines of our answer; nil where the offer is refused.
  static func answer(
    _ lines: [String], _ protection: MediaRules.Protection = .off,
    _ codecs: [Codec] = [.opus, .pcmu, .pcma]
  ) -> [String]? {
    var negotiation = negotiation(protection, codecs)
    guard let offer = description(lines), negotiation.take(offer: offer) else { return nil }
    return negotiation.answer().components(separatedBy: "\r\n").dropLast()
  }

  static func media(_ lines: [String]?) -> [String]? { lines?.filter { $0.hasPrefix("m=") } }

  /// One codec and keys with its clock: nobody has to guess what is spoken.
  @Test(arguments: [
    (["102 0 8 101 103"], [Codec.opus, .pcmu, .pcma], "102 103"),
    (["102 0 8 101 103"], [.pcmu, .pcma, .opus], "0 101"),
    (["102 0 8 101 103"], [.pcma], "8 101"), (["0 8"], [.opus, .pcmu, .pcma], "0"),
    (["8 0 101"], [.opus, .pcmu, .pcma], "0 101"), (["9 18 8"], [.pcmu, .pcma], "8"),
    (["0 103"], [.pcmu], "0 103"),
  ])
  func oneCodecByOurList(_ offer: [String], _ codecs: [Codec], _ answer: String) {
    let lines = Self.answer(
      [
        "m=audio 5000 RTP/AVP \(offer[0])", "a=rtpmap:102 OPUS/48000/2",
        "a=fmtp:102 useinbandfec=1; maxaveragebitrate=30000", "a=rtpmap:101 telephone-event/8000",
        "a=rtpmap:103 telephone-event/48000", "a=ptime:20",
      ], .off, codecs)
    #expect(Self.media(lines) == ["m=audio 4000 RTP/AVP \(answer)"])
    // What tells Opus from Opus is not said: two rates are two codecs to some.
    #expect(
      lines?.contains { $0.contains("maxplaybackrate") || $0.contains("capturerate") } == false)
  }

  /// As telephone systems write it: offered lines, and the media lines of the answer.
  @Test(arguments: [
    (
      ["m=audio 0 RTP/AVP 8", "m=audio 5000 RTP/AVP 0"],
      ["m=audio 0 RTP/AVP 8", "m=audio 4000 RTP/AVP 0"]
    ),
    (
      [
        "m=audio 40122 RTP/SAVP 0", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\(key)",
        "m=audio 5000 RTP/AVP 0",
      ],
      ["m=audio 0 RTP/SAVP 0", "m=audio 4000 RTP/AVP 0"]
    ),
    (
      [
        "m=video 6000 RTP/AVP 96", "a=rtpmap:96 VP8/90000", "m=audio 5000 RTP/AVP 8 0",
        "m=application 7000 UDP/BFCP *",
      ],
      ["m=video 0 RTP/AVP 96", "m=audio 4000 RTP/AVP 0", "m=application 0 UDP/BFCP *"]
    ),
    (
      ["m=audio 5000 UDP/TLS/RTP/SAVPF 0", "m=audio 5002 RTP/AVP 0"],
      ["m=audio 0 UDP/TLS/RTP/SAVPF 0", "m=audio 4000 RTP/AVP 0"]
    ),
    (
      ["m=audio 5000 RTP/AVP 18", "m=audio 5002 RTP/AVP 8"],
      ["m=audio 0 RTP/AVP 18", "m=audio 4000 RTP/AVP 8"]
    ),
    (["m=audio 5000/2 RTP/AVP 0"], ["m=audio 4000 RTP/AVP 0"]),
    (["m=audio 5000/1 RTP/AVPF 0"], ["m=audio 4000 RTP/AVPF 0"]),
    (["m=audio  5000   RTP/AVP  0  "], ["m=audio 4000 RTP/AVP 0"]),
    ([" m = audio 5000 RTP/AVP 0"], ["m=audio 4000 RTP/AVP 0"]),
    (["m=AUDIO 5000 RTP/AVP 0"], ["m=audio 4000 RTP/AVP 0"]),
    (
      ["m=audio 5000 RTP/AVP 0", "\t", "a = sendrecv ", "hello", "a=x"], ["m=audio 4000 RTP/AVP 0"]
    ),
    (["m=audio 5000 RTP/AVP 0", "c=IN IP4 pbx.example"], ["m=audio 4000 RTP/AVP 0"]),
    (["m=audio 5000 RTP/AVP 0", "c=IN IP4 0.0.0.0"], ["m=audio 4000 RTP/AVP 0"]),
    (["m=audio 5000 RTP/AVP 97", "a=rtpmap:97 pcmu/8000/1"], ["m=audio 4000 RTP/AVP 97"]),
  ])
  func offersThatCanBeRead(_ offer: [String], _ answer: [String]) {
    #expect(Self.media(Self.answer(offer)) == answer)
  }

  @Test(arguments: [
    "", "\r", "\n", "\r\n\r\n", "\r\n\0\0\0\0", "\0", "\r\n   ", "\r\n--uniq--\r\n",
  ])
  func howItEnds(_ end: String) throws {
    var negotiation = Self.negotiation()
    let offer = try #require(
      Self.description(["m=audio 5000 RTP/AVP 0 8", "a=ptime:20"], end: end))
    let isTaken = negotiation.take(offer: offer)
    #expect(isTaken)
    #expect(negotiation.agreed?.port == 5000)
  }

  @Test(arguments: [
    ["m=audio 5000 RTP/AVP 18"], ["m=audio 0 RTP/AVP 0"], ["m=video 5000 RTP/AVP 31"],
    ["m=audio 5000 RTP/AVP 0", "c=IN IP4 224.0.0.1"],
    ["m=audio 5000 RTP/AVP 0", "c=IN IP4 127.0.0.1"],
    ["m=audio 5000 RTP/AVP 0", "c=IN IP4 256.1.1.1"], ["m=audio 5000 RTP/AVP 0", "c=IN IP4 a..b"],
    ["m=audio 5000/4 RTP/AVP 0"], ["m=audio 5000 RTP/AVP 0", "o=- 1 1 IN IP4 192.0.2.7"],
    ["m=audio 70000 RTP/AVP 0"], ["m=audio 5000 RTP/SAVP 0"], ["m=audio"],
    ["m=audio 5000 RTP/AVP 96", "a=rtpmap:96 opus/16000/1"], [],
  ])
  func offersThatCannot(_ offer: [String]) { #expect(Self.answer(offer) == nil) }

  /// What is off stays off in our own offers too, in its place.
  @Test func asManyLinesInOurOffersAfterwards() throws {
    var negotiation = Self.negotiation()
    let offer = try #require(
      Self.description(["m=audio 0 RTP/AVP 8", "m=audio 5000 RTP/AVP 0 101", "m=image 0 udptl t38"])
    )
    let isTaken = negotiation.take(offer: offer)
    #expect(isTaken)
    let answer = negotiation.answer()
    negotiation.flow = Flow(sends: true, receives: false)
    let ours = negotiation.offer()
    #expect(
      Self.media(ours.components(separatedBy: "\r\n"))
        == ["m=audio 0 RTP/AVP 8", "m=audio 4000 RTP/AVP 0", "m=image 0 udptl t38"])
    #expect(
      ours.contains("a=sendonly")
        && ours.split(separator: "\r\n")[1] != answer.split(separator: "\r\n")[1])
    // The same again is the same version (RFC 3264 section 8).
    #expect(negotiation.offer() == ours)
  }

  @Test func theirAnswerNamesWhatIsSpoken() throws {
    var negotiation = Self.negotiation()
    let offer = negotiation.offer()
    #expect(
      offer.contains("m=audio 4000 RTP/AVP 107 0 8 101 102\r\n") || Codec.opus.isHere == false)
    // Another number for the same, and two codecs: the first is spoken, both are understood.
    let answer = try #require(
      Self.description([
        "m=audio 5000 RTP/AVP 8 0 96", "a=rtpmap:96 telephone-event/8000", "a=rtcp:5005",
      ]))
    let isTaken = negotiation.take(answer: answer)
    #expect(isTaken)
    let agreed = try #require(negotiation.agreed)
    #expect(agreed.spoken.map(\.codec) == [.pcma, .pcmu])
    #expect(agreed.keys == Agreement.Keys(clock: 8000, theirs: 96, ours: 101))
    #expect(agreed.controlPort == 5005)
    // What was not offered is not agreed on.
    let other = try #require(
      Self.description(["m=audio 5000 RTP/AVP 97", "a=rtpmap:97 speex/8000"]))
    let isTakenToo = negotiation.take(answer: other)
    #expect(!isTakenToo && negotiation.agreed == agreed)
  }

  @Test func secureIsAskedForInItsOwnProfile() throws {
    var negotiation = Self.negotiation(.offered, [.pcmu])
    #expect(negotiation.offer().contains("m=audio 4000 RTP/SAVP 0 101\r\n"))
    #expect(negotiation.mayOfferInTheClear)
    negotiation.offerInTheClear()
    let plain = negotiation.offer()
    #expect(plain.contains("m=audio 4000 RTP/AVP 0 101\r\n") && !plain.contains("a=crypto"))
    var strict = Self.negotiation(.required)
    strict.offerInTheClear()
    #expect(!strict.mayOfferInTheClear && strict.offer().contains("RTP/SAVP"))
    #expect(Self.negotiation(.off).mayOfferInTheClear == false)
  }

  /// Of two lines the encrypted one counts where keys can be exchanged, and a call stays encrypted.
  @Test func theSecureLineOfTwo() throws {
    let crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:\(Self.key)"
    let both = ["m=audio 5000 RTP/AVP 0", "m=audio 5002 RTP/SAVP 0", crypto]
    for protection in [MediaRules.Protection.offered, .required] {
      let lines = Self.answer(both, protection)
      #expect(Self.media(lines) == ["m=audio 0 RTP/AVP 0", "m=audio 4000 RTP/SAVP 0"])
      #expect(lines?.contains { $0.hasPrefix("a=crypto:1 ") } == true)
    }
    // Keys beside the profile without (RFC 8643) are taken, too.
    #expect(
      Self.answer(["m=audio 5000 RTP/AVP 0", crypto], .offered)?
        .contains { $0.hasPrefix("a=crypto:1 ") } == true)
    var negotiation = Self.negotiation(.offered)
    let isTaken = negotiation.take(offer: try #require(Self.description(both)))
    #expect(isTaken)
    let isTakenToo = negotiation.take(offer: try #require(Self.description([both[0]])))
    #expect(!isTakenToo)
    #expect(negotiation.refusal == Reasons.soundInTheClear)
    #expect(negotiation.agreed?.protection != nil)
  }

  @Test(arguments: [
    ("sendonly", "recvonly", false), ("inactive", "inactive", false),
    ("recvonly", "sendonly", true),
    ("sendrecv", "sendrecv", true),
  ])
  func directions(_ theirs: String, _ answer: String, _ receives: Bool) throws {
    var negotiation = Self.negotiation()
    let offer = try #require(Self.description(["a=\(theirs)", "m=audio 5000 RTP/AVP 0"]))
    let isTaken = negotiation.take(offer: offer)
    #expect(isTaken)
    #expect(negotiation.answer().contains("a=\(answer)\r\n"))
    #expect(negotiation.agreed?.theirFlow.receives == receives)
  }
}

@Suite struct MessageBodyTests {
  private static let sound = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\n"

  @Test(arguments: [
    ("application/sdp", "\(sound)", true), ("Application/SDP ; charset=x", "\(sound)", true),
    ("", "\(sound)", true), ("", "hello", false), ("text/plain", "\(sound)", false),
    (
      "multipart/mixed;boundary=\"uniq\"",
      "--uniq\r\nContent-Type: application/sdp\r\n\r\n\(sound)\r\n--uniq\r\nContent-Type: application/isup\r\n\r\nx\r\n--uniq--\r\n",
      true
    ),
    (
      "multipart/mixed; a=b ; boundary=x",
      "preamble\r\n--x\r\nContent-Type: application/isup\r\n\r\n\0\u{1}v=0\r\n--x\r\nc: application/sdp\r\nContent-Disposition: session\r\n\r\n\(sound)",
      true
    ),
    (
      "multipart/related;boundary=a",
      "--a\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\ncontent-type:application/sdp\r\n\r\n\(sound)--b--\r\n--a--\r\n",
      true
    ),
    ("multipart/mixed;boundary=a", "--a\r\nContent-Type: image/png\r\n\r\nx\r\n--a--", false),
    ("multipart/mixed", "--a\r\nContent-Type: application/sdp\r\n\r\n\(sound)", false),
    ("multipart/mixed;boundary=a", "--a\r\n\r\n\(sound)--a--", false),
  ])
  func whereTheDescriptionIs(_ type: String, _ body: String, _ isThere: Bool) {
    let found = MessageBody(Array(body.utf8), type: type.isEmpty ? nil : type).description
    #expect((found != nil) == isThere)
    if let found { #expect(Description(found) != nil || found.starts(with: "v=0".utf8)) }
  }
}
