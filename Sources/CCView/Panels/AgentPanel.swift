// The agent's own status: what it is, for how long, and what comes after.

import CCCore

/// The panel on the left.
enum AgentPanel {
  static func draw(_ picture: Picture) -> Panel {
    let rect = picture.layout.agent
    var canvas = picture.framed(rect, title: "Agent")
    let lines = rect.height - 2
    let right = rect.width - 2
    guard lines > 0 else { return canvas.panel("agent", rect) }
    let short = picture.layout.shape != .full
    let length = duration(picture, short: short)
    canvas.putRight(length, end: right, y: 1, Style(.bright))
    let state = state(picture)
    let limit = max(0, right - 2 - Cells.width(of: length) - 1)
    let end = canvas.put(state.words, x: 2, y: 1, Style(state.role), limit: limit)
    // What has no row of its own stands behind, where there is room for all of it.
    let beside = short && lines == 1 ? beside(picture) : ""
    if !beside.isEmpty, end + 2 + Cells.width(of: beside) <= 2 + limit {
      canvas.put(beside, x: end + 2, y: 1)
    }
    let rest = [since(picture), next(picture), "", today(picture.desk)]
      .enumerated().filter { $0.offset != 2 }.map(\.element)
    for (index, line) in rest.enumerated() {
      // Today's figures stand on the last row, whatever is above them.
      let y = index == 2 ? 4 : index + 2
      guard y <= lines else { continue }
      canvas.put(
        picture.cut(line, to: rect.width - 4), x: 2, y: y, Style(index == 1 ? .plain : .dim))
    }
    return canvas.panel("agent", rect)
  }

  /// `○ IDLE`.
  static func state(_ picture: Picture) -> (words: String, role: Role) {
    let seat = picture.desk.seat.seat
    let word = seat.map { $0.name.uppercased() } ?? "UNKNOWN"
    let role: Role =
      switch seat {
      case .idle: .calm
      case nil, .unknown, .offline: .dim
      case .busy, .postCall, .shortBreak: .bright
      }
    return ("\(picture.glyphs.sign(seat)) \(word)", role)
  }

  /// How long it has been so; in the post-call that the desk keeps, what is left.
  static func duration(_ picture: Picture, short: Bool) -> String {
    let desk = picture.desk
    if desk.seat.seat == .postCall, let wrapUp = desk.wrapUp {
      let left = "\(wrapUp.secondsLeft(at: picture.now)) s"
      return picture.layout.shape == .bare ? left : "\(left) left"
    }
    let seconds = picture.now.seconds(since: desk.seat.since)
    return picture.atLeast(
      desk.seat.witnessed, short ? Durations.small(seconds) : Durations.panel(seconds))
  }

  private static func since(_ picture: Picture) -> String {
    let desk = picture.desk
    switch desk.seat.shown {
    case .unknown(let since, let was):
      guard let was else { return "not told yet" }
      return "was \(was.name) at \(picture.clock(since.unix))"
    case .known(let seat, let since, _):
      if seat == .postCall, desk.wrapUp != nil {
        return "then \((desk.seat.pending ?? desk.seat.chosen ?? .idle).name)"
      }
      let clock = picture.clock(since.unix)
      return desk.seat.untold == nil
        ? "since \(clock), \(cause(desk.seat, seat))" : "\(clock), PBX not told"
    }
  }

  private static func cause(_ state: SeatState, _ seat: Seat) -> String {
    switch state.cause {
    case .agent: "by you"
    case .line: "by line"
    case .call: seat == .busy ? "on a call" : "after call"
    case .wrapUp: "wrapped up"
    case .link: seat == .offline ? "signed off" : "signed in"
    }
  }

  private static func next(_ picture: Picture) -> String {
    let seat = picture.desk.seat
    let isWrapUp = seat.seat == .postCall && picture.desk.wrapUp != nil
    if let pending = seat.pending, !isWrapUp { return "next: \(pending.name)" }
    return isWrapUp && seat.untold != nil ? "PBX not told" : ""
  }

  private static func beside(_ picture: Picture) -> String {
    if picture.desk.seat.untold != nil { return "PBX not told" }
    return next(picture)
  }

  private static func today(_ desk: Desk) -> String {
    let talked = Durations.coarse(Int(desk.today.talked / Instant.second))
    return "\(Spoken.count(desk.today.calls, "call")), \(talked) talk"
  }
}
