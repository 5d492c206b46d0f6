// The one row for messages and questions.

import CCCore

/// The row above the key bar.
enum MessageRow {
  static func draw(_ picture: Picture) -> Panel {
    let rect = picture.layout.message
    var canvas = picture.canvas(rect)
    let margin = picture.layout.shape == .bare ? 0 : 1
    let room = max(0, rect.width - 2 * margin)
    let screen = picture.screen
    if let question = screen.question {
      let end = canvas.put(
        picture.cut(short(question, picture, room), to: room), x: margin, y: 0, Style(.accent))
      let cursor = Panel.Cursor(x: min(end + (end < rect.width - 1 ? 1 : 0), rect.width - 1), y: 0)
      return canvas.panel("message", rect, cursor: cursor)
    }
    if let line = menuLine(picture) {
      canvas.put(picture.cut(line, to: room), x: margin, y: 0, Style(.accent))
    } else if let (text, role) = message(picture) {
      canvas.put(picture.cut(text, to: room), x: margin, y: 0, Style(role))
    } else if let field = BareLines.typed(picture) {
      let x = LineField.put(field, &canvas, x: 0, y: 0, width: rect.width - 1)
      return canvas.panel("message", rect, cursor: Panel.Cursor(x: x, y: 0))
    }
    return canvas.panel("message", rect)
  }

  /// Whether a question has the cursor.
  static func hasQuestion(_ picture: Picture) -> Bool { picture.screen.question != nil }

  /// Where the whole question has no room, its first word and what is asked for.
  private static func short(_ question: Question, _ picture: Picture, _ room: Int) -> String {
    let words = question.words(picture.desk)
    guard Cells.width(of: words) > room, let mark = words.firstIndex(of: "?") else { return words }
    return String(words[...mark]) + " y/n"
  }

  /// `^X` and, on small screens, the menus, which have no room of their own.
  private static func menuLine(_ picture: Picture) -> String? {
    let small = picture.layout.shape != .full
    switch picture.screen.overlay {
    case .prefix:
      return "Command: "
        + CommandTable.rows.compactMap { row in
          guard let letter = row.letter,
            CommandTable.whyNot(row.name, picture.desk, picture.screen) == nil
          else { return nil }
          return "\(letter) \(KeyBar.label(row.name, picture).lowercased())"
        }.joined(separator: "  ")
    case .status where small:
      return "Status: "
        + StatusMenu.rows.map { "\($0.letter) \($0.seat.name)" }.joined(separator: "  ")
    case .keypad(let keypad) where small: return "Tones: \(keypad.sent)"
    case .transfer(let prompt) where small: return "To: \(prompt.number.text)"
    default: return nil
    }
  }

  private static func message(_ picture: Picture) -> (String, Role)? {
    if let message = picture.screen.message {
      let text =
        switch message.content {
        case .text(let text): text.string
        case .why:
          picture.desk.explain(at: picture.now, clock: picture.look.zone.clock).string
        }
      switch message.level {
      case .info: return (text, .plain)
      case .warning, .error: return ("\(picture.glyphs.alert) \(text)", .warning)
      }
    }
    // Where messages and typing share a row, what stands for long must not hide the typing.
    if picture.layout.shape == .bare { return nil }
    return whyNoLink(picture).map { ($0, .plain) }
  }

  /// With nothing else to say: why the link is away.
  private static func whyNoLink(_ picture: Picture) -> String? {
    switch picture.desk.link {
    case .down(let since, let reason, _), .stopped(let since, let reason):
      guard !reason.isEmpty else { return nil }
      var words = reason.string
      while words.last == "." { words.removeLast() }
      let first = words.prefix(1).uppercased()
      return "\(first)\(words.dropFirst()) (\(picture.look.zone.clock(since.unix)))."
    case .connecting, .up, .evicted, .off: return nil
    }
  }
}
