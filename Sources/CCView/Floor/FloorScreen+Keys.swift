// From a key to what it does on the floor.

import CCCore

extension FloorScreen {
  /// Takes a key.
  public mutating func press(_ key: Key, _ floor: Floor, at now: Instant) -> [FloorRequest] {
    let first = answerDue(at: now)
    return first + take(key, floor, at: now)
  }

  private mutating func take(_ key: Key, _ floor: Floor, at now: Instant) -> [FloorRequest] {
    if let overlay { return press(key, in: overlay, floor, at: now) }
    if isWall { return pressWall(key, at: now) }
    if let typing { return type(key, in: typing, floor, at: now) }
    guard let name = FloorCommandTable.command(for: key) else { return [] }
    return handle(name, floor, at: now)
  }

  /// Takes a command.
  public mutating func handle(_ name: FloorCommandName, _ floor: Floor, at now: Instant)
    -> [FloorRequest]
  {
    message = nil
    let floor = shown(floor)
    switch name {
    case .up: move(by: -1, floor, at: now)
    case .down: move(by: 1, floor, at: now)
    case .pageUp: move(by: -pageRows, floor, at: now)
    case .pageDown: move(by: pageRows, floor, at: now)
    case .first: select(0, floor, at: now)
    case .last: select(order(of: floor).count - 1, floor, at: now)
    case .filter:
      var field = Field(.line, limit: 64)
      field.replace(filterText)
      typing = field
    case .sort: return sort(floor, at: now)
    case .team:
      let teams = floor.teams.keys.sorted()
      overlay = .teams(index: team.flatMap { teams.firstIndex(of: $0) }.map { $0 + 1 } ?? 0)
    case .columns: overlay = .columns
    case .alerts:
      alertsOnly.toggle()
      return ask(.filter(filter))
    case .freeze: freeze(floor, at: now)
    case .follow:
      if selection == nil { select(0, floor, at: now) }
      follows = selection != nil && !follows
    case .message, .ask: reach(for: name, floor, at: now)
    case .seen: return see(floor, at: now)
    case .big: isBig.toggle()
    case .numbers: overlay = .numbers(top: 0)
    case .help: overlay = .help(top: 0)
    case .back: return back()
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .quit: return [.quit]
    }
    return []
  }

  // MARK: Moving

  private mutating func move(by step: Int, _ floor: Floor, at now: Instant) {
    guard let here = position(in: floor) else {
      // Nobody is chosen, or she is not in sight: begin with what is.
      select(step < 0 ? top + pageRows - 1 : top, floor, at: now)
      return
    }
    select(here + step, floor, at: now)
  }

  private mutating func select(_ position: Int, _ floor: Floor, at now: Instant) {
    let order = order(of: floor)
    guard order.count > 0 else { return }
    let position = min(max(0, position), order.count - 1)
    selection = floor.rows(in: position..<position + 1, of: order).first?.key
    held = Held(order: order, until: now.uptime.plus(Self.holdsFor), position: position)
    if position < top { top = position }
    if position >= top + pageRows { top = position - pageRows + 1 }
  }

  // MARK: What is shown

  private mutating func sort(_ floor: Floor, at now: Instant) -> [FloorRequest] {
    let all = FloorSort.allCases
    let here = all.firstIndex(of: floor.sort) ?? 0
    let next = all[(here + 1) % all.count]
    say("Sorted by \(next.words).", at: now)
    return ask(.sort(next))
  }

  /// Tells the floor, and the frozen picture too.
  private mutating func ask(_ event: FloorEvent) -> [FloorRequest] {
    held = nil
    top = 0
    if let since = frozen?.since { _ = frozen?.floor.handle(event, at: since) }
    return [.floor(event)]
  }

  private mutating func freeze(_ floor: Floor, at now: Instant) {
    frozen = frozen == nil ? Frozen(floor: floor, since: now) : nil
    held = nil
  }

