// A frame as text: what tests compare and a person can read.

extension Frame {
  /// The cells as they are seen, later panels over earlier ones.
  public var composited: [[Cell]] {
    var grid = Array(
      repeating: Array(repeating: Cell(), count: size.columns), count: size.rows)
    for panel in panels {
      for (offset, row) in panel.rows.enumerated() {
        let y = panel.rect.y + offset
        guard y < size.rows, panel.rect.x < size.columns else { continue }
        for (index, cell) in row.prefix(size.columns - panel.rect.x).enumerated() {
          grid[y][panel.rect.x + index] = cell
        }
      }
    }
    return grid
  }

  /// The rows as text, each as wide as the screen in cells.
  public var text: [String] {
    composited.map { row in row.map(\.text).joined() }
  }

  /// The cursor's column and row on the screen; nil where there is none.
  public var cursor: Panel.Cursor? {
    panels.last { $0.cursor != nil }.flatMap { panel in
      panel.cursor.map { Panel.Cursor(x: panel.rect.x + $0.x, y: panel.rect.y + $0.y) }
    }
  }
}
