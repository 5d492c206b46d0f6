// One row of the call panel: words, marks in reverse, what stands behind them, what stands right.

import CCCore

/// A row of the call panel, before it has a place.
struct CallRow {
  var left: String
  var role: Role
  /// In reverse, beside the words.
  var marks: [String] = []
  /// Behind words and marks.
  var behind = ""
  var behindRole = Role.plain
  /// At the right edge.
  var right = ""
  var rightRole = Role.plain
  /// Blanks between the parts.
  var gap = 2

  init(_ left: String, _ role: Role) {
    self.left = left
    self.role = role
  }

  /// Puts the row between the frame's sides; what is right stays whole, what is left is cut.
  func put(_ picture: Picture, _ canvas: inout Canvas, y: Int, x: Int = 2, end: Int? = nil) {
    let end = end ?? canvas.width - 2
    let rightCells = Cells.width(of: right)
    let rightStart = max(x, end - rightCells)
    let limit = rightCells == 0 ? end : max(x, rightStart - 1)
    var column = canvas.put(picture.cut(left, to: limit - x), x: x, y: y, Style(role))
    for mark in marks where column + gap + Cells.width(of: mark) <= limit {
      column = canvas.put(mark, x: column + gap, y: y, Style(role, reverse: true))
    }
    if !behind.isEmpty, column + gap < limit {
      canvas.put(
        picture.cut(behind, to: limit - column - gap), x: column + gap, y: y, Style(behindRole))
    }
    if rightCells > 0 {
      canvas.put(picture.cut(right, to: end - x), x: rightStart, y: y, Style(rightRole))
    }
  }
}
