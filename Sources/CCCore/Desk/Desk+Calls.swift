// The calls: which one a report means, and the door that every change of phase passes.

extension Desk {
  /// `onCall`, in any order, any number of times.
  mutating func report(_ report: CallReport, _ turn: inout Turn) {
    if let id = match(report) {
      advance(id, report, &turn)
    } else if report.status == .ended || report.status == .notEstablished {
      count(endsOver(report) ? .lateEvent : .endWithoutCall, &turn)
    } else {
      open(report, &turn)
    }
  }

  /// The open call that a report speaks of; nil if it speaks of a new one, or of one that is over.
  private mutating func match(_ report: CallReport) -> Call.ID? {
    if let line = report.call {
      if let active, active.isOpen, active.lineID == line { return active.id }
      if let other, other.isOpen, other.lineID == line { return other.id }
      // A call that was seen without an id gets it with the first report that has one.
      guard let active, active.isOpen, active.lineID == nil, fits(report, active) else {
        return nil
      }
      self.active?.lineID = line
      return active.id
    }
    guard let active, active.isOpen else {
      return other.flatMap { $0.isOpen && fits(report, $0) ? $0.id : nil }
    }
    if let other, other.isOpen, let number = report.number,
      !DialNumber.same(number.string, active.number.string), fits(report, other)
    {
      return other.id
    }
    // Without an id there is one call at a time, and 4 and 5 end it whatever number they carry.
    if report.status == .ended || report.status == .notEstablished { return active.id }
    return fits(report, active) ? active.id : nil
  }

  /// Whether a report's number may be this call's; a number that is missing always may.
  private func fits(_ report: CallReport, _ call: Call) -> Bool {
    guard let number = report.number, !call.number.isEmpty else { return true }
    return number == call.number || DialNumber.same(number.string, call.number.string)
  }

  /// Whether the call that a report ends is one that is over already.
  private func endsOver(_ report: CallReport) -> Bool {
    if isLate(report) { return true }
    guard let active, !active.isOpen else { return false }
    if report.call != nil, active.lineID != nil { return false }
    return fits(report, active)
  }

  /// Whether a report belongs to a call that has ended: a late progress of a known id.
  private func isLate(_ report: CallReport) -> Bool {
    report.call.map(memory.endedLineIDs.contains) ?? false
  }

  // MARK: A new call

  private mutating func open(_ report: CallReport, _ turn: inout Turn) {
    if isLate(report) { return count(.lateEvent, &turn) }
    let isDialled = belongsToAttempt(report)
    let direction = report.direction ?? (!isDialled && report.status == .ringing ? .in : .out)
    let call = newCall(report, direction: direction, isDialled: isDialled, turn.now)
    place(call, &turn)
    guard active?.id == call.id || other?.id == call.id else { return }
    if isDialled {
      attempt?.seen = true
      turn.cancel(.dialSilence)
    }
    failed = nil
    if !isDialled { lastOutcome = nil }
    turn.tell(.call(call))
    if report.status == .talking { settleIfDialled(call, .answered, nil, &turn) }
    seatFollowsCalls(established: false, &turn)
    watchForMissedEnd(&turn)
    welcome(call, &turn)
  }

  /// Whether this is the call that the open attempt is waiting for.
  private func belongsToAttempt(_ report: CallReport) -> Bool {
    guard let attempt, !attempt.seen, report.direction != .in else { return false }
    guard let number = report.number else { return true }
    return DialNumber.same(number.string, attempt.phone)
  }

  private mutating func newCall(
    _ report: CallReport, direction: Direction, isDialled: Bool, _ now: Instant
  ) -> Call {
    let mine = isDialled ? attempt : nil
    // Talking at first sight: the answer was seen only if it answers a dial of this desk's.
    let phase: Call.Phase
    let step: Call.Step.Name
    switch report.status {
    case .ringing: (phase, step) = (.ringing, .ringing)
    case .talking:
      let talk = Call.Talk(since: now, witnessed: isDialled, heldSince: nil, muted: false)
      (phase, step) = (.talking(talk), .talking)
    default: (phase, step) = (.calling, .calling)
    }
    return Call(
      id: mine?.callID ?? newCallID(), lineID: report.call, direction: direction,
      number: mine.map { SafeText($0.phone) } ?? report.number ?? "", name: report.name, began: now,
      phase: phase, steps: [Call.Step(name: step, since: now)], attempt: mine?.id,
      info: mine?.info ?? "", hangUpAsked: false)
  }

