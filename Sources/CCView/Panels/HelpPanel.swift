// The help overlay, of the desk and of the floor.

import CCCore

/// A frame of help lines.
enum HelpPanel {
  static func draw(_ picture: some Drawing, _ lines: [HelpText.Line], in rect: Rect, top: Int)
    -> Panel
  {
    let rows = max(1, rect.height - 2)
    let first = min(top, max(0, lines.count - rows))
    let more = first + rows < lines.count ? "Down for more, Esc closes" : "Esc closes"
    var canvas = picture.framed(rect, title: "Help", right: more, titleRole: .bright)
    for (index, line) in lines.dropFirst(first).prefix(rows).enumerated() {
      let y = index + 1
      let wide = rect.width >= 60
      let key = wide || !line.key.isEmpty ? line.key : line.letter
      let end = canvas.put(key, x: 2, y: y, Style(.bright), limit: max(0, rect.width - 4))
      if wide { canvas.put(line.letter, x: 13, y: y, Style(.dim)) }
      let x = max(wide ? 19 : 2, end + 2)
      if x < rect.width - 2 {
        canvas.put(picture.cut(line.help, to: rect.width - 2 - x), x: x, y: y)
      }
    }
    return canvas.panel("help", rect)
  }

  /// The same without a frame, for the few rows of a small screen.
  static func bare(_ picture: some Drawing, _ lines: [HelpText.Line], in rect: Rect, top: Int)
    -> Panel
  {
    var canvas = picture.canvas(rect)
    let first = min(top, max(0, lines.count - rect.height))
    for (y, line) in lines.dropFirst(first).prefix(rect.height).enumerated() {
      let key = line.key.isEmpty ? line.letter : line.key
      let end = canvas.put(key, x: 0, y: y, Style(.bright), limit: rect.width)
      let x = key.isEmpty ? 0 : end + 1
      if x < rect.width { canvas.put(picture.cut(line.help, to: rect.width - x), x: x, y: y) }
    }
    return canvas.panel("help", rect)
  }
}
