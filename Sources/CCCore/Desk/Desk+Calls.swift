// The calls: which one a report means, and how a new one finds its place.

extension Desk {
  /// `onCall`, in any order, any number of times.
  mutating func report(_ report: CallReport, _ turn: inout Turn) {
    if let id = match(report, turn.now) {
      advance(id, report, &turn)
    } else if isTurnedAway(report) {
      list(unseen: report, &turn)
    } else if let ended = isNew(report) || endsDial(report)
      ? nil : memory.ended.meant(by: report, at: turn.now)
    {
      noteLate(report, of: ended, &turn)
    } else if report.status.isEnd {
      if let id = openUnshown(before: report, &turn) { return advance(id, report, &turn) }
      if endUnseen(report, &turn) { return }
      count(endsShown(report) ? .lateEvent : .endWithoutCall, &turn)
    } else {
      open(report, since: turn.now, &turn)
    }
  }

  /// Whether a report begins a call whatever ended before it.
  ///
  /// A `calling` does, unless the line's id says that it is late: a line may use an id again only for
  /// a dial that waits. So does a `ringing` without an id while a dial of its number waits.
  private func isNew(_ report: CallReport) -> Bool {
    switch report.status {
    case .calling:
      if report.call == nil { return true }
      return unseenAttempt != nil && (isWaitedFor(report) || !isOfEnded(report))
    case .ringing: return report.call == nil && isWaitedFor(report)
    case .talking, .ended, .notEstablished: return false
    }
  }

  /// Whether an end that names nobody is of a dial, and no echo of the call before: that one had talked,
  /// and ended with a 4.
  private func endsDial(_ report: CallReport) -> Bool {
    guard report.status == .notEstablished, report.call == nil,
      report.number.map(Self.names) != true,
      unseenAttempt != nil || !memory.givenUp.isEmpty
    else { return false }
    return memory.ended.calls.last?.hasTalked ?? true
  }

  private func isWaitedFor(_ report: CallReport) -> Bool {
    guard let waiting = unseenAttempt, report.direction != .in, let number = report.number else {
      return false
    }
    return DialNumber.same(number.string, waiting.phone)
  }

  private func isOfEnded(_ report: CallReport) -> Bool {
    guard let number = report.number else { return false }
    return memory.ended.calls.contains {
      $0.lineID == report.call && $0.isNumbered(number)
    }
  }

  /// The open call that a report speaks of; nil if it speaks of a new one, or of one that is over.
  private mutating func match(_ report: CallReport, _ now: Instant) -> Call.ID? {
    let open = openCalls
    if let line = report.call {
      if let known = open.first(where: { $0.lineID == line }) { return known.id }
      // A call that was seen without an id gets it with the first report that has one.
      let seen = open.first { $0.lineID == nil && fits(report, $0) }
      if let seen { change(seen.id) { $0.lineID = line } }
      return seen?.id
    }
    if report.number != nil {
      let named = open.filter { fits(report, $0) && !$0.number.isEmpty }
      if let call = named.first {
        return isEcho(report, of: call, now) ? nil : call.id
      }
    }
    if let call = open.first(where: { fits(report, $0) }) {
      return isEcho(report, of: call, now) ? nil : call.id
    }
    // Without an id there is one call at a time, and 4 and 5 end it whatever number they carry, unless
    // they repeat the end of the one before.
    guard report.status.isEnd, memory.ended.meant(by: report, at: now) == nil else { return nil }
    return open.first { $0.lineID == nil }?.id
  }

  /// Whether a report may be of this call: its number and direction do not speak against it.
  private func fits(_ report: CallReport, _ call: Call) -> Bool {
    if let direction = report.direction, direction != call.direction, call.isDirectionTold {
      return false
    }
    guard let number = report.number, !call.number.isEmpty else { return true }
    if number == call.number || number == call.reported || number == call.first?.number {
      return true
    }
    // The number of a dialled call is the dialled one, whatever the line makes of it.
    if call.attempt != nil, call.reported == nil { return true }
    return DialNumber.same(number.string, call.number.string)
  }

  /// Whether a 4 repeats the end of the call before, of the same number: this one was not answered yet.
  private func isEcho(_ report: CallReport, of call: Call, _ now: Instant) -> Bool {
    guard report.status == .ended, call.talk == nil,
      let before = memory.ended.meant(by: report, at: now)
    else { return false }
    return before.lineID == nil && call.lineID == nil
      && recent.first { $0.id == before.id }?.talked != nil
  }

  /// Whether the call on the panel is over and the one that a report ends once more.
  private func endsShown(_ report: CallReport) -> Bool {
    guard let active, !active.isOpen else { return false }
    if report.call != nil, active.lineID != nil { return false }
    return fits(report, active)
  }

  // MARK: A new call

