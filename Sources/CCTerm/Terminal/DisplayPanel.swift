// One panel of the picture as a panel of ncurses.

import CCView
import CNcurses

/// A panel of ncurses with its window, and what was last drawn into it.
@MainActor final class DisplayPanel {
  let name: String
  /// Whether it has not been put in its place in the stack since it was made.
  private(set) var isNew = false
  private var window: UnsafeMutablePointer<WINDOW>?
  private var panel: UnsafeMutablePointer<PANEL>?
  /// The rectangle that was asked for, and what of it lies on the screen.
  private var asked: Rect?
  private var visible = Rect(x: 0, y: 0, width: 0, height: 0)
  private var rows = [[Cell]]()

  init(name: String) {
    self.name = name
  }

  /// Brings the panel to what the picture says; whether anything changed.
  func show(_ wanted: Panel, _ screen: Size, _ brush: inout Brush) -> Bool {
    var isChanged = false
    if asked != wanted.rect {
      place(wanted.rect, screen)
      isChanged = true
    }
    guard let window else { return isChanged }
    for y in 0..<visible.height {
      let row = y < wanted.rows.count ? wanted.rows[y] : []
      if y < rows.count, rows[y] == row { continue }
      brush.draw(row, width: visible.width, y: y, window)
      if y < rows.count { rows[y] = row } else { rows.append(row) }
      isChanged = true
    }
    return isChanged
  }

  /// Puts it over all others.
  func raiseToTop() {
    if let panel { top_panel(panel) }
    isNew = false
  }

  /// Frees it; what it covered is seen again.
  func remove() {
    if let panel { del_panel(panel) }
    if let window { delwin(window) }
    panel = nil
    window = nil
    asked = nil
    rows = []
  }

  private func place(_ rect: Rect, _ screen: Size) {
    asked = rect
    let x = min(rect.x, screen.columns)
    let y = min(rect.y, screen.rows)
    let now = Rect(
      x: x, y: y, width: min(rect.width, screen.columns - x),
      height: min(rect.height, screen.rows - y))
    defer { visible = now }
    // For newwin(3x) a nought means "up to the edge".
    guard now.width > 0, now.height > 0 else {
      remove()
      asked = rect
      return
    }
    if let panel, window != nil, now.width == visible.width, now.height == visible.height {
      move_panel(panel, Int32(now.y), Int32(now.x))
      return
    }
    let old = window
    guard let new = newwin(Int32(now.height), Int32(now.width), Int32(now.y), Int32(now.x)) else {
      return
    }
    window = new
    rows = []
    if let panel {
      replace_panel(panel, new)
    } else {
      panel = new_panel(new)
      isNew = true
    }
    if let old { delwin(old) }
  }
}
