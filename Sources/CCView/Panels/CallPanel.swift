// The call: its state, the number, how far it came.

import CCCore

/// The panel on the right.
enum CallPanel {
  static func draw(_ picture: Picture) -> Panel {
    let rect = picture.layout.call
    let lines = max(0, rect.height - 2)
    let ringing = picture.desk.ringingHere != nil && picture.desk.talkingCall == nil
    var canvas = picture.framed(
      rect, title: ringing ? "Incoming call" : "Call", titleRole: ringing ? .bright : .dim)
    guard lines > 0 else { return canvas.panel("call", rect) }
    if picture.layout.shape == .stacked, lines == 1 {
      oneLine(picture, &canvas)
      return canvas.panel("call", rect)
    }
    let rows = rows(picture)
    for (index, row) in rows.prefix(lines).enumerated() {
      row.put(picture, &canvas, y: index + 1)
    }
    return canvas.panel("call", rect)
  }

  /// What the panel shows, row by row.
  private static func rows(_ picture: Picture) -> [CallRow] {
    let desk = picture.desk
    if let call = desk.active, call.isOpen { return open(picture, call) }
    if let attempt = desk.unseenAttempt { return dialling(picture, attempt) }
    if let call = desk.active, shows(call, picture) { return one(picture, call) }
    if let failed = desk.failed { return Self.failed(picture, failed) }
    return none(picture)
  }

  /// How long an ended call stays where there is no post-call, in nanoseconds.
  static let endedStays = 10 * Instant.second

  /// A call that was talked on makes room once its post-call is over; a refused one stays, and so
  /// does one that was lost with its line, until the line is back.
  static func shows(_ call: Call, _ picture: Picture) -> Bool {
    guard case .ended(let end) = call.phase else { return true }
    if end.by == .lineLost, !picture.desk.link.isUp { return true }
    return picture.desk.seat.seat == .postCall
      || picture.now.nanoseconds(since: end.at) < endedStays
  }

  /// An open call, and what there is beside it: another call, a dial that waits for its call, a
  /// customer who is gone.
  private static func open(_ picture: Picture, _ call: Call) -> [CallRow] {
    if let other = picture.desk.other { return two(picture, call, other) }
    var rows = one(picture, call)
    if let beside = besideAlone(picture) { rows[rows.count - 1] = beside }
    return rows
  }

  private static func besideAlone(_ picture: Picture) -> CallRow? {
    if let attempt = picture.desk.unseenAttempt {
      var row = CallRow("\(picture.glyphs.ringing) DIALLING", .plain)
      row.behind = picture.desk.grouped(attempt.phone)
      row.right = Durations.small(picture.now.seconds(since: attempt.at))
      return row
    }
    guard let customer = picture.desk.goneCustomer, let end = customer.end else { return nil }
    var row = CallRow(
      "\(picture.glyphs.alert) \(picture.desk.party(of: customer)) hung up", .warning)
    row.right = Durations.small(picture.now.seconds(since: end.at))
    return row
  }

  private static func one(_ picture: Picture, _ call: Call) -> [CallRow] {
    let words = CallWords(picture: picture, call: call)
    var rows = [stateRow(words), who(words)]
    if call.isRingingHere {
      rows.append(
        CallRow(
          EarlierCalls.words(of: call, picture.desk, picture.look.zone, at: picture.now) ?? "",
          .plain))
      if !words.wanted.isEmpty { rows.append(CallRow(words.wanted, .plain)) }
    } else {
      rows.append(CallRow(words.path, .plain))
      var tail = CallRow(words.tail, .plain)
      if !words.then.isEmpty {
        tail = CallRow(words.then, .bright)
        tail.behind = words.tail
      }
      tail.right = LevelMeter(picture, call)?.text ?? ""
      tail.rightRole = .dim
      rows.append(tail)
    }
    return rows
  }

