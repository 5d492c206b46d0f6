// Cells, cuts, frames and what hangs over the edge, from both sides of each bound.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct DrawingTests {
  @Test func everyCharacterHasItsCells() {
    for value in UInt8(0)...0x7F {
      let character = Character(Unicode.Scalar(value))
      #expect(Cells.width(of: character) == ((0x20...0x7E).contains(value) ? 1 : 0), "\(value)")
    }
    for (character, cells) in [("é", 1), ("e\u{301}", 1), ("你", 2), ("ｗ", 2), ("\u{301}", 0)]
      as [(Character, Int)]
    {
      #expect(Cells.width(of: character) == cells, "\(character)")
      #expect(Cells.width(of: String(character)) == cells, "\(character)")
    }
    #expect(Cells.width(of: "") == 0 && Cells.width(of: "abc") == 3 && Cells.width(of: "a你é") == 4)
  }

  @Test func aCutIsAsWideAsItMayBe() {
    for (text, limit, cut) in [
      ("abcdef", 7, "abcdef"), ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"),
      ("abcdef", 2, "a…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("abcdef", -1, ""), ("", 0, ""),
      ("你好吗", 6, "你好吗"), ("你好吗", 5, "你好…"), ("你好吗", 4, "你…"), ("你好吗", 3, "你…"),
      ("你好吗", 2, "…"), ("a你", 2, "a…"),
    ] {
      #expect(Cells.cut(text, to: limit, mark: "…") == cut, "\(text) in \(limit)")
    }
    // A mark that is wider than the place is cut itself.
    for (limit, cut) in [(4, "a..."), (3, "..."), (2, ".."), (1, "."), (0, "")] {
      #expect(Cells.cut("abcdef", to: limit, mark: "...") == cut, "\(limit)")
    }
  }

  private static func picture(_ columns: Int = 80, _ rows: Int = 24) -> Picture {
    let stage = Story.idleForLong
    return Picture(
      stage.desk, stage.screen, size: Size(columns: columns, rows: rows), look: stage.look,
      at: stage.now)
  }

  private static func rows(_ canvas: Canvas, _ rect: Rect) -> [String] {
    canvas.panel("x", rect).rows.map { $0.map(\.text).joined() }
  }

  /// A frame needs two rows and two columns; with less there is nothing to see.
  @Test func framesOfEverySize() {
    let picture = Self.picture()
    func framed(_ width: Int, _ height: Int, _ title: String = "", right: String = "") -> [String] {
      let rect = Rect(x: 0, y: 0, width: width, height: height)
      return Self.rows(picture.framed(rect, title: title, right: right), rect)
    }
    #expect(framed(0, 0) == [] && framed(1, 1) == [" "] && framed(5, 1) == ["     "])
    #expect(framed(1, 3) == [" ", " ", " "])
    #expect(framed(2, 2) == ["┌┐", "└┘"])
    #expect(framed(4, 3) == ["┌  ┐", "│  │", "└──┘"], "where the title would be there are blanks")
    #expect(framed(10, 2, "Call") == ["┌ Call ──┐", "└────────┘"])
    #expect(framed(9, 2, "Called") == ["┌ Ca… ──┐", "└───────┘"])
    // What stands at the right stands whole, or not at all.
    #expect(framed(14, 2, "Call", right: "9/9")[0] == "┌ Call ─ 9/9 ┐")
    #expect(framed(13, 2, "Call", right: "9/9")[0] == "┌ Call ─────┐")
    #expect(framed(30, 2, "Note", right: "26/1000")[0].hasSuffix("── 26/1000 ┐"))
    for width in 8..<40 {
      let row = framed(width, 2, "Note", right: "26/1000")[0]
      #expect(row.first == "┌" && row.last == "┐" && row.count == width, "\(row)")
      #expect(!row.contains("26") || row.contains(" 26/1000 "), "\(row)")
    }
  }

  /// Panels that hang over the edge are cut there; those beyond it are not seen, and hurt nobody.
  @Test func whatHangsOverIsCut() {
    let cells = [[Cell("a"), Cell("b")], [Cell("c"), Cell("d")]]
    for (x, y, text) in [
      (0, 0, ["ab ", "cd "]), (1, 0, [" ab", " cd"]), (2, 0, ["  a", "  c"]),
      (3, 0, ["   ", "   "]),
      (9, 0, ["   ", "   "]), (0, 1, ["   ", "ab "]), (0, 2, ["   ", "   "]),
      (2, 1, ["   ", "  a"]),
      (9, 9, ["   ", "   "]),
    ] {
      let panel = Panel(name: "x", rect: Rect(x: x, y: y, width: 2, height: 2), rows: cells)
      #expect(Frame(size: Size(columns: 3, rows: 2), panels: [panel]).text == text, "\(x), \(y)")
    }
    let under = Panel(name: "u", rect: Rect(x: 0, y: 0, width: 2, height: 2), rows: cells)
    let over = Panel(name: "o", rect: Rect(x: 1, y: 0, width: 1, height: 1), rows: [[Cell("z")]])
    #expect(Frame(size: Size(columns: 2, rows: 2), panels: [under, over]).text == ["az", "cd"])
    // The last panel that has a cursor has it, from its own corner.
    var first = under
    var second = over
    #expect(Frame(size: Size(columns: 2, rows: 2), panels: [first, second]).cursor == nil)
    first.cursor = Panel.Cursor(x: 0, y: 1)
    #expect(
      Frame(size: Size(columns: 2, rows: 2), panels: [first, second]).cursor
        == Panel.Cursor(x: 0, y: 1))
    second.cursor = Panel.Cursor(x: 0, y: 0)
    #expect(
      Frame(size: Size(columns: 2, rows: 2), panels: [first, second]).cursor
        == Panel.Cursor(x: 1, y: 0))
  }

  /// At any width what stands in a frame stays in it.
  @Test func whatIsFollowedStaysInItsFrame() {
    var stage = FloorStage.busy
    for (number, seat) in [Seat.idle, .busy, .postCall, .idle, .busy, .idle, .busy, .idle]
      .enumerated()
    {
      stage.wait(Double(7 + number))
      stage.seat("red/1001", seat, today: 8)
    }
    stage.press("<Home>")
    while stage.screen.selection != FloorStage.key("red/1001") { stage.press("<Down>") }
    stage.press("<Enter>")
    for columns in 60...200 {
      for rows in [24, 30] {
        let frame = stage.frame(columns, rows)
        guard let panel = frame.panels.first(where: { $0.name == "detail" }) else {
          Issue.record("\(columns)x\(rows): nobody is followed")
          return
        }
        for row in panel.rows.dropFirst().dropLast() {
          let text = row.map(\.text).joined()
          #expect(text.hasPrefix("│ ") && text.hasSuffix(" │"), "\(columns)x\(rows): \(text)")
        }
      }
    }
  }
}
