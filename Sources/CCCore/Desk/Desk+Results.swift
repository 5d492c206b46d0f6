// Answers: the result of a command, and what the line says of hold and mute.

extension Desk {
  mutating func result(_ id: Int, ok: Bool, error: SafeText, _ turn: inout Turn) {
    guard let index = memory.pending.firstIndex(where: { $0.id == id }) else {
      return count(.strayResult, &turn)
    }
    let purpose = memory.pending.remove(at: index).purpose
    let why = error.isEmpty ? "the line gave no reason" : error.string
    switch purpose {
    case .hold(let call, let on) where ok: setHeld(call, on, &turn)
    case .mute(let call, let on) where ok: setMuted(call, on, &turn)
    case _ where ok: return
    case .register:
      memory.signsIn = false
      guard !link.isUp else { return turn.notice(.error, "Not registered: \(why)") }
      become(.stopped(since: turn.now, reason: SafeText(why)), &turn)
      turn.notice(.error, "Not registered: \(why)")
    case .dial(let number):
      guard attempt?.id == number, attempt?.seen == false else { return }
      settle(.refused, Reason(SafeText(why)), &turn)
    case .seat(let seat): seatWasNotSet(seat, why, &turn)
    case .hold(_, let on): turn.notice(.warning, "\(on ? "hold" : "resume") failed: \(why)")
    case .mute(_, let on): turn.notice(.warning, "\(on ? "mute" : "unmute") failed: \(why)")
    case .consult(let call):
      if memory.consulting == call, other == nil { memory.consulting = nil }
      turn.notice(.warning, "transfer failed: \(why)")
    case .kept(let call, let tones):
      keepAgain(tones, of: call, &turn)
      turn.notice(.warning, "tones failed: \(why)")
    case .other(let what):
      if what == "transfer" { memory.handover = nil }
      turn.notice(.warning, "\(what) failed: \(why)")
    }
  }

  /// The line could not set the status, or, where the desk keeps it, not pass it on.
  private mutating func seatWasNotSet(_ refused: Seat, _ why: String, _ turn: inout Turn) {
    guard seat.source == .desk, !abilities.contains(.seat) else {
      return turn.notice(.warning, "\(refused.name) was not set: \(why)")
    }
    turn.notice(.warning, "The PBX was not told of \(refused.name): \(why)")
    guard seat.seat == refused else { return }
    seat.untold = SafeText(why)
    turn.tell(.seat(seat))
  }

  /// `callState`: the line's own word on hold and mute.
  mutating func reportState(_ line: String?, held: Bool?, muted: Bool?, _ turn: inout Turn) {
    let call = [active, other].compactMap { $0 }.first {
      $0.isOpen && (line == nil || $0.lineID == line)
    }
    guard let call, call.talk != nil else { return count(.lateEvent, &turn) }
    if let held { setHeld(call.id, held, &turn) }
    if let muted { setMuted(call.id, muted, &turn) }
  }

  private mutating func setHeld(_ id: Call.ID, _ on: Bool, _ turn: inout Turn) {
    let wasHeld = isHeld
    let now = turn.now
    changeTalk(id, &turn) { talk in
      guard (talk.heldSince != nil) != on else { return false }
      talk.heldSince = on ? now : nil
      return true
    }
    if isHeld, !wasHeld { turn.start(.heldBell, seconds: Limits.heldBell) }
    if wasHeld, !isHeld { turn.cancel(.heldBell) }
  }

  private mutating func setMuted(_ id: Call.ID, _ on: Bool, _ turn: inout Turn) {
    changeTalk(id, &turn) { talk in
      guard talk.muted != on else { return false }
      talk.muted = on
      return true
    }
  }

  private mutating func changeTalk(
    _ id: Call.ID, _ turn: inout Turn, _ body: (inout Call.Talk) -> Bool
  ) {
    guard var talk = call(id)?.talk, body(&talk) else { return }
    change(id) { $0.phase = .talking(talk) }
    if let changed = call(id) { turn.tell(.call(changed)) }
  }

  /// Whether a call is held.
  var isHeld: Bool { [active, other].contains { $0?.talk?.heldSince != nil } }

  mutating func ringHeldBell(_ turn: inout Turn) {
    guard isHeld else { return }
    turn.ask(.bell(.soft))
    turn.start(.heldBell, seconds: Limits.heldBell)
  }

  mutating func ringAgain(_ turn: inout Turn) {
    guard active?.isRingingHere == true || other?.isRingingHere == true else { return }
    turn.ask(.bell(.incoming))
    turn.start(.ringBell, seconds: Limits.ringBell)
  }
}
