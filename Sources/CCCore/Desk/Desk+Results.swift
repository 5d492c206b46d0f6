// Answers: the result of a command, and what the line says of hold and mute.

extension Desk {
  mutating func result(_ id: Int, ok: Bool, error: SafeText, _ turn: inout Turn) {
    guard let index = memory.pending.firstIndex(where: { $0.id == id }) else {
      return count(.strayResult, &turn)
    }
    let answered = memory.pending.remove(at: index)
    let purpose = answered.purpose
    let why = error.isEmpty ? "the line gave no reason" : error.string
    // Of a call that is over the end is told: what could not be done with it any more is no news.
    if !ok, let id = purpose.changes, call(id)?.isOpen != true { return }
    switch purpose {
    case .register:
      let isNews = isNewest(answered) { $0 == .register }
      overtakeOlder(than: id) { $0 == .register }
      if ok { registrationWasTaken(&turn) } else if isNews { registerWasRefused(why, &turn) }
    case .dial(let number): dialWasAnswered(number, command: id, ok: ok, why, &turn)
    case .seat(let seat):
      let isNews = isNewest(answered) { if case .seat = $0 { true } else { false } }
      overtakeOlder(than: id) { if case .seat = $0 { true } else { false } }
      if !answered.isOvertaken { seatWasAnswered(seat, ok: ok, isNewest: isNews, why, &turn) }
    case .hold(let call, let on):
      overtakeOlder(than: id) { $0.holds == call }
      if !ok { return turn.notice(.warning, "\(on ? "hold" : "resume") failed: \(why)") }
      if !answered.isOvertaken { setHeld(call, on, wasAsked: true, &turn) }
    case .mute(let call, let on):
      overtakeOlder(than: id) { $0.mutes == call }
      if !ok { return turn.notice(.warning, "\(on ? "mute" : "unmute") failed: \(why)") }
      if !answered.isOvertaken { setMuted(call, on, &turn) }
    case .hangUp(let call) where !ok: endWasRefused(call, "hang up", why, &turn)
    case .reject(let call) where !ok: endWasRefused(call, "reject", why, &turn)
    case .consult(let call) where !ok:
      if memory.transfer.consultation?.customer == call,
        memory.transfer.consultation?.call == nil
      {
        memory.transfer.consultation = nil
      }
      turn.notice(.warning, "transfer failed: \(why)")
    case .blindTransfer(let call) where !ok, .join(let call) where !ok:
      if memory.transfer.handover?.concerns(call) == true { memory.transfer.handover = nil }
      turn.notice(.warning, "transfer failed: \(why)")
    case .answer where !ok: turn.notice(.warning, "answer failed: \(why)")
    case .tones where !ok: turn.notice(.warning, "tones failed: \(why)")
    case .kept(let call, let tones) where !ok:
      keepAgain(tones, of: call, command: id, &turn)
      turn.notice(.warning, "tones failed: \(why)")
    case .hangUp(let call), .reject(let call): change(call) { $0.isEndTaken = true }
    case .consult, .blindTransfer, .join, .answer, .tones, .kept: break
    }
  }

  /// Whether no newer command of its kind waits for its answer, or has got it.
  private func isNewest(_ answered: Pending, _ isOfKind: (Purpose) -> Bool) -> Bool {
    !answered.isOvertaken
      && !memory.pending.contains { $0.id > answered.id && isOfKind($0.purpose) }
  }

  /// Answers come in the order of the commands: what an older one asked is no news any more.
  private mutating func overtakeOlder(than id: Int, _ isOfKind: (Purpose) -> Bool) {
    for index in memory.pending.indices
    where memory.pending[index].id < id && isOfKind(memory.pending[index].purpose) {
      memory.pending[index].isOvertaken = true
    }
  }

  /// The line would not end a call: it goes on, and whoever ends it later has ended it.
  private mutating func endWasRefused(
    _ id: Call.ID, _ what: String, _ why: String, _ turn: inout Turn
  ) {
    // What is over has its end told; that it could not be ended once more is no news.
    guard let call = call(id), call.isOpen, !call.isEndTaken else { return }
    change(id) { $0.endAskedBy = nil }
    turn.notice(.warning, "\(what) failed: \(why)")
  }

  /// The line has, or has not, set the status, or, where the desk keeps it, passed it on.
  private mutating func seatWasAnswered(
    _ told: Seat, ok: Bool, isNewest: Bool, _ why: String, _ turn: inout Turn
  ) {
    if ok {
      guard seat.seat == told, seat.untold != nil else { return }
      seat.untold = nil
      return turn.tell(.seat(seat))
    }
    guard seat.source == .desk else {
      return turn.notice(.warning, "\(told.name) was not set: \(why)")
    }
    turn.notice(.warning, "The PBX was not told of \(told.name): \(why)")
    guard seat.seat == told, isNewest else { return }
    seat.untold = SafeText(why)
    turn.tell(.seat(seat))
  }

  /// `callState`: the line's own word on hold and mute, newer than every answer to what was asked
  /// before it.
  mutating func reportState(_ line: String?, held: Bool?, muted: Bool?, _ turn: inout Turn) {
    let call = openCalls.first { line == nil || $0.lineID == line }
    guard let call else { return count(.lateEvent, &turn) }
    guard call.talk != nil else {
      return change(call.id) {
        var early = $0.early ?? Call.Early()
        early.held = held ?? early.held
        early.muted = muted ?? early.muted
        $0.early = early
      }
    }
    if let held {
      let wasAsked = asked(of: call.id).hold == held
      overtake(by: held) { $0.holds == call.id ? $0.turnsOn : nil }
      setHeld(call.id, held, wasAsked: wasAsked, &turn)
    }
    if let muted {
      overtake(by: muted) { $0.mutes == call.id ? $0.turnsOn : nil }
      setMuted(call.id, muted, &turn)
    }
  }

  /// `callState` with `farHeld`.
  mutating func reportFarHold(_ line: String?, _ on: Bool, _ turn: inout Turn) {
    let call = openCalls.first { line == nil || $0.lineID == line }
    guard let call else { return count(.lateEvent, &turn) }
    let now = turn.now
    guard call.talk != nil else {
      return change(call.id) {
        var early = $0.early ?? Call.Early()
        early.farHeld = on
        $0.early = early
      }
    }
    changeTalk(call.id, &turn) { talk in
      guard (talk.farHeldSince != nil) != on else { return false }
      talk.farHeldSince = on ? now : nil
      return true
    }
  }

  private mutating func setHeld(
    _ id: Call.ID, _ on: Bool, wasAsked: Bool, _ turn: inout Turn
  ) {
    let now = turn.now
    changeTalk(id, &turn) { talk in
      guard (talk.heldSince != nil) != on else { return false }
      talk.heldSince = on ? now : nil
      return true
    }
    // The panel goes where the voice goes: to the one that was resumed.
    guard !on, call(id)?.talk != nil, wasAsked || active?.isHeld == true else { return }
    makeActive(id)
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
}
