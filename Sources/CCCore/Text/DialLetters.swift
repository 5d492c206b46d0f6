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
  /// word behind a whole number is a remark, and one letter a slip. A trunk zero in brackets goes as it
  /// does before digits.
  ///
  /// - Throws: `twoNumbers`, where the letters spell two.
  static func number(_ signs: [DialSign]) throws(DialNumber.Refusal) -> String? {
    var letters = 0
    var hasDigit = false
    var pressed = signs
    for (index, sign) in signs.enumerated() {
      switch sign.kind {
      case .dialled:
        guard !sign.isCode else { return nil }
        hasDigit = true
      case .letter:
        guard hasDigit, let key = key(sign) else { return nil }
        letters += 1
        pressed[index].kind = .dialled(key)
      case .plus, .open, .close, .slash, .dash, .dot, .space: break
      case .gap, .pause, .other: return nil
      }
    }
    guard letters >= 3, let number = try? DialReading.digits(signs, spells: true) else {
      return nil
    }
    let digits = number.utf8.count { $0 != UInt8(ascii: "+") } - letters
    let words = signs.split { $0.kind != .letter }.map { $0.map(\.lower).joined() }
    // Before its digits a word for an extension would have been one.
    let isBehind = signs.last { $0.dialled != nil || $0.kind == .letter }?.kind == .letter
    guard (2...8).contains(digits), (6...15).contains(letters + digits),
      !words.contains(where: { labels.contains($0) && (isBehind || $0 != "ext") }),
      Set(words.joined()) != ["x"]
    else { return nil }
    if DialPair.isPair(pressed) { throw .twoNumbers }
    return number
  }

  /// The digit on whose key a letter stands.
  static func key(_ sign: DialSign) -> UInt8? {
    guard let byte = sign.character.asciiValue.map({ $0 | 0x20 }), (0x61...0x7A).contains(byte)
    else { return nil }
    return keys[Int(byte - 0x61)]
  }
}
