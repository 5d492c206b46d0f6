// What the escape sequences of keyboards mean.

import CCView

/// The tables of keyboard sequences, of all the terminals we know at once.
///
/// xterm, VTE, linux, rxvt, screen, tmux and vt220 contradict one another nowhere that matters here, so
/// the terminal's type is not asked: it is often wrong, and over SSH even more often. What is not in
/// the tables is `.unknown`, never text.
enum KeySequence {
  /// The key of `ESC [ parameters final`; `parameters` are the bytes between.
  static func control(_ parameters: [UInt8], final: UInt8) -> Key {
    guard let numbers = numbers(parameters) else { return .unknown }
    let modifiers = Modifiers(numbers.count > 1 ? numbers[1] : 1)
    switch final {
    case UInt8(ascii: "~"):
      return numbered(numbers.first ?? 0, modifiers)
    case UInt8(ascii: "^"), UInt8(ascii: "@"):  // rxvt, with control
      return numbered(numbers.first ?? 0, .control)
    case UInt8(ascii: "$"):  // rxvt, with shift
      return numbered(numbers.first ?? 0, .shift)
    case UInt8(ascii: "Z"):
      return .backTab
    case UInt8(ascii: "P"), UInt8(ascii: "Q"), UInt8(ascii: "R"), UInt8(ascii: "S"):
      // `ESC [ row ; column R` is a cursor report: with a first parameter other than 1, no key.
      guard numbers.first ?? 1 == 1, modifiers.isPlain else { return .unknown }
      return .function(Int(final - UInt8(ascii: "P")) + 1)
    default:
      guard numbers.first ?? 1 == 1 else { return .unknown }
      return cursor(final, modifiers)
    }
  }

  /// The key of `ESC O parameters final`: cursor keys and keypad in their application modes, F1 to F4.
  static func single(_ parameters: [UInt8], final: UInt8) -> Key {
    guard let numbers = numbers(parameters) else { return .unknown }
    let modifiers = Modifiers(numbers.last ?? 1)
    switch final {
    case UInt8(ascii: "P")...UInt8(ascii: "S"):
      return modifiers.isPlain ? .function(Int(final - UInt8(ascii: "P")) + 1) : .unknown
    case UInt8(ascii: "M"): return .enter
    case UInt8(ascii: "I"): return .tab
    case UInt8(ascii: "X"): return .character("=")
    case UInt8(ascii: "j")...UInt8(ascii: "y"):
      // The keypad: `j` to `y` stand for `*` to `9`, in the order of ASCII.
      return .character(Character(Unicode.Scalar(final - 0x40)))
    case UInt8(ascii: "a")...UInt8(ascii: "d"):  // rxvt, with control
      return cursor(final - 0x20, .control)
    default:
      return cursor(final, modifiers)
    }
  }

  /// The key of the linux console's `ESC [ [ A` to `E`.
  static func linuxFunction(_ final: UInt8) -> Key {
    guard (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(final) else { return .unknown }
    return .function(Int(final - UInt8(ascii: "A")) + 1)
  }

  private static func cursor(_ final: UInt8, _ modifiers: Modifiers) -> Key {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): modifiers.movesByWord ? .wordRight : .right
    case UInt8(ascii: "D"): modifiers.movesByWord ? .wordLeft : .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "a")...UInt8(ascii: "d"):  // rxvt, with shift
      cursor(final - 0x20, .shift)
    default: .unknown
    }
  }

  private static func numbered(_ number: Int, _ modifiers: Modifiers) -> Key {
    switch number {
    case 1, 7: return .home
    case 4, 8: return .end
    case 3: return .delete
    case 5: return .pageUp
    case 6: return .pageDown
    default:
      // A function key with shift or control is another key: it must not do what the plain one does.
      guard modifiers.isPlain, let function = functions[number] else { return .unknown }
      return .function(function)
    }
  }

  private static let functions: [Int: Int] = [
    11: 1, 12: 2, 13: 3, 14: 4, 15: 5, 17: 6, 18: 7, 19: 8, 20: 9, 21: 10, 23: 11, 24: 12,
  ]

  /// Decimal numbers between `;`, an empty one is 1; nil where anything else stands.
  private static func numbers(_ parameters: [UInt8]) -> [Int]? {
    if parameters.isEmpty { return [] }
    var result = [Int]()
    for part in parameters.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
      guard part.count <= 5 else { return nil }
      var number = 0
      for byte in part {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
      }
      result.append(part.isEmpty ? 1 : number)
    }
    return result
  }

  /// Shift 1, Alt 2, Control 4, told as their sum plus 1; the locks, 64 and 128, are no modifiers.
  private struct Modifiers {
    static let shift = Modifiers(2)
    static let control = Modifiers(5)
    private let bits: Int

    init(_ told: Int) { bits = max(0, told - 1) & 63 }

    var isPlain: Bool { bits == 0 }
    var movesByWord: Bool { bits & 6 != 0 }
  }
}
