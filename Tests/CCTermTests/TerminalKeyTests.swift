// The keys that bytes mean, however they are split on their way.

import CCView
import Testing

@testable import CCTerm

struct TerminalKeyTests {
  /// What terminals send, and what it means.
  static let table: [(bytes: String, keys: [Key])] = [
    ("a", [.character("a")]), (" ", [.character(" ")]), ("é", [.character("é")]),
    ("你好", [.character("你"), .character("好")]), ("😀", [.character("😀")]),
    ("\u{01}", [.control("a")]), ("\u{03}", [.control("c")]), ("\u{18}", [.control("x")]),
    ("\u{1A}", [.control("z")]), ("\u{1F}", [.control("_")]), ("\u{00}", [.control("@")]),
    ("\r", [.enter]), ("\n", [.control("j")]), ("\t", [.tab]), ("\u{7F}", [.backspace]),
    ("\u{08}", [.backspace]),
    // cursor keys: normal, application, with modifiers, rxvt's
    ("\u{1B}[A", [.up]), ("\u{1B}[B", [.down]), ("\u{1B}[C", [.right]), ("\u{1B}[D", [.left]),
    ("\u{1B}OA", [.up]), ("\u{1B}OB", [.down]), ("\u{1B}OC", [.right]), ("\u{1B}OD", [.left]),
    ("\u{1B}[1;5D", [.wordLeft]), ("\u{1B}[1;5C", [.wordRight]), ("\u{1B}[1;3D", [.wordLeft]),
    ("\u{1B}[1;3C", [.wordRight]), ("\u{1B}[1;2D", [.left]), ("\u{1B}[1;2A", [.up]),
    ("\u{1B}Od", [.wordLeft]), ("\u{1B}Oc", [.wordRight]), ("\u{1B}[d", [.left]),
    ("\u{1B}O5C", [.wordRight]), ("\u{1B}O1;5D", [.wordLeft]), ("\u{1B}[1;65C", [.right]),
    ("\u{1B}[Z", [.backTab]), ("\u{1B}[1;2Z", [.backTab]),
    // home, end and their neighbours: xterm, linux and vt220, rxvt
    ("\u{1B}[H", [.home]), ("\u{1B}[F", [.end]), ("\u{1B}OH", [.home]), ("\u{1B}OF", [.end]),
    ("\u{1B}[1~", [.home]), ("\u{1B}[4~", [.end]), ("\u{1B}[7~", [.home]), ("\u{1B}[8~", [.end]),
    ("\u{1B}[1;5H", [.home]), ("\u{1B}[7^", [.home]), ("\u{1B}[8$", [.end]), ("\u{1B}[8@", [.end]),
    ("\u{1B}[3~", [.delete]), ("\u{1B}[3;5~", [.delete]), ("\u{1B}[3$", [.delete]),
    ("\u{1B}[5~", [.pageUp]), ("\u{1B}[6~", [.pageDown]),
    // F1 to F12: xterm, vt220 and rxvt, linux
    ("\u{1B}OP", [.function(1)]), ("\u{1B}OQ", [.function(2)]), ("\u{1B}OR", [.function(3)]),
    ("\u{1B}OS", [.function(4)]), ("\u{1B}[15~", [.function(5)]), ("\u{1B}[17~", [.function(6)]),
    ("\u{1B}[18~", [.function(7)]), ("\u{1B}[19~", [.function(8)]), ("\u{1B}[20~", [.function(9)]),
    ("\u{1B}[21~", [.function(10)]), ("\u{1B}[23~", [.function(11)]),
    ("\u{1B}[24~", [.function(12)]), ("\u{1B}[11~", [.function(1)]), ("\u{1B}[14~", [.function(4)]),
    ("\u{1B}[[A", [.function(1)]), ("\u{1B}[[E", [.function(5)]), ("\u{1B}[P", [.function(1)]),
    // keypad in its application mode
    ("\u{1B}Oq", [.character("1")]), ("\u{1B}Oy", [.character("9")]),
    ("\u{1B}Oj", [.character("*")]),
    ("\u{1B}Ok", [.character("+")]), ("\u{1B}OM", [.enter]),
    // what is a key and means nothing here: never text
    ("\u{1B}[19;2~", [.unknown]), ("\u{1B}[1;5P", [.unknown]), ("\u{1B}[25~", [.unknown]),
    ("\u{1B}[2~", [.unknown]), ("\u{1B}[97;5u", [.unknown]), ("\u{1B}[27;5;106~", [.unknown]),
    ("\u{1B}[I", [.unknown]), ("\u{1B}[?62;1;6c", [.unknown]), ("\u{1B}[>0;95;0c", [.unknown]),
    ("\u{1B}[<0;12;7M", [.unknown]), ("\u{1B}[M !!", [.unknown]), ("\u{1B}[12;40R", [.unknown]),
    ("\u{1B}[?2026;2$y", [.unknown]), ("\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{07}", [.unknown]),
    ("\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{1B}\\", [.unknown]), ("\u{1B}P1+r436F\u{1B}\\", [.unknown]),
    ("\u{1B}x", [.unknown]), ("\u{1B}é", [.unknown]), ("\u{1B}\r", [.unknown]),
    ("\u{1B}\u{1B}[D", [.left]), ("\u{85}", [.unknown]),
    ("\u{1B}[999999;99999999999999999999~", [.unknown]),
    // pastes in brackets
    ("\u{1B}[200~132 1234\r\n5678\u{1B}[201~", [.paste("132 1234\n5678")]),
    ("\u{1B}[200~\u{1B}[201~", [.paste("")]),
    ("\u{1B}[200~a\u{1B}[19~b\u{1B}[201~c", [.paste("a\u{1B}[19~b"), .character("c")]),
    ("\u{1B}[201~a", [.character("a")]),
  ]

