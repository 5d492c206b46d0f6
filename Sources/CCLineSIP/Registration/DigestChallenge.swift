// A digest challenge, as a registrar or proxy sends it.

/// What `WWW-Authenticate` or `Proxy-Authenticate` asks (RFC 3261 section 22, RFC 7616, RFC 8760).
///
/// Quoted values are kept as they stand between their quotes: they go back into the answer unchanged.
struct DigestChallenge: Hashable {
  /// The hashes that are known; `-sess` variants mix the nonces into the first hash.
  enum Algorithm: String, Hashable {
    case md5 = "MD5"
    case md5Session = "MD5-sess"
    case sha256 = "SHA-256"
    case sha256Session = "SHA-256-sess"

    init?(named name: String) {
      let lower = name.lowercased()
      guard
        let known = [Algorithm.md5, .md5Session, .sha256, .sha256Session]
          .first(where: { $0.rawValue.lowercased() == lower })
      else { return nil }
      self = known
    }
  }

  var realm: String
  var nonce: String
  var opaque: String?
  /// nil: an algorithm that is not known.
  var algorithm: Algorithm?
  /// Whether the answer carries `qop=auth`; without it the answer is the old one of RFC 2069.
  var protectsQuality: Bool
  /// Whether only `auth-int` is offered, which no one speaks.
  var onlyIntegrity: Bool
  /// Whether the last answer was right but its nonce too old.
  var stale: Bool
  /// Whether the answer goes into `Proxy-Authorization`.
  var fromProxy: Bool

  /// Reads a header's value; nil if it is no digest challenge that could be answered.
  init?(_ value: String, fromProxy: Bool) {
    var parameters = HeaderParameters(value)
    guard parameters.scheme == "digest", let realm = parameters.take("realm"),
      let nonce = parameters.take("nonce"), !nonce.isEmpty
    else { return nil }
    self.realm = realm
    self.nonce = nonce
    self.opaque = parameters.take("opaque")
    let name = parameters.take("algorithm") ?? Algorithm.md5.rawValue
    self.algorithm = Algorithm(named: name)
    let offered = parameters.take("qop").map { list in
      list.split(whereSeparator: { $0 == "," || $0 == " " }).map { $0.lowercased() }
    }
    self.protectsQuality = offered?.contains("auth") ?? false
    self.onlyIntegrity = offered.map { !$0.isEmpty && !$0.contains("auth") } ?? false
    self.stale = parameters.take("stale")?.lowercased() == "true"
    self.fromProxy = fromProxy
  }
}

/// `Digest realm="a, b", nonce=c`: a scheme and its parameters, quoted or not.
struct HeaderParameters {
  private(set) var scheme = ""
  private var values: [String: String] = [:]

  /// Reads a value; text that makes no sense ends the reading, a control character empties it.
  init(_ text: String) {
    guard
      !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F })
    else { return }
    var rest = Substring(text)
    func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
    rest = rest.drop(while: isSpace)
    let scheme = rest.prefix(while: { !isSpace($0) })
    rest = rest.dropFirst(scheme.count)
    self.scheme = scheme.lowercased()
    while true {
      rest = rest.drop(while: { isSpace($0) || $0 == "," })
      let name = rest.prefix(while: { $0 != "=" && $0 != "," && !isSpace($0) })
      guard !name.isEmpty else { return }
      rest = rest.dropFirst(name.count).drop(while: isSpace)
      guard rest.first == "=" else { return }
      rest = rest.dropFirst().drop(while: isSpace)
      guard let value = Self.takeValue(&rest) else { return }
      // The first one counts: what is said twice is somebody else's addition.
      if values[name.lowercased()] == nil { values[name.lowercased()] = value }
    }
  }

  private static func takeValue(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" else {
      let value = rest.prefix(while: { $0 != "," && $0 != " " && $0 != "\t" })
      rest = rest.dropFirst(value.count)
      return String(value)
    }
    rest = rest.dropFirst()
    var value = ""
    while let next = rest.popFirst() {
      if next == "\"" { return value }
      value.append(next)
      if next == "\\" {
        guard let escaped = rest.popFirst() else { return nil }
        value.append(escaped)
      }
    }
    return nil
  }

  /// A parameter by its name.
  mutating func take(_ name: String) -> String? { values.removeValue(forKey: name) }
}
