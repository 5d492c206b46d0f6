// From a key to what it does: questions first, then menus, then the fields and commands.

import CCCore

extension DeskScreen {
  /// Takes a key.
  public mutating func press(_ key: Key, _ desk: Desk, at now: Instant) -> [ScreenRequest] {
    let held = isRepeat(key, at: now)
    lastKey = key
    lastKeyAt = now
    guard !held else { return [] }
    var first: [ScreenRequest] = unsaved.map { .desk($0) }
    unsaved = []
    if let question {
      guard let requests = answer(question, with: key, desk, at: now) else {
        return first + press(key, desk, at: now, behind: nil)
      }
      return first + requests
    }
    first += press(key, desk, at: now, behind: overlay)
    return first
  }

  private mutating func press(_ key: Key, _ desk: Desk, at now: Instant, behind overlay: Overlay?)
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

  /// Dial takes one number: of two pasted lines the first, since joined they would be a third.
  private mutating func paste(_ text: String, at now: Instant) {
    let lines = text.split(whereSeparator: \.isNewline).filter { line in
      line.contains { $0.isNumber }
    }
    guard focus == .dial, lines.count > 1, let first = lines.first else {
      return field.paste(text)
    }
    field.paste(String(first))
    say(.warning, "\(lines.count) lines were pasted; Dial took the first.", at: now)
  }

  /// A key held down: the same function key within the time no finger presses twice in.
  private func isRepeat(_ key: Key, at now: Instant) -> Bool {
    guard case .function = key, key == lastKey, let lastKeyAt else { return false }
    return now.nanoseconds(since: lastKeyAt) < Self.repeatWithin
  }

  static let repeatWithin = 60 * Instant.millisecond

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
