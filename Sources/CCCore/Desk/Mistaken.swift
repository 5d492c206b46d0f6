// A call that was taken for the dial that waits, and was of one that had been given up.

/// A line writes numbers as it likes, so the next outgoing call is the dial that waits. Where a dial was
/// given up shortly before, it may have been that one's: then the call that has exactly the number of the
/// dial shows it, and gets what is its own. Only a line that gives its calls ids has two of them.
extension Desk {
  /// A new call has exactly the number that another one's dial has: the two change places.
  ///
  /// What talks is not hung up for it: she has it in her ear.
  mutating func takeBackDial(for report: CallReport, _ turn: inout Turn) {
    forgetOldDials(turn.now)
    guard let wrong = mistaken(for: report),
      let given = memory.givenUp.first(where: {
        !$0.isHers && $0.since.uptime <= wrong.began.uptime
      })
    else { return }
    memory.givenUp.removeAll { $0 == given }
    guard attempt?.seen == true, attempt?.id == wrong.attempt else {
      memory.givenUp.insert(owed(to: wrong, at: turn.now), at: 0)
      change(wrong.id) { $0 = $0.asStranger($0.id) }
      if let changed = call(wrong.id) { turn.tell(.call(changed)) }
      return
    }
    let stranger = wrong.asStranger(newCallID())
    if active?.id == wrong.id { active = nil }
    others.removeAll { $0.id == wrong.id }
    others.append(stranger)
    for index in memory.pending.indices where memory.pending[index].purpose == .hangUp(wrong.id) {
      memory.pending[index].purpose = .hangUp(stranger.id)
    }
    attempt?.seen = false
    turn.tell(.call(stranger))
    // What she has ended on the panel was this dial, as far as she knows.
    if wrong.endAskedBy != nil { cancelDial(&turn) }
    if given.fate == .hungUp, stranger.endAskedBy == nil { hangUp(stranger.id, &turn) }
  }

  /// The call that bears the dial of this number, and came under another one.
  private func mistaken(for report: CallReport) -> Call? {
    guard report.direction != .in, let line = report.call, let number = report.number,
      !memory.givenUp.contains(where: { DialNumber.same(number.string, $0.phone) })
    else { return nil }
    return openCalls.first { call in
      call.mayBeMistaken && call.lineID != line
        && DialNumber.same(number.string, call.number.string)
    }
  }

  /// A call that may have been taken for her dial is over: its own may still come, and is hers, or, where
  /// she ended it, is hung up.
  mutating func noteMistake(_ call: Call, _ end: Call.End, _ turn: inout Turn) {
    forgetOldDials(turn.now)
    guard call.mayBeMistaken, memory.givenUp.contains(where: { !$0.isHers }) else { return }
    var owed = owed(to: call, at: turn.now)
    if end.by == .agent { owed.fate = .hungUp }
    memory.givenUp.append(owed)
    if memory.givenUp.count > Limits.givenUpDials { memory.givenUp.removeFirst() }
  }

  private mutating func owed(to call: Call, at now: Instant) -> GivenUp {
    let made = Attempt(
      id: call.attempt ?? 0, phone: call.number.string, info: call.info, at: call.began, command: 0,
      callID: newCallID(), seen: true, tones: call.tones)
    return GivenUp(phone: made.phone, command: 0, since: now, fate: .hers(made))
  }
}

extension GivenUp {
  /// Whether another call was taken for it, and its own is still hers.
  var isHers: Bool { if case .hers = fate { true } else { false } }
}

extension Call {
  /// Whether it is a dial's by its place alone: the line gave it another number, or none.
  fileprivate var mayBeMistaken: Bool {
    guard attempt != nil, lineID != nil else { return false }
    return reported.map { !DialNumber.same($0.string, number.string) } ?? true
  }

  /// The same call, and nobody's dial.
  fileprivate func asStranger(_ id: ID) -> Call {
    Call(
      id: id, lineID: lineID, direction: direction, isDirectionTold: isDirectionTold,
      number: reported ?? "", reported: reported, name: name, began: began, phase: phase,
      steps: steps,
      attempt: nil, info: "", endAskedBy: endAskedBy, isEndTaken: isEndTaken,
      isConsultation: isConsultation)
  }
}
