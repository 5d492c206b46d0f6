// A SIP account as people write it: a user, user@domain, or the whole address.

/// The user and the domain of `sip.account`; what the line registers and what the desk's lock compares.
///
///     SIPAccount("sip:%31001@pbx.example;transport=tls")  // user 1001, domain pbx.example
///
/// A user is the same however its characters are escaped (RFC 3261 section 19.1.4), and its capital letters
/// are not the small ones. What an address says besides (its scheme, `;user=phone`, `?subject=x`) is not
/// part of who it is.
public struct SIPAccount: Hashable, Sendable {
  /// The part before the `@`, without escapes.
  public let user: String
  /// The part behind it, as it was written; nil where there is none.
  public let domain: String?

  /// Reads an account; total: any text gives one, and whoever uses it says what cannot be used.
  public init(_ text: String) {
    var rest = text[...]
    for scheme in ["sips:", "sip:"] where rest.prefix(scheme.count).lowercased() == scheme {
      rest = rest.dropFirst(scheme.count)
      break
    }
    let at = rest.lastIndex(of: "@")
    let before = at.map { rest[..<$0] } ?? rest
    user = Self.unescaped(Self.withoutParameters(before))
    domain = at.map { String(rest[rest.index(after: $0)...].prefix { $0 != ";" && $0 != "?" }) }
  }

  /// The parameters of an address (RFC 3261 section 25.1): others that stand in a user belong to it, as in
  /// `1001;phone-context=example.com` (section 19.1.6).
  private static let parameters = ["transport", "user", "method", "ttl", "maddr", "lr"]

  private static func withoutParameters(_ user: Substring) -> Substring {
    var end = user.startIndex
    while let mark = user[end...].firstIndex(of: ";") {
      let name = user[user.index(after: mark)...].prefix { $0 != ";" && $0 != "=" }
      if parameters.contains(name.lowercased()) { return user[..<mark] }
      end = user.index(after: mark)
    }
    return user
  }

  /// Percent signs undone; as it was written where that gives no text, since two users must not become one.
  private static func unescaped(_ text: Substring) -> String {
    var out: [UInt8] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      if byte == UInt8(ascii: "%"), let high = bytes.first.flatMap(digit),
        let low = bytes.dropFirst().first.flatMap(digit)
      {
        out.append(high << 4 | low)
        bytes = bytes.dropFirst(2)
      } else {
        out.append(byte)
      }
    }
    return String(validating: out, as: UTF8.self) ?? String(text)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
