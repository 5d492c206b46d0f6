// Every byte and every sequence of a keyboard, each with what it must mean.

import CCView
import Testing

@testable import CCTerm

struct TerminalByteTests {
  private func keys(_ bytes: [UInt8]) -> [Key] {
    var reader = KeyReader()
    return reader.feed(bytes, at: 0)
  }

  private func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

  /// The same, with a letter behind it that must be typed: nothing is left open.
  private func whole(
    _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) -> [Key] {
    var keys = keys(bytes + Array("k".utf8))
    #expect(keys.popLast() == .character("k"), "\(bytes)", sourceLocation: sourceLocation)
    return keys
  }

  private func whole(
    _ text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) -> [Key] {
    whole(Array(text.utf8), sourceLocation: sourceLocation)
  }

  // MARK: Bytes

  @Test func everyByteAlone() {
    let controls = "@abcdefghijklmnopqrstuvwxyz[\\]^_"
    for (value, letter) in zip(UInt8(0)..., controls) {
      let key: Key? =
        switch value {
        case 8: .backspace
        case 9: .tab
        case 13: .enter
        case 27: nil  // it begins something
        default: .control(letter)
        }
      #expect(keys([value]) == (key.map { [$0] } ?? []), "\(value)")
    }
    for value in UInt8(0x20)...0x7E {
      #expect(whole([value]) == [.character(Character(Unicode.Scalar(value)))])
    }
    #expect(whole([0x7F]) == [.backspace])
    for value in UInt8(0x80)...0xFF {
      if (0xC2...0xF4).contains(value) {
        #expect(keys([value]) == [], "\(value) begins a character")
        #expect(whole([value]) == [.unknown], "and is none without its end")
      } else {
        #expect(whole([value]) == [.unknown])
      }
    }
  }

  /// RFC 3629: every form of two, three and four bytes, right and wrong; C1 controls are no text.
  @Test func everyFormOfUTF8() {
    func check(_ bytes: [UInt8], _ bits: Int, least: Int) {
      let value = bytes.dropFirst().reduce(Int(bytes[0]) & bits) { $0 << 6 | Int($1) & 0x3F }
      let scalar = value >= least ? UInt32(exactly: value).flatMap(Unicode.Scalar.init) : nil
      let key = scalar.flatMap { $0.value >= 0xA0 ? Key.character(Character($0)) : nil }
      let got = keys(bytes + [0x6B])
      if got != [key ?? .unknown, .character("k")] { Issue.record("\(bytes): \(got)") }
    }
    let middles = Array(UInt8(0x80)...0xBF)
    let ends: [UInt8] = [0x80, 0x81, 0xBD, 0xBE, 0xBF]
    for first in UInt8(0xC2)...0xDF {
      for second in middles { check([first, second], 0x1F, least: 0x80) }
    }
    for first in UInt8(0xE0)...0xEF {
      for second in middles {
        for third in ends { check([first, second, third], 0xF, least: 0x800) }
      }
    }
    for first in UInt8(0xF0)...0xF4 {
      for second in middles {
        for third in ends {
          for fourth in ends { check([first, second, third, fourth], 7, least: 0x10000) }
        }
      }
    }
    // What breaks a character off is taken for itself.
    for start in [[0xC3], [0xE4], [0xE4, 0xBD], [0xF0, 0x9F], [0xF0, 0x9F, 0x98]] as [[UInt8]] {
      #expect(keys(start + [0x41]) == [.unknown, .character("A")])
      #expect(keys(start + [0x0D]) == [.unknown, .enter])
      #expect(keys(start + [0xC3, 0xA9]) == [.unknown, .character("é")])
      #expect(keys(start + [0xFF]) == [.unknown, .unknown])
      #expect(keys(start + Array("\u{1B}[A".utf8)) == [.unknown, .up])
    }
  }

