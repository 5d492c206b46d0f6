// The one row for messages and questions.

import CCCore

/// The row above the key bar; a message that is longer than a row grows upward, for as long as it
/// stands.
enum MessageRow {
  /// The most rows of a message.
  private static let tallest = 3

  /// `top`: the first row that a long message may cover.
  static func draw(_ picture: Picture, from top: Int) -> Panel {
    let screen = picture.screen
    let space = picture.layout.message
    let rows = rows(picture)
    guard screen.question == nil, prompt(picture) == nil, menuLine(picture, rows.room) == nil,
      let (text, role) = message(picture)
    else { return single(picture) }
    // What stands for long takes less than what is said once.
    let most = screen.overlay != nil ? 1 : screen.message == nil ? 2 : tallest
    let free = max(1, min(most, space.y - top + 1))
    let lines = Wrapping.lines(text, width: rows.room, most: free)
    let rect = Rect(
      x: space.x, y: space.y - lines.count + 1, width: space.width, height: lines.count)
    var canvas = picture.canvas(rect)
    for (y, line) in lines.enumerated() {
      canvas.put(picture.cut(line, to: rows.room), x: rows.margin, y: y, Style(role))
    }
    return canvas.panel("message", rect)
  }

  private static func rows(_ picture: Picture) -> (margin: Int, room: Int) {
    let margin = picture.layout.shape == .bare ? 0 : 1
    return (margin, max(0, picture.layout.message.width - 2 * margin))
  }

  /// What has one row: questions, prompts, menus, orders, and what is typed where it has no other row.
  private static func single(_ picture: Picture) -> Panel {
    let rect = picture.layout.message
    var canvas = picture.canvas(rect)
    let (margin, room) = rows(picture)
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
    } else if let order = picture.desk.orders.first?.order, BareLines.typed(picture) == nil {
      put(order, picture, &canvas, x: margin, room: room)
    } else if let field = BareLines.typed(picture) {
      let x = LineField.put(field, &canvas, x: 0, y: 0, width: rect.width - 1)
      return canvas.panel("message", rect, cursor: Panel.Cursor(x: x, y: 0))
    }
    return canvas.panel("message", rect)
  }

  /// `sup-red: break over, please      ^X y accept   ^X n refuse`: the keys are never cut.
  static func put(
    _ order: Order, _ picture: Picture, _ canvas: inout Canvas, x: Int, room: Int
  ) {
    let long = "^X y accept   ^X n refuse"
    let keys = room >= 60 ? long : room >= 18 ? "^X y/n" : ""
    // In 20 columns what is asked comes before who asks.
    let (from, gap) = room < 30 ? ("", 1) : ("\(order.from): ", 3)
    let words = picture.cut(
      "\(from)\(order.words)", to: max(0, room - (keys.isEmpty ? 0 : keys.count + gap)))
    let end = canvas.put(words, x: x, y: 0, Style(.bright))
    let start = keys == long ? min(end + 6, x + room - keys.count) : x + room - keys.count
    canvas.put(keys, x: start, y: 0, Style(.accent))
  }

  /// The question in the longest words that there is room for.
  private static func short(_ question: Question, _ picture: Picture, _ room: Int) -> String {
    let all = [question.words(picture.desk)] + question.short
    return all.first { Cells.width(of: $0) <= room } ?? all.last ?? ""
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

  /// `^X`, the help without a frame, and, on small screens, the status menu.
  private static func menuLine(_ picture: Picture, _ room: Int) -> String? {
    switch picture.screen.overlay {
    case .prefix:
      return fitting(
        [
          CommandName.hangUp, .hold, .mute, .answer, .reject, .keypad, .transfer, .status, .why,
          .quit, .help,
        ]
        .compactMap { name in
          guard let letter = CommandTable.row(name).letter,
            CommandTable.whyNot(name, picture.desk, picture.screen) == nil,
            name != .reject || picture.desk.talkingCall != nil
          else { return nil }
          return "\(letter) \(KeyBar.label(name, picture).lowercased())"
        }, behind: "Command: ", room)
    case .help
    where picture.layout.help.height < Layout.framedHelp && picture.screen.message == nil:
      let lines = ["Help: Down for more, Esc closes", "Help: Down, Esc"]
      return lines.first { Cells.width(of: $0) <= room }
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
          picture.desk.explain(at: picture.now, clock: { picture.clock($0) }).string
        }
      switch message.level {
      case .info, .cleared: return (text, .plain)
      case .warning, .error: return ("\(picture.glyphs.alert) \(text)", .warning)
      }
    }
    // A supervisor's order stands until it is answered.
    if !picture.desk.orders.isEmpty { return nil }
    // Where messages and typing share a row, what stands for long must not hide the typing.
    if picture.layout.shape == .bare { return nil }
    let standing = besideTheCall(picture) ?? whyNoLink(picture) ?? howItEnded(picture)
    return standing.map { ($0, .plain) }
  }

  /// On a screen whose call panel has one row: who calls, who waits, who is held.
  private static func besideTheCall(_ picture: Picture) -> String? {
    guard hasOneRow(picture) else { return nil }
    let desk = picture.desk
    if let call = desk.ringingHere {
      if desk.talkingCall != nil { return "waiting: \(desk.party(of: call)), F5 answers" }
      let earlier = EarlierCalls.words(of: call, desk, picture.look.zone, at: picture.now)
      let words = [call.name?.string, earlier].compactMap { $0 }.filter { !$0.isEmpty }
      return words.isEmpty ? nil : words.joined(separator: ", ")
    }
    guard let other = desk.other else {
      if let attempt = desk.unseenAttempt, desk.hasOpenCall {
        return "dialling: \(desk.grouped(attempt.phone))"
      }
      if let gone = desk.goneCustomer { return "\(desk.party(of: gone)) hung up" }
      guard let call = desk.talkingCall else { return nil }
      let then = CallWords(picture: picture, call: call).then
      guard then.isEmpty, let since = call.talk?.heldSince else { return then.isEmpty ? nil : then }
      return "held for \(Durations.small(picture.now.seconds(since: since)))"
    }
    let since = picture.now.seconds(since: other.talk?.heldSince ?? other.shownSince)
    let joins = desk.hasTwoTalking ? ", F7 joins" : ""
    let more = desk.others.count > 1 ? ", +\(desk.others.count - 1) more" : ""
    let word = other.isHeld ? "held" : other.talk == nil ? "calling" : "talking"
    return "\(word): \(desk.party(of: other)) \(Durations.small(since))\(joins)\(more)"
  }

  /// The same of how a call ended.
  private static func howItEnded(_ picture: Picture) -> String? {
    guard hasOneRow(picture), picture.desk.shownCall != nil || picture.desk.unseenAttempt == nil
    else { return nil }
    guard let call = picture.desk.active else { return picture.desk.failed.map(CallPanel.why) }
    guard let end = call.end, CallPanel.shows(call, picture) else { return nil }
    switch end.by {
    case .agent, .far: if end.talked != nil { return nil }
    case .desk, .transferred, .lineLost, .inferred, .unseen: break
    }
    return CallWords(picture: picture, call: call).tail
  }

  private static func hasOneRow(_ picture: Picture) -> Bool {
    picture.layout.shape == .stacked && picture.layout.call.height <= 3
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
      return "\(first)\(words.dropFirst()) (\(picture.clock(since.unix)))."
    case .connecting, .up, .evicted, .off: return nil
    }
  }
}