  @Test(arguments: table.map { Pair(bytes: Array($0.bytes.utf8), keys: $0.keys) })
  func everySplitGivesTheSameKeys(_ pair: Pair) {
    var whole = KeyReader()
    #expect(whole.feed(pair.bytes, at: 0) == pair.keys)
    #expect(whole.deadline == nil)
    for cut in 1..<max(2, pair.bytes.count) {
      var reader = KeyReader()
      // A millisecond between the two pieces, as on a busy network.
      let keys =
        reader.feed(pair.bytes.prefix(cut), at: 0)
        + reader.feed(pair.bytes.dropFirst(cut), at: 1_000_000)
      #expect(keys == pair.keys, "cut at \(cut)")
    }
    var reader = KeyReader()
    let keys = pair.bytes.enumerated().flatMap { reader.feed([$1], at: Int64($0) * 1_000_000) }
    #expect(keys == pair.keys, "byte by byte")
  }

  /// Bytes and what they mean.
  struct Pair: CustomTestStringConvertible, Sendable {
    let bytes: [UInt8]
    let keys: [Key]
    var testDescription: String { String(decoding: bytes, as: UTF8.self).debugDescription }
  }

  @Test func aLoneEscapeIsTheKeyAfter25Milliseconds() {
    var reader = KeyReader()
    #expect(reader.feed([0x1B], at: 0) == [])
    #expect(reader.deadline == 25_000_000)
    #expect(reader.flush(at: 24_999_999) == [])
    #expect(reader.flush(at: 25_000_000) == [.escape])
    #expect(reader.feed("x".utf8, at: 30_000_000) == [.character("x")])
  }

  @Test func twoEscapesAreTwo() {
    var reader = KeyReader()
    #expect(reader.feed([0x1B, 0x1B], at: 0) == [])
    #expect(reader.flush(at: 25_000_000) == [.escape, .escape])
  }

  @Test(arguments: [
    ("[19~", [Key.function(8)]), ("OP", [.function(1)]), ("[A", [.up]), ("[97;5u", [.unknown]),
    ("Oz", [.unknown]), ("hello", "hello".map { .character($0) }),
  ])
  func aTornSequenceIsNeverText(_ row: (rest: String, keys: [Key])) {
    for wait in [26, 100, 499] as [Int64] {
      var reader = KeyReader()
      #expect(reader.feed([0x1B], at: 0) == [])
      #expect(reader.flush(at: 25_000_000) == [.escape])
      #expect(reader.feed(row.rest.utf8, at: wait * 1_000_000) == row.keys)
    }
    // Byte by byte, each after another 200 ms.
    var reader = KeyReader()
    var now: Int64 = 0
    var keys = reader.feed([0x1B], at: now)
    for byte in row.rest.utf8 {
      now += 200_000_000
      keys += reader.flush(at: now) + reader.feed([byte], at: now)
    }
    #expect(keys == [.escape] + row.keys)
  }

  @Test func afterHalfASecondItIsText() {
    var reader = KeyReader()
    _ = reader.feed([0x1B], at: 0)
    #expect(reader.flush(at: 25_000_000) == [.escape])
    #expect(reader.deadline == 500_000_000)
    #expect(reader.flush(at: 500_000_000) == [])
    #expect(reader.feed("[A".utf8, at: 501_000_000) == [.character("["), .character("A")])
  }

  @Test func aCapitalOAfterEscapeIsTyped() {
    var reader = KeyReader()
    _ = reader.feed([0x1B], at: 0)
    _ = reader.flush(at: 25_000_000)
    #expect(reader.feed("O".utf8, at: 100_000_000) == [])
    #expect(reader.flush(at: 600_000_000) == [.character("O")])
  }

  @Test func aSequenceWithoutEndIsDropped() {
    for begin in ["\u{1B}[1;", "\u{1B}[", "\u{1B}O", "\u{1B}]11;rgb", "\u{1B}[M!"] {
      var reader = KeyReader()
      #expect(reader.feed(begin.utf8, at: 0) == [])
      #expect(reader.flush(at: 500_000_000) == [.unknown])
      #expect(reader.feed("a".utf8, at: 500_000_001) == [.character("a")])
    }
  }

  @Test func aControlBreaksASequenceOff() {
    var reader = KeyReader()
    #expect(reader.feed("\u{1B}[1\u{03}".utf8, at: 0) == [.unknown, .control("c")])
    #expect(reader.feed("\u{1B}[1\u{1B}[A".utf8, at: 0) == [.unknown, .up])
  }

  @Test func brokenUTF8IsNoText() {
    for bytes in [
      [0xFF], [0xC0, 0xAF], [0xE9, 0x41], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ] {
      var reader = KeyReader()
      let keys = reader.feed(bytes.map { UInt8($0) } + Array("b".utf8), at: 0)
      #expect(keys.contains(.unknown))
      #expect(keys.last == .character("b"))
    }
    var reader = KeyReader()
    #expect(reader.feed([0xEF, 0xBF, 0xBD], at: 0) == [.character("\u{FFFD}")])
  }
}
