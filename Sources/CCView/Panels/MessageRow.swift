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
    if let prompt = prompt(picture) {
      let x = canvas.put(prompt.label, x: margin, y: 0, Style(.accent), limit: room)
      let width = max(1, rect.width - x - 1)
      let cursor = LineField.put(prompt.field, &canvas, x: x, y: 0, width: width)
      return canvas.panel(
        "message", rect, cursor: Panel.Cursor(x: min(cursor, rect.width - 1), y: 0))
    }
    if let line = menuLine(picture, room) {
      canvas.put(picture.cut(line, to: room), x: margin, y: 0, Style(.accent))
    } else if let (text, role) = message(picture) {
      canvas.put(picture.cut(text, to: room), x: margin, y: 0, Style(role))
    } else if let order = picture.desk.orders.first?.order, BareLines.typed(picture) == nil {
      put(order, picture, &canvas, x: margin, room: room)
    } else if let field = BareLines.typed(picture) {
      let x = LineField.put(field, &canvas, x: 0, y: 0, width: rect.width - 1)
      return canvas.panel("message", rect, cursor: Panel.Cursor(x: x, y: 0))
    }
    return canvas.panel("message", rect)
  }

  /// `sup-red: break over, please      ^X y accept   ^X n refuse`: the keys are never cut.
  private static func put(
    _ order: Order, _ picture: Picture, _ canvas: inout Canvas, x: Int, room: Int
  ) {
    let long = "^X y accept   ^X n refuse"
    let keys = room >= 60 ? long : room >= 30 ? "^X y/n" : ""
    let words = picture.cut(
      "\(order.from): \(order.words)", to: max(0, room - (keys.isEmpty ? 0 : keys.count + 3)))
    let end = canvas.put(words, x: x, y: 0, Style(.bright))
    let start = keys == long ? min(end + 6, x + room - keys.count) : x + room - keys.count
    canvas.put(keys, x: start, y: 0, Style(.accent))
  }

  /// Where the whole question has no room, its first word and what is asked for.
  private static func short(_ question: Question, _ picture: Picture, _ room: Int) -> String {
    let words = question.words(picture.desk)
    guard Cells.width(of: words) > room, let mark = words.firstIndex(of: "?") else { return words }
    return String(words[...mark]) + " y/n"
  }

  /// Whether keys go to what stands here, so that no field has the cursor.
  static func takesKeys(_ picture: Picture) -> Bool {
    let isSmall = picture.layout.shape != .full
    switch picture.screen.overlay {
    case _ where picture.screen.question != nil: return true
    case .status, .keypad, .transfer: return isSmall
    case .prefix: return true
    case .help, nil: return false
    }
  }

  /// On small screens the keypad and the transfer prompt stand here.
  private static func prompt(_ picture: Picture) -> (label: String, field: Field)? {
    guard picture.layout.shape != .full else { return nil }
    switch picture.screen.overlay {
    case .keypad(let keypad):
      var sent = Field(.line)
      sent.replace(keypad.sent)
      return ("Tones: ", sent)
    case .transfer(let prompt): return ("To: ", prompt.number)
    case .help, .status, .prefix, nil: return nil
    }
  }

  /// `^X` and, on small screens, the status menu.
  private static func menuLine(_ picture: Picture, _ room: Int) -> String? {
    switch picture.screen.overlay {
    case .prefix:
      return fitting(
        [
          CommandName.hangUp, .hold, .mute, .answer, .keypad, .transfer, .status, .why, .quit,
          .help,
        ]
        .compactMap { name in
          guard let letter = CommandTable.row(name).letter,
            CommandTable.whyNot(name, picture.desk, picture.screen) == nil
          else { return nil }
          return "\(letter) \(KeyBar.label(name, picture).lowercased())"
        }, behind: "Command: ", room)
    case .status where picture.layout.shape != .full:
      let lines = [
        StatusMenu.rows.map { "\($0.letter) \($0.seat.name)" }.joined(separator: "  "),
        "i idle  b busy  p break  o offline", "status: i b p o",
      ]
      return lines.first { Cells.width(of: $0) <= room }
    default: return nil
    }
  }

  /// As many whole items as there is room for.
  private static func fitting(_ items: [String], behind label: String, _ room: Int) -> String {
    var line = ""
    for item in items {
      let longer = line.isEmpty ? label + item : "\(line)  \(item)"
      guard Cells.width(of: longer) <= room else { break }
      line = longer
    }
    return line
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
    // A supervisor's order stands until it is answered.
    if !picture.desk.orders.isEmpty { return nil }
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
      // A sentence begins large, but not the name of a host.
      let word = words.prefix { $0 != " " }
      let first = word.contains(".") ? String(words.prefix(1)) : words.prefix(1).uppercased()
      return "\(first)\(words.dropFirst()) (\(picture.look.zone.clock(since.unix)))."
    case .connecting, .up, .evicted, .off: return nil
    }
  }
}
