// The floor's header: what is shown on the left, where it comes from and the time on the right.

import CCCore

/// The first row.
enum FloorHeader {
  static func draw(_ picture: FloorPicture) -> Panel {
    let rect = picture.layout.header
    var canvas = picture.canvas(rect)
    let isFull = picture.layout.shape == .full
    let zone = picture.look.zone
    let clock = isFull ? zone.clock(picture.now.unix) : zone.minute(picture.now.unix)
    let margin = picture.layout.shape == .bare ? 0 : 1
    var end = rect.width - margin
    canvas.putRight(clock, end: end, y: 0)
    end -= Cells.width(of: clock) + (isFull ? 3 : 1)
    let (source, style) = source(picture)
    if isFull || !picture.isLive {
      let words = picture.cut(source, to: max(0, end - margin - (isFull ? 24 : 0)))
      canvas.putRight(words, end: end, y: 0, style)
      end -= Cells.width(of: words) + 2
    }
    var x = margin
    for (index, part) in parts(picture).enumerated() {
      let gap = index == 0 ? 0 : 2
      let room = end - x - gap
      // The first is cut where it must be, the others stand whole or not at all.
      guard index == 0 || Cells.width(of: part.text) <= room else { break }
      x = canvas.put(picture.cut(part.text, to: room), x: x + gap, y: 0, part.style)
    }
    return canvas.panel("header", rect)
  }

  private static func parts(_ picture: FloorPicture) -> [(text: String, style: Style)] {
    var parts: [(text: String, style: Style)] = []
    if picture.layout.shape == .full { parts.append(("ccterm floor", Style())) }
    if let frozen = picture.screen.frozen {
      let length = Durations.small(picture.now.seconds(since: frozen.since))
      let changes = "\(frozen.changes) \(frozen.changes == 1 ? "change" : "changes")"
      parts.append(("FROZEN \(length), \(changes)", Style(.warning, reverse: true)))
    }
    let agents =
      picture.screen.team.map { picture.floor.teams[$0]?.agents ?? 0 }
      ?? picture.floor.agentCount
    if picture.layout.shape != .bare {
      parts.append((picture.screen.team.map { "team \($0)" } ?? "all teams", Style()))
    }
    parts.append(("\(agents) \(agents == 1 ? "agent" : "agents")", Style()))
    return parts
  }

  private static func source(_ picture: FloorPicture) -> (String, Style) {
    let source = picture.screen.source.string
    switch picture.floor.feed {
    case .up: return (source, Style(.dim))
    case .connecting: return ("connecting \(source)", Style(.warning))
    case .down:
      let since = picture.clock(picture.floor.feedSince.unix)
      return (
        picture.layout.shape == .full ? "NOT LIVE since \(since)" : "NOT LIVE",
        Style(.lost, reverse: true)
      )
    }
  }
}
