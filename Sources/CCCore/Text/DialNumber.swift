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
    DialNumber(digits: typed)
  }

  /// The number in groups for the eye: `132 1234 5678`.
  public var grouped: String { Self.grouped(digits) }

  /// Any number's text in groups for the eye; what is no number is left as it is.
  public static func grouped(_ text: String) -> String { text }
}
