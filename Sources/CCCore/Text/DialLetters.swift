// Letters of a keypad: a number that is written with words, as `1-800-FLOWERS`.

/// Reads the letters that ITU-T E.161 puts on the keys.
enum DialLetters {
  /// Words beside a number that spell nothing.
  private static let labels: Set<String> = [
    "tel", "phone", "fon", "fax", "mob", "mobile", "mobil", "cell", "home", "work", "office", "ext",
    "handy", "telefon", "telefono", "mobiel", "portable", "main", "direct",
  ]
  private static let keys = Array("22233344455566677778889999".utf8)

  /// The number that the signs spell; nil where they hold no letters, or are no such number.
  ///
  /// Three letters or more, behind a digit, two to eight digits beside them, six to fifteen in all: a
  /// word behind a whole number is a remark, and one letter a slip.
  static func number(_ signs: [DialSign]) -> String? {
    var out: [UInt8] = []
    var (letters, digits) = (0, 0)
    var seen: Set<UInt8> = []
    for sign in signs {
      switch sign.kind {
      case .dialled(let byte):
        guard !sign.isCode else { return nil }
        digits += 1
        out.append(byte)
      case .plus:
        guard out.isEmpty else { return nil }
        out.append(UInt8(ascii: "+"))
      case .letter:
        guard digits > 0, let key = key(sign) else { return nil }
        letters += 1
        seen.insert(key)
        out.append(key)
      case .open, .close, .slash, .dash, .dot, .space: break
      case .gap, .pause, .other: return nil
      }
    }
    let words = signs.split { $0.kind != .letter }.map { $0.map(\.lower).joined() }
    guard letters >= 3, (2...8).contains(digits), (6...15).contains(letters + digits),
      !words.contains(where: labels.contains), Set(words.joined()) != ["x"]
    else { return nil }
    return String(decoding: out, as: UTF8.self)
  }

  private static func key(_ sign: DialSign) -> UInt8? {
    guard let byte = sign.character.asciiValue.map({ $0 | 0x20 }), (0x61...0x7A).contains(byte)
    else { return nil }
    return keys[Int(byte - 0x61)]
  }
}
