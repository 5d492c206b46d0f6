// The text of a number before its digits are read: its scheme, its parameters, its signs.

/// One sign of a number as it was typed.
struct DialSign: Hashable {
  enum Kind: Hashable {
    /// `0` to `9`, `*` or `#`.
    case dialled(UInt8)
    case plus
    /// A comma or a semicolon: a pause, or the end of a number.
    case pause
    case letter
    /// Brackets; a quote closes.
    case open, close
    case slash, dash, dot, space
    /// A tab or a line end.
    case gap
    case other
  }

  var kind: Kind
  /// As it was typed; ASCII where it is another form of an ASCII letter.
  var character: Character

  /// The digit, `*` or `#` that it is dialled as.
  var dialled: UInt8? { if case .dialled(let byte) = kind { byte } else { nil } }

  /// `*` or `#`.
  var isCode: Bool { dialled == UInt8(ascii: "*") || dialled == UInt8(ascii: "#") }

  /// The sign in small letters.
  var lower: String { character.lowercased() }
}

/// What was typed, taken apart as far as no rule of numbers is needed.
struct DialText {
  /// The signs of the number, without the marks that have no width.
  var signs: [DialSign] = []
  /// Tones that a parameter names (`;ext=`, `;postd=`).
  var tones: [DialSign] = []
  /// The prefix that a parameter names (`;phone-context=+44`); empty: none.
  var context: [DialSign] = []

  /// Takes a text apart.
  ///
  /// - Throws: `address` and `mark`.
  init(_ typed: String) throws(DialNumber.Refusal) {
    var rest = Self.trimmed(typed)
    var isURI = false
    if let (scheme, body) = Self.scheme(rest) {
      if scheme == "sip" || scheme == "sips" { throw .address }
      if scheme == "tel" || scheme == "callto" {
        isURI = true
        rest = String(body.drop { $0 == "/" }.prefix { $0 != "?" })
        rest = Self.decoded(rest)
      }
    }
    let (main, parameters) = Self.parameters(rest, isURI: isURI)
    signs = try Self.signs(main)
    var behind: [String: [DialSign]] = [:]
    for (name, value) in parameters {
      switch name {
      case "ext", "postd":
        let tones = try Self.signs(value)
        // One of each: which of two is meant nobody knows.
        if let known = behind[name], !known.isEmpty, known != tones { throw .character(";") }
        behind[name] = tones
      case "phone-context" where value.hasPrefix("+"): context = try Self.signs(value)
      default: break
      }
    }
    let parts = ["ext", "postd"].compactMap { behind[$0] }.filter { !$0.isEmpty }
    tones = Array(parts.joined(separator: [DialSign(kind: .pause, character: ",")]))
  }

  /// Takes tones apart: they have neither scheme nor parameters.
  ///
  /// - Throws: `mark`.
  init(tones typed: String) throws(DialNumber.Refusal) {
    signs = try Self.signs(typed)
  }

  // MARK: Scheme and parameters (RFC 3966)

  private static func trimmed(_ text: String) -> String {
    var rest = Substring(text).unicodeScalars
    while let first = rest.first, isSpace(first) || isUnseen(first) { rest.removeFirst() }
    return String(rest)
  }

  private static func scheme(_ text: String) -> (String, Substring)? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    return (text[..<colon].lowercased(), text[text.index(after: colon)...])
  }

  /// Percent-decoding; what is no code stays, and is refused by name.
  private static func decoded(_ text: String) -> String {
    var out: [UInt8] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      if byte == UInt8(ascii: "%"), let high = bytes.first.flatMap(hex),
        let low = bytes.dropFirst().first.flatMap(hex)
      {
        out.append(high << 4 | low)
        bytes = bytes.dropFirst(2)
      } else {
        out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func hex(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// What stands behind the first `;name=`; in a URI a name alone is a parameter too.
  private static func parameters(_ text: String, isURI: Bool) -> (String, [(String, String)]) {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false)
    guard let first = parts.indices.dropFirst().first(where: { isParameter(parts[$0], isURI) })
    else { return (text, []) }
    let named = parts[first...].map { part -> (String, String) in
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (trimmed(String(pair[0])).lowercased(), pair.count == 2 ? String(pair[1]) : "")
    }
    return (parts[..<first].joined(separator: ";"), named)
  }

  private static func isParameter(_ part: Substring, _ isURI: Bool) -> Bool {
    let name = trimmed(String(part)).prefix { $0.isASCII && ($0.isLetter || $0 == "-") }
    guard name.count >= 2 else { return false }
    let behind = trimmed(String(part)).dropFirst(name.count).first
    return behind == "=" || isURI && behind == nil
  }

  // MARK: Signs

  private static func signs(_ text: some StringProtocol) throws(DialNumber.Refusal) -> [DialSign] {
    var signs: [DialSign] = []
    for scalar in text.unicodeScalars {
      if isUnseen(scalar) { continue }
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .spacingMark, .enclosingMark:
        // A keycap is how a digit is drawn; another mark makes something else of it.
        if scalar == "\u{20E3}", signs.last?.dialled != nil { continue }
        guard let last = signs.last, last.kind == .letter else {
          throw .mark(scalar, on: signs.last?.character)
        }
        signs[signs.count - 1].character = Character(String(last.character) + String(scalar))
      default: signs.append(sign(scalar))
      }
    }
    return signs
  }

  /// Joiners, direction marks, variation selectors, fillers: they show nothing.
  private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format || scalar.properties.isDefaultIgnorableCodePoint
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: true
    default: (0x09...0x0D).contains(scalar.value) || scalar.value == 0x85
    }
  }

  private static func sign(_ scalar: Unicode.Scalar) -> DialSign {
    let plain = folded(scalar)
    return DialSign(kind: kind(plain), character: Character(plain))
  }

  private static func kind(_ scalar: Unicode.Scalar) -> DialSign.Kind {
    switch scalar {
    case "0"..."9", "*", "#": return .dialled(UInt8(scalar.value))
    case "+": return .plus
    case ",", ";": return .pause
    case "/", "\u{2044}", "\u{2215}": return .slash
    case ".", "\u{B7}", "\u{2022}", "\u{2027}", "\u{2219}", "\u{22C5}", "\u{30FB}", "\u{FF65}":
      return .dot
    case "\u{2212}", "\u{30FC}", "\u{FF70}": return .dash
    // Quotes stand around what is copied, as brackets do.
    case "\"", "'": return .close
    default: break
    }
    switch scalar.properties.generalCategory {
    case .dashPunctuation: return .dash
    case .openPunctuation: return .open
    case .closePunctuation, .initialPunctuation, .finalPunctuation: return .close
    case .spaceSeparator: return .space
    default: break
    }
    if isSpace(scalar) { return .gap }
    return scalar.properties.isAlphabetic ? .letter : .other
  }

  /// The ASCII form of a decimal digit of any script, and of signs that are drawn wide or small.
  private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return scalar }
    if scalar.properties.generalCategory == .decimalNumber,
      let value = scalar.properties.numericValue, (0...9).contains(value)
    {
      return Unicode.Scalar(UInt8(ascii: "0") + UInt8(value))
    }
    switch scalar {
    case "\u{FF01}"..."\u{FF5E}": return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case "\u{FE62}", "\u{2795}": return "+"
    case "\u{FE61}", "\u{2217}", "\u{204E}": return "*"
    case "\u{FE5F}": return "#"
    case "\u{D7}": return "x"
    case "\u{60C}", "\u{3001}", "\u{FE50}", "\u{FE51}": return ","
    case "\u{61B}", "\u{FE54}": return ";"
    default: return scalar
    }
  }
}
