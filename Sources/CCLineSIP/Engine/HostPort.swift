// A host with or without a port, as people write it.

/// `pbx.example`, `pbx.example:5070`, `192.0.2.1`, `[2001:db8::1]:5060`.
struct HostPort: Hashable {
  /// The name or address, without brackets.
  var host: String
  /// The port, if one was written.
  var port: UInt16?

  /// Reads a text; nil if it is neither.
  init?(_ text: String) {
    var host = Substring(text)
    var port: Substring?
    if text.hasPrefix("[") {
      guard let close = text.firstIndex(of: "]") else { return nil }
      host = text[text.index(after: text.startIndex)..<close]
      let rest = text[text.index(after: close)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      if !rest.isEmpty { port = rest.dropFirst() }
      guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
        return nil
      }
    } else if let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
    }
    if !text.hasPrefix("[") {
      guard !host.isEmpty, host.utf8.count <= 253,
        host.utf8.allSatisfy({ Self.isNameByte($0) })
      else { return nil }
    }
    if let port {
      guard let number = UInt16(port), number > 0 else { return nil }
      self.port = number
    }
    self.host = String(host)
  }

  /// The host as it stands in a URI.
  var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
