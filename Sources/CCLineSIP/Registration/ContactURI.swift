// Whether two contacts are the same place.

/// A SIP URI as far as two of them are compared (RFC 3261 section 19.1.4).
struct ContactURI: Hashable {
  var scheme: String
  var user: String
  var host: String
  var port: UInt16?
  /// Names in lower case; values too, except where they are not said to be without case.
  var parameters: [String: String]

  /// Reads a URI without its brackets; nil if it is none.
  init?(_ text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    scheme = text[..<colon].lowercased()
    guard scheme == "sip" || scheme == "sips" else { return nil }
    var rest = text[text.index(after: colon)...]
    if let mark = rest.firstIndex(of: "?") { rest = rest[..<mark] }
    user = ""
    if let at = rest.lastIndex(of: "@") {
      user = NameAddress.decoded(rest[..<at])
      rest = rest[rest.index(after: at)...]
    }
    var parts = rest.split(separator: ";", omittingEmptySubsequences: false)
    guard let place = HostPort(String(parts.removeFirst())) else { return nil }
    host = place.host.lowercased()
    port = place.port
    parameters = [:]
    for part in parts where !part.isEmpty {
      let pair = part.split(separator: "=", maxSplits: 1)
      parameters[pair[0].lowercased()] = pair.count == 2 ? pair[1].lowercased() : ""
    }
  }

  /// Parameters that count where only one of the two has them.
  private static let telling: Set<String> = ["user", "ttl", "method", "maddr", "transport"]

  /// Whether both mean one place: a parameter that only one has is passed over, as registrars add theirs
  /// (`;ob`), unless it says where that is.
  static func isSame(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    guard let one = ContactURI(one), let other = ContactURI(other) else { return false }
    guard one.scheme == other.scheme, one.user == other.user, one.host == other.host,
      one.port == other.port
    else { return false }
    let names = Set(one.parameters.keys).union(other.parameters.keys)
    return names.allSatisfy { name in
      switch (one.parameters[name], other.parameters[name]) {
      case (let mine?, let theirs?): mine == theirs
      default: !telling.contains(name)
      }
    }
  }
}
