// How a text falls into rows of a given width.

import CCCore

/// A text in rows: soft wrapping at blanks, hard where a word is longer than a row.
struct Wrapping {
  /// The clusters of each row; a line end belongs to none.
  let rows: [Range<Int>]
  private let widths: [Int]

  /// Wraps clusters into rows of `width` cells; there is always at least one row.
  init(_ clusters: [Character], width: Int) {
    let width = max(1, width)
    let widths = clusters.map { $0 == "\n" ? 0 : Cells.width(of: $0) }
    var rows: [Range<Int>] = []
    var start = 0
    var cells = 0
    var blank: Int?
    var place = 0
    while place < clusters.count {
      if clusters[place] == "\n" {
        rows.append(start..<place)
        (start, cells, blank) = (place + 1, 0, nil)
      } else if clusters[place] == " ", cells >= width {
        blank = place + 1  // A blank at the edge hangs over it and is not seen.
      } else if cells + widths[place] > width, place > start {
        let cut = blank.map { $0 > start ? $0 : place } ?? place
        rows.append(start..<cut)
        start = cut
        cells = widths[cut..<place].reduce(0, +)
        blank = nil
        continue
      } else {
        cells += widths[place]
        if clusters[place] == " " { blank = place + 1 }
      }
      place += 1
    }
    rows.append(start..<clusters.count)
    self.rows = rows
    self.widths = widths
  }

  /// A text that nobody edits, in rows without the blanks that hang over; at most `most`, the last one
  /// with all that is left.
  static func lines(_ text: String, width: Int, most: Int = .max) -> [String] {
    let clusters = Array(text)
    let rows = Wrapping(clusters, width: width).rows
    return rows.prefix(most).enumerated().map { index, range in
      let isCut = index == most - 1 && rows.count > most
      var line = clusters[isCut ? range.lowerBound..<clusters.count : range]
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }

  /// The row and the column, in cells, of a place between clusters.
  func position(of place: Int) -> (row: Int, column: Int) {
    let row = rows.lastIndex { $0.lowerBound <= place } ?? 0
    let range = rows[row]
    return (
      row,
      widths[range.lowerBound..<max(range.lowerBound, min(place, range.upperBound))].reduce(0, +)
    )
  }

  /// The place nearest to a row and a column.
  func place(row: Int, column: Int) -> Int {
    guard row >= 0 else { return 0 }
    guard row < rows.count else { return rows.last?.upperBound ?? 0 }
    let range = rows[row]
    var cells = 0
    for place in range {
      if cells + widths[place] > column { return place }
      cells += widths[place]
    }
    // The end of a wrapped row is the beginning of the next: stay on this one.
    let wrapped = row + 1 < rows.count && rows[row + 1].lowerBound == range.upperBound
    return wrapped ? max(range.lowerBound, range.upperBound - 1) : range.upperBound
  }
}

extension Field {
  /// Moves up or down a row of a text wrapped at `width`; false at the edge.
  @discardableResult
  mutating func moveRow(_ step: Int, width: Int) -> Bool {
    let wrapping = Wrapping(clusters, width: width)
    let (row, column) = wrapping.position(of: cursor)
    guard wrapping.rows.indices.contains(row + step) else { return false }
    move(to: wrapping.place(row: row + step, column: column))
    return true
  }
}
