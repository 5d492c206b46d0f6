// Editing in the fields: a text with its cursor, keys, the text after them.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct FieldTests {
  /// `|` marks the cursor.
  static let line: [(String, String, String)] = [
    ("|", "abc", "abc|"),
    ("ab|c", "X", "abX|c"),
    ("abc|", "<BS>", "ab|"),
    ("|abc", "<BS>", "|abc"),
    ("a|bc", "<Del>", "a|c"),
    ("abc|", "<Del>", "abc|"),
    ("a|bc", "<C-d>", "a|c"),
    ("ab|c", "<C-h>", "a|c"),
    ("abc|", "<C-a>", "|abc"),
    ("|abc", "<C-e>", "abc|"),
    ("abc|", "<Home>", "|abc"),
    ("|abc", "<End>", "abc|"),
    ("ab|c", "<C-b><C-b><C-b>", "|abc"),
    ("a|bc", "<C-f><C-f><C-f>", "abc|"),
    ("a|bc", "<Left><Right><Right>", "ab|c"),
    ("one two|", "<C-Left>", "one |two"),
    ("one two|", "<C-Left><C-Left><C-Left>", "|one two"),
    ("|one, two", "<C-Right>", "one|, two"),
    ("|one, two", "<C-Right><C-Right><C-Right>", "one, two|"),
    ("one two|", "<C-w>", "one |"),
    ("one two  |", "<C-w>", "one |"),
    ("one-two|", "<C-w>", "|"),
    ("one t|wo", "<C-u>", "|wo"),
    ("one t|wo", "<C-k>", "one t|"),
    ("one two|", "<C-w><C-a><C-y>", "two|one "),
    ("one two|", "<C-u><C-y><C-y>", "one twoone two|"),
    ("|", "<C-y>", "|"),
    ("|", "abc<C-_>", "|"),
    ("abc|", "<C-u><C-_>", "abc|"),
    ("abc|", "<BS><BS><C-_>", "abc|"),
    ("|", "ab<Left>c<C-_>", "a|b"),
    ("|", "<C-_><C-_>", "|"),
    ("|", "陈小明<BS>", "陈小|"),
    ("陈|明", "小", "陈小|明"),
    // A combining mark joins what stands before it, whether typed with it or after it.
    ("|", "e\u{301}", "e\u{301}|"),
    ("|", "e\u{301}<BS>", "|"),
    ("ae|b", "\u{301}", "ae\u{301}|b"),
    ("|", "<paste:13 212\t345>", "13 212 345|"),
    ("|", "<paste:12\n34\n>", "12 34|"),
    ("a|b", "<paste:XY>", "aXY|b"),
    ("a|b", "<paste:XY><C-_>", "a|b"),
    ("|", "<C-j>", "|"),
  ]

  @Test(arguments: line)
  func editsALine(_ before: String, _ keys: String, _ after: String) {
    #expect(Self.edit(before, keys, .line) == after)
  }

  static let area: [(String, String, String)] = [
    ("ab|c", "<C-j>", "ab\n|c"),
    ("a\nb|", "<BS><BS>", "a|"),
    ("a\nbc|", "<C-a>", "a\n|bc"),
    ("a|b\nc", "<C-e>", "ab|\nc"),
    ("ab\nc|d", "<C-u>", "ab\n|d"),
    ("a|b\ncd", "<C-k>", "a|\ncd"),
    ("a|\ncd", "<C-k>", "a|cd"),
    ("|", "<paste:one\r\ntwo\rthree>", "one\ntwo\nthree|"),
    ("|", "<paste:a\u{1B}[31mb>", "a\u{FFFD}[31mb|"),
    ("|", "<paste:x\u{202E}y>", "xy|"),
    ("a\n|", "\u{301}", "a\n|"),
  ]

  @Test(arguments: area)
  func editsAnArea(_ before: String, _ keys: String, _ after: String) {
    #expect(Self.edit(before, keys, .area) == after)
  }

  @Test func anInfoIsFullAt1000UnitsAndSaysSo() {
    var field = Field(.area)
    field.paste(String(repeating: "陈", count: 999))
    #expect(field.units == 999 && !field.wasCut)
    // A character of two units finds room for one: it is left out whole.
    field.insert("😀")
    #expect(field.units == 999 && field.wasCut)
    field.edit(.backspace)
    #expect(!field.wasCut)
    field.paste("12345")
    #expect(field.units == 1000 && field.wasCut)
    #expect(field.text.hasSuffix("陈12"))
    field.edit(.undo)
    #expect(field.units == 998 && !field.wasCut)
  }

  @Test func aHugePasteIsCutAndFast() {
    var field = Field(.area)
    field.paste(String(repeating: "line of text\n", count: 100_000))
    #expect(field.units == 1000 && field.wasCut)
  }

  @Test func randomEditingKeepsTheCursorInsideAndUndoesToNothing() {
    var random = Random(seed: 7)
    let edits: [Edit] = [
      .left, .right, .wordLeft, .wordRight, .home, .end, .backspace, .delete, .killWord,
      .killToStart, .killToEnd, .yank, .newLine, .up, .down,
    ]
    for _ in 0..<50 {
      var field = Field(.area, limit: 60)
      for _ in 0..<90 {
        if Bool.random(using: &random) {
          field.insert(
            ["a", " ", "陈", "\u{301}", "é", "\u{1B}"].randomElement(using: &random) ?? "a")
        } else {
          field.edit(edits.randomElement(using: &random) ?? .left)
        }
        field.moveRow(
          Bool.random(using: &random) ? 1 : -1, width: Int.random(in: 1...9, using: &random))
        #expect((0...field.clusters.count).contains(field.cursor))
        #expect(field.units <= 60)
        #expect(Array(field.text) == field.clusters, "clusters must be those of the text")
        #expect(!field.text.unicodeScalars.contains("\u{1B}"))
      }
      for _ in 0..<100 { field.edit(.undo) }
      #expect(field.isEmpty)
    }
  }

  static func edit(_ before: String, _ keys: String, _ kind: Field.Kind) -> String {
    var field = Field(kind)
    let parts = before.split(separator: "|", omittingEmptySubsequences: false)
    field.replace(String(parts[0]))
    let place = field.cursor
    if parts.count > 1 { for character in parts[1] { field.insertForTest(character) } }
    field.move(to: place)
    for key in Keys.parse(keys) {
      switch Keymap.command(for: key, on: nil) {
      case .insert(let character): field.insert(character)
      case .paste(let text): field.paste(text)
      case .edit(let edit): field.edit(edit)
      default: Issue.record("\(key) edits nothing")
      }
    }
    let clusters = field.clusters
    return String(clusters[..<field.cursor]) + "|" + String(clusters[field.cursor...])
  }
}

