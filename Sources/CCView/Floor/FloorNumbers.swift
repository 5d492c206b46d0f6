// Today's numbers: the floor's first, then each team's.

import CCCore

/// The overlay of numbers.
///
/// What has no denominator, or what the desks do not count, is n/a; sums are of unrounded seconds,
/// rounded here once.
enum FloorNumbers {
  /// The titles and where each column ends, in cells from the left edge.
  private static let columns: [(title: String, end: Int)] = [
    ("agents", 24), ("calls", 31), ("talk", 41), ("after-call", 52), ("AHT", 59), ("occ.", 66),
    ("connect", 74),
  ]

  static func draw(_ picture: FloorPicture, top: Int) -> Panel {
    let size = picture.layout.size
    let teams = picture.floor.teams.sorted { $0.key < $1.key }
    let rect = Rect(
      x: min(2, size.columns - 1), y: 1, width: max(0, min(size.columns - 2, 78)),
      height: max(0, min(teams.count + 4, size.rows - 3)))
    var canvas = picture.framed(
      rect, title: "Today", right: "talk includes hold; n/a: not counted", titleRole: .bright)
    for column in columns {
      put(column.title, end: column.end, &canvas, y: 1, Style(.dim))
    }
    row("all teams", picture.floor.totals, picture, &canvas, y: 2, .bright)
    let rows = max(0, rect.height - 4)
    let first = min(top, max(0, teams.count - rows))
    for (index, team) in teams.dropFirst(first).prefix(rows).enumerated() {
      row(team.key, team.value, picture, &canvas, y: 3 + index, .plain)
    }
    return canvas.panel("numbers", rect)
  }

  private static func row(
    _ name: String, _ totals: FloorTotals, _ picture: FloorPicture, _ canvas: inout Canvas, y: Int,
    _ role: Role
  ) {
    canvas.put(picture.cut(name, to: 14), x: 2, y: y, Style(role))
    let counted = totals.counted > 0
    let percent = { (share: Double?) in share.map { "\(Int(($0 * 100).rounded())) %" } ?? "n/a" }
    let texts = [
      "\(totals.agents)", counted ? "\(totals.today.calls)" : "n/a",
      counted ? Durations.panel(totals.today.talk) : "n/a",
      counted ? Durations.panel(totals.today.afterCallWork) : "n/a",
      totals.averageHandling.map { Durations.small(Int($0.rounded())) } ?? "n/a",
      percent(totals.occupancy), percent(totals.connectRate),
    ]
    for (column, text) in zip(columns, texts) {
      put(text, end: column.end, &canvas, y: y, Style(text == "n/a" ? .dim : role))
    }
  }

  /// Right-aligned; what does not fit stands nowhere rather than cut.
  private static func put(
    _ text: String, end: Int, _ canvas: inout Canvas, y: Int, _ style: Style
  ) {
    guard end < canvas.width - 1 else { return }
    canvas.putRight(text, end: end, y: y, style)
  }
}
