// Rows of cells as rows of ncurses.

import CCView
import CNcurses

/// Draws rows of cells into windows.
///
/// `wadd_wchnstr` takes a whole row with the attributes of each cell, never wraps, clips at the edge
/// and puts combining marks right: none of the other calls of ncurses does all of that.
@MainActor struct Brush {
  private let isUTF8: Bool
  /// A blank of each style, to be copied; the index is `index(_:)`.
  private var blanks = [cchar_t]()
  private var row = [cchar_t]()

  init(theme: Theme, isUTF8: Bool, screen: Screen) {
    self.isUTF8 = isUTF8
    for role in Role.allCases.sorted(by: { $0.rawValue < $1.rawValue }) {
      for isReverse in [false, true] {
        let look = theme.appearance(of: Style(role, reverse: isReverse))
        var attributes: attr_t = 0
        if look.bold { attributes |= CN_BOLD }
        if look.dim { attributes |= CN_DIM }
        if look.reverse { attributes |= CN_REVERSE }
        if look.underline { attributes |= CN_UNDERLINE }
        var cell = cchar_t()
        cn_setcchar(&cell, [0x20, 0], attributes, screen.pair(look.foreground))
        blanks.append(cell)
      }
    }
  }

  private static func index(_ style: Style) -> Int {
    Int(style.role.rawValue) * 2 + (style.reverse ? 1 : 0)
  }

  /// Draws one row of a window from its left edge to its right.
  mutating func draw(_ cells: [Cell], width: Int, y: Int, _ window: UnsafeMutablePointer<WINDOW>) {
    row.removeAll(keepingCapacity: true)
    var column = 0
    for cell in cells where cell.width > 0 {
      let cellWidth = Int(cell.width)
      guard column + cellWidth <= width else { break }
      append(cell)
      column += cellWidth
    }
    while column < width {
      row.append(blanks[0])
      column += 1
    }
    mvwadd_wchnstr(window, Int32(y), 0, row, Int32(row.count))
  }

  private mutating func append(_ cell: Cell) {
    var drawn = blanks[Self.index(cell.style)]
    if let scalar = cell.single, scalar.isASCII {
      let value = scalar.value
      drawn.chars.0 = wchar_t(value >= 0x20 && value < 0x7F ? value : 0x3F)
      return row.append(drawn)
    }
    let scalars = cell.scalars
    guard isUTF8, isDrawable(cell) else {
      // What cannot be shown still takes its place, or the row would slip.
      if !scalars.isEmpty { drawn.chars.0 = 0x3F }
      for _ in 0..<cell.width { row.append(drawn) }
      return
    }
    if let scalar = cell.single {
      drawn.chars.0 = wchar_t(scalar.value)
      return row.append(drawn)
    }
    withUnsafeMutableBytes(of: &drawn.chars) { place in
      let chars = place.bindMemory(to: wchar_t.self)
      for (index, scalar) in scalars.prefix(chars.count).enumerated() {
        chars[index] = wchar_t(scalar.value)
      }
    }
    row.append(drawn)
  }

  /// Whether ncurses, which asks the C library, gives the base the width that the picture gave it.
  private func isDrawable(_ cell: Cell) -> Bool {
    guard let base = cell.scalars.first else { return false }
    return wcwidth(wchar_t(base.value)) == Int32(cell.width)
  }
}
