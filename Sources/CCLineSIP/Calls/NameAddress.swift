// Addresses as headers carry them: From, Contact, P-Asserted-Identity, Refer-To.

import CCCore

/// `"Nora" <sip:+442079460123@pbx.example;user=phone?Replaces=...>;tag=1`: a name and a URI.
///
/// Total: any text gives an address or nil, and nothing in it is trusted.
struct NameAddress: Hashable {
  /// As it came, unquoted; nil if there is none.
  var name: String?
  /// `sip`, `sips` or `tel`, in lower case.
  var scheme: String
  /// Percent-decoded.
  var user: String
  /// Host and port, as they came.
  var host: String
  /// What stands behind the question mark: names in lower case, values percent-decoded.
  var headers: [String: String]
  /// What stands behind the address: names in lower case, values without quotes; of an address without
  /// angle brackets too (RFC 3261 section 20.10).
  var parameters: [String: String] = [:]

  /// Longer ones are nobody's address.
  static let longest = 4_096

  /// Reads one; nil if it is none.
  init?(_ folded: String) {
    guard folded.utf8.count <= Self.longest else { return nil }
    let text = HeaderText.unfolded(folded)
    guard
      !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F })
    else { return nil }
    var rest = Substring(text).drop(while: { $0 == " " || $0 == "\t" })
    let uri: Substring
    if rest.first == "\"" {
      guard let name = Self.quoted(&rest) else { return nil }
      self.name = name
      rest = rest.drop(while: { $0 != "<" })
      guard !rest.isEmpty else { return nil }
    }
    if let open = rest.firstIndex(of: "<") {
      let before = rest[..<open].filter { $0 != "\t" }
      if name == nil {
        let plain = Self.trimmedEnd(before)
        name = plain.isEmpty ? nil : String(plain)
      }
      guard let close = rest[open...].firstIndex(of: ">") else { return nil }
      uri = rest[rest.index(after: open)..<close]
      parameters = HeaderText.parameters(rest[close...].dropFirst())
    } else {
      uri = rest.prefix(while: { $0 != ";" && $0 != " " && $0 != "," })
      parameters = HeaderText.parameters(rest[uri.endIndex...])
    }
    guard let colon = uri.firstIndex(of: ":") else { return nil }
    scheme = uri[..<colon].lowercased()
    guard ["sip", "sips", "tel"].contains(scheme) else { return nil }
    var body = uri[uri.index(after: colon)...]
    headers = [:]
    if let mark = body.firstIndex(of: "?") {
      headers = Self.headers(body[body.index(after: mark)...])
      body = body[..<mark]
    }
    if scheme == "tel" {
      user = Self.bare(Self.decoded(body.prefix(while: { $0 != ";" })))
      host = ""
    } else {
      let at = body.lastIndex(of: "@")
      user = at.map { Self.decoded(body[..<$0].prefix(while: { $0 != ":" && $0 != ";" })) } ?? ""
      let place = at.map { body[body.index(after: $0)...] } ?? body
      host = String(place.prefix(while: { $0 != ";" }))
      guard !host.isEmpty else { return nil }
      if place.lowercased().holds(";user=phone") { user = Self.bare(user) }
    }
  }

  /// A telephone number without its visual separators (RFC 3966 section 3).
  private static func bare(_ number: String) -> String {
    number.filter { !"-.() ".contains($0) }
  }

  private static func quoted(_ rest: inout Substring) -> String? {
    rest.removeFirst()
    var name = ""
    while let next = rest.popFirst() {
      if next == "\"" { return name }
      if next == "\\" {
        guard let escaped = rest.popFirst() else { return nil }
        name.append(escaped)
      } else {
        name.append(next)
      }
    }
    return nil
  }

  private static func headers(_ text: Substring) -> [String: String] {
    var headers: [String: String] = [:]
    for pair in text.split(separator: "&").prefix(8) {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = decoded(parts[1])
    }
    return headers
  }

  /// Percent-decoding; what is no code stays as it is.
  static func decoded(_ text: some StringProtocol) -> String {
    String(decoding: decodedBytes(text.utf8, mark: UInt8(ascii: "%")), as: UTF8.self)
  }

  /// Bytes with two hexadecimal digits behind each mark undone; what is no code stays as it is.
  static func decodedBytes(_ text: some Collection<UInt8>, mark: UInt8) -> [UInt8] {
    var out: [UInt8] = []
    var bytes = Array(text)[...]
    while let byte = bytes.popFirst() {
      if byte == mark, bytes.count >= 2,
        let value = UInt8(String(decoding: bytes.prefix(2), as: UTF8.self), radix: 16),
        bytes.prefix(2).allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
      {
        out.append(value)
        bytes = bytes.dropFirst(2)
      } else {
        out.append(byte)
      }
    }
    return out
  }

  private static func trimmedEnd(_ text: String) -> Substring {
    var rest = Substring(text)
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}

/// Whom a REFER wants called (RFC 3515), and in whose place (RFC 3891).
struct ReferTarget: Hashable {
  var number: String
  /// The value of a `Replaces` header; nil: nobody's.
  var replaces: String?

  /// Reads `Refer-To`; nil if it is no telephone number.
  init?(_ header: String) {
    guard let address = NameAddress(header), DialPlan.isNumber(address.user) else { return nil }
    number = address.user
    if let value = address.headers["replaces"] {
      guard Replaces(value) != nil else { return nil }
      replaces = value
    }
  }
}

/// The dialog that an INVITE replaces (RFC 3891): named by all three of its marks.
struct Replaces: Hashable {
  var callID: String
  var toTag: String
  var fromTag: String
  var onlyEarly: Bool

  /// Reads a header's value.
  init?(_ value: String) {
    guard value.utf8.count <= 512, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    let parts = value.split(separator: ";", omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty else { return nil }
    callID = String(first)
    var tags: [String: String] = [:]
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      tags[pair[0].lowercased()] = pair.count == 2 ? String(pair[1]) : ""
    }
    guard let to = tags["to-tag"], let from = tags["from-tag"], !to.isEmpty, !from.isEmpty else {
      return nil
    }
    toTag = to
    fromTag = from
    onlyEarly = tags["early-only"] != nil
  }

  /// The value again.
  init(callID: String, toTag: String, fromTag: String) {
    self.callID = callID
    self.toTag = toTag
    self.fromTag = fromTag
    onlyEarly = false
  }

  var value: String { "\(callID);to-tag=\(toTag);from-tag=\(fromTag)" }
}
