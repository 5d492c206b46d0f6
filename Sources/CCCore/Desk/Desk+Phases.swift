// The door that every change of a call's phase passes, and all that hangs on an end.

extension Desk {
  /// Changes one call in place, wherever it stands.
  mutating func change(_ id: Call.ID, _ body: (inout Call) -> Void) {
    if active?.id == id, var call = active {
      body(&call)
      active = call
    } else if other?.id == id, var call = other {
      body(&call)
      other = call
    }
  }

  mutating func advance(_ id: Call.ID, _ report: CallReport, _ turn: inout Turn) {
    guard let call = call(id) else { return }
    if let name = report.name, call.name == nil { change(id) { $0.name = name } }
    if let number = report.number, call.number.isEmpty { change(id) { $0.number = number } }
    switch (report.status, call.phase) {
    case (.ringing, .calling): move(id, to: .ringing, &turn)
    case (.talking, .calling), (.talking, .ringing):
      let talk = Call.Talk(since: turn.now, witnessed: true, heldSince: nil, muted: false)
      move(id, to: .talking(talk), &turn)
    case (.ended, _), (.notEstablished, _):
      end(
        id, call.endAskedBy ?? handover(of: id) ?? .far, reason: report.reason,
        status: report.status, &turn)
    case (.calling, _), (.ringing, _), (.talking, _): break  // a repeat, or out of order
    }
  }

  /// Every change of phase passes here; edges that the graph of `Call` does not have are not taken.
  private mutating func move(_ id: Call.ID, to next: Call.Phase, _ turn: inout Turn) {
    guard let call = call(id) else { return }
    var step: Call.Step.Name?
    switch (call.phase, next) {
    case (.calling, .ringing): step = .ringing
    case (.calling, .talking), (.ringing, .talking): step = .talking
    case (.talking, .ended), (.calling, .notEstablished), (.ringing, .notEstablished): break
    default: return
    }
    change(id) {
      $0.phase = next
      if let step { $0.steps.append(Call.Step(name: step, since: turn.now)) }
    }
    if call.isRingingHere { turn.cancel(.ringBell) }
    guard let moved = self.call(id) else { return }
    turn.tell(.call(moved))
    if case .talking = next {
      settleIfDialled(moved, .answered, nil, &turn)
      if other?.id == id { makeActive(id) }
      seatFollowsCalls(established: false, &turn)
    }
    watchForMissedEnd(&turn)
  }

  /// The waiting call that was answered is the active one.
  mutating func makeActive(_ id: Call.ID) {
    guard other?.id == id else { return }
    (active, other) = (other, active)
  }

  /// Ends a call, whatever came before, and settles all that hangs on it.
  mutating func end(
    _ id: Call.ID, _ ender: Call.Ender, reason: Reason?, status: CallReport.Status? = nil,
    _ turn: inout Turn, settlesSeat: Bool = true
  ) {
    guard let call = call(id), call.isOpen else { return }
    let wasHeld = isHeld
    let end = Self.end(of: call, ender, reason, status, turn.now)
    let talked = end.talked
    move(id, to: talked == nil ? .notEstablished(end) : .ended(end), &turn)
    guard let ended = self.call(id) else { return }
    settleIfDialled(ended, end.outcome, reason, &turn)
    remember(ended.lineID)
    if let talked, !ended.isConsultation {
      today.calls += 1
      today.talked = today.talked.plus(talked)
    }
    keep(record(of: ended), &turn)
    leaveStage(id)
    if wasHeld, !isHeld { turn.cancel(.heldBell) }
    if settlesSeat {
      seatFollowsCalls(established: talked != nil, &turn)
    } else if talked != nil {
      memory.owesWrapUp = true
    }
    renewIfFree(&turn)
  }

  private static func end(
    of call: Call, _ ender: Call.Ender, _ reason: Reason?, _ status: CallReport.Status?,
    _ now: Instant
  ) -> Call.End {
    var end = Call.End(
      at: now, reason: reason, talked: nil, witnessed: true, by: ender, status: status)
    if case .talking(let talk) = call.phase {
      end.talked = now.nanoseconds(since: talk.since)
      end.witnessed = talk.witnessed
    }
    return end
  }

  /// What the line still says of a call that is over is late.
  mutating func remember(_ line: String?) {
    guard let line else { return }
    memory.endedLineIDs.append(line)
    if memory.endedLineIDs.count > Limits.endedCalls { memory.endedLineIDs.removeFirst() }
  }

  /// After the end: a consultation falls back to the customer, a second call leaves no trace.
  private mutating func leaveStage(_ id: Call.ID) {
    if memory.consulting == id { memory.consulting = nil }
    // Of two that were joined the customer's stays on the panel, whichever is told first.
    if let ended = call(id), ended.isHandedOn, !ended.isConsultation { memory.customer = ended }
    if other?.id == id {
      other = nil
      memory.consulting = nil
    } else if active?.id == id, let waiting = other, waiting.isOpen {
      active = waiting
      other = nil
      memory.consulting = nil
    } else if active?.id == id, let customer = memory.customer {
      active = customer
    } else if active?.end?.by == .desk, let before = memory.before,
      before.call != nil || before.failed != nil
    {
      active = before.call
      failed = before.failed
    }
    if !hasOpenCall { (memory.handover, memory.customer, memory.before) = (nil, nil, nil) }
  }

  mutating func settleIfDialled(
    _ call: Call, _ outcome: Outcome, _ reason: Reason?, _ turn: inout Turn
  ) {
    guard let attempt, attempt.seen, attempt.id == call.attempt else { return }
    settle(outcome, reason, &turn)
  }

  /// The line died: its calls are lost, and so is an attempt that never became one.
  mutating func loseCalls(_ turn: inout Turn) {
    for id in [other?.id, active?.id].compactMap({ $0 }) {
      end(id, .lineLost, reason: Reason("line lost"), &turn)
    }
    settle(.lineLost, Reason("line lost"), &turn)
  }
}
