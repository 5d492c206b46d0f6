// The calls: which one a report means, and how a new one finds its place.

extension Desk {
  /// `onCall`, in any order, any number of times.
  mutating func report(_ report: CallReport, _ turn: inout Turn) {
    if let id = match(report, turn.now) {
      if let before = echoed(by: report, of: id, turn.now) {
        count(.lateEvent, &turn)
        return noteEcho(EndedCalls.Echo(call: id, report: report), of: before, &turn)
      }
      advance(id, report, &turn)
    } else if isTurnedAway(report) {
      list(unseen: report, &turn)
    } else if let ended = isNew(report, turn.now) || endsDial(report)
      ? nil : memory.ended.meant(by: report, at: turn.now)
    {
      noteLate(report, of: ended, &turn)
    } else if report.status.isEnd {
      if let id = openUnshown(before: report, &turn) { return advance(id, report, &turn) }
      let isOfDial = endUnseen(report, &turn)
      // Its beginning may still come: it is over, whatever is said of it then.
      if report.call != nil { noteEnded(report, newCallID(), turn.now) }
      if !isOfDial { count(endsShown(report) ? .lateEvent : .endWithoutCall, &turn) }
    } else {
      open(report, since: turn.now, &turn)
    }
  }

  /// Whether a report begins a call whatever ended before it.
  ///
  /// A `calling` does, unless the line's id says that it is late: sooner than 3 s after its end a line may
  /// use an id again only for a dial that waits, or was cancelled. So does a `ringing` without an id while
  /// a dial of its number waits, and a `talking` where nobody had talked before, or by an old id.
  private func isNew(_ report: CallReport, _ now: Instant) -> Bool {
    switch report.status {
    case .calling:
      if report.call == nil || isOfGivenUp(report, now) { return true }
      return unseenAttempt != nil && (isWaitedFor(report) || !isOfEnded(report))
    case .ringing: return report.call == nil && isWaitedFor(report)
    case .talking:
      guard isOfDial(report) || report.call != nil && isOfGivenUp(report, now),
        let ended = memory.ended.meant(by: report, at: now)
      else { return false }
      return report.call == nil
        ? !ended.hasTalked : now.seconds(since: ended.at) >= Limits.lateReport
    case .ended, .notEstablished:
      // The first word of a dial, or of who is asked, may be its end, under an id that was used before.
      guard let line = report.call, let number = report.number,
        isWaitedFor(report) || isAskedFor(number),
        let ended = memory.ended.calls.last(where: { $0.lineID == line })
      else { return false }
      return now.seconds(since: ended.at) >= Limits.lateReport || !ended.isNumbered(number)
    }
  }

  private func isAskedFor(_ number: SafeText) -> Bool {
    guard let consultation = memory.transfer.consultation, consultation.call == nil else {
      return false
    }
    return DialNumber.same(number.string, consultation.phone)
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
      if let call = named.first { return call.id }
    }
    if let call = open.first(where: { fits(report, $0) }) { return call.id }
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
    guard let number = report.number else { return true }
    guard !call.number.isEmpty else {
      // Who is withheld, or talks and has none, is not the next one, who begins with hers.
      let begins = report.status == .calling || report.status == .ringing
      return number.isEmpty || !begins || call.reported == nil && call.talk == nil
    }
    if number == call.number || number == call.reported || number == call.first?.number {
      return true
    }
    // The number of a dialled call is the dialled one, whatever the line makes of it.
    if call.attempt != nil, call.reported == nil { return true }
    return DialNumber.same(number.string, call.number.string)
  }

  /// The call before, of the same number, whose end a 4 may repeat: this one was not answered yet, and
  /// nobody asked to end it.
  private func echoed(by report: CallReport, of id: Call.ID, _ now: Instant) -> EndedCalls.Ended? {
    guard report.status == .ended, report.call == nil, let call = call(id), call.lineID == nil,
      call.talk == nil, call.endAskedBy == nil,
      let before = memory.ended.meant(by: report, at: now), before.lineID == nil,
      now.seconds(since: before.at) < Limits.lateReport,
      recent.first(where: { $0.id == before.id })?.talked != nil
    else { return nil }
    return before
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
    let suspect = memory.ended.suspect.flatMap { $0.isOf(report) && $0.over == nil ? $0 : nil }
    if suspect == nil { keepUnshown(&turn) }
    memory.ended.suspect = nil
    if let line = report.call { memory.ended.forget(lineID: line) }
    if let number = report.number { memory.ended.owesNoEnd { $0.isNumbered(number) } }
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
    if memory.ended.echo?.call == call.id { memory.ended.echo = nil }
    var goesAtOnce = false
    switch claim {
    case .attempt:
      attempt?.seen = true
      turn.cancel(.dialSilence)
    case .givenUp(let given):
      memory.givenUp.removeAll { $0 == given }
      memory.overdue?.removeAll { $0 == given }
      goesAtOnce = given.fate == .hungUp
    case nil: break
    }
    let closesOther = place(call, goesAtOnce: goesAtOnce, &turn)
    failed = nil
    turn.tell(.call(call))
    if report.status == .talking { settleIfDialled(call, .answered, nil, &turn) }
    // Of a call whose end was not said nobody knows that it is over: its post-call comes after this one.
    if !closesOther || !call.isRingingHere { seatFollowsCalls(established: false, &turn) }
    if goesAtOnce { return hangUp(call.id, &turn) }
    if !isOver { welcome(call, turnsAway: !closesOther && turnsAway(call), &turn) }
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
  /// Where both have ids nothing is inferred: the line says each end itself. Tells whether another call
  /// was closed.
  private mutating func place(_ call: Call, goesAtOnce: Bool, _ turn: inout Turn) -> Bool {
    var closesOther = false
    if call.lineID == nil {
      for unnamed in openCalls where unnamed.lineID == nil && !call.isConsultation {
        end(unnamed.id, .unseen, reason: Reason("end not seen"), &turn, settlesSeat: false)
        closesOther = true
      }
    }
    put(call, goesAtOnce: goesAtOnce)
    return closesOther
  }

  private mutating func put(_ call: Call, goesAtOnce: Bool) {
    if goesAtOnce, active?.isOpen == true || unseenAttempt != nil { return others.append(call) }
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
  private mutating func welcome(_ call: Call, turnsAway: Bool, _ turn: inout Turn) {
    guard call.isRingingHere else { return }
    if turnsAway {
      if !wasTurnedAwayLately(call.number, turn.now) {
        turn.notice(.info, Self.turnedAway(call.name, call.number))
      }
      return hangUp(call.id, by: .desk, &turn)
    }
    turn.ask(.bell(.incoming))
    if memory.alarms.contains(.ringing) { turn.start(.ringBell, seconds: Limits.ringBell) }
  }

  /// In break, busy and post-call, as the desk keeps it, an inbound call is turned away, unless she has
  /// another one that is not; and so is one that comes while the line says good-bye.
  private func turnsAway(_ call: Call) -> Bool {
    guard abilities.contains(.reject) else { return false }
    if isOff || memory.quitting { return true }
    guard !settings.ringAnyway, seat.source == .desk,
      openCalls.allSatisfy({ $0.id == call.id || $0.endAskedBy == .desk })
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
