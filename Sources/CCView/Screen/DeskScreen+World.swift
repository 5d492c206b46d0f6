// What the world does to the screen: facts, and time.

import CCCore

extension DeskScreen {
  /// Takes note of something that happened; moves no focus but for a dial, clears nothing typed.
  public mutating func observe(_ fact: Fact, _ desk: Desk, at now: Instant) {
    forgetAnswer(fact, at: now)
    switch fact {
    case .dialled(let attempt): beginNote(dialled: attempt, desk)
    case .call(let call): observe(call, desk, at: now)
    case .outcome(attempt: nil, _, let reason, _):
      say(.warning, reason?.text ?? "Not dialled.", at: now)
    case .notice(_, let text) where isStanding(text, desk.link): break
    case .notice(let level, let text):
      message = Message(level: level, content: .text(text), since: now)
    case .order(let order, let outcome): observe(order, outcome, desk, at: now)
    case .tones(let digits):
      guard case .keypad(var keypad) = overlay else {
        return say(.info, "Sent \(digits).", at: now)
      }
      keypad.sent += digits
      overlay = .keypad(keypad)
    case .outcome(.some, let outcome, _, _):
      if outcome != .answered, outcome != .cancelled { callWentAt = now }
      if outcome == .refused { takeBack(desk) }
    case .log(_, let text) where isStanding(LineWords.said(text), desk.link): break
    case .log(let level, let text): observe(level, text, of: nil, at: now)
    case .remark(let call, let level, let text): observe(level, text, of: call, at: now)
    case .transfer(let state, let reason, _):
      message = Message(
        level: state == .failed ? .warning : .info,
        content: .text(TransferWords.sentence(state, reason)), since: now)
    case .wrapUpEnds(let seconds, let next):
      let more = "\(CommandTable.row(.answer).keyLabel) adds \(Desk.Limits.wrapUpExtension) s"
      message = Message(
        level: .info, content: .text(SafeText("\(next.name) in \(seconds) s; \(more).")), since: now
      )
    case .seat, .link, .anomaly, .record, .level: break
    }
  }

  /// What the line says: its warnings are shown, and what takes one back stands in its place.
  private mutating func observe(
    _ level: NoticeLevel, _ text: SafeText, of call: Call.ID?, at now: Instant
  ) {
    let warns = level == .warning || level == .error
    guard warns || level == .cleared && message?.isOfLine == true else { return }
    var said = Message(level: level, content: .text(LineWords.said(text)), since: now)
    said.isOfLine = warns
    said.call = call
    message = said
  }

  /// A dial that the line refused never went out: what was typed comes back, and so does the focus
  /// where no key has been pressed since.
  private mutating func takeBack(_ desk: Desk) {
    guard let attempt = desk.failed?.attempt, noteOf == attempt.callID, dial.isEmpty, info.isEmpty
    else { return }
    let typed = DialNumber(digits: attempt.phone, tones: attempt.tones)
    dial.replace(typed.tones.isEmpty ? desk.grouped(typed.digits) : typed.retyped)
    info.replace(attempt.info)
    guard focus == .note, note.isEmpty, lastKey == .enter else { return }
    focus = .dial
    showsNote = false
  }

  /// An order that waits stands in the message row by itself; what was done without her is told.
  private mutating func observe(
    _ order: Order, _ outcome: OrderOutcome, _ desk: Desk, at now: Instant
  ) {
    switch outcome {
    // Something new to read comes before what was said last.
    case .asked: if message?.level != .error { message = nil }
    case .done where desk.settings.obey.rule(of: order.wish) == .always:
      message = Message(
        level: .info, content: .text(SafeText("\(order.from): \(order.words)")), since: now)
    case .refused(let why) where desk.settings.obey.rule(of: order.wish) != .never:
      message = Message(
        level: .info, content: .text(SafeText("\(order.from): \(order.words): \(why).")),
        since: now)
    case .done, .refused, .expired: break
    }
  }

  /// What answered a key, or told of a status, is no longer true once seat, call or link has moved.
  private mutating func forgetAnswer(_ fact: Fact, at now: Instant) {
    guard let message, case .text = message.content, message.since != now else { return }
    switch fact {
    case .seat where message.level == .info || message.answersKey: self.message = nil
    case .call where message.answersKey, .link where message.answersKey: self.message = nil
    default: break
    }
  }

  /// Whether the message row says it anyway, for as long as it is so.
  private func isStanding(_ text: SafeText, _ link: Link) -> Bool {
    switch link {
    case .down(_, let reason, _), .stopped(_, let reason): reason == text
    case .connecting, .up, .evicted, .off: false
    }
  }

  /// Her own dial: the info went with it, the field becomes the note, and the focus goes there.
  private mutating func beginNote(dialled attempt: Attempt, _ desk: Desk) {
    unsaved += saveNote().compactMap { if case .desk(let event) = $0 { event } else { nil } }
    dial.replace("")
    info.replace("")
    history = nil
    message = nil
    openNote(attempt.callID)
    focus = .note
    if let back = parked {
      dial.replace(back.number)
      info.replace(back.info)
      parked = nil
    }
  }

