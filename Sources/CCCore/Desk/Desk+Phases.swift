// The door that every change of a call's phase passes, and all that hangs on an end.

extension Desk {
  /// Changes one call in place, wherever it stands.
  mutating func change(_ id: Call.ID, _ body: (inout Call) -> Void) {
    if active?.id == id, var call = active {
      body(&call)
      active = call
    } else if let index = others.firstIndex(where: { $0.id == id }) {
      body(&others[index])
    }
  }

  mutating func advance(_ id: Call.ID, _ report: CallReport, _ turn: inout Turn) {
    guard let call = call(id) else { return }
    if let name = report.name, call.name == nil { change(id) { $0.name = name } }
    if let called = report.called, call.called == nil { change(id) { $0.called = called } }
    if let number = report.number { learn(number, of: call) }
    if !report.status.isEnd, report.status != .calling, memory.ended.echo?.call == id {
      memory.ended.echo = nil
    }
    learnDirection(of: call, report, &turn)
    switch (report.status, call.phase) {
    case (.ringing, .calling): move(id, to: .ringing, &turn)
    case (.talking, .calling), (.talking, .ringing):
      var talk = Call.Talk(since: turn.now, witnessed: true, heldSince: nil, muted: false)
      if let early = call.early {
        talk.heldSince = early.held ? turn.now : nil
        talk.muted = early.muted
        talk.farHeldSince = early.farHeld ? turn.now : nil
        change(id) { $0.early = nil }
      }
      move(id, to: .talking(talk), &turn)
    case (.ended, _), (.notEstablished, _):
      end(
        id, call.endAskedBy ?? handover(of: id, turn.now) ?? .far, reason: report.reason,
        status: report.status, kind: kind(of: report, call), &turn)
    case (.calling, _), (.ringing, _), (.talking, _): break  // a repeat, or out of order
    }
  }

  /// The line may write one number in several forms: each is known when it comes again after the end.
  private mutating func learn(_ number: SafeText, of call: Call) {
    guard !call.number.isEmpty else { return change(call.id) { $0.number = number } }
    guard !number.isEmpty, number != call.number, number != call.reported,
      call.forms?.contains(number) != true, (call.forms?.count ?? 0) < Limits.numberForms
    else { return }
    change(call.id) { $0.forms = (call.forms ?? []) + [number] }
  }

  /// How a call ended before its answer; what the line says of one that talked says nothing.
  private func kind(of report: CallReport, _ call: Call) -> EndKind? {
    guard call.talk == nil, let kind = report.kind, kind.fits(report.status, call.direction) else {
      return nil
    }
    return kind
  }

  /// A first word that rang without a direction was taken for a caller; a later one may tell.
  private mutating func learnDirection(
    of call: Call, _ report: CallReport, _ turn: inout Turn
  ) {
    guard !call.isDirectionTold, let told = report.direction ?? Self.direction(report.status)
    else { return }
    change(call.id) {
      $0.isDirectionTold = true
      $0.direction = told
    }
    guard told != call.direction, let changed = self.call(call.id) else { return }
    turn.tell(.call(changed))
    seatFollowsCalls(established: false, &turn)
  }

  /// Only who calls out is `calling`.
  private static func direction(_ status: CallReport.Status) -> Direction? {
    status == .calling ? .out : nil
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
    guard let moved = self.call(id) else { return }
    turn.tell(.call(moved))
    if case .talking = next {
      settleIfDialled(moved, .answered, nil, &turn)
      makeActive(id)
      seatFollowsCalls(established: false, &turn)
    }
  }

  /// Brings a call onto the panel: the waiting one that was answered, the held one that was resumed.
  ///
  /// The one that was there goes behind the others, so that F3 comes round to each.
  mutating func makeActive(_ id: Call.ID) {
    guard let index = others.firstIndex(where: { $0.id == id }) else { return }
    let call = others.remove(at: index)
    if let before = active, before.isOpen { others.append(before) }
    active = call
  }

