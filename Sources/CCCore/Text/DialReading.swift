// From signs to the number that is sent: what is one number, what is two, what is a trunk zero.

/// The rules of a number as people write it.
struct DialReading {
  private let text: DialText

  init(_ text: DialText) {
    self.text = text
  }

  /// The number, or why there is none.
  func number() throws(DialNumber.Refusal) -> DialNumber {
    let (head, tail) = try DialExtension.split(text.signs)
    let count = head.count { $0.dialled != nil }
    guard count <= DialNumber.longest else { throw .tooLong }
    if DialPair.isPair(head) { throw .twoNumbers }
    if let wrong = text.tones.first(where: { !DialExtension.isTone($0) }) {
      throw .character(wrong.character)
    }
    let tones = try DialExtension.tones(tail.isEmpty ? text.tones : tail)
    if let spelled = try DialLetters.number(head) {
      throw .letters(DialNumber(digits: try inContext(spelled), tones: tones))
    }
    let digits = try inContext(Self.digits(head))
    // A plus is none of the digits.
    let dialled = digits.utf8.count { $0 != UInt8(ascii: "+") }
    guard dialled > 0 else { throw .empty }
    guard dialled <= DialNumber.longest else { throw .tooLong }
    return DialNumber(digits: digits, tones: tones)
  }

  /// A number behind the prefix that a parameter names, which has its country code then.
  private func inContext(_ digits: String) throws(DialNumber.Refusal) -> String {
    if text.context.isEmpty || digits.first == "+" { return digits }
    let context = try Self.digits(text.context)
    let length = CallingCode.length(context.dropFirst().utf8)
    let code = length.map { String(context.dropFirst().prefix($0)) } ?? ""
    if CallingCode.keepsZero.contains(code) { return context + digits }
    // A trunk prefix that begins with no zero may be an area code's beginning.
    let own = CallingCode.trunk[code].flatMap { $0.first == "0" ? $0 : nil } ?? "0"
    let trunk = digits.hasPrefix(own) ? own : digits.first == "0" ? "0" : ""
    return context + digits.dropFirst(trunk.utf8.count)
  }

  /// The digits in their order, without the trunk zero in brackets; `spells`: letters are keys.
  static func digits(
    _ signs: [DialSign], spells: Bool = false
  ) throws(DialNumber.Refusal) -> String {
    var digits = ""
    var skipped: Set<Int> = []
    for (index, sign) in signs.enumerated() where !skipped.contains(index) {
      switch sign.kind {
      case .dialled(let byte): digits.unicodeScalars.append(Unicode.Scalar(byte))
      case .plus:
        guard digits.isEmpty else { throw .plus }
        digits = "+"
      case .open: skipped.formUnion(trunk(in: signs, at: index, behind: digits))
      case .close, .slash, .dash, .dot, .space, .gap: break
      // At the end of a text it is punctuation.
      case .pause where !signs[index...].contains(where: { $0.dialled != nil }): break
      case .letter:
        guard spells, let key = DialLetters.key(sign) else {
          throw .character(DialExtension.wrong(behind: index, in: signs) ?? sign.character)
        }
        digits.unicodeScalars.append(Unicode.Scalar(key))
      case .pause, .other: throw .character(sign.character)
      }
    }
    return digits
  }

  /// The places of the trunk prefix in the brackets that open here, where it is not dialled.
  ///
  /// That is so right behind a country code: with one's own zero in front nobody abroad is reached.
  /// Italy, San Marino and a few more have no trunk prefix: their zero is part of the number.
  private static func trunk(in signs: [DialSign], at open: Int, behind digits: String) -> Set<Int> {
    guard let (code, isMarked) = CallingCode.whole(digits), !CallingCode.keepsZero.contains(code)
    else { return [] }
    let group = signs.indices.suffix(from: open).prefix { signs[$0].kind != .close }
      .filter { signs[$0].dialled != nil || signs[$0].kind == .letter }
    // A letter that spells is none of a trunk prefix.
    let inside = String(
      decoding: group.map { signs[$0].dialled ?? UInt8(ascii: "x") }, as: UTF8.self)
    // Where nothing says that this is a country code, a zero alone in brackets does.
    guard isMarked || inside == "0" else { return [] }
    if let own = CallingCode.trunk[code], inside == own || own.count > 1 && inside.hasPrefix(own) {
      return Set(group.prefix(own.utf8.count))
    }
    return inside.first == "0" ? Set(group.prefix(1)) : []
  }
}

/// Country codes, as far as dialling needs them.
enum CallingCode {
  /// No trunk prefix: a zero at the beginning is part of the number (Italy with the Vatican, San
  /// Marino, the Vatican's own code, Côte d'Ivoire, Congo).
  static let keepsZero: Set<String> = ["39", "378", "379", "225", "242"]
  /// Trunk prefixes that are no zero alone.
  static let trunk = ["7": "8", "36": "06", "370": "8", "375": "8", "993": "8"]

  /// The length of the country code that digits without a plus begin with; nil: with none.
  static func length(_ digits: some Collection<UInt8>) -> Int? {
    guard let first = digits.first, (49...57).contains(first) else { return nil }
    if first == 49 || first == 55 { return 1 }  // +1, +7
    guard let second = digits.dropFirst().first else { return nil }
    let two = Int(first - 48) * 10 + Int(second) - 48
    let length = twoDigits.contains(two) ? 2 : 3
    return digits.count >= length ? length : nil
  }

  /// The country code that these digits are, whole, and whether a prefix says that they are one.
  static func whole(_ digits: String) -> (code: String, isMarked: Bool)? {
    var rest = Substring(digits)
    var isMarked = true
    if rest.hasPrefix("+") {
      rest = rest.dropFirst()
    } else if rest.hasPrefix("011") {
      rest = rest.dropFirst(3)
    } else if rest.hasPrefix("00") {
      rest = rest.dropFirst(2)
    } else {
      isMarked = false
    }
    guard length(rest.utf8) == rest.utf8.count else { return nil }
    return (String(rest), isMarked)
  }

  /// ITU-T E.164's country codes of two digits; all others but 1 and 7 have three.
  private static let twoDigits: Set<Int> = [
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
    57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
  ]
}
