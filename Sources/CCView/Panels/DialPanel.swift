// The number being typed, and what it would send.

import CCCore

/// The Dial panel.
enum DialPanel {
  static func draw(_ picture: Picture) -> Panel {
    let rect = picture.layout.dial
    let focused = picture.screen.focus == .dial
    var canvas = picture.framed(rect, title: "Dial", titleRole: focused ? .bright : .dim)
    let inner = max(0, rect.width - 4)
    let preview = preview(picture)
    let previewCells = Cells.width(of: preview.text)
    // The preview may have all that the number leaves, the number never less than half.
    let typed = Cells.width(of: picture.screen.dial.text) + 1
    let beside = inner - previewCells - (previewCells > 0 ? 2 : 0)
    let room = max(beside, min(typed, inner / 2))
    let x = LineField.put(picture.screen.dial, &canvas, x: 2, y: 1, width: room)
    let shown = picture.cut(preview.text, to: inner - room - 2)
    canvas.putRight(shown, end: rect.width - 2, y: 1, Style(preview.role))
    return canvas.panel("dial", rect, cursor: focused ? Panel.Cursor(x: x, y: 1) : nil)
  }

  /// What Enter would send, or why it would send nothing.
  static func preview(_ picture: Picture) -> (text: String, role: Role) {
    let desk = picture.desk
    switch desk.link {
    case .up: break
    case .connecting where picture.screen.dial.isEmpty: return ("", .dim)
    case .connecting, .down, .stopped: return ("no link: Enter does nothing", .warning)
    case .evicted, .off: return ("offline: Enter does nothing", .dim)
    }
    guard !picture.screen.dial.isEmpty else { return ("", .dim) }
    do throws(DialNumber.Refusal) {
      return ("sends \(try DialNumber.clean(picture.screen.dial.text).preview)", .dim)
    } catch { return (error.sentence, .warning) }
  }
}

/// A field of one row, scrolled so that the cursor is in sight.
enum LineField {
  /// Puts the field and returns the cursor's column.
  static func put(_ field: Field, _ canvas: inout Canvas, x: Int, y: Int, width: Int) -> Int {
    // A note of several lines stands in one here: its line ends are gaps.
    let clusters = field.clusters.map { $0.isNewline ? " " : $0 }
    var first = 0
    var cells = clusters[..<field.cursor].reduce(0) { $0 + Cells.width(of: $1) }
    while cells > width, first < field.cursor {
      cells -= Cells.width(of: clusters[first])
      first += 1
    }
    canvas.put(String(clusters[first...]), x: x, y: y, Style(.bright), limit: width)
    return x + cells
  }
}
