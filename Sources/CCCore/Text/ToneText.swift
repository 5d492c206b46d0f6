// Tones as they are typed: the signs for the eye go, what is left goes out.

/// Tones of a keypad.
public enum ToneText {
  /// The most tones that go out at once.
  public static let longest = 64

  /// Cleans what was typed or pasted; nil: nothing is left, or something is there that is no tone.
  ///
  /// Spaces, dashes, dots, brackets and slashes go, digits of every script fold, letters become large.
  public static func clean(_ typed: String) -> String? {
    guard typed.utf8.count <= DialNumber.longestText else { return nil }
    var tones: [UInt8] = []
    do throws(DialNumber.Refusal) {
      for sign in try DialText(tones: typed).signs {
        switch sign.kind {
        case .dialled(let byte): tones.append(byte)
        case .letter:
          guard let letter = sign.character.asciiValue.map({ $0 & 0xDF }),
            (0x41...0x44).contains(letter)
          else { return nil }
          tones.append(letter)
        case .open, .close, .slash, .dash, .dot, .space, .gap: break
        case .plus, .pause, .other: return nil
        }
      }
    } catch { return nil }
    return (1...longest).contains(tones.count) ? String(decoding: tones, as: UTF8.self) : nil
  }
}
