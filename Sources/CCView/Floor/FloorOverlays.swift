// What lies over the table: help, teams, columns.

import CCCore

/// The overlay of a floor's picture.
enum FloorOverlays {
  static func draw(_ picture: FloorPicture) -> Panel? {
    switch picture.screen.overlay {
    case .help(let top):
      let lines = FloorCommandTable.rows.map {
        HelpText.Line(key: $0.keyLabel, letter: "", help: $0.help)
      }
      return HelpPanel.draw(picture, lines, in: area(picture), top: top)
    case .teams(let index): return teams(picture, index)
    case .columns: return columns(picture)
    case .numbers(let top): return FloorNumbers.draw(picture, top: top)
    case .message, .wishes, .order, .quit, nil: return nil
    }
  }

  /// All but the header and the last rows.
  private static func area(_ picture: FloorPicture) -> Rect {
    let size = picture.layout.size
    let rest = picture.layout.shape == .bare ? 2 : 3
    return Rect(
      x: 0, y: picture.layout.shape == .bare ? 0 : 1, width: min(size.columns, 100),
      height: size.rows - rest)
  }

  private static func teams(_ picture: FloorPicture, _ index: Int) -> Panel {
    let names = picture.floor.teams.keys.sorted()
    let size = picture.layout.size
    let rect = Rect(
      x: min(2, size.columns - 1), y: 1, width: max(0, min(size.columns - 2, 76)),
      height: max(0, min(names.count + 3, size.rows - 3)))
    var canvas = picture.framed(rect, title: "Team", right: "Enter, Esc", titleRole: .bright)
    let rows = max(1, rect.height - 2)
    let first = max(0, min(index - rows / 2, names.count + 1 - rows))
    for place in first..<min(names.count + 1, first + rows) {
      let y = place - first + 1
      let totals = place == 0 ? picture.floor.totals : picture.floor.teams[names[place - 1]]
      guard let totals else { continue }
      let isHere = place == index
      if isHere { canvas.put(picture.glyphs.chosen, x: 2, y: y, Style(.accent)) }
      let name = place == 0 ? "all teams" : names[place - 1]
      canvas.put(picture.cut(name, to: 16), x: 4, y: y, Style(isHere ? .bright : .plain))
      canvas.put(
        picture.cut(summary(totals), to: max(0, rect.width - 24)), x: 22, y: y, Style(.dim))
    }
    return canvas.panel("teams", rect)
  }

  private static func summary(_ totals: FloorTotals) -> String {
    var words = "\(Spoken.count(totals.agents, "agent")), idle \(totals.bySeat[.idle] ?? 0)"
    words += ", in call \(totals.inCall)"
    if totals.alerts > 0 { words += ", alerts \(totals.alerts)" }
    let handling = totals.averageHandling.map { Durations.small(Int($0.rounded())) } ?? "n/a"
    return words + ", AHT \(handling)"
  }

  private static func columns(_ picture: FloorPicture) -> Panel {
    let size = picture.layout.size
    let all = FloorColumn.allCases
    let rect = Rect(
      x: min(2, size.columns - 1), y: 1, width: max(0, min(size.columns - 2, 76)),
      height: max(0, min(all.count + 2, size.rows - 3)))
    var canvas = picture.framed(
      rect, title: "Columns", right: "a letter switches one, Esc closes", titleRole: .bright)
    let places = FloorColumns(size.columns, hidden: picture.screen.hidden).places.map(\.column)
    for (index, column) in all.prefix(max(0, rect.height - 2)).enumerated() {
      let y = index + 1
      canvas.put(String(column.letter), x: 2, y: y, Style(.bright))
      let isHidden = picture.screen.hidden.contains(column)
      let state = isHidden ? "no" : places.contains(column) ? "yes" : "no room"
      canvas.put(state, x: 5, y: y, Style(isHidden ? .dim : .plain))
      canvas.put(
        picture.cut("\(column.title): \(column.help)", to: max(0, rect.width - 15)), x: 13, y: y,
        Style(.dim))
    }
    return canvas.panel("columns-menu", rect)
  }
}
