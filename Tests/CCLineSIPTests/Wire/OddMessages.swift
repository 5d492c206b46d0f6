// Over a thousand odd messages of every kind, from tables and from a seed that is printed.

import CCCore
import CCTestSupport
import Foundation

@testable import CCLineSIP

/// What comes on a registered connection and is not quite SIP.
enum OddMessages {
  /// A registrar's own odd ways, then everything hostile, then damage by a seed.
  static func all(seed: UInt64, damaged: Int) -> [Hostile] {
    var random = Random(seed: seed)
    let inInvites = HostileMessages.descriptions.enumerated().map { index, description in
      var invite = HostileMessages.Invite("o\(index)", body: "")
      invite.set("Content-Length", "\(description.bytes.count)")
      return Hostile(description.what, Array(invite.text.utf8) + description.bytes)
    }
    let seeds =
      (0..<40).map { Array(HostileMessages.Invite("y\($0)").text.utf8) }
      + HostileMessages.toAnIdleLine.map(\.bytes).filter { $0.count < 1400 }
    let spoilt = (0..<damaged).map { index in
      Hostile("damage \(index) of seed \(seed)", Mutation.spoil(seeds, using: &random))
    }
    return written + HostileMessages.toAnIdleLine + inInvites + spoilt
  }

  private static func odd(_ what: String, _ change: (inout HostileMessages.Invite) -> Void)
    -> Hostile
  {
    var invite = HostileMessages.Invite("w\(abs(what.hashValue))")
    change(&invite)
    return Hostile(what, invite.text)
  }

  /// As proxies and old systems send them.
  static let written: [Hostile] = [
    Hostile(
      "a tab in the first line",
      "INVITE sip:1001@127.0.0.1\tSIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKcase1\r\n"
        + "Content-Length: 0\r\n\r\n"),
    Hostile(
      "From is garbage",
      "INVITE sip:1001@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKcase2\r\n"
        + "From: garbage\r\nTo: <sip:1001@127.0.0.1>\r\nCall-ID: case2\r\nCSeq: 1 INVITE\r\n"
        + "Content-Length: 0\r\n\r\n"),
    Hostile("a status line without a reason", "SIP/2.0 200\r\nContent-Length: 0\r\n\r\n"),
    Hostile("an unknown word", "HELLO\r\n\r\n"),
    Hostile("an overlarge status", "SIP/2.0 4294967301 better not\r\nContent-Length: 0\r\n\r\n"),
    odd("two blanks in the first line") { $0.line = "INVITE  sip:1001@127.0.0.1  SIP/2.0" },
    odd("a blank behind the first line") { $0.line += " " },
    odd("a version in small letters") { $0.line = "INVITE sip:1001@127.0.0.1 sip/2.0" },
    odd("no length") { invite in
      invite.headers.append(("Content-Length", " "))
    },
    odd("two lengths") { invite in
      invite.headers.append(("Content-Length", "10"))
      invite.headers.append(("l", "20"))
    },
    odd("a length that is too short") { $0.set("Content-Length", "3") },
    odd("a length that is far too long") { $0.set("Content-Length", "60000") },
    odd("a length of two gigabytes") { $0.set("Content-Length", "2147483647") },
    odd("a length of words") { $0.set("Content-Length", "many") },
    odd("a negative length") { $0.set("Content-Length", "-1") },
    odd("no branch") { $0.set("Via", "SIP/2.0/TCP 127.0.0.1:9") },
    odd("a CSeq of another method") { $0.set("CSeq", "1 BYE") },
    odd("a CSeq of thirty digits") { $0.set("CSeq", "111111111122222222223333333333 INVITE") },
    odd("From without a tag") { $0.set("From", "<sip:far@127.0.0.1>") },
    odd("a Contact that cannot be read") { $0.set("Contact", "<<<>>>") },
    odd("a name left open") { $0.set("To", "\"1001 <sip:1001@127.0.0.1>") },
  ]
}

extension Hostile {
  /// Whether it was cut off where the words of a header are: what follows at once would be some.
  var isCutInWords: Bool {
    guard let last = bytes.last, ": \t".utf8.contains(last) else { return false }
    let line = bytes.split(separator: 0x0A).last ?? []
    let name = String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self).lowercased()
    let isEmpty = line.dropFirst(name.utf8.count + 1).allSatisfy { " \t".utf8.contains($0) }
    return !StartLine.wordless.contains(name) && !(isEmpty && StartLine.addresses.contains(name))
  }

  /// Whether its length covers its own body and so many bytes behind it.
  func claims(_ counts: ClosedRange<Int>) -> Bool {
    let text = String(decoding: bytes, as: Unicode.ASCII.self)
    guard let end = text.firstRange(of: "\r\n\r\n"),
      let length = SIPText.header(["content-length", "l"], in: text).flatMap({ Int($0) })
    else { return false }
    let own = text.unicodeScalars.distance(from: end.upperBound, to: text.endIndex)
    return counts.contains(length - own)
  }
}
