// All that a panel needs to be drawn: the desk, the screen, the moment, the look.

import CCCore

/// What one frame is drawn from.
struct Picture: Drawing {
  let desk: Desk
  let screen: DeskScreen
  let size: Size
  let layout: Layout
  let look: Look
  let now: Instant
  let glyphs: Glyphs

  init(_ desk: Desk, _ screen: DeskScreen, size: Size, look: Look, at now: Instant) {
    self.desk = desk
    self.screen = screen
    self.size = size
    self.look = look
    self.now = now
    layout = Layout(size)
    glyphs = .of(look)
  }

  /// The role of the one accent: the call's while the link stands.
  func accent(_ role: Role) -> Role {
    switch desk.link {
    case .down, .stopped: .bright
    case .connecting, .up, .evicted, .off: role
    }
  }
}

extension Canvas {
  /// The canvas as a panel.
  func panel(_ name: String, _ rect: Rect, cursor: Panel.Cursor? = nil) -> Panel {
    Panel(name: name, rect: rect, rows: rows, cursor: cursor)
  }
}