  private static func stateRow(_ words: CallWords, second: String = "") -> CallRow {
    let state = words.state
    var row = CallRow(state.sign.isEmpty ? state.word : "\(state.sign) \(state.word)", state.role)
    row.marks = words.marks
    row.behind = [words.asked, second].compactMap { $0 }.filter { !$0.isEmpty }
      .joined(separator: "  ")
    row.right = words.duration(Durations.panel)
    return row
  }

  private static func who(_ words: CallWords) -> CallRow {
    var row = CallRow(words.number, .bright)
    if let name = words.call.name, !name.isEmpty { row.behind = name.string }
    row.right = words.call.directionWord
    row.rightRole = .dim
    return row
  }

  private static func two(_ picture: Picture, _ call: Call, _ other: Call) -> [CallRow] {
    let words = CallWords(picture: picture, call: call)
    let otherWords = CallWords(picture: picture, call: other)
    let name = other.name.flatMap { $0.isEmpty ? nil : $0.string }
    var second = CallRow("", .bright)
    second.behind = otherWords.number + (name.map { "  \($0)" } ?? "")
    second.left = beside(other, picture)
    second.right = Durations.small(
      picture.now.seconds(since: other.talk?.heldSince ?? other.shownSince))
    let more = more(picture)
    if other.isRingingHere {
      second.right = otherWords.duration(Durations.small)
      let rejects = CommandTable.whyNot(.reject, picture.desk) == nil
      return [
        stateRow(words, second: words.number), second,
        CallRow("F5 answers the second\(rejects ? ", ^X r turns it away" : "")", .plain),
        more ?? CallRow(words.path, .plain),
      ]
    }
    let isAsked = call.isConsultation
    let line = isAsked ? "2nd line " : ""
    let what = call.talk == nil ? "cancels" : isAsked ? "ends the second" : "ends this one"
    let joins = CommandTable.whyNot(.join, picture.desk) == nil
    let does = joins ? "F7 joins the two and leaves" : words.path
    var third = more ?? CallRow(call.isRingingHere ? "F5 answers it" : does, .plain)
    third.right = words.then
    third.rightRole = .bright
    let back = "back to \(picture.desk.party(of: other))"
    return [
      stateRow(words, second: line + words.number), second, third,
      CallRow("F8 \(call.isRingingHere ? "rejects" : what), \(back)", .plain),
    ]
  }

  /// The state of a call that is not the one on the panel.
  private static func beside(_ other: Call, _ picture: Picture) -> String {
    let glyphs = picture.glyphs
    switch other.phase {
    case .ringing where other.direction == .in: return "\(glyphs.ringing) WAITING"
    case .calling: return "\(glyphs.ringing) CALLING"
    case .ringing: return "\(glyphs.ringing) RINGING"
    case .talking where other.isHeld: return "\(glyphs.held) HELD"
    case .talking: return "\(glyphs.busy) TALKING"
    case .ended, .notEstablished: return ""
    }
  }

  /// Those for whom there is no row: how many, who is next, and the key that brings them.
  private static func more(_ picture: Picture) -> CallRow? {
    let desk = picture.desk
    let rest = desk.others.dropFirst()
    let dials = desk.unseenAttempt.map { ["dialling \(desk.grouped($0.phone))"] } ?? []
    let names = rest.map { desk.party(of: $0).string + ($0.isRingingHere ? " waits" : "") } + dials
    guard let first = names.first else { return nil }
    let count = names.count == 1 ? "" : " and \(names.count - 1) more"
    // F3 comes round to who was talked with; who rings is answered, and a dial waits for its call.
    let key = rest.contains { !$0.isRingingHere } ? "; F3 brings the next" : ""
    let answers = key.isEmpty && rest.contains(where: \.isRingingHere) ? "; F5 answers" : key
    return CallRow("\(picture.glyphs.alert) also here: \(first)\(count)\(answers)", .warning)
  }

