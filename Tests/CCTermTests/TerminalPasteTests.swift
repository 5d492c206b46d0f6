// Pastes: in brackets, without them, without end, and too large.

import CCCore
import CCView
import Testing

@testable import CCTerm

struct TerminalPasteTests {
  @Test func anEnterInTheSameReadNeverDials() {
    var reader = KeyReader()
    #expect(reader.feed("13212345678\r".utf8, at: 0) == [.paste("13212345678\n")])
    #expect(
      reader.feed("1321234\tJohn\r\nWest\r".utf8, at: 1_000_000_000)
        == [.paste("1321234\tJohn\nWest\n")])
  }

  @Test func anEnterSoonAfterNeverDials() {
    var reader = KeyReader()
    #expect(reader.feed("132123".utf8, at: 0).count == 6)
    #expect(reader.feed("\r".utf8, at: 20_000_000) == [.paste("\n")])
    #expect(reader.feed("\r".utf8, at: 30_000_000) == [.paste("\n")])
  }

  @Test func smallPiecesAddUp() {
    var reader = KeyReader()
    for (index, byte) in "132123".utf8.enumerated() {
      _ = reader.feed([byte], at: Int64(index) * 5_000_000)
    }
    #expect(reader.feed("\r".utf8, at: 30_000_000) == [.paste("\n")])
  }

  @Test func aHandDials() {
    var reader = KeyReader()
    #expect(reader.feed("132123".utf8, at: 0).count == 6)
    #expect(reader.feed("\r".utf8, at: 20_000_001) == [.enter])
    #expect(reader.feed("12345\r".utf8, at: 1_000_000_000).last == .enter)
    var typist = KeyReader()
    for index in 0..<20 { _ = typist.feed("1".utf8, at: Int64(index) * 30_000_000) }
    #expect(typist.feed("\r".utf8, at: 600_000_000) == [.enter])
  }

  @Test func controlsInAPasteAreNoCommands() {
    var reader = KeyReader()
    #expect(reader.feed("132123\u{18}h\r".utf8, at: 0) == [.paste("132123h\n")])
    // A key with a sequence is a key: terminals let none through in a paste.
    #expect(
      reader.feed("132123\r\u{1B}[19~".utf8, at: 1_000_000_000) == [
        .paste("132123\n"), .function(8),
      ])
  }

  @Test func aPasteWhoseEndIsLostEndsInSilence() {
    var reader = KeyReader()
    #expect(reader.feed("\u{1B}[200~123".utf8, at: 0) == [])
    #expect(reader.feed("456".utf8, at: 900_000_000) == [])
    #expect(reader.deadline == 1_900_000_000)
    #expect(reader.flush(at: 1_900_000_000) == [.paste("123456")])
    #expect(reader.feed("7".utf8, at: 1_900_000_001) == [.character("7")])
  }

  @Test func aPasteIsCappedAndSwallowedToItsEnd() {
    var reader = KeyReader()
    let text = String(repeating: "0123456789abcdef", count: KeyReader.pasteLimit / 16 + 100)
    let keys = reader.feed("\u{1B}[200~\(text)\u{1B}[201~x".utf8, at: 0)
    #expect(keys == [.paste(String(text.prefix(KeyReader.pasteLimit))), .character("x")])
  }

  @Test func randomBytesNeverBecomeControls() {
    var random = SplitMix(seed: 7)
    var reader = KeyReader()
    var now: Int64 = 0
    var left = 100_000
    while left > 0 {
      // Now and then what sequences are made of, which chance alone seldom hits.
      let spice: [UInt8] = [0x1B, 0x5B, 0x4F, 0x3B, 0x32, 0x30, 0x7E, 0x0D, 0x24]
      let bytes = (0..<Int(random.next() % 40)).map { _ in
        random.next() % 3 == 0 ? spice[Int(random.next() % 9)] : UInt8(random.next() & 0xFF)
      }
      left -= bytes.count + 1
      now += Int64(random.next() % 60_000_000)
      for key in reader.feed(bytes, at: now) + reader.flush(at: now) {
        guard case .character(let character) = key else { continue }
        let isControl = character.unicodeScalars.contains {
          $0.value < 0x20 || (0x7F..<0xA0).contains($0.value)
        }
        #expect(!isControl)
      }
    }
    _ = reader.flush(at: now + 10_000_000_000)
    #expect(reader.feed("a".utf8, at: now + 20_000_000_000).last == .character("a"))
  }

  /// Six bytes are a burst, five are not, whatever letters they are.
  @Test func howMuchIsNoTyping() {
    for (text, isPaste) in [
      ("12345", false), ("123456", true), ("你1", false), ("你好", true), ("éé1", false),
      ("ééé", true), ("😀1", false), ("😀12", true),
    ] {
      var reader = KeyReader()
      let keys = reader.feed((text + "\r").utf8, at: 0)
      #expect(keys == (isPaste ? [.paste(text + "\n")] : text.map { .character($0) } + [.enter]))
      // Its Enter in a read of its own, at the last moment that belongs to it and after it.
      for (after, isLate) in [(20_000_000, false), (20_000_001, true)] as [(Int64, Bool)] {
        var other = KeyReader()
        _ = other.feed(text.utf8, at: 0)
        #expect(
          other.feed("\r".utf8, at: after) == [isPaste && !isLate ? .paste("\n") : .enter],
          "\(text)")
      }
    }
  }

  /// Keys that are no text do not draw a paste out: the Enter behind them is pressed.
  @Test func aKeyBetweenIsNoPaste() {
    var reader = KeyReader()
    _ = reader.feed("123456".utf8, at: 0)
    #expect(reader.feed("\u{1B}[D".utf8, at: 15_000_000) == [.left])
    #expect(reader.feed("\r".utf8, at: 30_000_000) == [.enter])
    // A line end of a paste does: the next one still belongs to it.
    _ = reader.feed("123456\n".utf8, at: 1_000_000_000)
    #expect(reader.feed("\n".utf8, at: 1_020_000_000) == [.paste("\n")])
    #expect(reader.feed("\n".utf8, at: 1_040_000_001) == [.control("j")])
    // After a pause it is counted anew.
    _ = reader.feed("1".utf8, at: 2_000_000_000)
    _ = reader.feed("23456".utf8, at: 2_020_000_001)
    #expect(reader.feed("\r".utf8, at: 2_020_000_002) == [.enter])
  }

  /// Keys with a sequence keep their places between what was pasted; without a line end text is text.
  @Test func aBurstWithKeysInIt() {
    var reader = KeyReader()
    #expect(
      reader.feed("ab\u{1B}[Acd\r\u{1B}[B\u{1B}[19~ef".utf8, at: 0) == [
        .character("a"), .character("b"), .up, .paste("cd\n"), .down, .function(8),
        .character("e"), .character("f"),
      ])
    #expect(
      reader.feed("\u{1B}[A123456\r".utf8, at: 1_000_000_000) == [.up, .paste("123456\n")])
    #expect(reader.feed("123\t\u{7F}456".utf8, at: 2_000_000_000).count == 8, "no line end")
    #expect(
      reader.feed("123\t\u{7F}\u{01}456\n".utf8, at: 3_000_000_000) == [.paste("123\t456\n")])
  }

  @Test(arguments: [
    ("", ""), ("a", "a"), ("\r", "\n"), ("\n", "\n"), ("\r\n", "\n"), ("\n\r", "\n\n"),
    ("\r\r", "\n\n"), ("\n\n", "\n\n"), ("\r\n\r\n", "\n\n"), ("\nx\r", "\nx\n"),
    ("a\r\n\nb", "a\n\nb"), ("a\rb\n", "a\nb\n"), ("é\r\nü", "é\nü"),
    ("\u{0B}\u{0C}\u{0E}\r", "\u{0B}\u{0C}\u{0E}\n"),
  ])
  func lineEndsArePlain(_ pasted: String, _ plain: String) {
    var reader = KeyReader()
    #expect(
      reader.feed("\u{1B}[200~\(pasted)\u{1B}[201~".utf8, at: 0).map(\.self) == [.paste(plain)])
  }

  /// What looks like the end of a paste is a part of it, until the end itself.
  @Test func onlyTheEndEndsAPaste() {
    for text in ["~", "201~", "[201~", "\u{1B}[200~", "\u{1B}[201", "\u{1B}[20\u{1B}", "a~b~"] {
      var reader = KeyReader()
      #expect(
        reader.feed("\u{1B}[200~\(text)\u{1B}[201~k".utf8, at: 0) == [
          .paste(text), .character("k"),
        ])
    }
  }

  @Test func theLimitFromBothSides() {
    for more in [-1, 0, 1, 5, 6, 7, 8, 100] {
      let text = String(repeating: "x", count: KeyReader.pasteLimit + more - 1) + "y"
      var reader = KeyReader()
      let keys = reader.feed("\u{1B}[200~\(text)\u{1B}[201~k".utf8, at: 0)
      let isKept = keys == [.paste(String(text.prefix(KeyReader.pasteLimit))), .character("k")]
      #expect(isKept, "\(more) more than the limit")
    }
    #expect(KeyReader.pasteLimit == 1_048_576)
  }

  /// Each byte renews the wait, and what came is there when it is over.
  @Test func silenceIsCountedFromTheLastByte() {
    var reader = KeyReader()
    var now: Int64 = 0
    _ = reader.feed("\u{1B}[200~".utf8, at: now)
    for _ in 0..<5 {
      now += 999_999_999
      #expect(reader.feed("1".utf8, at: now) == [] && reader.deadline == now + 1_000_000_000)
    }
    #expect(reader.feed("2".utf8, at: now + 1_000_000_000) == [.paste("11111"), .character("2")])
    #expect(reader.deadline == nil)
  }
}
