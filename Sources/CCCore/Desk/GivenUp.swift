// Dials that were given up before the line said a word of them, and whose calls may still appear.

/// A dial that has its outcome and may still become a call.
struct GivenUp: Hashable, Sendable {
  /// What becomes of its call.
  enum Fate: Hashable, Sendable {
    /// The agent cancelled it: its call is hung up when it appears.
    case hungUp
    /// Nothing was heard of it in time, or the line refused it: its call stands alone.
    case standsAlone
    /// Another call was taken for it, and is over or has its own number: its call is hers.
    case hers(Attempt)
  }

  /// The number that was dialled.
  let phone: String
  /// The command that carried it.
  let command: Int
  /// When it was given up.
  let since: Instant
  /// What becomes of its call.
  var fate: Fate
  /// Whether the line has said that it dials: then its call comes before those dialled later.
  var isUnderWay = false
}

extension Desk {
  /// Whose call an outgoing one is that has just begun.
  enum Claim: Hashable, Sendable {
    case attempt
    case givenUp(GivenUp)
  }

  /// Finds whose call this is; nil if nobody here dialled it.
  ///
  /// Those given up are asked first, since their calls come first. Where the waiting attempt has the
  /// same number, and the line has not said that it dials the earlier one, it cannot be told which of
  /// the two the line made: the attempt gets the call, and a second one is the other's.
  func claim(_ report: CallReport) -> Claim? {
    guard report.direction != .in else { return nil }
    let waiting = unseenAttempt
    let isWaited = waiting.map { Self.mayBe(report, $0.phone) } ?? false
    // A number without a digit, unless it is withheld, says no more than none.
    let isUnnamed = report.number.map { !$0.isEmpty && !Self.names($0) } ?? true
    if let given = memory.givenUp.first(where: { given in
      report.number != nil && Self.mayBe(report, given.phone) && (!isWaited || given.isUnderWay)
    }) {
      return .givenUp(given)
    }
    // What names no direction is not known to be a dial, unless its number says so.
    guard
      report.direction == .out || report.status == .calling || isWaited
        || waiting != nil && isUnnamed && report.status == .talking
    else { return nil }
    if let waiting, !isNumbered(report, waiting.phone), isUnanswered(waiting),
      let given = memory.givenUp.first(where: { $0.fate == .hungUp && $0.isUnderWay })
    {
      // The line is not yet at the one that waits: it is the earlier one under another form of its
      // number, or under none.
      return .givenUp(given)
    }
    if waiting != nil { return .attempt }
    if let late = memory.overdue?.first(where: { isNumbered(report, $0.phone) }) {
      return .givenUp(late)
    }
    // What has the number of her own call is never ended for another one's sake.
    if hasOpenCall(where: { $0.attempt != nil && isNumbered(report, $0.number.string) }) {
      return nil
    }
    // Nobody else here called out: it is the cancelled one under another form of its number.
    return memory.givenUp.first { $0.fate == .hungUp && ($0.isUnderWay || !hasOpenCall) }.map {
      .givenUp($0)
    }
  }

  private func isNumbered(_ report: CallReport, _ number: String) -> Bool {
    report.number.map { DialNumber.same($0.string, number) } ?? false
  }

  /// Whether the line has not answered the command of this dial yet.
  private func isUnanswered(_ made: Attempt) -> Bool {
    memory.pending.contains { $0.purpose == .dial(attempt: made.id) }
  }

  /// The first word of a dial, or of a consultation, is its end: nothing of it comes any more.
  ///
  /// A 4 without an id that may repeat the end of a call before does not come here.
  mutating func endUnseen(_ report: CallReport, _ turn: inout Turn) -> Bool {
    guard report.direction != .in else { return false }
    guard let number = report.number, Self.names(number) else {
      return endUnnamed(report, &turn)
    }
    let waiting = unseenAttempt.flatMap { DialNumber.same(number.string, $0.phone) ? $0 : nil }
    if let index = memory.givenUp.firstIndex(where: {
      DialNumber.same(number.string, $0.phone) && (waiting == nil || $0.isUnderWay)
    }) {
      memory.givenUp.remove(at: index)
      return false
    }
    if waiting != nil {
      endWaiting(report, &turn)
      return true
    }
    if let index = memory.overdue?.firstIndex(where: { isNumbered(report, $0.phone) }) {
      memory.overdue?.remove(at: index)
      return false
    }
    guard let consultation = memory.transfer.consultation, consultation.call == nil,
      DialNumber.same(number.string, consultation.phone)
    else { return false }
    endConsultation(report, &turn)
    return true
  }

  /// The same of an end that names nobody: dials end in the order in which they were made.
  ///
  /// So it is the end of one given up before, if there is one; where that is wrong, the dial that waits
  /// is unanswered after its time, and nobody's call is hung up for it.
  private mutating func endUnnamed(_ report: CallReport, _ turn: inout Turn) -> Bool {
    forgetOldDials(turn.now)
    let given = memory.givenUp.filter { !$0.isHers }
    if let ended = given.first(where: \.isUnderWay) ?? given.first {
      memory.givenUp.removeAll { $0 == ended }
      return false
    }
    if unseenAttempt != nil {
      endWaiting(report, &turn)
      return true
    }
    guard let consultation = memory.transfer.consultation, consultation.call == nil else {
      return false
    }
    endConsultation(report, &turn)
    return true
  }

  mutating func endWaiting(_ report: CallReport, _ turn: inout Turn) {
    let end = Call.End(
      at: turn.now, reason: report.reason, talked: nil, witnessed: true, by: .far,
      status: report.status, kind: report.kind?.direction == .out ? report.kind : nil)
    settle(end.outcome, report.reason, &turn)
  }

  private mutating func endConsultation(_ report: CallReport, _ turn: inout Turn) {
    memory.transfer.consultation = nil
    turn.notice(.warning, "transfer failed: \(report.reason?.text ?? "nobody answered")")
  }

  /// Whether a report's number says whose call it is: one without a digit says nothing.
  static func names(_ number: SafeText) -> Bool {
    number.string.unicodeScalars.contains { ("0"..."9").contains($0) }
  }

  /// After their time only those that were cancelled and that the line has said it dials are kept: what
  /// goes out then with exactly their number is theirs, unless a dial of it waits.
  mutating func forgetOldDials(_ now: Instant) {
    let old = memory.givenUp.filter { now.seconds(since: $0.since) >= Limits.givenUp }
    if !old.isEmpty {
      memory.givenUp.removeAll { now.seconds(since: $0.since) >= Limits.givenUp }
      let owed = old.filter { $0.fate == .hungUp && $0.isUnderWay }
      if !owed.isEmpty {
        memory.overdue = Array(((memory.overdue ?? []) + owed).suffix(Limits.givenUpDials))
      }
    }
    guard let overdue = memory.overdue else { return }
    let kept = overdue.filter { now.seconds(since: $0.since) < Limits.overdueDial }
    memory.overdue = kept.isEmpty ? nil : kept
  }

  private static func mayBe(_ report: CallReport, _ phone: String) -> Bool {
    report.number.map { DialNumber.same($0.string, phone) } ?? true
  }

  /// Notes a dial that was given up.
  mutating func giveUp(_ made: Attempt, _ fate: GivenUp.Fate, _ turn: inout Turn) {
    let isPending = isUnanswered(made)
    memory.givenUp.append(
      GivenUp(
        phone: made.phone, command: made.command, since: turn.now, fate: fate,
        isUnderWay: !isPending))
    if memory.givenUp.count > Limits.givenUpDials { memory.givenUp.removeFirst() }
  }
}
