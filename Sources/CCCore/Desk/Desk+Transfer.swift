// Handing a call on: blind, or after asking; what the line says of it, and what becomes of the calls.

extension Desk {
  mutating func transfer(_ id: Call.ID, to typed: String, consult: Bool, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.transfer, "transfer", &turn) else { return }
    guard call.talk != nil else {
      return turn.notice(.warning, "Only a talking call can be transferred.")
    }
    guard openCalls.allSatisfy({ $0.id == id || $0.isRingingHere }) else {
      return turn.notice(.warning, "Two calls are open already.")
    }
    if isTransferUnderWay(turn.now) {
      return turn.notice(.warning, "A transfer is under way already.")
    }
    let number: DialNumber
    do throws(DialNumber.Refusal) {
      number = try DialNumber.clean(typed)
    } catch {
      return turn.notice(.warning, error.sentence)
    }
    if !consult, !number.tones.isEmpty {
      return turn.notice(.warning, Self.blindWithTones(number))
    }
    if consult {
      memory.transfer.consultation = Transfer.Consultation(
        customer: id, phone: number.digits, tones: number.tones, since: turn.now)
    } else {
      memory.transfer.handover = Transfer.Handover(
        call: id, to: SafeText(DialNumber.grouped(number.digits)), heard: turn.now)
    }
    let command = command(consult ? .consult(id) : .blindTransfer(id))
    turn.ask(
      .send(.transfer(id: command, call: call.lineID, to: number.digits, consult: consult)))
  }

  /// Whether one was asked for and the line has neither done nor refused it.
  private func isTransferUnderWay(_ now: Instant) -> Bool {
    if let handover = memory.transfer.handover, handover.isUnderWay(now),
      hasOpenCall(where: { handover.concerns($0.id) })
    {
      return true
    }
    guard let consultation = memory.transfer.consultation else { return false }
    return now.seconds(since: consultation.since) < Limits.dialSilence
  }

  /// Whether a report that begins a call is of the one that a transfer after asking makes.
  func awaitsConsultation(_ report: CallReport) -> Bool {
    guard let consultation = memory.transfer.consultation, consultation.call == nil,
      call(consultation.customer)?.isOpen == true, report.direction != .in
    else { return false }
    let isMeant = report.number.map { DialNumber.same($0.string, consultation.phone) }
    if isMeant == true { return true }
    if report.direction == nil, report.status != .calling,
      report.status == .ringing || isMeant == false
    {
      return false
    }
    return unseenAttempt == nil
  }

  mutating func join(_ id: Call.ID, _ turn: inout Turn) {
    guard let call = open(id, &turn), can(.transfer, "transfer", &turn) else { return }
    guard call.id == active?.id, call.talk != nil, let held = partner(of: call) else {
      return turn.notice(.warning, "There are no two talking calls to join.")
    }
    if memory.transfer.handover?.isUnderWay(turn.now) == true {
      return turn.notice(.warning, "A transfer is under way already.")
    }
    let (first, second) = call.isConsultation ? (held, call) : (call, held)
    memory.transfer.handover = Transfer.Handover(
      call: first.id, to: second.party, second: second.id, from: first.party, heard: turn.now)
    turn.ask(
      .send(.join(id: command(.join(id)), call: held.lineID, with: call.lineID)))
  }

  /// The call that this one would be joined with: of a consultation the customer's and the other way
  /// round, else the next that talks.
  func partner(of call: Call) -> Call? {
    let talking = others.filter { $0.talk != nil }
    guard let consultation = memory.transfer.consultation, let second = consultation.call else {
      return talking.first
    }
    switch call.id {
    case consultation.customer: return talking.first { $0.id == second }
    case second: return talking.first { $0.id == consultation.customer }
    default: return talking.first
    }
  }

  /// `transfer`: how it goes; of a call that is not open it is late.
  mutating func reportTransfer(
    _ line: String?, _ state: LineEvent.TransferState, _ reason: SafeText, _ turn: inout Turn
  ) {
    let told =
      line == nil ? openCalls.first : openCalls.first { $0.lineID == line }
    guard let told else { return reportTransferOfEnded(line, state, reason, &turn) }
    switch state {
    case .trying:
      if memory.transfer.handover?.concerns(told.id) == true {
        memory.transfer.handover?.isTried = true
        memory.transfer.handover?.heard = turn.now
      }
    case .done:
      if memory.transfer.handover.map({ $0.ended != nil && !$0.concerns(told.id) }) ?? true {
        handoverByLine(told, turn.now)
      }
      if memory.transfer.handover?.concerns(told.id) == true { handoverIsDone(&turn) }
    case .failed:
      if memory.transfer.consultation?.call == nil { memory.transfer.consultation = nil }
      if memory.transfer.handover?.concerns(told.id) == true { memory.transfer.handover = nil }
    }
    turn.tell(.transfer(state, reason, call: line))
  }

  /// The same of a call that is over: whether it was handed on may be said after its end.
  ///
  /// Where the line names the call, as long as a telephone rings; else as long as an answer takes.
  private mutating func reportTransferOfEnded(
    _ line: String?, _ state: LineEvent.TransferState, _ reason: SafeText, _ turn: inout Turn
  ) {
    guard state != .trying, let handover = memory.transfer.handover ?? memory.handedOn,
      let ended = handover.ended, !handover.isDone,
      handover.isUnderWay(turn.now) || line != nil && handover.isAwaited(turn.now),
      let record = recent.first(where: { $0.id == ended }), record.lineID == line
    else { return count(.lateEvent, &turn) }
    memory.handedOn = nil
    if state == .done {
      memory.transfer.handover = handover
      handoverIsDone(&turn)
    } else {
      memory.transfer.handover = nil
    }
    if !hasOpenCall { memory.transfer = Transfer() }
    turn.tell(.transfer(state, reason, call: line))
  }

  /// One of the calls was hung up before the line said that it is handed on: that was the handing on.
  private mutating func handoverIsDone(_ turn: inout Turn) {
    memory.transfer.handover?.isDone = true
    memory.transfer.handover?.heard = turn.now
    guard let handover = memory.transfer.handover, let ended = handover.ended,
      let index = recent.firstIndex(where: { $0.id == ended })
    else { return }
    recent[index].result = .transferred
    recent[index].reason = nil
    turn.tell(.record(recent[index]))
    let to = ended == handover.call ? handover.to : handover.from
    if memory.transfer.customer?.id == ended { memory.transfer.customer?.isNowHandedOn(to: to) }
    change(ended) { $0.isNowHandedOn(to: to) }
  }

  /// A line may hand on by itself: two calls are joined, and of one nobody here knows to whom.
  private mutating func handoverByLine(_ told: Call, _ now: Instant) {
    guard let active, active.talk != nil, let other = partner(of: active) else {
      return memory.transfer.handover = Transfer.Handover(call: told.id, to: "", heard: now)
    }
    let (first, second) =
      active.id.value < other.id.value ? (active, other) : (other, active)
    if second.direction == .out { change(second.id) { $0.isConsultation = true } }
    memory.transfer.handover = Transfer.Handover(
      call: first.id, to: second.party, second: second.id, from: first.party, heard: now)
    memory.transfer.handover?.toldByLine = told.id
  }

  /// How a call ends that was handed on; nil if it was not.
  ///
  /// Where the line joined two by itself, and spoke of one, the other is over with it, or was not joined.
  func handover(of id: Call.ID, _ now: Instant) -> Call.Ender? {
    guard let handover = memory.transfer.handover, handover.isDone else { return nil }
    if let told = handover.toldByLine, told != id,
      now.seconds(since: handover.heard) >= Limits.lateReport
    {
      return nil
    }
    switch id {
    case handover.call: return .transferred(to: handover.to)
    case handover.second: return .transferred(to: handover.from)
    default: return nil
    }
  }

  /// A call of a transfer is over.
  ///
  /// The customer's, once it was handed on or she hung up while somebody is asked, stays in mind: its
  /// note is what is being written, and it comes back onto the panel after the other one.
  mutating func leaveTransfer(_ ended: Call) {
    if ended.isHandedOn, !ended.isConsultation { memory.transfer.customer = ended }
    leaveHandover(ended)
    guard let consultation = memory.transfer.consultation else { return }
    if ended.id == consultation.customer {
      if consultation.call != nil { memory.transfer.customer = ended }
      memory.transfer.consultation = nil
    } else if ended.id == consultation.call {
      memory.transfer.consultation = nil
    }
  }

  /// What was asked of the line for a call that is over is void; what it has done waits for the end of
  /// the other of the two, and an end by the far side may be the handing on; so may one by the agent, while the
  /// line tries.
  private mutating func leaveHandover(_ ended: Call) {
    guard let handover = memory.transfer.handover, handover.concerns(ended.id) else { return }
    let other = ended.id == handover.call ? handover.second : handover.call
    if handover.isDone, let other, call(other)?.isOpen == true { return }
    let by = ended.end?.by
    let mayBeTold = by == .far || by == .agent && handover.isTried
    if !handover.isDone, handover.ended == nil, mayBeTold, ended.end?.talked != nil {
      memory.transfer.handover?.ended = ended.id
      memory.transfer.handover?.endedAt = ended.end?.at
    } else {
      memory.transfer.handover = nil
    }
  }

  /// The customer's call that is over while the one who was asked is still there; nil if there is none.
  public var goneCustomer: Call? {
    guard let customer = memory.transfer.customer, !customer.isHandedOn,
      active?.isConsultation == true, active?.isOpen == true
    else { return nil }
    return customer
  }
}

extension Call {
  /// The line says after its end that it was handed on.
  fileprivate mutating func isNowHandedOn(to: SafeText) {
    guard case .ended(var end) = phase else { return }
    end.by = .transferred(to: to)
    phase = .ended(end)
  }
}