  @Test func altWithEveryByte() {
    let open = Set("[O]P_^X\u{1B}".utf8)
    for value in UInt8(0)...0xFF {
      if open.contains(value) || (0xC2...0xF4).contains(value) {
        #expect(keys([0x1B, value]) == [], "\(value)")
      } else {
        #expect(whole([0x1B, value]) == [.unknown], "\(value)")
      }
    }
    // A letter of any length is eaten whole.
    for letter in [
      "\u{A0}", "\u{7FF}", "\u{800}", "\u{FFFD}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
    ] {
      #expect(whole("\u{1B}\(letter)") == [.unknown], "\(letter)")
    }
    #expect(keys([0x1B, 0xC3, 0x41]) == [.unknown, .character("A")])
    for start in ["]", "P", "_", "^", "X"] {
      #expect(whole("\u{1B}\(start)1;2abc\u{07}") == [.unknown], "\(start)")
      #expect(whole("\u{1B}\(start)1;2é\r\n\u{03}\u{1B}\\") == [.unknown], "\(start)")
      #expect(whole("\u{1B}\(start)x\u{1B}[A") == [.up], "cut off by a key: \(start)")
    }
    #expect(keys("\u{1B}\u{1B}\u{1B}") == [.escape], "two more may begin something")
    #expect(whole("\u{1B}\u{1B}\u{1B}[A") == [.escape, .up])
  }

  // MARK: Sequences

  private static let cursor: [Character: Key] = [
    "A": .up, "B": .down, "C": .right, "D": .left, "H": .home, "F": .end,
  ]

  /// `ESC [ final`, `ESC [ 1 ; 5 final` and `ESC [ 2 final` with every final there is.
  @Test func everyFinal() {
    for value in UInt8(0x40)...0x7E {
      let final = Character(Unicode.Scalar(value))
      guard !"[M".contains(final) else { continue }  // these go on
      var plain = Self.cursor[final] ?? .unknown
      if "abcd".contains(final) { plain = Self.cursor[Character(final.uppercased())] ?? .unknown }
      if "PQRS".contains(final) { plain = .function(Int(value) - 0x4F) }
      if final == "Z" { plain = .backTab }
      let word: [Character: Key] = ["C": .wordRight, "D": .wordLeft]
      let withControl = "PQRS".contains(final) ? .unknown : word[final] ?? plain
      // A number in front of ~, ^ or @ is the key itself.
      let isNumbered = "~^@".contains(final)
      #expect(whole("\u{1B}[\(final)") == [isNumbered ? .unknown : plain], "\(final)")
      #expect(whole("\u{1B}[1;5\(final)") == [isNumbered ? .home : withControl], "\(final)")
      let other: Key = final == "Z" ? .backTab : .unknown
      #expect(whole("\u{1B}[2\(final)") == [other], "2\(final)")
      #expect(whole("\u{1B}[2;5\(final)") == [other], "2;5\(final)")
    }
    #expect(whole("\u{1B}[1[") == [.unknown] && whole("\u{1B}[1M") == [.unknown])
  }

