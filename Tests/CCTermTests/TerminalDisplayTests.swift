// The display: frames through real ncurses, read back from a terminal.

import CCTestSupport
import CCView
import Testing

@testable import CCTerm

@Suite(.serialized) @MainActor struct TerminalDisplayTests {
  let size = Size(columns: 30, rows: 8)

  @Test func wideAndCombining() throws {
    let frame = Frame(
      size: size,
      panels: [
        panel(
          "call", x: 0, y: 0, width: 30,
          ["李伟 calls 你好", "cafe\u{301} u\u{308}ber 한글", "ascii only", "┌─┐ │ ○ ● ►"])
      ])
    Golden.check("display-wide", try shown(frame))
  }

  @Test func overlapAndUncovering() throws {
    let screen = try TestScreen(size)
    defer { screen.close() }
    let below = panel(
      "floor", x: 0, y: 0, width: 30,
      (0..<8).map { "row \($0) 行 " + String(repeating: ".", count: 20) })
    let overlay = panel(
      "help", x: 6, y: 2, width: 12, ["┌ Help ────┐", "│ 帮助     │", "└──────────┘"])
    let plain = screen.show(Frame(size: size, panels: [below]))
    Golden.check("display-overlay", screen.show(Frame(size: size, panels: [below, overlay])))
    #expect(screen.show(Frame(size: size, panels: [below])) == plain)
    // The order of the panels is the order of the stack.
    #expect(screen.show(Frame(size: size, panels: [overlay, below])) == plain)
    var moved = overlay
    moved.rect.x = 7  // half over a wide character
    Golden.check("display-moved", screen.show(Frame(size: size, panels: [below, moved])))
  }

