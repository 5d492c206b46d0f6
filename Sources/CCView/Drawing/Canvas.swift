// A grid of cells to draw text into; the last door before the screen.

import CCCore

/// A rectangle of cells.
///
/// Whatever is put outside it, or would not fit, is clipped; a control never gets into a cell, whoever
/// put it.
struct Canvas {
  /// Columns.
  let width: Int
  /// Rows.
  let height: Int
  /// Whether only ASCII may stand in a cell.
  let ascii: Bool
  /// The cells.
  private(set) var rows: [[Cell]]

  /// A blank canvas.
  init(width: Int, height: Int, ascii: Bool) {
    self.width = max(0, width)
    self.height = max(0, height)
    self.ascii = ascii
    rows = Array(repeating: Array(repeating: Cell(), count: self.width), count: self.height)
  }

  /// Puts a text at a place, at most `limit` cells of it, and returns the column behind it.
  @discardableResult
  mutating func put(_ text: String, x: Int, y: Int, _ style: Style = Style(), limit: Int = .max)
    -> Int
  {
    guard y >= 0, y < height, x < width, x >= 0, limit > 0 else { return x }
    let end = limit > width - x ? width : x + limit
    var text = text
    let ascii = ascii
    return rows[y].withUnsafeMutableBufferPointer { row in
      let plain: Int? = text.withUTF8 { bytes in
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        var column = x
        for byte in bytes {
          guard column < end else { break }
          // A control byte is not ASCII to show, whoever put it.
          let isShown = byte >= 0x20 && byte < 0x7F
          row[column] = Cell(isShown ? Unicode.Scalar(byte) : "\u{FFFD}", style: style)
          column += 1
        }
        return column
      }
      return plain ?? Self.put(text.unicodeScalars, in: row, from: x, to: end, style, ascii: ascii)
    }
  }

  /// Puts clusters at a place, at most `limit` cells of them.
  mutating func put(
    _ clusters: ArraySlice<Character>, x: Int, y: Int, _ style: Style = Style(), limit: Int
  ) {
    var text = ""
    for cluster in clusters { text.append(cluster) }
    put(text, x: x, y: y, style, limit: limit)
  }

  /// Puts a text so that it ends before column `end`.
  mutating func putRight(_ text: String, end: Int, y: Int, _ style: Style = Style()) {
    put(text, x: max(0, end - Cells.width(of: text)), y: y, style)
  }

  /// Repeats one character of one cell's width.
  mutating func fill(_ text: String, x: Range<Int>, y: Int, _ style: Style) {
    guard y >= 0, y < height else { return }
    let cell = Cell(text, style: style)
    rows[y].withUnsafeMutableBufferPointer { row in
      for column in x.clamped(to: 0..<width) { row[column] = cell }
    }
  }

  private static func put(
    _ scalars: String.UnicodeScalarView, in row: UnsafeMutableBufferPointer<Cell>, from x: Int,
    to end: Int, _ style: Style, ascii: Bool
  ) -> Int {
    var column = x
    var base: Int?
    for scalar in scalars {
      let width = CellWidth.of(scalar)
      if width == 0 {
        if !ascii, let base { row[base].append(scalar) }
        continue
      }
      let cells = max(1, width)
      guard column + cells <= end else {
        // Half a wide character is a blank.
        for rest in column..<end { row[rest] = Cell(style: style) }
        return end
      }
      if width < 0 || scalar.value == 0x7F {
        row[column] = Cell(ascii ? "?" as Unicode.Scalar : "\u{FFFD}", style: style)
      } else if ascii, !scalar.isASCII {
        for place in column..<column + cells {
          row[place] = Cell("?" as Unicode.Scalar, style: style)
        }
      } else {
        row[column] = Cell(scalar, width: UInt8(cells), style: style)
        if cells == 2 { row[column + 1] = Cell("", width: 0, style: style) }
      }
      base = column
      column += cells
    }
    return column
  }
}
