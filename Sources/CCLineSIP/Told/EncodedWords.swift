// Names that are written as mail writes them: `=?UTF-8?Q?N=C3=B6ra?=` (RFC 2047).

/// Undoes encoded words; SIP has UTF-8 and needs none, and gateways write them all the same.
enum EncodedWords {
  /// The text with its encoded words decoded; what is no encoded word stays as it is.
  static func decoded(_ text: String) -> String {
    guard text.holds("=?"), text.utf8.count <= 1_024 else { return text }
    var out = ""
    var rest = text[...]
    var pending = ""
    var endsInWord = false
    while let start = rest.firstRange(of: "=?") {
      let before = rest[..<start.lowerBound]
      guard let word = word(rest[start.lowerBound...]) else {
        pending += rest[..<start.upperBound]
        rest = rest[start.upperBound...]
        continue
      }
      let between = pending + before
      pending = ""
      // The blanks between two of them are none (section 6.2).
      if !(endsInWord && between.allSatisfy { $0 == " " || $0 == "\t" }) { out += between }
      out += word.text
      endsInWord = true
      rest = rest[word.end...]
    }
    return out + pending + rest
  }

  private static func word(_ text: Substring) -> (text: String, end: String.Index)? {
    let parts = text.dropFirst(2).split(
      separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[3].first == "=" else { return nil }
    // A language may stand behind the character set (RFC 2231).
    let charset = parts[0].prefix { $0 != "*" }.lowercased()
    let bytes: [UInt8]?
    switch parts[1].lowercased() {
    case "q": bytes = quoted(parts[2])
    case "b": bytes = base64(parts[2])
    default: bytes = nil
    }
    guard let bytes, let decoded = decode(bytes, charset) else { return nil }
    return (decoded, text.index(after: parts[3].startIndex))
  }

  private static func decode(_ bytes: [UInt8], _ charset: String) -> String? {
    switch charset {
    case "utf-8", "utf8", "us-ascii": bytes.withUnsafeBytes { SIPText.read($0) }
    case "iso-8859-1", "iso-8859-15", "windows-1252", "latin1":
      String(String.UnicodeScalarView(bytes.lazy.map { Unicode.Scalar($0) }))
    default: nil
    }
  }

  private static func quoted(_ text: Substring) -> [UInt8]? {
    guard !text.contains(" ") else { return nil }
    return Array(
      NameAddress.decodedBytes(
        text.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }, mark: UInt8(ascii: "="))
    )
  }

  private static func base64(_ text: Substring) -> [UInt8]? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var out: [UInt8] = []
    var bits = 0
    var count = 0
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
      guard let value = alphabet.firstIndex(of: byte) else { return nil }
      bits = bits << 6 | value
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      out.append(UInt8(truncatingIfNeeded: bits >> count))
      bits &= (1 << count) - 1
    }
    return out
  }
}
