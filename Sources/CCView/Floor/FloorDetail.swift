// One agent followed: her figures, a timeline, her last changes.

import CCCore

/// The panel of the agent who is followed.
enum FloorDetail {
  /// What the timeline looks back on.
  private static let minutes = 30

  static func draw(_ picture: FloorPicture) -> Panel? {
    let rect = picture.layout.detail
    guard rect.height >= 4, let key = picture.screen.selection,
      let row = picture.floor.row(key)
    else { return nil }
    var canvas = picture.framed(
      rect, title: row.name.string, right: "\(key)", titleRole: .bright)
    let words = FloorWords(row: row, picture: picture)
    let changes = picture.floor.changes(of: key)
    state(words, &canvas)
    put(figures(row), picture, &canvas, y: 2, .plain)
    timeline(changes, picture, &canvas, y: 3)
    list(changes, picture, &canvas, from: 4)
    return canvas.panel("detail", rect)
  }

  private static func state(_ words: FloorWords, _ canvas: inout Canvas) {
    var x = canvas.put(words.status, x: 2, y: 1, Style(words.statusRole)) + 2
    x = canvas.put(words.time, x: x, y: 1, Style(words.timeRole)) + 2
    if !words.call.isEmpty {
      x = canvas.put(words.callAndTime, x: x, y: 1, Style(words.callRole)) + 2
      x = canvas.put(words.number, x: x, y: 1, Style(.bright)) + 2
    }
    if let alert = words.row.alert {
      canvas.put(
        "\(words.sign) \(alert.words)\(words.row.isSeen ? ", seen" : "")", x: x, y: 1,
        Style(words.row.isSeen ? .warning : .lost), limit: max(0, canvas.width - 2 - x))
    }
  }

  private static func figures(_ row: FloorRow) -> String {
    guard let today = row.today else { return "today: not published" }
    let handling = today.averageHandling.map(Durations.small) ?? "n/a"
    let occupancy = today.occupancy.map { "\($0) %" } ?? "n/a"
    let connect = today.connectRate.map { "\($0) %" } ?? "n/a"
    return "today: \(today.calls) \(today.calls == 1 ? "call" : "calls"), "
      + "\(Durations.coarse(today.talk)) talk, \(Durations.coarse(today.afterCallWork)) ACW, "
      + "AHT \(handling), occ. \(occupancy), connect \(connect)"
  }

  /// The last half hour from left to right: each cell shows the status at its end.
  private static func timeline(
    _ changes: [FloorChange], _ picture: FloorPicture, _ canvas: inout Canvas, y: Int
  ) {
    let width = max(0, canvas.width - 4 - 12)
    guard width > 0 else { return }
    canvas.put("-\(minutes) min ", x: 2, y: y, Style(.dim))
    let span = Int64(minutes) * 60 * Instant.second
    for cell in 0..<width {
      let moment = picture.then.uptime.minus(span - span * Int64(cell + 1) / Int64(width))
      guard let change = changes.first(where: { $0.uptime <= moment }) else { continue }
      let (fill, role) = part(change.seat, picture.glyphs)
      canvas.fill(fill, x: 10 + cell..<11 + cell, y: y, Style(role))
    }
    canvas.put(" now", x: 10 + width, y: y, Style(.dim))
  }

  private static func part(_ seat: Seat?, _ glyphs: Glyphs) -> (String, Role) {
    switch seat {
    case .idle: (glyphs.full, .calm)
    case .busy: (glyphs.dense, .talking)
    case .postCall: (glyphs.light, .plain)
    case .shortBreak: (glyphs.dot, .warning)
    case .offline: (" ", .dim)
    case .unknown, nil: (glyphs.unknown, .dim)
    }
  }

  /// The changes, the newest first, in as many columns as there is room for.
  private static func list(
    _ changes: [FloorChange], _ picture: FloorPicture, _ canvas: inout Canvas, from top: Int
  ) {
    let rows = canvas.height - 1 - top
    guard rows > 0 else { return }
    let width = 38
    for (index, change) in changes.enumerated() {
      let x = 2 + index / rows * width
      guard x + width - 2 <= canvas.width || index < rows else { break }
      let until = index == 0 ? picture.then.uptime : changes[index - 1].uptime
      let clock = picture.clock(picture.unix(change.uptime))
      let call = change.call.map { ", \($0.word)" } ?? ""
      let words = "\(clock) \(change.seat?.shortName ?? "unknown")\(call)"
      let length = Durations.small(Int(max(0, until.minus(change.uptime)) / Instant.second))
      let room = min(width - 2, canvas.width - 2 - x)
      canvas.put(
        picture.cut(words, to: max(0, room - length.count - 1)), x: x, y: top + index % rows,
        Style(index == 0 ? .plain : .dim))
      canvas.putRight(length, end: x + room, y: top + index % rows, Style(.dim))
    }
  }

  private static func put(
    _ text: String, _ picture: FloorPicture, _ canvas: inout Canvas, y: Int, _ role: Role
  ) {
    canvas.put(picture.cut(text, to: max(0, canvas.width - 4)), x: 2, y: y, Style(role))
  }
}

extension CallReport.Status {
  /// `talking`.
  var word: String {
    switch self {
    case .calling: "calling"
    case .ringing: "ringing"
    case .talking: "talking"
    case .ended: "ended"
    case .notEstablished: "not established"
    }
  }
}
