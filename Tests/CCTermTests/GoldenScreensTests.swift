// The golden screens through real ncurses: a terminal shows what the frame says, in every theme.

import CCTestSupport
import CCView
import Testing

@testable import CCTerm

@Suite(.serialized) @MainActor struct GoldenScreensTests {
  nonisolated static let stories: [(String, Stage)] = [
    ("idle", Story.idle), ("talking", Story.talking), ("incoming", Story.incoming),
    ("post-call", Story.postCall), ("link-lost", Story.linkLost),
    ("consultation", Story.consultation),
  ]

  @Test func theTerminalShowsTheGoldenScreens() throws {
    for (name, stage) in Self.stories {
      for (columns, rows) in [(80, 24), (120, 40), (40, 12), (20, 5)] {
        let frame = stage.frame(columns, rows)
        for theme in [Theme.colour256, .colour8, .monochrome] {
          #expect(try shown(frame, theme: theme) == expected(frame), "\(name) \(columns)x\(rows)")
        }
      }
    }
  }

  @Test func oneScreenAfterTheOtherLeavesNothingBehind() throws {
    let screen = try TestScreen(Size(columns: 80, rows: 24))
    defer { screen.close() }
    for (name, stage) in Self.stories + Self.stories.reversed() {
      var stage = stage
      for keys in ["", "<F1>", "<Esc><F2>", "<Esc><F10>", "n"] {
        stage.press(keys)
        stage.wait(0.3)
        let frame = stage.frame()
        #expect(screen.show(frame) == expected(frame), "\(name) \(keys)")
      }
    }
  }

  @Test func inASCIINothingElseIsSent() throws {
    let screen = try TestScreen(Size(columns: 80, rows: 24), isUTF8: false)
    defer { screen.close() }
    var stage = Story.linkLost
    stage.look.ascii = true
    let frame = stage.frame()
    #expect(screen.show(frame) == expected(frame))
    #expect(frame.text.joined().utf8.allSatisfy { $0 < 0x80 })
  }

  /// A frame as a terminal would show it.
  private func expected(_ frame: Frame) -> ScreenText {
    ScreenText(
      rows: frame.text.map { row in
        var row = row[...]
        while row.last == " " { row.removeLast() }
        return String(row)
      }, cursor: frame.cursor.map { ScreenText.Place(x: $0.x, y: $0.y) })
  }
}
