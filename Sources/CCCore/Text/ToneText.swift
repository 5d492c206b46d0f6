// Tones as they are typed: the signs for the eye go, what is left goes out.

/// Tones of a keypad.
public enum ToneText {
  /// The most tones that go out at once.
  public static let longest = 64

  /// Why a text is no tones.
  public enum Refusal: Error, Hashable, Sendable {
    /// Something is there that is no tone.
    case other
    /// Nothing is there but what stands for the eye.
    case empty
    /// More than `longest`.
    case tooLong

    /// The refusal as one sentence.
    public var sentence: String {
      switch self {
      case .other, .empty: "Tones are 0 to 9, *, # and A to D."
      case .tooLong: "Too many tones: \(longest) go at once."
      }
    }
  }

  /// Cleans what was typed or pasted; nil: nothing is left, or something is there that is no tone.
  public static func clean(_ typed: String) -> String? { try? read(typed) }

  /// Cleans what was typed or pasted.
  ///
  /// Spaces, dashes, dots, brackets and slashes go, digits of every script fold, letters become large.
  public static func read(_ typed: String) throws(Refusal) -> String {
    guard typed.utf8.count <= DialNumber.longestText else { throw .tooLong }
    let signs: [DialSign]
    do throws(DialNumber.Refusal) { signs = try DialText(tones: typed).signs } catch {
      throw .other
    }
    var tones: [UInt8] = []
    for sign in signs {
      switch sign.kind {
      case .dialled(let byte): tones.append(byte)
      case .letter:
        guard let letter = sign.character.asciiValue.map({ $0 & 0xDF }),
          (0x41...0x44).contains(letter)
        else { throw .other }
        tones.append(letter)
      case .open, .close, .slash, .dash, .dot, .space, .gap: break
      case .plus, .pause, .other: throw .other
      }
    }
    guard !tones.isEmpty else { throw .empty }
    guard tones.count <= longest else { throw .tooLong }
    return String(decoding: tones, as: UTF8.self)
  }
}
