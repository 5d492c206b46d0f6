// Dialling: one attempt at a time, with exactly one outcome.

extension Desk {
  /// Why nothing can be dialled now; nil if it can.
  public var whyNotDial: SafeText? {
    if memory.quitting { return "The desk is closing." }
    if attempt != nil { return "A dial attempt is open: end it first." }
    if hasOpenCall { return "A call is open: end it first." }
    if !abilities.contains(.dial) { return "This line cannot dial." }
    if !link.isUp { return "No link: nothing was dialled." }
    return nil
  }

  mutating func dial(_ typed: String, _ info: String, _ turn: inout Turn) {
    if let why = whyNotDial { return refuse(typed, why, &turn) }
    let number: DialNumber
    do throws(DialNumber.Refusal) {
      number = try DialNumber.clean(typed)
    } catch {
      return refuse(typed, SafeText(error.sentence), &turn)
    }
    let id = memory.nextAttempt
    memory.nextAttempt += 1
    let made = Attempt(
      id: id, phone: number.digits, info: InfoText.cut(info).text, at: turn.now,
      command: command(.dial(attempt: id)), callID: newCallID(), seen: false, tones: number.tones)
    attempt = made
    today.dials += 1
    active = nil
    failed = nil
    turn.tell(.dialled(made))
    turn.ask(.send(.callPhone(id: made.command, phone: made.phone, info: made.info)))
    turn.start(.dialSilence, seconds: Limits.dialSilence)
  }

  /// What never went out has an outcome and no attempt (design 7.1).
  private func refuse(_ typed: String, _ why: SafeText, _ turn: inout Turn) {
    turn.tell(.outcome(attempt: nil, .refused, Reason(why), phone: SafeText(typed).string))
  }

  /// The one door of an attempt's outcome: the first is final.
  mutating func settle(_ outcome: Outcome, _ reason: Reason?, _ turn: inout Turn) {
    guard let made = attempt else { return }
    attempt = nil
    if outcome == .answered { today.connected += 1 }
    if !made.seen { turn.cancel(.dialSilence) }
    turn.tell(.outcome(attempt: made.id, outcome, reason, phone: made.phone))
    if !made.seen {
      failed = FailedAttempt(attempt: made, outcome: outcome, reason: reason, at: turn.now)
      keep(failed: made, outcome, reason, &turn)
      applyPendingSeat(&turn)
    }
    goOnWithToken(&turn)
  }

  private mutating func applyPendingSeat(_ turn: inout Turn) {
    guard seat.pending != nil, !hasOpenCall else { return }
    seatFollowsCalls(established: false, &turn)
  }

  private mutating func keep(
    failed made: Attempt, _ outcome: Outcome, _ reason: Reason?, _ turn: inout Turn
  ) {
    let result: Record.Result =
      switch outcome {
      case .answered: .answered
      case .rejected: .rejected
      case .unanswered: .unanswered
      case .refused: .refused
      case .lineLost: .lineLost
      case .cancelled: .cancelled
      }
    keep(
      Record(
        id: made.callID, number: SafeText(made.phone), name: nil, direction: .out, began: made.at,
        answered: nil, ended: turn.now, result: result, reason: reason,
        isConsultation: false, wasDialled: true, talked: nil,
        witnessed: true, info: made.info, note: memory.notes.removeValue(forKey: made.callID) ?? ""),
      &turn)
  }

  mutating func dialWentUnheard(_ turn: inout Turn) {
    guard let attempt = unseenAttempt else { return }
    giveUp(attempt, .standsAlone, &turn)
    settle(
      .unanswered, Reason(SafeText("no word from the line for \(Limits.dialSilence) s")), &turn)
  }

  /// Hang-up pressed before any `onCall`: cancelled, and a call that still appears is hung up.
  mutating func cancelDial(_ turn: inout Turn) {
    guard let attempt = unseenAttempt else { return }
    if let id = openSuspectedDial(attempt, &turn) { return hangUp(id, &turn) }
    giveUp(attempt, .hungUp, &turn)
    settle(.cancelled, nil, &turn)
  }

  /// The line answers the command that carried a dial.
  ///
  /// One that it will not make is refused, also where it was cancelled meanwhile: then no call of it
  /// comes that would have to be hung up.
  mutating func dialWasAnswered(
    _ number: Int, command: Int, ok: Bool, _ why: String, _ turn: inout Turn
  ) {
    if let index = memory.givenUp.firstIndex(where: { $0.command == command }) {
      memory.givenUp[index].isUnderWay = ok
      if !ok { memory.givenUp.remove(at: index) }
    }
    guard !ok else { return }
    memory.overdue?.removeAll { $0.command == command }
    if let attempt = unseenAttempt, attempt.id == number {
      return settle(.refused, Reason(SafeText(why)), &turn)
    }
    // Its call was seen before the refusal: it is over, unless the two talk.
    guard let call = openCalls.first(where: { $0.attempt == number && $0.talk == nil }) else {
      return
    }
    end(
      call.id, call.endAskedBy ?? .far, reason: Reason(SafeText(why)), &turn,
      isRefused: call.endAskedBy == nil)
  }
}