  private mutating func observe(_ call: Call, _ desk: Desk, at now: Instant) {
    if let end = call.end {
      switch end.by {
      case .agent, .desk, .transferred: break
      case .far, .lineLost, .inferred, .unseen: callWentAt = now
      }
      if overlayCall == call.id { overlay = nil }
      if question?.call == call.id { question = nil }
      if message?.call == call.id { message = nil }
      if desk.hasOpenCall, let gone = GoneWords.sentence(call, end, desk) {
        message = Message(level: gone.level, content: .text(gone.words), since: now)
      }
      if parked?.call == call.id {
        say(.info, "Tab brings back what you were typing.", at: now)
      }
    } else if call.direction == .in, call.talk != nil, isNewer(call.id) {
      unsaved += saveNote().compactMap { if case .desk(let event) = $0 { event } else { nil } }
      if answering == call.id { park(for: call.id) }
      openNote(call.id)
      if focus == .info, info.isEmpty { focus = .note }
    }
    if answering == call.id, call.talk != nil || !call.isOpen { answering = nil }
  }

  /// Whether a call came after the one whose note is open: news of an older one, held beside it,
  /// must not put its note in the place of this one.
  private func isNewer(_ id: Call.ID) -> Bool {
    noteOf.map { $0.value < id.value } ?? true
  }

  /// The call that the open overlay is about.
  private var overlayCall: Call.ID? {
    switch overlay {
    case .keypad(let keypad): keypad.call
    case .transfer(let prompt): prompt.call
    case .help, .status, .prefix, nil: nil
    }
  }

  /// Lets time pass: a key that waited is done, menus close, messages go.
  public mutating func tick(_ desk: Desk, at now: Instant) -> [ScreenRequest] {
    let due = waiting.map { $0.until <= now.uptime } ?? false
    let requests = (due ? pressWaiting(desk, at: now) : []) + answerDue(desk, at: now)
    if let closing = overlayCloses, now.uptime >= closing {
      if case .status = overlay {
        say(.info, "Status unchanged.", at: now)
        menuClosedAt = now
      }
      overlay = nil
    }
    if let gone = messageGoes, now.uptime >= gone { message = nil }
    return requests
  }

  /// The uptime of the next change that time alone brings: a shown second, a menu closing.
  public func deadline(_ desk: Desk, at now: Instant) -> Int64? {
    [
      waiting?.until, question?.letter.until, overlayCloses, messageGoes,
      DeskClock.nextChange(desk, at: now),
    ].compactMap(\.self).min()
  }

  private var overlayCloses: Int64? {
    switch overlay {
    case .status(let since): since.uptime.plus(StatusMenu.closesAfter)
    case .keypad(let keypad): keypad.lastKey.uptime.plus(10 * Instant.second)
    case .help, .transfer, .prefix, nil: nil
    }
  }

  private var messageGoes: Int64? {
    guard let message else { return nil }
    switch message.level {
    case .info, .cleared: return message.since.uptime.plus(15 * Instant.second)
    case .warning: return message.since.uptime.plus(30 * Instant.second)
    case .error: return nil
    }
  }
}

/// When the picture of a desk changes by itself.
enum DeskClock {
  /// The uptime of the next second or minute that is shown.
  static func nextChange(_ desk: Desk, at now: Instant) -> Int64 {
    var next = now.uptime.plus((60_000 - floorMod(now.unix, 60_000)) * Instant.millisecond)
    if let wrapUp = desk.wrapUp, desk.seat.seat == .postCall {
      next = min(next, countdown(from: wrapUp.since, length: wrapUp.length, at: now))
    } else {
      next = min(next, countUp(from: desk.seat.since, at: now))
    }
    for call in desk.openCalls {
      next = min(next, countUp(from: call.shownSince, at: now))
      if let held = call.talk?.heldSince { next = min(next, countUp(from: held, at: now)) }
    }
    if let end = desk.active?.end, now.nanoseconds(since: end.at) < CallPanel.endedStays {
      next = min(next, end.at.uptime + CallPanel.endedStays)
    }
    if let gone = desk.goneCustomer?.end { next = min(next, countUp(from: gone.at, at: now)) }
    if let attempt = desk.unseenAttempt { next = min(next, countUp(from: attempt.at, at: now)) }
    if case .down(_, _, let retry?) = desk.link, retry.uptime > now.uptime {
      let left = retry.nanoseconds(since: now)
      next = min(next, now.uptime.plus((left - 1) % Instant.second + 1))
    }
    if let life = desk.credential, HeaderPanel.showsCredential(life, at: now) {
      next = min(next, countdown(from: life.since, length: life.length, at: now))
    }
    return next
  }

  private static func countUp(from since: Instant, at now: Instant) -> Int64 {
    now.uptime.plus(Instant.second - now.nanoseconds(since: since) % Instant.second)
  }

  private static func countdown(from since: Instant, length: Int64, at now: Instant) -> Int64 {
    let left = length - now.nanoseconds(since: since)
    return now.uptime.plus(left > 0 ? (left - 1) % Instant.second + 1 : Instant.second)
  }

  private static func floorMod(_ value: Int64, _ by: Int64) -> Int64 {
    let rest = value % by
    return rest < 0 ? rest + by : rest
  }
}
