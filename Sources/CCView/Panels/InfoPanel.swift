// The info for the next call, or the note of this one.

import CCCore

/// The panel below Dial.
enum InfoPanel {
  static func draw(_ picture: Picture) -> Panel {
    let rect = picture.layout.info
    let screen = picture.screen
    let field = screen.showsNote ? screen.note : screen.info
    let focused = screen.focus != .dial
    let count = "\(field.units)/\(field.limit)"
    var canvas = picture.framed(
      rect, title: title(picture), right: field.wasCut ? "cut  \(count)" : count,
      titleRole: focused ? .bright : .dim, rightRole: field.wasCut ? .warning : .dim)
    let cursor = AreaField.put(
      field, &canvas, x: 2, y: 1, width: rect.width - 4, height: rect.height - 2)
    return canvas.panel("info", rect, cursor: focused ? cursor : nil)
  }

  private static func title(_ picture: Picture) -> String {
    if picture.screen.showsNote { return "Note" }
    guard let header = picture.look.infoHeader, !header.isEmpty else { return "Info" }
    return "Info, sent as \(header.string)"
  }
}

/// A field of many rows, wrapped, scrolled so that the cursor is in sight.
enum AreaField {
  /// Puts the field and returns the cursor's place.
  static func put(
    _ field: Field, _ canvas: inout Canvas, x: Int, y: Int, width: Int, height: Int
  ) -> Panel.Cursor? {
    guard width > 0, height > 0 else { return nil }
    let wrapping = Wrapping(field.clusters, width: width)
    let (row, column) = wrapping.position(of: field.cursor)
    let top = max(0, row - height + 1)
    for (offset, range) in wrapping.rows.dropFirst(top).prefix(height).enumerated() {
      canvas.put(field.clusters[range], x: x, y: y + offset, Style(.bright), limit: width)
    }
    return Panel.Cursor(x: x + min(column, width), y: y + row - top)
  }
}
