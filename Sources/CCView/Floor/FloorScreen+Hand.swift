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
      self.overlay = .order(target, wish.wish, "", since: now)
    case .order(let target, let wish, let text, let since):
      // What was typed before it could be read is no answer; nor is anything but y and n.
      guard now.nanoseconds(since: since) >= Question.deafFor else { return [] }
      switch key {
      case .character("y"), .character("Y"):
        self.overlay = nil
        return [.order(wish, text, to: target)]
      case .character("n"), .character("N"): self.overlay = nil
      default: break
      }
    default: break
    }
    return []
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
        overlay = .order(target, .message, text, since: now)
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
