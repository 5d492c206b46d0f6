// The rows below the table: the chosen agent's past, the alerts, the message, the keys.

import CCCore

/// The last rows.
enum FloorFoot {
  /// ` Li Wei   14:03 busy ‹ 14:00 idle`, of the chosen agent.
  static func history(_ picture: FloorPicture) -> Panel {
    let rect = picture.layout.history
    var canvas = picture.canvas(rect)
    guard let key = picture.screen.selection, let row = picture.floor.row(key) else {
      return canvas.panel("history", rect)
    }
    let name = picture.cut(row.name.string, to: 24)
    var x = canvas.put(name, x: 1, y: 0, Style(.bright)) + 3
    var last: Seat?? = .none
    for change in picture.floor.changes(of: key).reversed().statusesNewestFirst() {
      let isFirst = last == .none
      let words =
        "\(picture.minute(picture.unix(change.uptime))) "
        + (change.seat?.shortName ?? "unknown")
      let before = isFirst ? "" : " \(picture.glyphs.earlier) "
      guard x + Cells.width(of: before + words) < rect.width else { break }
      x = canvas.put(before, x: x, y: 0, Style(.dim))
      x = canvas.put(words, x: x, y: 0, Style(isFirst ? .plain : .dim))
      last = .some(change.seat)
    }
    return canvas.panel("history", rect)
  }

  /// ` ! Ana Ruiz: break over 30:00`, of those that nobody has seen.
  static func alerts(_ picture: FloorPicture) -> Panel {
    let rect = picture.layout.alerts
    var canvas = picture.canvas(rect)
    let rows = picture.floor.alerts(limit: 64)
    var x = 1
    for (index, row) in rows.enumerated() {
      guard let alert = row.alert else { continue }
      let words = "\(picture.glyphs.alert) \(row.name.string): \(alert.words)"
      let left = rows.count - index
      let more = "\(picture.glyphs.more) \(left) more"
      let room = rect.width - x - (left > 1 ? Cells.width(of: more) + 4 : 0)
      guard Cells.width(of: words) <= room else {
        if index == 0 {
          canvas.put(picture.cut(words, to: max(0, rect.width - 2)), x: 1, y: 0, Style(.warning))
        } else {
          canvas.put(more, x: x, y: 0, Style(.dim))
        }
        break
      }
      x = canvas.put(words, x: x, y: 0, Style(.warning)) + 4
    }
    return canvas.panel("alerts", rect)
  }

  static func message(_ picture: FloorPicture) -> Panel {
    let rect = picture.layout.message
    var canvas = picture.canvas(rect)
    let screen = picture.screen
    let room = max(0, rect.width - 2)
    if case .quit = screen.overlay {
      canvas.put("Quit the wall? y/n", x: 1, y: 0, Style(.accent), limit: room)
    } else if let words = screen.handWords(screen.shown(picture.floor)) {
      return asked(words, picture, canvas, rect)
    } else if let typing = screen.typing {
      return typed(typing, picture, canvas, rect, margin: 1)
    } else if let message = screen.message {
      let mark = message.isWarning ? "\(picture.glyphs.alert) " : ""
      canvas.put(
        picture.cut(mark + message.text.string, to: room), x: 1, y: 0,
        Style(message.isWarning ? .warning : .plain))
    } else if !picture.isLive, case .down(let reason) = picture.floor.feed {
      canvas.put(picture.cut(reason.string, to: room), x: 1, y: 0)
    } else if let filter = filter(picture) {
      canvas.put(picture.cut(filter, to: room), x: 1, y: 0, Style(.dim))
    }
    return canvas.panel("message", rect)
  }

  /// A question of the hand; where it is long, its end stays.
  private static func asked(
    _ words: String, _ picture: FloorPicture, _ canvas: Canvas, _ rect: Rect
  ) -> Panel {
    var canvas = canvas
    let room = max(0, rect.width - 2)
    if case .message(_, let field) = picture.screen.overlay {
      let label = picture.cut(words, to: max(0, room - 12))
      let start = canvas.put(label, x: 1, y: 0, Style(.accent))
      let x = LineField.put(field, &canvas, x: start, y: 0, width: max(1, rect.width - start - 1))
      return canvas.panel("message", rect, cursor: Panel.Cursor(x: min(x, rect.width - 1), y: 0))
    }
    let tail = words.hasSuffix(" y/n") ? " y/n" : ""
    let head = picture.cut(String(words.dropLast(tail.count)), to: max(0, room - tail.count))
    let end = canvas.put(head + tail, x: 1, y: 0, Style(.accent))
    return canvas.panel(
      "message", rect, cursor: Panel.Cursor(x: min(end + 1, rect.width - 1), y: 0))
  }

  private static func typed(
    _ field: Field, _ picture: FloorPicture, _ canvas: Canvas, _ rect: Rect, margin: Int
  ) -> Panel {
    var canvas = canvas
    let found = "\(picture.floor.shownCount) found"
    let start = canvas.put("/", x: margin, y: 0, Style(.accent))
    let room = rect.width - start - Cells.width(of: found) - 3
    let x = LineField.put(field, &canvas, x: start, y: 0, width: max(1, room))
    canvas.putRight(found, end: rect.width - margin, y: 0, Style(.dim))
    return canvas.panel("message", rect, cursor: Panel.Cursor(x: min(x, rect.width - 1), y: 0))
  }

  /// What is filtered, and how many are left.
  private static func filter(_ picture: FloorPicture) -> String? {
    let screen = picture.screen
    var parts: [String] = []
    if !screen.filterText.isEmpty { parts.append("filter: \(screen.filterText)") }
    if screen.alertsOnly { parts.append("alerts only") }
    guard !parts.isEmpty else { return nil }
    return parts.joined(separator: ", ")
      + "; \(picture.floor.shownCount) of \(picture.floor.agentCount), Esc shows all"
  }

  static func keys(_ picture: FloorPicture) -> Panel {
    let rect = picture.layout.keys
    var canvas = picture.canvas(rect)
    let shape = picture.layout.shape
    if shape == .bare, let typing = picture.screen.typing {
      return typed(typing, picture, canvas, rect, margin: 0)
    }
    let names: [FloorCommandName] =
      shape == .full
      ? [
        .follow, .sort, .team, .filter, picture.screen.frozen == nil ? .message : .freeze, .seen,
        .help, .quit,
      ]
      : [.filter, .sort, .help, .quit]
    var x = shape == .bare ? 0 : 1
    for name in names {
      let row = FloorCommandTable.row(name)
      let label = name == .freeze && picture.screen.frozen != nil ? "Thaw" : row.label
      guard x + Cells.width(of: row.keyLabel) + 1 + Cells.width(of: label) <= rect.width else {
        break
      }
      x = canvas.put(row.keyLabel, x: x, y: 0, Style(.bright)) + 1
      x = canvas.put(label, x: x, y: 0, Style(.dim)) + 2
    }
    return canvas.panel("keys", rect)
  }
}

extension Collection where Element == FloorChange {
  /// The changes of status alone, the newest first, each with the moment it began.
  func statusesNewestFirst() -> [FloorChange] {
    var result: [FloorChange] = []
    for change in self where result.last.map({ $0.seat != change.seat }) ?? true {
      result.append(change)
    }
    return result.reversed()
  }
}
