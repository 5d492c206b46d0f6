// The calls: which one a report means, and how a new one finds its place.

extension Desk {
  /// `onCall`, in any order, any number of times.
  mutating func report(_ report: CallReport, _ turn: inout Turn) {
    if let id = match(report) {
      advance(id, report, &turn)
    } else if isTurnedAway(report) {
      list(turnedAway: report, &turn)
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
  ///
  /// A `calling` while a dial waits for its call is that call, also where the line gave it an old id.
  private func isLate(_ report: CallReport) -> Bool {
    if report.status == .calling, attempt?.seen == false { return false }
    return report.call.map(memory.endedLineIDs.contains) ?? false
  }

  // MARK: A new call

  private mutating func open(_ report: CallReport, _ turn: inout Turn) {
    if isLate(report) { return count(.lateEvent, &turn) }
    memory.endedLineIDs.removeAll { $0 == report.call }
    let isDialled = belongsToAttempt(report)
    let direction = report.direction ?? (!isDialled && report.status == .ringing ? .in : .out)
    var call = newCall(report, direction: direction, isDialled: isDialled, turn.now)
    call.tones = keptTones(for: call)
    if !hasOpenCall { memory.before = Before(call: active, failed: failed) }
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
      info: mine?.info ?? "", endAskedBy: nil, isConsultation: consults(direction))
  }

  /// Whether a new call is the one that a transfer after asking makes.
  private func consults(_ direction: Direction) -> Bool {
    guard let active, active.isOpen, direction == .out, other?.isOpen != true else { return false }
    return memory.consulting == active.id
  }

  /// Finds the new call its place: alone, beside a held or talking one, or instead of one unseen.
  private mutating func place(_ call: Call, _ turn: inout Turn) {
    guard let open = active, open.isOpen else {
      active = call
      return
    }
    let hasRoom = other?.isOpen != true
    let bothKnown = call.lineID != nil && open.lineID != nil
    if call.isConsultation {
      other = open
      active = call
    } else if bothKnown, call.isRingingHere {
      if hasRoom { other = call } else { count(.extraCall, &turn) }
    } else if bothKnown, hasRoom, open.isRingingHere || open.talk?.heldSince != nil {
      // Beside a call that is held: the far end hands it on, and the line calls whom it names.
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
      turn.notice(.info, Self.turnedAway(call.name, call.number))
      return hangUp(call.id, by: .desk, &turn)
    }
    turn.ask(.bell(.incoming))
    turn.start(.ringBell, seconds: Limits.ringBell)
  }

  /// In break, busy and post-call, as the desk keeps it, an inbound call is turned away.
  private func turnsAway(_ call: Call) -> Bool {
    guard !settings.ringAnyway, seat.source == .desk, abilities.contains(.reject),
      active?.id == call.id
    else {
      return false
    }
    if wrapUp != nil { return true }
    return seat.chosen == .shortBreak || seat.chosen == .busy
  }
}
