// Dial and Info without frames, where there is no room for them.

import CCCore

/// The fields of a stacked screen.
enum FieldLines {
  private static let textStart = 6

  static func dial(_ picture: Picture) -> Panel {
    let rect = picture.layout.dial
    var canvas = picture.canvas(rect)
    let focused = picture.screen.focus == .dial
    canvas.put("Dial", x: 1, y: 0, Style(focused ? .bright : .dim))
    let preview = DialPanel.preview(picture)
    let inner = rect.width - textStart - 1
    let cells = Cells.width(of: preview.text)
    // The preview gives way to what is typed, not the other way round.
    let typed = Cells.width(of: picture.screen.dial.text)
    let fits = typed + cells + 2 <= inner
    let room = fits && cells > 0 ? inner - cells - 2 : inner
    let x = LineField.put(picture.screen.dial, &canvas, x: textStart, y: 0, width: room)
    if fits { canvas.putRight(preview.text, end: rect.width - 1, y: 0, Style(preview.role)) }
    return canvas.panel(
      "dial", rect, cursor: focused ? Panel.Cursor(x: min(x, rect.width - 1), y: 0) : nil)
  }

  static func info(_ picture: Picture) -> Panel {
    let rect = picture.layout.info
    var canvas = picture.canvas(rect)
    let screen = picture.screen
    let focused = screen.focus != .dial
    canvas.put(
      screen.showsNote ? "Note" : "Info", x: 1, y: 0, Style(focused ? .bright : .dim))
    let cursor = AreaField.put(
      screen.showsNote ? screen.note : screen.info, &canvas, x: textStart, y: 0,
      width: rect.width - textStart - 1, height: rect.height)
    return canvas.panel("info", rect, cursor: focused ? cursor : nil)
  }
}
