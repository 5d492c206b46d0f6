// The floor on paper: the same picture without a screen, however long it is.

import CCCore

/// The floor's table as text, page by page, so that a large floor needs no large memory.
public struct FloorReport: Sequence {
  private static let pageRows = 200

  private let floor: Floor
  private let screen: FloorScreen
  private let size: Size
  private let look: Look
  private let now: Instant

  /// A report of all rows that the filter lets through, `width` cells wide.
  public init(
    _ floor: Floor, _ screen: FloorScreen, width: Int, look: Look, at now: Instant
  ) {
    self.floor = floor
    self.screen = screen
    self.look = look
    self.now = now
    size = Size(columns: width, rows: Self.pageRows)
  }

  /// The pages, each of whole lines.
  public func makeIterator() -> AnyIterator<String> {
    let picture = FloorPicture(floor, screen, size: size, look: look, at: now)
    let height = Swift.max(1, picture.layout.table.height)
    let count = floor.shownCount
    var start = 0
    var isFirst = true
    return AnyIterator {
      guard isFirst || start < count else { return nil }
      var panels: [Panel] = []
      if isFirst {
        panels = [
          FloorHeader.draw(picture), FloorTotalsPanel.draw(picture),
          FloorTotalsPanel.bar(picture), FloorTable.titles(picture),
        ]
      }
      isFirst = false
      let window = start..<Swift.min(count, start + height)
      start += height
      let table = FloorTable.draw(picture, window: window)
      let rows = panels.flatMap(\.rows) + table.rows.prefix(Swift.max(window.count, 1))
      return rows.map(Self.line).joined()
    }
  }

  private static func line(_ cells: [Cell]) -> String {
    var text = cells.map(\.text).joined()[...]
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }
}
