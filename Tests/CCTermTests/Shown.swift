// What a frame looks like on a terminal, without one.

import CCTestSupport
import CCView

@testable import CCTerm

/// What a terminal would show of a frame that real ncurses drew.
@MainActor func shown(_ frame: Frame, theme: Theme = .colour256) throws -> ScreenText {
  let screen = try TestScreen(frame.size, theme: theme)
  defer { screen.close() }
  return screen.show(frame)
}

/// A display whose bytes go to an in-process terminal.
@MainActor final class TestScreen {
  let display: Display
  let terminal: Vterm
  /// How many bytes the last frame took.
  private(set) var bytes = 0

  init(
    _ size: Size, theme: Theme = .colour256, type: String = "xterm-256color", isUTF8: Bool = true
  )
    throws
  {
    display = try Display(type: type, size: size, theme: theme, isUTF8: isUTF8)
    terminal = Vterm(columns: size.columns, rows: size.rows)
  }

  @discardableResult
  func show(_ frame: Frame) -> ScreenText {
    bytes = display.compose(frame) { sent in
      terminal.feed(sent)
      return sent.count
    }
    return terminal.text
  }

  func resize(_ size: Size) {
    display.resize(size)
    terminal.resize(columns: size.columns, rows: size.rows)
  }

  func close() { display.close() }
}
