// The smallest screens: status, call, number, hang-up key; below that one honest line.

import CCCore

/// What is left when there is no room for panels.
enum BareLines {
  static func draw(_ picture: Picture) -> [Panel] {
    let layout = picture.layout
    var panels = [agent(picture), call(picture), number(picture)]
    if layout.info.height > 0 { panels.append(field(picture)) }
    // Where there is no row for the field, what is typed stands where messages do.
    let typesOnNumber = shownNumber(picture) == nil
    for index in panels.indices {
      let wanted = typesOnNumber && picture.screen.focus == .dial ? "dial" : "info"
      if panels[index].name != wanted { panels[index].cursor = nil }
    }
    return panels
  }

  private static func agent(_ picture: Picture) -> Panel {
    let rect = picture.layout.agent
    var canvas = picture.canvas(rect)
    let state = AgentPanel.state(picture)
    let word = picture.desk.seat.untold == nil ? state.words : untold(picture)
    canvas.put(
      picture.cut("\(word) \(AgentPanel.duration(picture, short: true))", to: rect.width),
      x: 0, y: 0, Style(state.role))
    return canvas.panel("agent", rect)
  }

  /// `◌ BREAK !PBX`: the telephone system was not told; F9 says why.
  private static func untold(_ picture: Picture) -> String {
    let seat = picture.desk.seat.seat
    let word = seat == .shortBreak ? "BREAK" : seat?.name.uppercased() ?? "UNKNOWN"
    return "\(picture.glyphs.sign(seat)) \(word) \(picture.glyphs.alert)PBX"
  }

  private static func call(_ picture: Picture) -> Panel {
    let rect = picture.layout.call
    var canvas = picture.canvas(rect)
    let desk = picture.desk
    var row = CallRow("no call", .dim)
    if let attempt = desk.unseenAttempt, desk.shownCall == nil {
      row = CallRow("\(picture.glyphs.ringing) DIALLING", picture.accent(.ringing))
      row.behind = Durations.small(picture.now.seconds(since: attempt.at))
    } else if let call = desk.active, CallPanel.shows(call, picture) {
      let words = CallWords(picture: picture, call: call)
      let state = words.state
      let word = call.end.map { ended(call, $0) ?? state.word } ?? state.word
      row = CallRow(state.sign.isEmpty ? word : "\(state.sign) \(word)", state.role)
      row.marks = words.marks
      row.behind = words.duration(Durations.small)
      if !row.marks.isEmpty, call.talk != nil {
        // The sign says that it talks; the marks must be seen whole.
        row.left = state.sign
      }
    } else if let failed = desk.failed, desk.active == nil {
      let words = "\(picture.glyphs.refused) \(CallPanel.why(failed))"
      row = CallRow(words, picture.accent(.refused))
    } else if !desk.link.isUp {
      row = CallRow(linkWord(desk.link), .lost)
    }
    row.gap = 1
    row.put(picture, &canvas, y: 0, x: 0, end: rect.width)
    return canvas.panel("call", rect)
  }

  /// How a call ended is for wider screens; why it was not established is what one looks for.
  ///
  /// Nil: as its state says.
  private static func ended(_ call: Call, _ end: Call.End) -> String? {
    if end.talked != nil { return end.cut == nil ? "ENDED" : "CUT OFF" }
    let why = EndWords.why(end)
    return call.direction == .out && !why.isEmpty ? why : nil
  }

  private static func linkWord(_ link: Link) -> String {
    switch link {
    case .connecting: "connecting"
    case .up: ""
    case .down: "LINK DOWN"
    case .stopped: "LINK REFUSED"
    case .evicted: "SIGNED IN ELSEWHERE"
    case .off: "offline"
    }
  }

  /// The number of the call; nil while there is none.
  private static func shownNumber(_ picture: Picture) -> String? {
    if let attempt = picture.desk.unseenAttempt, picture.desk.shownCall == nil {
      return picture.desk.grouped(attempt.phone)
    }
    guard let call = picture.desk.active, call.isOpen else { return nil }
    return CallWords(picture: picture, call: call).number
  }

  private static func number(_ picture: Picture) -> Panel {
    let rect = picture.layout.dial
    var canvas = picture.canvas(rect)
    if let order = picture.desk.orders.first?.order, typed(picture) != nil {
      // Where what is typed has the message row, a supervisor's order is read before the number.
      MessageRow.put(order, picture, &canvas, x: 0, room: rect.width)
      return canvas.panel("dial", rect)
    }
    if let number = shownNumber(picture) {
      var row = CallRow(number, .bright)
      row.gap = 1
      if let call = picture.desk.shownCall {
        row.right = CallWords(picture: picture, call: call).beside ?? ""
        row.behind = call.name?.string ?? ""
      }
      row.put(picture, &canvas, y: 0, x: 0, end: rect.width)
      return canvas.panel("dial", rect)
    }
    let x = LineField.put(picture.screen.dial, &canvas, x: 0, y: 0, width: rect.width - 1)
    return canvas.panel("dial", rect, cursor: Panel.Cursor(x: x, y: 0))
  }

  /// The field in focus, where a row is left for it.
  private static func field(_ picture: Picture) -> Panel {
    let rect = picture.layout.info
    var canvas = picture.canvas(rect)
    let screen = picture.screen
    let shown = screen.focus == .dial && shownNumber(picture) == nil ? screen.info : screen.field
    let cursor = AreaField.put(
      shown, &canvas, x: 0, y: 0, width: rect.width - 1, height: rect.height)
    return canvas.panel("info", rect, cursor: cursor)
  }

  /// What is typed, in the message row of a screen that has no row for it.
  static func typed(_ picture: Picture) -> Field? {
    guard picture.layout.shape == .bare, picture.layout.info.height == 0 else { return nil }
    let onNumber = shownNumber(picture) == nil && picture.screen.focus == .dial
    return onNumber ? nil : picture.screen.field
  }

  /// One honest line: the call, if there is one, and the size that is wanted.
  static func tooSmall(_ picture: Picture) -> Panel {
    let size = picture.layout.size
    let rect = Rect(x: 0, y: 0, width: size.columns, height: size.rows)
    var canvas = picture.canvas(rect)
    let wanted = "\(Layout.smallest.columns)x\(Layout.smallest.rows)"
    let plain = [
      "too small: ccterm needs \(wanted)", "ccterm needs \(wanted)", "needs \(wanted)", wanted,
    ]
    let sentences =
      picture.desk.isOnCall ? ["on a call, F8 ends it", "F8 hangs up", "F8 ends"] + plain : plain
    let fitting = sentences.first { Cells.width(of: $0) <= size.columns }
    canvas.put(fitting ?? "", x: 0, y: 0)
    return canvas.panel("message", rect)
  }
}
