// What every picture draws with: the look, its signs, frames and cut texts.

import CCCore

/// The tools of a picture, of the desk's and of the floor's.
protocol Drawing {
  var look: Look { get }
  var glyphs: Glyphs { get }
  /// The moment of the picture.
  var now: Instant { get }
}

extension Drawing {
  /// A blank canvas of a place's size.
  func canvas(_ rect: Rect) -> Canvas {
    Canvas(width: rect.width, height: rect.height, ascii: look.ascii)
  }

  /// A canvas with a frame and a title, bright where it has the focus.
  func framed(
    _ rect: Rect, title: String, right: String = "", titleRole: Role = .dim, rightRole: Role = .dim
  ) -> Canvas {
    var canvas = canvas(rect)
    guard rect.width >= 2, rect.height >= 2 else { return canvas }
    let dim = Style(.dim)
    let last = rect.width - 1
    for y in [0, rect.height - 1] {
      canvas.fill(glyphs.horizontal, x: 1..<last, y: y, dim)
    }
    canvas.fill(glyphs.topLeft, x: 0..<1, y: 0, dim)
    canvas.fill(glyphs.topRight, x: last..<rect.width, y: 0, dim)
    canvas.fill(glyphs.bottomLeft, x: 0..<1, y: rect.height - 1, dim)
    canvas.fill(glyphs.bottomRight, x: last..<rect.width, y: rect.height - 1, dim)
    for y in 1..<max(1, rect.height - 1) {
      canvas.fill(glyphs.vertical, x: 0..<1, y: y, dim)
      canvas.fill(glyphs.vertical, x: last..<rect.width, y: y, dim)
    }
    let titleEnd = canvas.put(
      " \(cut(title, to: rect.width - 6)) ", x: 1, y: 0, Style(titleRole), limit: max(0, last - 1))
    let cells = Cells.width(of: right) + 2
    if !right.isEmpty, titleEnd + cells < last {
      canvas.put(" \(right) ", x: last - cells, y: 0, Style(rightRole))
    }
    return canvas
  }

  /// A text cut to a width, with a mark where something went.
  func cut(_ text: String, to limit: Int) -> String {
    Cells.cut(text, to: limit, mark: glyphs.more)
  }

  /// A time of day of Unix milliseconds; one of another day names it.
  func minute(_ unix: Int64) -> String { look.zone.minute(unix, seenAt: now.unix) }

  /// The same to the second, where it is of today.
  func clock(_ unix: Int64) -> String { look.zone.clock(unix, seenAt: now.unix) }

  /// A duration that shows `≥` where its beginning was not seen.
  func atLeast(_ witnessed: Bool, _ duration: String) -> String {
    witnessed ? duration : "\(glyphs.atLeast) \(duration)"
  }
}
