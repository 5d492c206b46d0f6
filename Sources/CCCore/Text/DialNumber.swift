// A number to dial: cleaned as typed, refused by name, with the tones that belong behind it.

/// A number that may be dialled (design section 5, "Dialling").
///
/// All kinds of spaces and dashes and `().-/` go, marks without width go, every decimal digit of
/// Unicode folds, `tel:` and `callto:` go with their percent signs and parameters, a leading `+`
/// stays; ASCII digits, `*` and `#` are left. A trunk zero in brackets behind a country code goes
/// where that country has one. An extension and what stands behind a pause are kept apart, as tones.
/// Two numbers, letters and `sip:` are refused by name.
public struct DialNumber: Hashable, Sendable {
  /// What will be sent: ASCII digits, `*` and `#`, behind a `+` where there is one.
  public let digits: String
  /// What is to be sent as tones after the answer, in ASCII; a comma stands where a pause does.
  ///
  /// Empty: nothing.
  public let tones: String

  /// Why a text is no number.
  public enum Refusal: Error, Hashable, Sendable {
    /// Nothing is left after cleaning.
    case empty
    /// A letter, or another character that no number has.
    case character(Character)
    /// A mark that changes what it stands on; nil: it stands on nothing.
    case mark(Unicode.Scalar, on: Character?)
    /// `sip:` and `sips:` addresses are the line's business.
    case address
    /// A `+` that is not the first character.
    case plus
    /// More digits than any number has (`DialNumber.longest`).
    case tooLong
    /// More than one number: joined they would be a third.
    case twoNumbers
    /// What stands behind a whole number, in brackets or as hours do: whether it is dialled nobody can tell.
    case behind(String)
    /// More digits than the numbers of a country code have.
    case tooManyDigits(Int, code: String, most: Int)
    /// Letters of a keypad, and the number that they spell: offered, never sent by itself.
    case letters(DialNumber)

    /// The refusal as one sentence.
    public var sentence: String {
      switch self {
      case .empty: "No number."
      case .character(let character):
        "\u{201C}\(SafeText(String(character)).string)\u{201D} is not part of a number: digits, +, * and # are."
      case .mark(let mark, let base):
        "A mark stands \(base.map { "on the \(SafeText(String($0)).string)" } ?? "alone")"
          + " (\(mark.properties.name?.lowercased() ?? "no name")): type the digit without it."
      case .address: "A sip: address cannot be dialled: type a number."
      case .plus: "A + stands only at the beginning of a number."
      case .tooLong: "Too long: a number has at most \(DialNumber.longest) digits."
      case .twoNumbers: "These are two numbers: leave one of them."
      case .behind(let note):
        "\u{201C}\(SafeText(note, limit: 20).string)\u{201D} stands behind the number: leave the number alone."
      case .tooManyDigits(let count, let code, let most):
        "A number behind +\(code) has \(most) digits, this one has \(count): leave the number alone."
      case .letters(let number): "Letters are not sent; they spell \(number.spelledPreview)."
      }
    }
  }

  /// The most digits that are sent; feature codes and extensions leave room beyond E.164's 15.
  public static let longest = 32

  /// No text of a number is longer, in bytes, whatever stands in it for the eye.
  static let longestText = 1_024

  /// A number that was cleaned before.
  public init(digits: String, tones: String = "") {
    self.digits = digits
    self.tones = tones
  }

  /// Cleans what was typed or pasted; throws the refusal that names what is wrong.
  public static func clean(_ typed: String) throws(Refusal) -> DialNumber {
    guard typed.utf8.count <= longestText else { throw .tooLong }
    let text = try DialText(typed)
    return try DialReading(text).number()
  }

  /// The number that a text with letters spells on a keypad, where that is all that is wrong with it.
  public static func offer(for typed: String) -> DialNumber? {
    do throws(Refusal) {
      _ = try clean(typed)
    } catch {
      if case .letters(let number) = error { return number }
    }
    return nil
  }

  /// What would be sent, for the eye: `+12015550123 then 5`.
  public var preview: String { tones.isEmpty ? digits : "\(digits) then \(tones)" }

  /// The same of what letters spell.
  public var spelledPreview: String { tones.isEmpty ? spelled : "\(spelled) then \(tones)" }

  /// The number and its tones as they can be typed again: `+1 201 555 0123 ext. 5`.
  public var retyped: String {
    tones.isEmpty ? grouped : "\(grouped),,\(tones.split(separator: ",").joined(separator: ",,"))"
  }

  /// A spelled number in groups: words stand for numbers in North America, so they are grouped as there.
  public var spelled: String {
    guard digits.first == "1", digits.utf8.count == 11 else { return grouped }
    return "1 " + Self.grouped("+" + digits).dropFirst(3)
  }
}