  @Test func cursorFollowsItsPanelAndHides() throws {
    let screen = try TestScreen(size)
    defer { screen.close() }
    var dial = panel("dial", x: 2, y: 3, width: 10, ["123"])
    let top = panel("keys", x: 0, y: 7, width: 30, ["F1 help"])
    dial.cursor = Panel.Cursor(x: 3, y: 0)
    #expect(
      screen.show(Frame(size: size, panels: [dial, top])).cursor == ScreenText.Place(x: 5, y: 3))
    dial.cursor = Panel.Cursor(x: 1, y: 0)
    #expect(
      screen.show(Frame(size: size, panels: [dial, top])).cursor == ScreenText.Place(x: 3, y: 3))
    #expect(screen.bytes < 12)
    dial.cursor = nil
    #expect(screen.show(Frame(size: size, panels: [dial, top])).cursor == nil)
  }

  @Test func onlyChangesAreSent() throws {
    let screen = try TestScreen(size)
    defer { screen.close() }
    var rows = ["", "hello"]
    func frame() -> Frame {
      var dial = panel("dial", x: 0, y: 0, width: 30, rows)
      dial.cursor = Panel.Cursor(x: rows[0].count, y: 0)
      return Frame(size: size, panels: [dial, panel("keys", x: 0, y: 7, width: 30, ["F1 help"])])
    }
    screen.show(frame())
    screen.show(frame())
    #expect(screen.bytes == 0)
    for digit in "13212345678" {
      rows[0].append(digit)
      let text = screen.show(frame())
      #expect(text.rows[0] == rows[0])
      #expect(screen.bytes <= 4)
    }
  }

  @Test func resizeDrawsEverythingAnew() throws {
    let screen = try TestScreen(size)
    defer { screen.close() }
    func frame(_ size: Size) -> Frame {
      Frame(
        size: size,
        panels: [
          panel("header", x: 0, y: 0, width: size.columns, ["\(size.columns)x\(size.rows)"]),
          panel("keys", x: 0, y: size.rows - 1, width: size.columns, ["the last row"]),
        ])
    }
    screen.show(frame(size))
    for next in [
      Size(columns: 50, rows: 12), Size(columns: 12, rows: 3), Size(columns: 80, rows: 24),
    ] {
      screen.resize(next)
      let text = screen.show(frame(next))
      #expect(text.rows.first == "\(next.columns)x\(next.rows)")
      #expect(text.rows.last == "the last row")
      #expect(text.rows.filter { !$0.isEmpty }.count == 2)
    }
  }

  @Test func whatReachesBeyondTheScreenIsClipped() throws {
    let screen = try TestScreen(Size(columns: 6, rows: 2))
    defer { screen.close() }
    let size = Size(columns: 6, rows: 2)
    let wide = panel("call", x: 3, y: 1, width: 10, ["ab你好", "never"])
    let outside = panel("info", x: 9, y: 9, width: 10, ["never"])
    let empty = panel("dial", x: 0, y: 0, width: 0, [])
    #expect(screen.show(Frame(size: size, panels: [wide, outside, empty])).rows == ["", "   ab"])
    #expect(screen.show(Frame(size: size, panels: [])).rows == ["", ""])
  }

  @Test func redrawSendsTheWholeScreen() throws {
    let screen = try TestScreen(size)
    defer { screen.close() }
    let frame = Frame(size: size, panels: [panel("header", x: 0, y: 0, width: 30, ["header"])])
    let before = screen.show(frame)
    screen.terminal.feed(Array("\u{1B}[3;3Hdirt".utf8))
    #expect(screen.terminal.text != before)
    screen.display.redraw()
    #expect(screen.show(frame).rows == before.rows)
  }

  @Test(
    arguments: [
      (Theme.colour256, 178, true, false), (.colour8, 3, true, false),
      (.monochrome, nil, true, true),
    ] as [(Theme, Int?, Bool, Bool)])
  func rolesLookAsTheThemeSays(_ row: (theme: Theme, colour: Int?, bold: Bool, reverse: Bool))
    throws
  {
    let screen = try TestScreen(size, theme: row.theme)
    defer { screen.close() }
    let frame = Frame(
      size: size,
      panels: [panel("call", x: 0, y: 0, width: 30, ["RINGING"], style: Style(.ringing))])
    screen.show(frame)
    let cell = screen.terminal.cell(x: 0, y: 0)
    #expect(cell.foreground == row.colour)
    #expect(cell.bold == row.bold)
    #expect(cell.reverse == row.reverse)
    #expect(screen.terminal.cell(x: 20, y: 0).reverse == false)
  }

  @Test func abilitiesComeFromTheType() throws {
    for (type, colours) in [("xterm-256color", 256), ("linux", 8), ("screen", 8), ("vt100", 0)] {
      let display = try Display(type: type, size: size)
      #expect(display.abilities.colours == colours)
      display.close()
    }
    let display = try Display(type: "xterm-256color", size: size, usesColour: false)
    #expect(display.abilities.theme == .monochrome)
    display.close()
  }

  @Test func terminalsThatCannotAreRefused() {
    #expect(throws: TerminalError.cannotPlace("dumb")) { try Display(type: "dumb", size: size) }
    #expect(throws: TerminalError.unknownType("nonesuch")) {
      try Display(type: "nonesuch", size: size)
    }
    #expect(throws: TerminalError.unknownType("")) { try Display(type: "", size: size) }
  }

  @Test func withoutUTF8NothingForeignIsSent() throws {
    let screen = try TestScreen(size, isUTF8: false)
    defer { screen.close() }
    let frame = Frame(size: size, panels: [panel("call", x: 0, y: 0, width: 30, ["李 é x"])])
    #expect(screen.show(frame).rows[0] == "?? ? x")
  }

  @Test func leavingGivesTheScreenBack() throws {
    let screen = try TestScreen(size)
    defer { screen.close() }
    let frame = Frame(size: size, panels: [panel("header", x: 0, y: 0, width: 30, ["header"])])
    screen.show(frame)
    #expect(screen.terminal.isAlternate)
    let restore = screen.display.restoreBytes()
    screen.terminal.feed(restore)
    #expect(!screen.terminal.isAlternate)
    #expect(screen.terminal.text.cursor != nil)
    #expect(String(decoding: restore, as: UTF8.self).contains("\u{1B}[?2004l"))
    screen.display.enter()
    #expect(screen.show(frame).rows[0] == "header")
  }
}

/// A panel of texts; what is shorter than the panel is filled with blanks.
func panel(
  _ name: String, x: Int, y: Int, width: Int, _ texts: [String], style: Style = Style()
) -> Panel {
  let rows = texts.map { text in
    var cells = [Cell]()
    for scalar in text.unicodeScalars {
      let columns = isMark(scalar) ? 0 : scalar.value >= 0x1100 && !isBox(scalar) ? 2 : 1
      if columns == 0 {
        cells[cells.count - 1].text.unicodeScalars.append(scalar)
      } else {
        cells.append(Cell(String(scalar), width: UInt8(columns), style: style))
        if columns == 2 { cells.append(Cell("", width: 0, style: style)) }
      }
    }
    while cells.count < width { cells.append(Cell()) }
    return cells
  }
  return Panel(name: name, rect: Rect(x: x, y: y, width: width, height: rows.count), rows: rows)
}

private func isMark(_ scalar: Unicode.Scalar) -> Bool { (0x300..<0x370).contains(scalar.value) }
private func isBox(_ scalar: Unicode.Scalar) -> Bool { (0x2000..<0x2E80).contains(scalar.value) }
