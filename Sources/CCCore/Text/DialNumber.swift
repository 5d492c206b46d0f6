// A number to dial: cleaned as typed, refused by name, grouped for the eye.

/// A number that may be dialled (design section 5, "Dialling").
///
/// All kinds of spaces and dashes and `().-/` go, full-width digits fold, `tel:` goes, a leading `+`
/// stays; digits, `*` and `#` are left. Letters and `sip:` are refused by name.
public struct DialNumber: Hashable, Sendable {
  /// What will be sent.
  public let digits: String

  /// Why a text is no number.
  public enum Refusal: Error, Hashable, Sendable {
    /// Nothing is left after cleaning.
    case empty
    /// A letter, or another character that no number has.
    case character(Character)
    /// `sip:` and `sips:` addresses are the line's business.
    case address
    /// A `+` that is not the first character.
    case plus
    /// More digits than any number has (`DialNumber.longest`).
    case tooLong

    /// The refusal as one sentence.
    public var sentence: String {
      switch self {
      case .empty: "No number."
      case .character(let character):
        "\u{201C}\(SafeText(String(character)).string)\u{201D} is not part of a number: digits, +, * and # are."
      case .address: "A sip: address cannot be dialled: type a number."
      case .plus: "A + stands only at the beginning of a number."
      case .tooLong: "Too long: a number has at most \(DialNumber.longest) digits."
      }
    }
  }

  /// The most digits that are sent; feature codes and extensions leave room beyond E.164's 15.
  public static let longest = 32
}

extension DialNumber {
  /// Cleans what was typed or pasted; throws the refusal that names what is wrong.
  public static func clean(_ typed: String) throws(Refusal) -> DialNumber {
    var rest = Substring(typed)
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    let start = rest.prefix(5).lowercased()
    if start.hasPrefix("sip:") || start.hasPrefix("sips:") { throw .address }
    if start.hasPrefix("tel:") { rest = rest.dropFirst(4) }
    var digits = ""
    for character in rest {
      switch fold(character) {
      case nil: continue
      case "+"?:
        guard digits.isEmpty else { throw .plus }
        digits.append("+")
      case let kept?:
        guard isDialled(kept) else { throw .character(character) }
        digits.append(kept)
      }
    }
    guard digits.contains(where: isDialled) else { throw .empty }
    guard digits.count <= longest else { throw .tooLong }
    return DialNumber(digits: digits)
  }

  /// Whether two numbers name the same telephone, as far as digits can tell.
  ///
  /// A `calledNumber` may have lost its plus, its zeros or its country code (browser notes, section 4):
  /// both sides are stripped to digits without leading zeros, and seven equal last digits are enough
  /// where one is the end of the other.
  public static func same(_ one: String, _ two: String) -> Bool {
    let one = core(one)
    let two = core(two)
    if one == two { return true }
    guard min(one.count, two.count) >= 7 else { return false }
    return one.hasSuffix(two) || two.hasSuffix(one)
  }

  private static func core(_ text: String) -> String {
    String(text.unicodeScalars.filter { ("0"..."9").contains($0) }.drop { $0 == "0" })
  }

  /// The character as it is dialled; nil for what is only there for the eye.
  private static func fold(_ character: Character) -> Character? {
    if isSpace(character) || isDash(character) { return nil }
    switch character {
    case "(", ")", ".", "/", "\u{FF08}", "\u{FF09}", "\u{FF0E}", "\u{FF0F}": return nil
    case "\u{FF0B}": return "+"
    case "\u{FF0A}": return "*"
    case "\u{FF03}": return "#"
    default: break
    }
    guard character.unicodeScalars.count == 1, let scalar = character.unicodeScalars.first,
      (0xFF10...0xFF19).contains(scalar.value), let digit = Unicode.Scalar(scalar.value - 0xFEE0)
    else { return character }
    return Character(digit)
  }

  private static func isDialled(_ character: Character) -> Bool {
    character == "*" || character == "#" || ("0"..."9").contains(character)
  }

  /// Spaces of every kind, and the invisible marks that a copied number brings along.
  private static func isSpace(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .spaceSeparator, .lineSeparator, .paragraphSeparator, .format: true
      default: (0x09...0x0D).contains(scalar.value)
      }
    }
  }

  private static func isDash(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy {
      $0.properties.generalCategory == .dashPunctuation || $0 == "\u{2212}"
    }
  }
}