  private mutating func see(_ floor: Floor, at now: Instant) -> [FloorRequest] {
    let chosen = selection.flatMap { floor.row($0) }.flatMap { $0.alert == nil ? nil : $0 }
    guard let row = chosen ?? floor.alerts(limit: 1).first, let alert = row.alert else {
      say("There is no alert.", at: now)
      return []
    }
    say("Seen: \(row.name.string), \(alert.words).", at: now)
    if let since = frozen?.since { _ = frozen?.floor.handle(.seen(row.key), at: since) }
    return [.floor(.seen(row.key))]
  }

  private mutating func back() -> [FloorRequest] {
    if follows {
      follows = false
    } else if !filterText.isEmpty || alertsOnly {
      filterText = ""
      alertsOnly = false
      return ask(.filter(filter))
    } else {
      selection = nil
      held = nil
    }
    return []
  }

  // MARK: Typing a filter

  private mutating func type(_ key: Key, in field: Field, _ floor: Floor, at now: Instant)
    -> [FloorRequest]
  {
    var field = field
    switch key {
    case .enter:
      filterText = field.text
      typing = nil
      return []
    case .escape, .control("c"):
      filterText = ""
      typing = nil
      return ask(.filter(filter))
    case .up, .down, .pageUp, .pageDown:
      return FloorCommandTable.command(for: key).map { handle($0, floor, at: now) } ?? []
    case .character(let character): field.insert(character)
    case .paste(let text): field.paste(text)
    default:
      guard case .edit(let edit)? = Keymap.command(for: key, on: nil) else { return [] }
      field.edit(edit)
    }
    typing = field
    return ask(.filter(filter))
  }

  // MARK: Overlays and the wall

  private mutating func pressWall(_ key: Key, at now: Instant) -> [FloorRequest] {
    switch FloorCommandTable.command(for: key) {
    case .quit:
      ask(.quit(since: now), at: now)
      // Nobody types at a wall: the key that asked is the only one there is.
      letter = LoneLetter(asked: now, isDeaf: false)
    case .redraw: return [.redraw]
    default: break
    }
    return []
  }

  private mutating func press(_ key: Key, in overlay: Overlay, _ floor: Floor, at now: Instant)
    -> [FloorRequest]
  {
    switch (overlay, key) {
    case (.quit, .character(let character)):
      if letter?.type(character, at: now) != nil { self.overlay = nil }
    case (.quit, _): self.overlay = nil
    case (.message, _), (.wishes, _), (.order, _):
      return pressHand(key, in: overlay, floor, at: now)
    case (_, .control("c")), (_, .control("q")), (_, .function(10)): return [.quit]
    case (_, .control("l")): return [.redraw]
    case (_, .escape): self.overlay = nil
    case (.help(let top), .up): self.overlay = .help(top: max(0, top - 1))
    case (.help(let top), .down):
      self.overlay = .help(top: min(top + 1, FloorCommandTable.rows.count - 1))
    case (.help, _): self.overlay = nil
    case (.numbers(let top), .up): self.overlay = .numbers(top: max(0, top - 1))
    case (.numbers(let top), .down):
      self.overlay = .numbers(top: min(top + 1, max(0, floor.teams.count - 1)))
    case (.numbers, _): self.overlay = nil
    case (.teams(let index), .up): self.overlay = .teams(index: max(0, index - 1))
    case (.teams(let index), .down):
      self.overlay = .teams(index: min(index + 1, floor.teams.count))
    case (.teams, .home): self.overlay = .teams(index: 0)
    case (.teams, .end): self.overlay = .teams(index: floor.teams.count)
    case (.teams(let index), .enter):
      self.overlay = nil
      let teams = floor.teams.keys.sorted()
      team = index > 0 && index <= teams.count ? teams[index - 1] : nil
      return ask(.filter(filter))
    case (.teams, _): break
    case (.columns, .character(let letter)):
      guard let column = FloorColumn.allCases.first(where: { $0.letter == letter }) else { break }
      if hidden.remove(column) == nil { hidden.insert(column) }
    case (.columns, _): self.overlay = nil
    }
    return []
  }
}

extension FloorSort {
  /// `time in state`, `name`.
  var words: String {
    switch self {
    case .time: "time in state"
    case .status: "status"
    case .name: "name"
    case .team: "team"
    case .calls: "calls today"
    }
  }
}
