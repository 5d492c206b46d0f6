// The totals: a figure a status, and a bar that shows how the floor is divided.

import CCCore

/// The rows below the header.
enum FloorTotalsPanel {
  /// A status, its figure and how its part of the bar is drawn.
  struct Figure {
    var word: String
    var sign: String
    var count: Int
    var role: Role
    var fill: String
  }

  /// The totals that are shown: of the team, or of the floor.
  static func totals(_ picture: FloorPicture) -> FloorTotals {
    picture.screen.team.map { picture.floor.teams[$0] ?? FloorTotals() } ?? picture.floor.totals
  }

  static func figures(_ picture: FloorPicture) -> [Figure] {
    let totals = totals(picture)
    let glyphs = picture.glyphs
    let count = { (seat: Seat) in totals.bySeat[seat] ?? 0 }
    // A code that the contract does not know is no status that anyone can count on.
    let others = totals.bySeat.reduce(0) { sum, entry in
      if case .unknown = entry.key { sum + entry.value } else { sum }
    }
    return [
      Figure(
        word: "idle", sign: glyphs.idle, count: count(.idle), role: .calm, fill: glyphs.full),
      Figure(
        word: "busy", sign: glyphs.busy, count: count(.busy), role: .talking, fill: glyphs.dense),
      Figure(
        word: "post-call", sign: glyphs.postCall, count: count(.postCall), role: .plain,
        fill: glyphs.light),
      Figure(
        word: "break", sign: glyphs.onBreak, count: count(.shortBreak), role: .warning,
        fill: glyphs.dot),
      Figure(
        word: "offline", sign: glyphs.offline, count: count(.offline), role: .dim, fill: " "),
      Figure(
        word: "unknown", sign: glyphs.unknown, count: totals.unknown + others, role: .dim,
        fill: " "),
    ]
  }

  static func draw(_ picture: FloorPicture) -> Panel {
    let rect = picture.layout.totals
    guard rect.height == 1 else { return FloorDigits.draw(picture) }
    var canvas = picture.canvas(rect)
    let isFull = picture.layout.shape == .full
    var figures = figures(picture)
    let inCall = totals(picture).inCall
    figures.append(
      Figure(word: "in call", sign: picture.glyphs.ringing, count: inCall, role: .plain, fill: ""))
    var x = isFull || picture.layout.shape == .stacked ? 1 : 0
    for figure in figures {
      if !isFull, figure.count == 0 { continue }
      let word = isFull ? figure.word : figure.sign
      let count = " \(figure.count)"
      guard x + Cells.width(of: word) + count.count <= rect.width else { break }
      x = canvas.put(word, x: x, y: 0, Style(.dim))
      x = canvas.put(
        isFull ? count : String(count.dropFirst()), x: x, y: 0,
        Style(figure.count == 0 ? .dim : figure.role == .dim ? .plain : figure.role))
      x += isFull ? 3 : 2
    }
    return canvas.panel("totals", rect)
  }

  static func bar(_ picture: FloorPicture) -> Panel {
    let rect = picture.layout.bar
    var canvas = picture.canvas(rect)
    let figures = figures(picture)
    let agents = figures.reduce(0) { $0 + $1.count }
    let width = min(agents, max(0, rect.width / 2))
    var x = 1
    for (figure, cells) in zip(figures, parts(figures.map(\.count), of: width)) {
      canvas.fill(figure.fill, x: x..<x + cells, y: 0, Style(figure.role))
      x += cells
    }
    if let row = picture.floor.longestIdle, picture.screen.team == nil {
      let seconds = row.start.seconds(at: picture.then)
      canvas.put(
        "longest idle \(picture.atLeast(row.start.isExact, Durations.panel(seconds)))",
        x: max(x + 2, rect.width - 28), y: 0, Style(.dim))
    }
    return canvas.panel("bar", rect)
  }

  /// Divides a width by counts: what is there gets a cell, and the parts make up the whole.
  static func parts(_ counts: [Int], of width: Int) -> [Int] {
    let all = counts.reduce(0, +)
    guard all > 0 else { return counts.map { _ in 0 } }
    var cells = counts.map { $0 == 0 ? 0 : max(1, $0 * width / all) }
    var rest = width - cells.reduce(0, +)
    while rest != 0 {
      // The largest part gives and takes: there it is seen least.
      guard let largest = cells.indices.max(by: { cells[$0] < cells[$1] }), cells[largest] > 0
      else { break }
      let step = rest > 0 ? 1 : -1
      cells[largest] += step
      rest -= step
    }
    return cells
  }
}