  /// Finds the new call its place: alone, beside a held or talking one, or instead of one unseen.
  private mutating func place(_ call: Call, _ turn: inout Turn) {
    guard let open = active, open.isOpen else {
      active = call
      return
    }
    let hasRoom = other?.isOpen != true
    let bothKnown = call.lineID != nil && open.lineID != nil
    if memory.consulting == open.id, call.direction == .out, hasRoom {
      other = open
      active = call
    } else if bothKnown, call.isRingingHere {
      if hasRoom { other = call } else { count(.extraCall, &turn) }
    } else if bothKnown, open.isRingingHere, hasRoom {
      other = open
      active = call
    } else {
      end(open.id, .unseen, reason: Reason("end not seen"), &turn, settlesSeat: false)
      active = call
    }
  }

  /// Rings for it, turns it away, or hangs it up, as it is meant.
  private mutating func welcome(_ call: Call, _ turn: inout Turn) {
    if let sight = memory.hangUpOnSight, call.direction == .out,
      DialNumber.same(sight.phone, call.number.string),
      turn.now.seconds(since: sight.since) < Limits.hangUpOnSight
    {
      memory.hangUpOnSight = nil
      return hangUp(call.id, &turn)
    }
    guard call.isRingingHere else { return }
    if turnsAway(call) {
      let who = [call.name?.string, call.number.string].compactMap { $0 }.joined(separator: ", ")
      turn.notice(.info, "Turned away: \(who).")
      return hangUp(call.id, &turn)
    }
    turn.ask(.bell(.incoming))
    turn.start(.ringBell, seconds: Limits.ringBell)
  }

  /// In break, busy and post-call, as the desk keeps it, an inbound call is turned away.
  private func turnsAway(_ call: Call) -> Bool {
    guard seat.source == .desk, abilities.contains(.reject), active?.id == call.id else {
      return false
    }
    if wrapUp != nil { return true }
    return seat.chosen == .shortBreak || seat.chosen == .busy
  }

  // MARK: The door

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

  private mutating func advance(_ id: Call.ID, _ report: CallReport, _ turn: inout Turn) {
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
        id, call.hangUpAsked ? .agent : .far, reason: report.reason, status: report.status, &turn)
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
    let talked = call.talk.map { turn.now.nanoseconds(since: $0.since) }
    let end = Call.End(
      at: turn.now, reason: reason, talked: talked, witnessed: call.talk?.witnessed ?? true,
      by: ender, status: status)
    move(id, to: talked == nil ? .notEstablished(end) : .ended(end), &turn)
    guard let ended = self.call(id) else { return }
    settleIfDialled(ended, Self.outcome(of: end), reason, &turn)
    remember(ended)
    if let talked {
      today.calls += 1
      today.talked += talked
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

  private mutating func remember(_ ended: Call) {
    guard let line = ended.lineID else { return }
    memory.endedLineIDs.append(line)
    if memory.endedLineIDs.count > Limits.endedCalls { memory.endedLineIDs.removeFirst() }
  }

  /// After the end: a consultation falls back to the customer, a second call leaves no trace.
  private mutating func leaveStage(_ id: Call.ID) {
    if memory.consulting == id { memory.consulting = nil }
    if other?.id == id {
      other = nil
      memory.consulting = nil
    } else if active?.id == id, let waiting = other, waiting.isOpen {
      active = waiting
      other = nil
      memory.consulting = nil
    }
  }

  private mutating func settleIfDialled(
    _ call: Call, _ outcome: Outcome, _ reason: Reason?, _ turn: inout Turn
  ) {
    guard let attempt, attempt.seen, attempt.id == call.attempt else { return }
    settle(outcome, reason, &turn)
  }

  /// The outcome table of design section 5, for a call that was not answered.
  static func outcome(of end: Call.End) -> Outcome {
    switch end.by {
    case .agent: return .cancelled
    case .lineLost: return .lineLost
    case .unseen, .inferred: return .unanswered
    case .far: break
    }
    if end.status == .ended { return .unanswered }
    switch end.reason?.code {
    case 408, 480, 487: return .unanswered
    default: return .rejected
    }
  }

  /// The line died: its calls are lost, and so is an attempt that never became one.
  mutating func loseCalls(_ turn: inout Turn) {
    for id in [other?.id, active?.id].compactMap({ $0 }) {
      end(id, .lineLost, reason: Reason("line lost"), &turn)
    }
    settle(.lineLost, Reason("line lost"), &turn)
  }
}