extension Field {
  fileprivate mutating func insertForTest(_ character: Character) {
    if character == "\n" { edit(.newLine) } else { insert(character) }
    move(to: cursor)
  }
}

@Suite struct WrappingTests {
  static let cases: [(String, Int, [String])] = [
    ("", 5, [""]),
    ("one two three", 7, ["one two ", "three"]),
    ("abcdefgh", 3, ["abc", "def", "gh"]),
    ("a\n\nb", 3, ["a", "", "b"]),
    ("陈小明", 4, ["陈小", "明"]),
    ("陈小明", 3, ["陈", "小", "明"]),
    ("陈", 1, ["陈"]),
    ("ab cd", 2, ["ab ", "cd"]),
    ("e\u{301}e\u{301}", 1, ["e\u{301}", "e\u{301}"]),
    ("ab\n", 2, ["ab", ""]),
  ]

  @Test func wrapsByCells() {
    for (text, width, expected) in Self.cases {
      let clusters = Array(text)
      let rows = Wrapping(clusters, width: width).rows.map { String(clusters[$0]) }
      #expect(rows == expected, "\(text) at \(width)")
    }
  }

  @Test func upAndDownKeepTheColumn() {
    var field = Field(.area)
    field.paste("abcdef\nxy\n12345")
    field.move(to: 4)
    #expect(moves(&field, 1) && field.cursor == 9, "the end of a row that is shorter")
    #expect(moves(&field, 1) && field.cursor == 12, "and the column of that")
    #expect(!moves(&field, 1) && field.cursor == 12)
    // In the midst of each row, down and up again.
    field.move(to: 1)
    #expect(moves(&field, 1) && field.cursor == 8)
    #expect(moves(&field, 1) && field.cursor == 11)
    #expect(moves(&field, -1) && field.cursor == 8)
    #expect(moves(&field, -1) && field.cursor == 1)
    #expect(!moves(&field, -1) && !moves(&field, -5) && field.cursor == 1)
    // Columns are cells: after two wide letters stands what stands after four narrow ones.
    field = Field(.area)
    field.paste("abcdef\n李伟xyz\nabcdef")
    field.move(to: 5)
    #expect(moves(&field, 1) && field.cursor == 10)
    #expect(moves(&field, 1) && field.cursor == 18)
    field.move(to: 3)
    #expect(moves(&field, 1) && field.cursor == 8, "within the wide one: before it")
    // A wrapped row ends before the next begins.
    field = Field(.area)
    field.paste("abcd efgh")
    field.move(to: 9)
    #expect(field.moveRow(-1, width: 5) && field.cursor == 4)
  }

  private func moves(_ field: inout Field, _ step: Int) -> Bool {
    field.moveRow(step, width: 20)
  }
}
