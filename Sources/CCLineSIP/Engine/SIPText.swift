// Small texts of SIP: escaping, random marks, values of headers.

import CCCore
import CLibre

/// Helpers for text that goes into a message or comes out of one.
enum SIPText {
  /// The user part of a URI: what RFC 3261 does not allow bare is percent-encoded.
  static func escapedUser(_ user: String) -> String {
    let bare = Set(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()&=+$,;?/".utf8)
    return user.utf8.reduce(into: "") { out, byte in
      if bare.contains(byte) {
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        out += "%" + Hash.hexadecimal(CollectionOfOne(byte)).uppercased()
      }
    }
  }

  /// A header's value inside a URI: all but letters, digits and a few signs is percent-encoded.
  static func escapedHeader(_ value: String) -> String {
    let bare = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()".utf8)
    return value.utf8.reduce(into: "") { out, byte in
      if bare.contains(byte) {
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        out += "%" + Hash.hexadecimal(CollectionOfOne(byte)).uppercased()
      }
    }
  }

  /// The text of bytes: UTF-8 (RFC 3261 section 25.1), or else Latin-1, which every byte is.
  static func read(_ bytes: UnsafeRawBufferPointer) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return String(String.UnicodeScalarView(bytes.lazy.map { Unicode.Scalar($0) }))
  }

  /// A mark that nobody can guess: 64 random bits as 16 digits.
  static func mark() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The value of the first header of this name in a raw message; the short form too.
  static func header(_ names: [String], in message: String) -> String? {
    for line in message.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].lowercased().filter { $0 != " " && $0 != "\t" }
      if names.contains(name) {
        return String(line[line.index(after: colon)...].drop(while: { $0 == " " }))
      }
    }
    return nil
  }

  /// What stands between `<` and `>`, or the whole up to the first parameter.
  static func uri(of address: String) -> String {
    if let open = address.firstIndex(of: "<") {
      return String(address[address.index(after: open)...].prefix(while: { $0 != ">" }))
    }
    return String(address.prefix(while: { $0 != ";" }))
  }
}

extension pl {
  /// The text; what is not UTF-8 is read as Latin-1, as older telephone systems write names.
  var text: String {
    guard let p, l > 0 else { return "" }
    return SIPText.read(UnsafeRawBufferPointer(start: p, count: l))
  }
}

extension UnsafePointer<sip_msg> {
  /// The status code of a response.
  var code: Int { Int(pointee.scode) }
  /// The reason phrase of a response, as it came.
  var phrase: String { pointee.reason.text }

  /// The values of every header of this kind, in their order.
  func values(_ id: sip_hdrid) -> [String] {
    var values: [String] = []
    var element = pointee.hdrl.head
    while let current = element {
      element = current.pointee.next
      guard let header = current.pointee.data?.assumingMemoryBound(to: sip_hdr.self),
        header.pointee.id == id
      else { continue }
      values.append(header.pointee.val.text)
    }
    return values
  }

  /// The single values of a header that may carry several in one line, in their order.
  func pieces(_ id: sip_hdrid) -> [String] {
    var values: [String] = []
    withUnsafeMutablePointer(to: &values) { list in
      _ = sip_msg_hdr_apply(
        self, true, id,
        { header, _, argument in
          guard let header, let argument else { return false }
          argument.assumingMemoryBound(to: [String].self).pointee.append(header.pointee.val.text)
          return false
        }, list)
    }
    return values
  }

  /// The hosts that an answer names on the way to its sender: Path (RFC 3327), Service-Route (RFC 3608).
  var hostsOnTheWay: [String] {
    (pieces(SIP_HDR_PATH) + pieces(SIP_HDR_SERVICE_ROUTE)).prefix(8).compactMap { piece in
      NameAddress(piece).flatMap { HostPort($0.host)?.host }
    }
  }

  /// The first header of this kind.
  func value(_ id: sip_hdrid) -> String? { values(id).first }

  /// The values of every header of this name.
  func named(_ name: String) -> [String] {
    var values: [String] = []
    var element = pointee.hdrl.head
    while let current = element {
      element = current.pointee.next
      guard let header = current.pointee.data?.assumingMemoryBound(to: sip_hdr.self),
        header.pointee.name.text.lowercased() == name.lowercased()
      else { continue }
      values.append(header.pointee.val.text)
    }
    return values
  }

  /// Who calls, as an INVITE says it.
  var caller: Caller {
    Caller(
      from: pointee.from.val.text, asserted: named("P-Asserted-Identity"),
      remoteParty: named("Remote-Party-ID").filter {
        !$0.lowercased().filter { $0 != " " }.holds(";party=called")
      }, privacy: named("Privacy"))
  }

  /// What its body offers, in a few words.
  var offerWords: SafeText {
    if let description = MessageBody(self).description { return OfferWords.text(description) }
    guard let body = pointee.mb, let bytes = mbuf_buf(body) else { return "nothing" }
    return OfferWords.text(UnsafeBufferPointer(start: bytes, count: mbuf_get_left(body)))
  }

  /// What decides how a request is answered that is no call.
  func kind(isOfCall: Bool) -> RequestKind {
    let type = "\(pointee.ctyp.type.text)/\(pointee.ctyp.subtype.text)".lowercased()
    return RequestKind(
      method: pointee.met.text, isInDialog: pointee.to.tag.l > 0, isOfCall: isOfCall,
      event: HeaderText.trimmed((value(SIP_HDR_EVENT) ?? "").prefix { $0 != ";" }).lowercased(),
      infoPackage: named("Info-Package").first ?? "", content: type == "/" ? "" : type,
      hasBody: mbuf_get_left(pointee.mb) > 0)
  }

  /// The challenges of a 401 or 407.
  var challenges: [DigestChallenge] {
    values(SIP_HDR_WWW_AUTHENTICATE).compactMap { DigestChallenge($0, fromProxy: false) }
      + values(SIP_HDR_PROXY_AUTHENTICATE).compactMap { DigestChallenge($0, fromProxy: true) }
  }
}