  /// Ends a call, whatever came before, and settles all that hangs on it.
  mutating func end(
    _ id: Call.ID, _ ender: Call.Ender, reason: Reason?, status: CallReport.Status? = nil,
    kind: EndKind? = nil, _ turn: inout Turn, settlesSeat: Bool = true, isRefused: Bool = false
  ) {
    guard let call = call(id), call.isOpen else { return }
    var end = Self.end(of: call, ender, reason, status, turn.now)
    end.kind = kind
    end.isRefused = isRefused
    let talked = end.talked
    move(id, to: talked == nil ? .notEstablished(end) : .ended(end), &turn)
    guard let ended = self.call(id) else { return }
    settleIfDialled(ended, end.outcome, reason, &turn)
    noteMistake(ended, end, &turn)
    remember(ended, end, turn.now)
    if let talked, !ended.isConsultation {
      today.calls += 1
      today.talked = today.talked.plus(talked)
    }
    keep(record(of: ended, end), &turn)
    leaveStage(id)
    if settlesSeat {
      seatFollowsCalls(established: talked != nil, &turn)
    } else if talked != nil {
      memory.owesWrapUp = true
    }
    goOnWithToken(&turn)
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
  private mutating func remember(_ call: Call, _ end: Call.End, _ now: Instant) {
    memory.ended.note(
      EndedCalls.Ended(
        id: call.id, lineID: call.lineID, number: call.first?.number ?? call.number,
        reported: call.first == nil ? call.reported : call.number,
        forms: call.forms ?? [], direction: call.direction, at: now,
        isAnsweredByLate3: end.talked == nil && (end.status == .ended || end.by == .unseen),
        owesEnd: end.by == .unseen,
        rang: (call.steps.first { $0.name != .calling })?.since,
        talking: (call.steps.first { $0.name == .talking })?.since))
  }

  /// After an end: a second call leaves no trace, and the panel goes to who is left.
  private mutating func leaveStage(_ id: Call.ID) {
    guard let ended = call(id) else { return }
    leaveTransfer(ended)
    others.removeAll { $0.id == id }
    if active?.id == id, let next = nextOnPanel {
      active = next
      others.removeAll { $0.id == next.id }
    } else if active?.id == id, let customer = memory.transfer.customer {
      active = customer
    } else if active?.id == id, ended.end?.by == .desk, let before = memory.before,
      before.call != nil || before.failed != nil
    {
      active = before.call
      failed = before.failed
    }
    guard !hasOpenCall else { return }
    // That one was handed on may still be said.
    memory.handedOn = memory.transfer.handover.flatMap { $0.ended == nil ? nil : $0 }
    memory.transfer = Transfer()
    memory.before = nil
  }

  /// Who comes onto the panel when its call is over: one she was with before one that rings, and those
  /// that are being ended last.
  private var nextOnPanel: Call? {
    let staying = others.filter { $0.endAskedBy == nil }
    return staying.first { !$0.isRingingHere } ?? staying.first
      ?? (unseenAttempt == nil ? others.first : nil)
  }

  /// No call is on the panel and one is open: it takes the place that a dial had which came out.
  mutating func settleStage() {
    guard active?.isOpen != true, unseenAttempt == nil, let next = nextOnPanel else { return }
    active = next
    others.removeAll { $0.id == next.id }
  }

  mutating func settleIfDialled(
    _ call: Call, _ outcome: Outcome, _ reason: Reason?, _ turn: inout Turn
  ) {
    guard let attempt, attempt.id == call.attempt else { return }
    settle(outcome, reason, &turn)
  }

  /// The line died: its calls are lost, and so is an attempt that never became one.
  ///
  /// Where the desk itself closed the line, what it or she had asked to end before that is ended so.
  mutating func loseCalls(_ turn: inout Turn) {
    let isClosed = isOff || memory.quitting
    for call in openCalls.reversed() {
      if isClosed, let asked = call.endAskedBy {
        end(call.id, asked, reason: nil, &turn)
      } else {
        end(call.id, .lineLost, reason: Reason("line lost"), &turn)
      }
    }
    settle(.lineLost, Reason("line lost"), &turn)
  }
}