  private static func dialling(_ picture: Picture, _ attempt: Attempt) -> [CallRow] {
    var state = CallRow("\(picture.glyphs.ringing) DIALLING", picture.accent(.ringing))
    state.right = Durations.panel(picture.now.seconds(since: attempt.at))
    return [
      state, number(attempt.phone, attempt.tones, picture), CallRow("no sign of it yet", .dim),
      CallRow(sent(attempt), .plain),
    ]
  }

  private static func failed(_ picture: Picture, _ failed: FailedAttempt) -> [CallRow] {
    let word = failed.outcome == .refused ? "NOT DIALLED" : "NOT ESTABLISHED"
    return [
      CallRow("\(picture.glyphs.refused) \(word)", picture.accent(.refused)),
      number(failed.attempt.phone, failed.attempt.tones, picture),
    ] + wrapped(why(failed), picture)
  }

  /// `no answer: no word from the line for 10 s`; why it was not dialled stands alone.
  static func why(_ failed: FailedAttempt) -> String {
    let outcome = OutcomeWords.text(failed.outcome)
    guard let reason = failed.reason?.text, !reason.isEmpty else { return outcome }
    return failed.outcome == .refused || reason == outcome ? reason : "\(outcome): \(reason)"
  }

  /// A text in the two rows that are left for it.
  private static func wrapped(_ text: String, _ picture: Picture) -> [CallRow] {
    Wrapping.lines(text, width: picture.layout.call.width - 4, most: 2).map { CallRow($0, .plain) }
  }

  private static func number(_ phone: String, _ tones: String, _ picture: Picture) -> CallRow {
    var row = CallRow(picture.desk.grouped(phone), .bright)
    if !tones.isEmpty { row.behind = "then \(tones)" }
    row.right = "out"
    row.rightRole = .dim
    return row
  }

  private static func sent(_ attempt: Attempt) -> String {
    let line = attempt.info.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.isEmpty ? "" : "sent: \(line)"
  }

  private static func none(_ picture: Picture) -> [CallRow] {
    let desk = picture.desk
    if case .stopped(_, let reason) = desk.link {
      return [CallRow("No call. F5 tries the link once.", .dim), CallRow("", .plain)]
        + wrapped(reason.string, picture)
    }
    guard let last = desk.recentLines.first(where: { !$0.isConsultation }) else {
      return [CallRow("No call.", .dim)]
    }
    let number =
      last.number.isEmpty
      ? Withheld.words(last.direction).string : desk.grouped(last.number.string)
    let time = picture.minute((last.answered ?? last.began).unix)
    let result = RecordWords.result(last)
    let talked = last.talked.map {
      "talked " + picture.atLeast(last.witnessed, Durations.small(Int($0 / Instant.second)))
    }
    return [
      CallRow("No call.", .dim), CallRow("", .plain),
      CallRow("Last: \(number), \(result) \(time)", .dim), CallRow(talked ?? "", .dim),
    ]
  }

  /// `● TALKING 132 1234 5678        01:23`, in the one row of a small screen.
  private static func oneLine(_ picture: Picture, _ canvas: inout Canvas) {
    let right = canvas.width - 2
    let words = rows(picture)
    guard var row = words.first else { return }
    if let call = picture.desk.shownCall, shows(call, picture) {
      let short = CallWords(picture: picture, call: call)
      row.right = short.duration(Durations.small)
      row.behind =
        short.number + (short.beside == nil ? "" : " +\(max(1, picture.desk.others.count))")
      // The sign says that it talks; marks and number must be seen whole.
      let parts = [row.left] + row.marks + [row.behind, row.right]
      let cells = parts.reduce(-1) { $0 + Cells.width(of: $1) + 1 }
      if call.talk != nil, cells > right - 2 { row.left = short.state.sign }
    } else if words.count > 1, words[1].right == "out" {
      row.behind = words[1].left
      row.right =
        picture.desk.unseenAttempt.map {
          Durations.small(picture.now.seconds(since: $0.at))
        } ?? ""
    }
    row.gap = 1
    row.behindRole = .bright
    row.put(picture, &canvas, y: 1, end: right)
  }
}
