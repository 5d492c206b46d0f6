// Keys in what lies over the fields: help, the status menu, the keypad, the transfer prompt, ^X.

import CCCore

extension DeskScreen {
  /// A key while an overlay is open; nil: the overlay lets it through.
  ///
  /// Function keys go through, so that F8 ends a call whatever is open.
  mutating func press(_ key: Key, in overlay: Overlay, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]?
  {
    switch key {
    case .escape, .control("c"):
      self.overlay = nil
      if case .status = overlay { say(.info, "Status unchanged.", at: now) }
      return []
    case .function, .control("q"), .control("l"), .control("z"):
      if overlay == .prefix { self.overlay = nil }
      return nil
    case .tab, .backTab: return []
    default: break
    }
    switch overlay {
    case .help(let top): self.overlay = .help(top: scroll(top, by: key))
    case .status: return chooseStatus(key, desk, at: now)
    case .keypad(let keypad): return tone(key, keypad, desk, at: now)
    case .transfer(let prompt): return edit(prompt, key, desk, at: now)
    case .prefix: return commandLetter(key, desk, at: now)
    }
    return []
  }

  private func scroll(_ top: Int, by key: Key) -> Int {
    let last = max(0, HelpText.lines.count - helpLines)
    switch key {
    case .up: return max(0, top - 1)
    case .down, .enter: return min(last, top + 1)
    case .pageUp: return max(0, top - helpLines)
    case .pageDown, .character(" "): return min(last, top + helpLines)
    case .home: return 0
    case .end: return last
    default: return top
    }
  }

  private mutating func chooseStatus(_ key: Key, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]
  {
    guard case .character(let letter) = key else { return [] }
    guard let seat = StatusMenu.seat(letter: letter) else { return [] }
    overlay = nil
    if seat == .offline {
      if desk.isOffline {
        say(.info, "You are offline.", at: now)
        return []
      }
      return ask(.offline, at: now)
    }
    return [.desk(.choose(seat))]
  }

  private mutating func tone(_ key: Key, _ keypad: Keypad, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]
  {
    var keypad = keypad
    keypad.lastKey = now
    overlay = .keypad(keypad)
    let typed: String
    switch key {
    case .character(let character): typed = String(character)
    case .paste(let text): typed = text
    default: return []
    }
    let digits: String
    do throws(ToneText.Refusal) { digits = try ToneText.read(typed) } catch {
      // A dash between two tones is for the eye, typed or pasted.
      if error != .empty || typed.count > 1 { say(.warning, error.sentence, at: now) }
      return []
    }
    guard desk.active?.id == keypad.call, desk.talkingCall != nil else {
      overlay = nil
      return callHasChanged(at: now)
    }
    return [.desk(.dtmf(keypad.call, digits))]
  }

  private mutating func edit(_ prompt: TransferPrompt, _ key: Key, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]
  {
    var prompt = prompt
    switch key {
    case .enter:
      if prompt.number.isEmpty {
        say(.warning, DialNumber.Refusal.empty.sentence, at: now)
        return []
      }
      return consult(prompt, desk, at: now)
    case .character(let character): prompt.number.insert(character)
    case .paste(let text): prompt.number.paste(firstNumber(of: text, "this field", at: now))
    default:
      guard case .edit(let edit)? = Keymap.command(for: key, on: nil) else { return [] }
      prompt.number.edit(edit)
    }
    overlay = .transfer(prompt)
    return []
  }

  private mutating func commandLetter(_ key: Key, _ desk: Desk, at now: Instant)
    -> [ScreenRequest]
  {
    if case .paste = key { return [] }
    overlay = nil
    guard case .character(let letter) = key else { return [] }
    guard let name = CommandTable.command(letter: letter) else {
      say(.warning, "^X \(letter) is no command; ^X ? shows all.", at: now)
      return []
    }
    return handle(.named(name, on: seen.map(\.call) ?? desk.shownCallID), desk, at: now)
  }
}

/// The status menu: letters and what they choose.
enum StatusMenu {
  static let rows: [(letter: Character, seat: Seat)] = [
    ("i", .idle), ("b", .busy), ("p", .shortBreak), ("o", .offline),
  ]

  static func seat(letter: Character) -> Seat? {
    rows.first { $0.letter == Character(letter.lowercased()) }?.seat
  }

  /// How long it stays open.
  static let closesAfter = 5 * Instant.second

  /// How long after that a letter of the menu is taken for one that came too late.
  static let deafAfter = Instant.second
}
