// From a key to what it does: questions first, then menus, then the fields and commands.

import CCCore

extension DeskScreen {
  /// Takes a key.
  public mutating func press(_ key: Key, _ desk: Desk, at now: Instant) -> [ScreenRequest] {
    let verdict = held.verdict(on: key, at: now, isCommand: isCommand(key))
    lastKey = key
    if verdict == .isRepeat {
      waiting = nil
      return []
    }
    // Another key came: the one that waited was meant.
    let before = pressWaiting(desk, at: now)
    if verdict == .mayBeRepeat {
      waiting = Waiting(key: key, seen: seen, until: now.uptime.plus(HeldKey.longestInterval))
      return before
    }
    return before + take(key, desk, at: now)
  }

  /// Takes the key that waited, meant for what was on the screen when it was pressed.
  mutating func pressWaiting(_ desk: Desk, at now: Instant) -> [ScreenRequest] {
    guard let waiting else { return [] }
    self.waiting = nil
    let present = seen
    seen = waiting.seen
    defer { seen = present }
    return take(waiting.key, desk, at: now)
  }

  /// Keys that do something each time: a field may repeat.
  private func isCommand(_ key: Key) -> Bool {
    switch key {
    case .function: true
    case .enter: focus != .note
    default: false
    }
  }

  private mutating func take(_ key: Key, _ desk: Desk, at now: Instant) -> [ScreenRequest] {
    var first: [ScreenRequest] = unsaved.map { .desk($0) }
    unsaved = []
    first += answerDue(desk, at: now)
    if let question {
      guard let requests = answer(question, with: key, desk, at: now) else {
        return first + press(key, desk, at: now, behind: nil)
      }
      return first + requests
    }
    first += press(key, desk, at: now, behind: overlay)
    return first
  }

  mutating func press(_ key: Key, _ desk: Desk, at now: Instant, behind overlay: Overlay?)
    -> [ScreenRequest]
  {
    if let overlay, let requests = press(key, in: overlay, desk, at: now) { return requests }
    if desk.isEvicted, !Self.worksWhenEvicted(key) { return [] }
    let call = seen.map(\.call) ?? desk.shownCallID
    guard let command = Keymap.command(for: key, on: call) else { return [] }
    return handle(command, desk, at: now)
  }

  /// Takes a command.
  public mutating func handle(_ command: Command, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]
  {
    switch command {
    case .named(let name, let call): return handle(name, on: call, desk, at: now)
    case .insert(let character):
      if StatusMenu.seat(letter: character) != nil,
        isWithin(StatusMenu.deafAfter, of: menuClosedAt, at: now)
      {
        say(.info, "The status menu closed before that key; F2 opens it again.", at: now)
        return []
      }
      history = nil
      field.insert(character)
    case .paste(let text):
      history = nil
      paste(text, at: now)
    case .edit(.up): return handle(.earlier, on: nil, desk, at: now)
    case .edit(.down): return handle(.later, on: nil, desk, at: now)
    case .edit(let edit):
      history = nil
      field.edit(edit)
      shareKilled()
    case .prefix: overlay = .prefix
    }
    return []
  }

  private mutating func paste(_ text: String, at now: Instant) {
    field.paste(focus == .dial ? firstNumber(of: text, "Dial", at: now) : text)
  }

  /// A field for a number takes one: of two pasted lines the first, since joined they would be a third.
  mutating func firstNumber(of text: String, _ place: String, at now: Instant) -> String {
    let lines = text.split(whereSeparator: \.isNewline).filter { line in
      line.contains { $0.isNumber }
    }
    guard lines.count > 1, let first = lines.first else { return text }
    say(.warning, "\(lines.count) lines were pasted; \(place) took the first.", at: now)
    return String(first)
  }

  private static func worksWhenEvicted(_ key: Key) -> Bool {
    switch key {
    case .function, .control("q"), .control("l"), .control("x"), .control("c"), .escape: true
    default: false
    }
  }

  /// What is cut in one field can be put back in another.
  private mutating func shareKilled() {
    let killed = field.killed
    dial.killed = killed
    info.killed = killed
    note.killed = killed
  }
}
