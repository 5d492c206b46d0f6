// Whether a number or a name says that nobody is named.

/// A caller who is withheld is nobody: she is not counted, not offered and not looked up.
///
/// Networks and telephone systems say it in words, as the user of a SIP address or as a display name
/// (RFC 3323 "anonymous"; PacketCable "unavailable", "restricted", "private"; GSM "unknown",
/// "withheld"). All of these, in any case, alone or with "number", "caller", "name" or "ID" beside
/// them, and a text without any letter, digit, `*` or `#`, are one thing.
public enum Withheld {
  /// What is said where a number should stand: of a caller that she is withheld, of a call that goes out
  /// that the line does not tell whom it calls.
  public static func words(_ direction: Direction) -> SafeText {
    direction == .in ? "number withheld" : "number not given"
  }

  private static let names: Set<String> = [
    "anonymous", "unavailable", "restricted", "private", "unknown", "withheld", "hidden", "blocked",
    "suppressed", "undisclosed", "unidentified", "unlisted", "confidential", "notavailable",
    "notprovided", "notgiven", "none", "nil", "null", "outofarea", "noid", "noname", "nonumber",
    "nocallerid", "anonymousinvalid",
  ]
  private static let fillers: Set<String> = [
    "number", "caller", "callers", "calling", "name", "id", "user", "party", "call", "line", "the",
    "cid",
  ]

  /// Whether a number or a display name names nobody.
  public static func isWithheld(_ text: some StringProtocol) -> Bool {
    guard text.utf8.count <= 256, !isDigits(text.utf8) else { return false }
    var rest = Substring(text).drop { $0 == " " || $0 == "\"" || $0 == "<" || $0 == "'" }
    for scheme in ["sip:", "sips:", "tel:"] where rest.lowercased().hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count)
    }
    let host = rest.drop { $0 != "@" }.dropFirst().prefix { $0 != ";" && $0 != ">" && $0 != ":" }
    // RFC 3323: this host is nobody's, whatever stands before it.
    if host.lowercased() == "anonymous.invalid" { return true }
    rest = rest.prefix { $0 != "@" }
    let parts = rest.split {
      !($0.isLetter || $0.isNumber || $0 == "*" || $0 == "#")
    }
    .map { $0.lowercased() }
    if parts.isEmpty { return !rest.unicodeScalars.contains("\u{FFFD}") }
    if names.contains(parts.joined()) { return true }
    let telling = parts.filter { !fillers.contains($0) }
    return names.contains(telling.joined())
  }

  /// Whether it is a number in digits, as most are: nothing to think about.
  private static func isDigits(_ bytes: some Collection<UInt8>) -> Bool {
    let digits = bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
    return !digits.isEmpty && digits.allSatisfy { (48...57).contains($0) }
  }
}

extension SafeText {
  /// The text, or none where it names nobody.
  var unlessWithheld: SafeText? { Withheld.isWithheld(string) ? nil : self }
}