  /// Opens the call that a report begins; `since`: when that report came; `isOver`: its end is there.
  mutating func open(
    _ report: CallReport, since: Instant, isOver: Bool = false, _ turn: inout Turn
  ) {
    let suspect = memory.ended.suspect.flatMap { $0.isOf(report) ? $0 : nil }
    memory.ended.suspect = nil
    if let line = report.call { memory.ended.forget(lineID: line) }
    let consults = awaitsConsultation(report)
    if !consults { takeBackDial(for: report, &turn) }
    let claim = consults ? nil : claim(report)
    guard openCalls.count < Limits.openCalls || claim != nil || consults else {
      return count(.extraCall, &turn)
    }
    var call = newCall(
      report, claim, isConsultation: consults, since,
      rang: report.status == .talking ? suspect?.rang(before: turn.now) : nil)
    call.tones = keptTones(for: call)
    if call.direction == .in { call.called = report.called }
    if !hasOpenCall { memory.before = Before(call: active, failed: failed) }
    if consults { memory.transfer.consultation?.call = call.id }
    var goesAtOnce = false
    switch claim {
    case .attempt:
      attempt?.seen = true
      turn.cancel(.dialSilence)
    case .givenUp(let given):
      memory.givenUp.removeAll { $0 == given }
      goesAtOnce = given.fate == .hungUp
    case nil: break
    }
    place(call, goesAtOnce: goesAtOnce, &turn)
    failed = nil
    turn.tell(.call(call))
    if report.status == .talking { settleIfDialled(call, .answered, nil, &turn) }
    seatFollowsCalls(established: false, &turn)
    if goesAtOnce { return hangUp(call.id, &turn) }
    if !isOver { welcome(call, &turn) }
  }

  /// `rang`: when it rang, where that was taken for late.
  private mutating func newCall(
    _ report: CallReport, _ claim: Claim?, isConsultation: Bool, _ since: Instant, rang: Instant?
  ) -> Call {
    let mine: Attempt? =
      switch claim {
      case .attempt: attempt
      case .givenUp(let given): if case .hers(let made) = given.fate { made } else { nil }
      case nil: nil
      }
    // Who was dialled here, or is asked before a transfer, did not call, whatever rings first.
    let isOurs = claim != nil || isConsultation
    let isOut = isOurs || report.status != .ringing && rang == nil
    // Talking at first sight: the answer was seen only if it answers a dial of this desk's, or a ring.
    let phase: Call.Phase
    let step: Call.Step.Name
    switch report.status {
    case .ringing: (phase, step) = (.ringing, .ringing)
    case .talking:
      let isSeen = mine != nil || rang != nil
      let talk = Call.Talk(since: since, witnessed: isSeen, heldSince: nil, muted: false)
      (phase, step) = (.talking(talk), .talking)
    default: (phase, step) = (.calling, .calling)
    }
    return Call(
      id: mine?.callID ?? newCallID(), lineID: report.call,
      direction: report.direction ?? (isOut ? .out : .in),
      isDirectionTold: report.direction != nil || isOurs || report.status == .calling,
      number: mine.map { SafeText($0.phone) } ?? report.number ?? "", reported: report.number,
      name: report.name, began: rang ?? since, phase: phase,
      steps: (rang.map { [Call.Step(name: .ringing, since: $0)] } ?? [])
        + [Call.Step(name: step, since: since)],
      attempt: mine?.id, info: mine?.info ?? "", endAskedBy: nil, isConsultation: isConsultation)
  }

  /// Finds the new call its place: on the panel, beside the one that is there, or instead of one of a
  /// line that knows one call at a time.
  ///
  /// Where both have ids nothing is inferred: the line says each end itself.
  private mutating func place(_ call: Call, goesAtOnce: Bool, _ turn: inout Turn) {
    if call.lineID == nil {
      for unnamed in openCalls where unnamed.lineID == nil && !call.isConsultation {
        end(unnamed.id, .unseen, reason: Reason("end not seen"), &turn, settlesSeat: false)
      }
    }
    if goesAtOnce { return others.append(call) }
    guard let open = active, open.isOpen else {
      active = call
      return
    }
    if call.isRingingHere { return others.append(call) }
    if call.isConsultation || open.isRingingHere || open.isHeld || open.endAskedBy != nil {
      others.insert(open, at: 0)
      active = call
    } else {
      others.insert(call, at: 0)
    }
  }

  /// Rings for it, or turns it away, as it is meant.
  private mutating func welcome(_ call: Call, _ turn: inout Turn) {
    guard call.isRingingHere else { return }
    if turnsAway(call) {
      turn.notice(.info, Self.turnedAway(call.name, call.number))
      return hangUp(call.id, by: .desk, &turn)
    }
    turn.ask(.bell(.incoming))
    if memory.alarms.contains(.ringing) { turn.start(.ringBell, seconds: Limits.ringBell) }
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

extension CallReport.Status {
  /// Whether it says that a call is over.
  var isEnd: Bool { self == .ended || self == .notEstablished }
}
