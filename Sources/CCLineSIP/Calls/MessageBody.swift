// What a message carries: a description of sound, alone or as one part of several.

import CLibre

/// Finds the description in the body of a SIP message (RFC 3261 section 7.4, RFC 5621, RFC 2046).
///
/// Gateways send their own signalling beside it (ISUP, a picture of the caller); of several parts the
/// first description counts, and what else there is is left alone.
struct MessageBody {
  /// The description; nil where there is none.
  private(set) var description: [UInt8]?
  /// Whether there is any body at all.
  let isEmpty: Bool

  /// Parts within parts are looked into so deep.
  private static let deepest = 3
  /// More parts are not looked at.
  private static let mostParts = 16

  init(_ message: UnsafePointer<sip_msg>) {
    guard let buffer = message.pointee.mb, mbuf_get_left(buffer) > 0, let start = mbuf_buf(buffer)
    else {
      isEmpty = true
      return
    }
    isEmpty = false
    let bytes = Array(UnsafeBufferPointer(start: start, count: mbuf_get_left(buffer)))
    description = Self.find(in: bytes[...], type: message.value(SIP_HDR_CONTENT_TYPE), deep: 0)
  }

  init(_ bytes: [UInt8], type: String?) {
    isEmpty = bytes.isEmpty
    description = Self.find(in: bytes[...], type: type, deep: 0)
  }

  private static func find(in body: ArraySlice<UInt8>, type: String?, deep: Int) -> [UInt8]? {
    guard let type, type.contains(where: { $0 != " " }) else {
      // Without a type it may say itself what it is.
      return body.drop(while: isBlank).starts(with: "v=0".utf8) ? Array(body) : nil
    }
    let kind = type.prefix(while: { $0 != ";" }).lowercased().filter { $0 != " " && $0 != "\t" }
    if kind == "application/sdp" { return Array(body) }
    guard kind.hasPrefix("multipart/"), deep < deepest,
      let boundary = parameter("boundary", of: type)
    else { return nil }
    for part in parts(of: body, boundary) {
      let (head, content) = split(part)
      let own = SIPText.header(["content-type", "c"], in: head)
      if let found = find(in: content, type: own ?? "text/plain", deep: deep + 1) { return found }
    }
    return nil
  }

  /// `multipart/mixed; boundary="a b"`.
  private static func parameter(_ name: String, of type: String) -> String? {
    var rest = type.drop(while: { $0 != ";" })
    while rest.popFirst() != nil {
      rest = rest.drop(while: { $0 == " " || $0 == "\t" })
      let key = rest.prefix(while: { $0 != "=" && $0 != ";" })
      rest = rest.dropFirst(key.count)
      guard rest.first == "=" else { continue }
      rest = rest.dropFirst().drop(while: { $0 == " " || $0 == "\t" })
      var value: Substring
      if rest.first == "\"" {
        value = rest.dropFirst().prefix(while: { $0 != "\"" })
      } else {
        value = rest.prefix(while: { $0 != ";" && $0 != " " && $0 != "\t" })
      }
      if key.filter({ $0 != " " && $0 != "\t" }).lowercased() == name, !value.isEmpty {
        return String(value)
      }
      rest = rest.drop(while: { $0 != ";" })
      value = ""
    }
    return nil
  }

  /// What stands between the lines of the boundary; the last one may be missing.
  private static func parts(of body: ArraySlice<UInt8>, _ boundary: String) -> [ArraySlice<UInt8>] {
    let mark = Array("--\(boundary)".utf8)
    var parts: [ArraySlice<UInt8>] = []
    var start: Int?
    var line = body.startIndex
    while line < body.endIndex, parts.count < mostParts {
      let end = body[line...].firstIndex(of: 0x0A).map { $0 + 1 } ?? body.endIndex
      if body[line..<end].starts(with: mark) {
        if let start { parts.append(body[start..<line]) }
        if body[(line + mark.count)..<end].starts(with: "--".utf8) { return parts }
        start = end
      }
      line = end
    }
    if let start, start < body.endIndex, parts.count < mostParts { parts.append(body[start...]) }
    return parts
  }

  /// Headers and content: an empty line is between them.
  private static func split(_ part: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>) {
    var line = part.startIndex
    while line < part.endIndex {
      let end = part[line...].firstIndex(of: 0x0A).map { $0 + 1 } ?? part.endIndex
      if part[line..<end].allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
        return (String(decoding: part[part.startIndex..<line], as: UTF8.self), part[end...])
      }
      line = end
    }
    return (String(decoding: part, as: UTF8.self), part[part.endIndex...])
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }
}
