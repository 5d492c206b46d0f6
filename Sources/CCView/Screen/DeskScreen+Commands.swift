// What each command of the table does on the screen.

import CCCore

extension DeskScreen {
  mutating func handle(_ name: CommandName, on call: Call.ID?, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]
  {
    if name == .dial, focus == .note {
      note.edit(.newLine)
      return []
    }
    if Self.actsOnCall(name), hasChanged(call, desk) { return callHasChanged(at: now) }
    let offered = name == .dial ? DialNumber.offer(for: dial.text) : nil
    let isTaken = offered != nil && message?.offer == offered
    let why = isTaken ? desk.whyNotDialNow() : CommandTable.whyNot(name, desk, self)
    if let why {
      if let offered, desk.whyNotDialNow() == nil {
        offer(offered, for: dial.text, "Enter again dials", at: now)
      } else {
        say(.warning, why, at: now)
      }
      return []
    }
    if name == .dial, isWithin(Self.deafAfter, of: callWentAt, at: now) {
      let what = desk.failed?.outcome == .refused ? "It was refused" : "A call ended"
      say(.warning, "\(what) this second; nothing was dialled. Enter again dials.", at: now)
      return []
    }
    switch name {
    case .dial:
      let phone = offered?.retyped ?? dial.text
      return saveNote() + [.desk(.dial(phone: phone, info: info.text))]
    case .nextField: return moveFocus(1, desk)
    case .previousField: return moveFocus(-1, desk)
    case .earlier: move(-1, desk)
    case .later: move(1, desk)
    case .help: toggle(.help(top: 0))
    case .status: toggle(.status(since: now))
    case .why: message = Message(level: .info, content: .why, since: now)
    case .quit: return desk.isOffline ? saveNote() + [.quit] : ask(.quit, at: now)
    case .cancel: message = nil
    case .clear: return clear(desk, at: now)
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .hold, .mute, .answer, .keypad, .transfer, .hangUp, .swap, .join, .resume, .unmute,
      .reject, .consult, .more, .tryNow, .takeBack:
      return handleCall(name, desk, at: now)
    case .accept, .refuse: return decide(accepts: name == .accept, desk, at: now)
    case .info, .check, .note, .dtmf, .then, .last, .recent, .quiet: break
    }
    return []
  }

  /// Her word is on the order that she saw, not on one that came into its place.
  private mutating func decide(accepts: Bool, _ desk: Desk, at now: Instant) -> [ScreenRequest] {
    guard let first = desk.orders.first?.order, seen == nil || seen?.order == first.id else {
      say(.warning, "What a supervisor asks has changed; nothing was answered.", at: now)
      return []
    }
    message = nil
    return [.desk(.decide(first.id, accepts: accepts))]
  }

  /// How long Enter dials nothing after a call went away under the agent's fingers.
  static let deafAfter = Instant.second

  func isWithin(_ span: Int64, of moment: Instant?, at now: Instant) -> Bool {
    moment.map { (0..<span).contains(now.uptime.minus($0.uptime)) } ?? false
  }

  /// Commands that must never fall on another call than the one she saw.
  private static func actsOnCall(_ name: CommandName) -> Bool {
    switch name {
    case .hold, .mute, .answer, .keypad, .transfer, .hangUp, .swap, .join, .resume, .unmute,
      .reject:
      true
    default: false
    }
  }

  private func hasChanged(_ call: Call.ID?, _ desk: Desk) -> Bool {
    if call != desk.shownCallID { return true }
    guard let seen else { return false }
    return seen.other != desk.other?.id
  }

  private mutating func toggle(_ wanted: Overlay) {
    menuClosedAt = nil
    switch (overlay, wanted) {
    case (.help, .help), (.status, .status): overlay = nil
    default: overlay = wanted
    }
  }

  private mutating func clear(_ desk: Desk, at now: Instant) -> [ScreenRequest] {
    if let last = lastClear, now.nanoseconds(since: last) < Instant.second {
      lastClear = nil
      return desk.isOffline ? saveNote() + [.quit] : ask(.quit, at: now)
    }
    lastClear = now
    overlay = nil
    history = nil
    switch focus {
    case .dial: dial.replace("")
    case .info: info.replace("")
    case .note: say(.info, "^C clears no note; ^U cuts a line.", at: now)
    }
    return []
  }
}

// MARK: - Fields

extension DeskScreen {
  /// Moves the focus along the places of Tab; a note that is left is told to the desk.
  private mutating func moveFocus(_ step: Int, _ desk: Desk) -> [ScreenRequest] {
    overlay = nil
    history = nil
    let stops = stops(desk)
    let here = stops.firstIndex(of: focus) ?? 0
    let leftNote = focus == .note
    focus = stops[(here + step + stops.count) % stops.count]
    let requests = leftNote ? saveNote() : []
    bringBack(desk)
    return requests
  }

  /// Up and Down: through the numbers of Recent in Dial, through the rows elsewhere.
  private mutating func move(_ step: Int, _ desk: Desk) {
    guard focus == .dial else {
      field.moveRow(step, width: infoWidth)
      return
    }
    let numbers = desk.historyNumbers
    let index = (history?.index ?? -1) - step
    guard index >= 0 else {
      if let history { dial.replace(history.draft) }
      history = nil
      return
    }
    guard index < numbers.count else { return }
    history = History(index: index, draft: history?.draft ?? dial.text)
    dial.replace(desk.grouped(numbers[index]))
  }

  /// What tells the desk the note as it stands; nothing if it has not changed.
  mutating func saveNote() -> [ScreenRequest] {
    guard let noteOf, note.text != noteSaved else { return [] }
    noteSaved = note.text
    return [.desk(.note(noteOf, noteSaved))]
  }

  /// Opens the note of a call, empty.
  mutating func openNote(_ id: Call.ID) {
    noteOf = id
    noteSaved = ""
    if info.isEmpty { showsNote = true }
    let killed = note.killed
    note = Field(.area)
    note.killed = killed
  }

  /// Puts number and info being typed aside for a call she answers.
  mutating func park(for id: Call.ID) {
    if !dial.isEmpty || !info.isEmpty {
      parked = Parked(number: dial.text, info: info.text, call: id)
    } else {
      parked?.call = id
    }
    if !dial.isEmpty { dial.replace("") }
    if !info.isEmpty { info.replace("") }
    history = nil
  }

  /// Brings back what was parked, once its call is over and nothing else is being typed.
  mutating func bringBack(_ desk: Desk) {
    guard let back = parked, focus != .note, desk.call(back.call)?.isOpen != true, dial.isEmpty,
      info.isEmpty
    else { return }
    dial.replace(back.number)
    info.replace(back.info)
    parked = nil
  }
}

extension Desk {
  /// The numbers of Recent, newest first, each caller once: called and missed, if they can be called.
  var historyNumbers: [String] {
    recent.reduce(into: []) { numbers, record in
      let number = record.number.string
      if !number.isEmpty, record.canBeCalledBack,
        !numbers.contains(where: {
          settings.numbering.isSameCaller($0, number, among: recent.lazy.map(\.number.string))
        })
      {
        numbers.append(number)
      }
    }
  }
}

extension Record {
  /// Whether its number is one that may be called.
  ///
  /// Who calls writes what she likes, a feature code or a name too, and it is not for her to say what is
  /// dialled here. What was dialled here can be dialled again.
  fileprivate var canBeCalledBack: Bool {
    guard direction == .in else { return true }
    guard let number = try? DialNumber.clean(self.number.string), number.tones.isEmpty else {
      return false
    }
    return !number.digits.contains { $0 == "*" || $0 == "#" }
  }
}
