// The table: who, how, for how long.

import CCCore

/// The rows of the agents, and the titles above them.
enum FloorTable {
  static func titles(_ picture: FloorPicture) -> Panel {
    let rect = picture.layout.columns
    var canvas = picture.canvas(rect)
    let columns = columns(picture)
    let dim = Style(.dim)
    let sort = picture.floor.sort
    let mark = picture.glyphs.descending
    canvas.put(
      sort == .name ? "Agent \(mark)" : "Agent", x: FloorColumns.nameStart, y: 0, dim,
      limit: columns.nameWidth - 1)
    for place in columns.places {
      let title = place.column.title
      // The mark is seen whole, the blank before it gives way.
      let isSorted = place.column.sort == sort
      let gap = Cells.width(of: title) + 2 < place.width ? " " : ""
      canvas.put(
        isSorted ? "\(title)\(gap)\(mark)" : title, x: place.x, y: 0, dim, limit: place.width)
    }
    return canvas.panel("columns", rect)
  }

  /// The rows at these positions; without any, those that the screen is at.
  static func draw(_ picture: FloorPicture, window: Range<Int>? = nil) -> Panel {
    let rect = picture.layout.table
    var canvas = picture.canvas(rect)
    let screen = picture.screen
    let order = screen.order(of: picture.floor)
    let window = window ?? screen.window(of: picture.floor, rows: rect.height)
    let rows = picture.floor.rows(in: window, of: order)
    let columns = columns(picture)
    for (y, row) in rows.enumerated() {
      let words = FloorWords(row: row, picture: picture)
      let isChosen = row.key == screen.selection && !screen.isWall
      if picture.layout.shape == .bare {
        putBare(words, isChosen: isChosen, &canvas, y: y)
      } else {
        put(words, isChosen: isChosen, columns, &canvas, y: y)
      }
    }
    if rows.isEmpty, rect.height > 0 {
      canvas.put(empty(picture), x: min(4, rect.width - 1), y: 0, Style(.dim))
    }
    return canvas.panel("floor", rect)
  }

  private static func columns(_ picture: FloorPicture) -> FloorColumns {
    FloorColumns(
      picture.layout.size.columns, hidden: picture.screen.hidden, isWall: picture.screen.isWall)
  }

  private static func put(
    _ words: FloorWords, isChosen: Bool, _ columns: FloorColumns, _ canvas: inout Canvas, y: Int
  ) {
    let picture = words.picture
    if isChosen { canvas.put(picture.glyphs.chosen, x: 0, y: y, Style(.accent)) }
    canvas.put(words.sign, x: 2, y: y, Style(words.timeRole))
    canvas.put(
      picture.cut(words.row.name.string, to: columns.nameWidth - 1), x: FloorColumns.nameStart,
      y: y, Style(isChosen ? .bright : picture.isLive ? .plain : .dim))
    for place in columns.places {
      let (text, role) = cell(place, words)
      guard !text.isEmpty else { continue }
      canvas.put(picture.cut(text, to: place.width - 1), x: place.x, y: y, Style(role))
    }
  }

  /// `! Ana Ruiz  ◌ 31:07`: who, how, for how long.
  private static func putBare(
    _ words: FloorWords, isChosen: Bool, _ canvas: inout Canvas, y: Int
  ) {
    let picture = words.picture
    let time = words.shortTime
    let sign = picture.glyphs.sign(words.row.shownSeat)
    let timeStart = max(0, canvas.width - Cells.width(of: time))
    canvas.put(
      isChosen ? picture.glyphs.chosen : words.sign, x: 0, y: y,
      Style(isChosen ? .accent : words.timeRole))
    canvas.put(
      picture.cut(words.row.name.string, to: max(0, timeStart - 5)), x: 2, y: y,
      Style(isChosen ? .bright : picture.isLive ? .plain : .dim))
    canvas.put(sign, x: max(0, timeStart - 2), y: y, Style(words.statusRole))
    canvas.put(time, x: timeStart, y: y, Style(words.timeRole))
  }

  private static func cell(_ place: FloorColumns.Place, _ words: FloorWords) -> (String, Role) {
    switch place.column {
    case .team: (words.row.key.team, .dim)
    case .status: (words.status, words.statusRole)
    case .time: (words.time, words.timeRole)
    case .call: (place.width > 12 ? words.callAndTime : words.call, words.callRole)
    case .number: (words.number, words.row.call?.number == nil ? .dim : .plain)
    case .today: (words.figure { "\($0.calls)" }, .plain)
    case .login: (words.row.key.agent, .dim)
    case .heard: (words.heard, .dim)
    case .talk: (words.figure { Durations.panel($0.talk) }, .plain)
    case .afterCall: (words.figure { Durations.panel($0.afterCallWork) }, .plain)
    case .handling: (words.figure { $0.averageHandling.map(Durations.small) }, .plain)
    case .occupancy: (words.figure { $0.occupancy.map { "\($0) %" } }, .plain)
    case .connect: (words.figure { $0.connectRate.map { "\($0) %" } }, .plain)
    }
  }

  private static func empty(_ picture: FloorPicture) -> String {
    if picture.floor.agentCount > 0 { return "Nobody here matches; Esc shows all." }
    switch picture.floor.feed {
    case .connecting: return "Connecting; nobody has been heard of yet."
    case .up: return "Nobody has been heard of yet."
    case .down: return "The feed is gone; nobody has been heard of."
    }
  }
}
