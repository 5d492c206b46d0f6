// The supervisor's hand on the screen: whom, what, and whether it is meant.

import CCCore

extension FloorScreen {
  /// The statuses that can be asked for, by letter.
  static let wishes: [(letter: Character, wish: Order.Wish, words: String)] = [
    ("i", .seat(.idle), "idle"), ("b", .seat(.busy), "busy"),
    ("p", .seat(.shortBreak), "short break"), ("o", .signOff, "sign off"),
  ]

  /// Begins a message or a wish to the chosen agent, or to the team where nobody is chosen.
  mutating func reach(for name: FloorCommandName, _ floor: Floor, at now: Instant) {
    let target: HandTarget
    if let key = selection {
      target = .agent(key)
    } else if let team {
      target = .team(team)
    } else {
      return say("To whom? Choose an agent (arrows) or a team (t) first.", at: now)
    }
    guard !floor.rows(of: target).isEmpty else {
      return say("Nobody of that team is signed in.", at: now)
    }
    overlay =
      name == .message
      ? .message(target, Field(.line, limit: Order.longestText)) : .wishes(target)
  }

  mutating func pressHand(_ key: Key, in overlay: Overlay, _ floor: Floor, at now: Instant)
    -> [FloorRequest]
  {
    if key == .escape || key == .control("c") {
      self.overlay = nil
      return []
    }
    if key == .control("l") { return [.redraw] }
    switch overlay {
    case .message(let target, let field): return type(key, field, to: target, at: now)
    case .wishes(let target):
      guard case .character(let letter) = key,
        let wish = Self.wishes.first(where: { $0.letter == letter })
      else { return [] }
      ask(.order(target, wish.wish, "", since: now), at: now)
    case .order(let target, let wish, let text, _):
      return answer(key, target, wish, text, at: now)
    default: break
    }
    return []
  }

  /// Asks whether it is meant.
  mutating func ask(_ question: Overlay, at now: Instant) {
    overlay = question
    letter = LoneLetter(asked: now)
  }

  /// A key while an order is asked about: who types on at a message writes on at it, and it is asked
  /// about again; where no text is expected, letters are nothing.
  private mutating func answer(
    _ key: Key, _ target: HandTarget, _ wish: Order.Wish, _ text: SafeText, at now: Instant
  ) -> [FloorRequest] {
    let more: String?
    switch key {
    case .character(let character): more = letter?.type(character, at: now)
    case .paste(let pasted): more = letter?.paste(pasted, at: now)
    default:
      letter?.take(key, at: now)
      return []
    }
    guard let more, wish == .message else { return [] }
    var field = Field(.line, limit: Order.longestText)
    field.replace(text.string)
    field.paste(more)
    overlay = .message(target, field)
    return []
  }

  /// Does what a letter asks that has stood alone.
  mutating func answerDue(at now: Instant) -> [FloorRequest] {
    guard let answer = letter?.due(at: now) else { return [] }
    letter = nil
    guard let asked = overlay else { return [] }
    switch asked {
    case .order(let target, let wish, let text, _):
      overlay = nil
      return answer == "y" ? [.order(wish, text, to: target)] : []
    case .quit:
      overlay = nil
      return answer == "y" ? [.quit] : []
    case .help, .teams, .numbers, .columns, .message, .wishes: return []
    }
  }

  private mutating func type(_ key: Key, _ field: Field, to target: HandTarget, at now: Instant)
    -> [FloorRequest]
  {
    var field = field
    switch key {
    case .enter:
      let text = SafeText(field.text, limit: Order.longestText)
      guard !text.isEmpty else { return [] }
      // To one, what was typed is meant; to many it is asked once more.
      if case .team = target {
        ask(.order(target, .message, text, since: now), at: now)
        return []
      }
      overlay = nil
      return [.order(.message, text, to: target)]
    case .character(let character): field.insert(character)
    case .paste(let text): field.paste(text)
    default:
      guard case .edit(let edit)? = Keymap.command(for: key, on: nil) else { return [] }
      field.edit(edit)
    }
    overlay = .message(target, field)
    return []
  }

  /// Takes note of how an order stands; trouble stays longer.
  public mutating func observe(_ order: SentOrder, at now: Instant) {
    say(order.sentence, isWarning: order.isTrouble, at: now)
  }

  /// What is asked in the message row; nil where nothing is.
  func handWords(_ floor: Floor) -> String? {
    switch overlay {
    case .message(let target, _): return "To \(target.words(floor)): "
    case .wishes(let target):
      let choices = Self.wishes.map { "\($0.letter) \($0.words)" }.joined(separator: "  ")
      return "Ask \(target.words(floor)) for: \(choices)"
    case .order(let target, .message, let text, _):
      return "Send \u{201C}\(text)\u{201D} to \(target.words(floor))? y/n"
    case .order(let target, .seat(let seat), _, _):
      return "Ask \(target.words(floor)) for \(seat.name)? y/n"
    case .order(let target, .signOff, _, _):
      return "Ask \(target.words(floor)) to sign off? y/n"
    case .help, .teams, .columns, .numbers, .quit, nil: return nil
    }
  }
}
