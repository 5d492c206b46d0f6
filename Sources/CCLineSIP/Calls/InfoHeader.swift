// What the agent knows of the person, as a header of the call.

/// The header that carries the info (`sip.infoHeader`).
struct InfoHeader: Hashable {
  /// Its name.
  let name: String

  /// Takes a name; nil if it is no header name, or one that means something to SIP.
  init?(_ name: String) {
    let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!%*+`'~")
    guard !name.isEmpty, name.utf8.count <= 64, name.allSatisfy(allowed.contains),
      !Self.reserved.contains(name.lowercased()), name.utf8.count > 1
    else { return nil }
    self.name = name
  }

  /// The header line with its line end; nil for an empty info.
  func line(_ info: String) -> String? {
    info.isEmpty ? nil : "\(name): \(Self.encoded(info))\r\n"
  }

  /// UTF-8 as it is, which RFC 3261 allows here; only controls and `%` are percent-encoded, and spaces
  /// at either end, which a parser would eat.
  static func encoded(_ info: String) -> String {
    let scalars = Array(info.unicodeScalars)
    let first = scalars.firstIndex { $0 != " " } ?? scalars.count
    let last = scalars.lastIndex { $0 != " " } ?? -1
    var out = ""
    for (index, scalar) in scalars.enumerated() {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      let isLineEnd = scalar.value == 0x2028 || scalar.value == 0x2029
      let isOuterSpace = scalar == " " && (index < first || index > last)
      if isControl || isLineEnd || isOuterSpace || scalar == "%" {
        for byte in String(scalar).utf8 {
          out += "%" + Hash.hexadecimal(CollectionOfOne(byte)).uppercased()
        }
      } else {
        out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// Names that a call cannot be given twice, or that steer it.
  private static let reserved: Set<String> = [
    "accept", "accept-encoding", "accept-language", "alert-info", "allow", "allow-events",
    "authentication-info", "authorization", "call-id", "call-info", "contact",
    "content-disposition", "content-encoding", "content-language", "content-length",
    "content-type", "cseq", "date", "diversion", "encryption", "error-info", "event", "expires",
    "from", "history-info", "identity", "in-reply-to", "join", "max-forwards", "mime-version",
    "min-expires", "min-se", "organization", "p-asserted-identity", "p-preferred-identity", "path",
    "privacy", "proxy-authenticate", "proxy-authorization", "proxy-require", "rack", "reason",
    "record-route", "refer-sub", "refer-to", "referred-by", "remote-party-id", "replaces",
    "reply-to", "request-disposition", "require", "retry-after", "route", "rseq", "server",
    "service-route", "session-expires", "subscription-state", "supported", "target-dialog",
    "timestamp", "to", "unsupported", "user-agent", "via", "warning", "www-authenticate",
  ]
}