  /// `ESC [ number ~` and its kin: the number is the key; a function key with more is none.
  @Test func everyNumber() {
    let named: [Int: Key] = [
      1: .home, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    ]
    let functions = [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24]
    for number in 0...40 {
      let function = functions.firstIndex(of: number).map { Key.function($0 + 1) }
      let plain = named[number] ?? function ?? .unknown
      let more = named[number] ?? .unknown
      #expect(whole("\u{1B}[\(number)~") == [plain], "\(number)")
      for end in ["^", "@", "$"] { #expect(whole("\u{1B}[\(number)\(end)") == [more], "\(number)") }
      for modifier in 0...257 {
        // 1 is none; the locks, 64 and 128, are none either.
        let isPlain = modifier == 0 || (modifier - 1) & 63 == 0
        let got = keys("\u{1B}[\(number);\(modifier)~")
        if got != [isPlain ? plain : more] { Issue.record("\(number);\(modifier)~: \(got)") }
      }
    }
    #expect(keys("\u{1B}[00015~") == [.function(5)], "five digits are a number")
    #expect(keys("\u{1B}[000015~") == [.unknown], "six are none")
    #expect(keys("\u{1B}[~") == [.unknown] && keys("\u{1B}[;~") == [.home])
    for sign in ["?", "<", "=", ">", ":", "/", "!", " "] {
      #expect(whole("\u{1B}[\(sign)15~") == [.unknown] && whole("\u{1B}[15\(sign)~") == [.unknown])
      #expect(whole("\u{1B}[15;\(sign)1~") == [.unknown], "\(sign)")
    }
  }

  /// Alt and Control move by words, Shift does not; F1 to F4 with anything are none.
  @Test func everyModifier() {
    for told in 0...129 {
      let bits = told == 0 ? 0 : (told - 1) & 63
      let byWord = bits & 6 != 0
      for begin in ["\u{1B}[1;\(told)", "\u{1B}O\(told)", "\u{1B}O1;\(told)"] {
        #expect(keys(begin + "C") == [byWord ? .wordRight : .right], "\(told)")
        #expect(keys(begin + "D") == [byWord ? .wordLeft : .left], "\(told)")
        #expect(keys(begin + "A") == [.up] && keys(begin + "H") == [.home])
        for (place, final) in "PQRS".enumerated() {
          #expect(keys(begin + "\(final)") == [bits == 0 ? .function(place + 1) : .unknown])
        }
      }
    }
  }

  /// `ESC O final`: cursor keys, keypad, F1 to F4.
  @Test func everyFinalOfTheKeypad() {
    for value in UInt8(0x20)...0x7E {
      let final = Character(Unicode.Scalar(value))
      guard !("0"..."9").contains(final), final != ";" else { continue }
      var key = Self.cursor[final] ?? .unknown
      switch final {
      case "P"..."S": key = .function(Int(value) - 0x4F)
      case "M": key = .enter
      case "I": key = .tab
      case "X": key = .character("=")
      // VT220: j to y are the keys * to 9, in the order of ASCII.
      case "j"..."y": key = .character(Array("*+,-./0123456789")[Int(value) - 0x6A])
      case "a", "b": key = Self.cursor[Character(final.uppercased())] ?? .unknown
      case "c": key = .wordRight
      case "d": key = .wordLeft
      default: break
      }
      #expect(whole("\u{1B}O\(final)") == [key], "\(final)")
    }
    for (number, final) in "ABCDE".enumerated() {
      #expect(whole("\u{1B}[[\(final)") == [.function(number + 1)])
    }
    for final in ["@", "F", "a", "1", "~"] { #expect(whole("\u{1B}[[\(final)") == [.unknown]) }
  }

  /// rxvt's `$` ends a number; anywhere else it is a part of what comes.
  @Test func aDollarEndsANumberOnly() {
    #expect(whole("\u{1B}[3$") == [.delete] && whole("\u{1B}[0$") == [.unknown])
    #expect(whole("\u{1B}[90$") == [.unknown])
    for part in ["", "1;2", "?2026;2", ":", "/", "1/2", "3:"] {
      #expect(whole("\u{1B}[\(part)$y") == [.unknown], "\(part)")
    }
  }

  /// The old mouse report is three bytes whatever they are.
  @Test func aMouseIsNoKey() {
    for report in ["   ", "\u{1B}\u{03}\r", "abc", "[MO"] {
      #expect(whole("\u{1B}[M\(report)") == [.unknown])
      #expect(keys("\u{1B}[M\(report.dropLast())") == [])
    }
  }

  @Test func whatBreaksASequenceOffCounts() {
    for begin in ["\u{1B}[", "\u{1B}[1", "\u{1B}[1;5", "\u{1B}O", "\u{1B}O1"] {
      #expect(keys(begin + "\u{7F}") == [.unknown, .backspace])
      #expect(keys(begin + "\u{1F}") == [.unknown, .control("_")])
      #expect(keys(begin + "é") == [.unknown, .character("é")])
      #expect(keys(begin + "\r") == [.unknown, .enter])
      #expect(keys(begin + "\u{1B}[B") == [.unknown, .down])
    }
  }
}
