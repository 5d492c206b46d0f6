// The calls that ended last, by which late and repeated reports are told from new calls.

/// What is remembered of calls that are over.
struct EndedCalls: Hashable, Sendable {
  /// A call that is over.
  struct Ended: Hashable, Sendable {
    let id: Call.ID
    let lineID: String?
    /// The number, and as the line gave it.
    let number: SafeText
    let reported: SafeText?
    let direction: Direction
    let at: Instant
    /// Whether a 4 ended a call that nobody had seen answered: a late 3 tells that it was.
    var isAnsweredByLate3: Bool
    /// When its first 2 had come, as far as is known: no repeat of it comes 3 s later.
    var rang: Instant?
    /// The same of its 3; nil: it was never answered.
    var talking: Instant?
    /// Whether the two had talked.
    var hasTalked: Bool { talking != nil }

    func isNumbered(_ other: SafeText) -> Bool {
      other == reported || DialNumber.same(other.string, number.string)
    }
  }

  /// What was taken for late and may have been the beginning of a new call.
  struct Suspect: Hashable, Sendable {
    /// The call before.
    var ended: Ended
    /// The last that was said of it, before any end.
    var report: CallReport
    /// When its 2 came, and its 3.
    var rang: Instant?
    var talking: Instant?
    /// Whether the 2 came before the 3.
    var isInOrder = true
    /// Whether an end was said after them.
    var isOver = false

    /// Whether it cannot be what was said of the call before, once more and as late as may be.
    var isNoRepeat: Bool {
      guard let rang, isInOrder, !isOver else { return false }
      let isNewRing = rang.seconds(since: ended.rang ?? ended.at) >= Desk.Limits.lateReport
      guard let talking else { return isNewRing }
      let isNewTalk =
        ended.talking.map { talking.seconds(since: $0) >= Desk.Limits.lateReport }
        ?? !ended.isAnsweredByLate3
      return isNewRing || isNewTalk
    }

    /// Whether a report goes on with it.
    func isOf(_ report: CallReport) -> Bool {
      report.call == nil && (report.direction == nil || report.direction == ended.direction)
        && (report.number.map(ended.isNumbered) ?? true)
    }

    /// When it rang, for a 3 that comes now; nil: it did not, or too long ago to be of the same call.
    func rang(before now: Instant) -> Instant? {
      guard let rang, isInOrder, !isOver,
        talking != nil || now.seconds(since: rang) < Desk.Limits.longestRing
      else { return nil }
      return rang
    }
  }

  private(set) var calls: [Ended] = []
  @Aside var suspect: Suspect?

  mutating func note(_ ended: Ended) {
    calls.append(ended)
    if calls.count > Desk.Limits.endedCalls { calls.removeFirst() }
  }

  /// A line that uses an id again has begun a new call with it.
  mutating func forget(lineID: String) { calls.removeAll { $0.lineID == lineID } }

  /// The line is another one now.
  mutating func forgetAll() { self = EndedCalls() }

  mutating func wasAnswered(_ id: Call.ID) {
    for index in calls.indices where calls[index].id == id {
      calls[index].isAnsweredByLate3 = false
    }
  }

  /// Whether a line has used the id again: for the other direction, or later for another number.
  private func isAnother(_ report: CallReport, than ended: Ended, at now: Instant) -> Bool {
    guard !report.status.isEnd else { return false }
    if let direction = report.direction, direction != ended.direction { return true }
    guard let number = report.number, !number.isEmpty, !ended.number.isEmpty else { return false }
    return now.seconds(since: ended.at) >= Desk.Limits.lateReport && !ended.isNumbered(number)
  }

  /// The call that is over and that a report speaks of; nil if none is known.
  ///
  /// By its id, however late. Without one: of the same number, or of none, within 3 s of the end
  /// (`Limits.lateReport`); but who is withheld and rings is somebody else.
  func meant(by report: CallReport, at now: Instant) -> Ended? {
    if let line = report.call {
      return calls.last { $0.lineID == line && !isAnother(report, than: $0, at: now) }
    }
    return calls.last { ended in
      now.seconds(since: ended.at) < Desk.Limits.lateReport
        && (report.direction == nil || report.direction == ended.direction)
        && (report.number.map(ended.isNumbered) ?? true)
        && !(report.status == .ringing
          && Withheld.isWithheld((report.number ?? ended.number).string))
    }
  }
}

extension Desk {
  /// A report of a call that is over: counted, and kept in mind for a moment.
  mutating func noteLate(_ report: CallReport, of ended: EndedCalls.Ended, _ turn: inout Turn) {
    count(.lateEvent, &turn)
    if report.status == .talking, ended.isAnsweredByLate3 {
      memory.ended.wasAnswered(ended.id)
      return correct(ended.id, &turn)
    }
    guard report.call == nil else { return }
    suspect(report, of: ended, turn.now)
    guard !report.status.isEnd else { return }
    let over = ended.at.advanced(by: Int64(Limits.lateReport) * Instant.second)
    turn.ask(.startTimer(.lateReports, after: max(0, over.nanoseconds(since: turn.now))))
  }

  /// Keeps the order in which things were said since the end.
  private mutating func suspect(
    _ report: CallReport, of ended: EndedCalls.Ended, _ now: Instant
  ) {
    let known = memory.ended.suspect.flatMap { $0.ended.id == ended.id ? $0 : nil }
    var suspect = known ?? EndedCalls.Suspect(ended: ended, report: report)
    switch report.status {
    case .calling: break
    case .ringing:
      if suspect.rang == nil { suspect.isInOrder = suspect.talking == nil }
      suspect.rang = suspect.rang ?? now
    case .talking: suspect.talking = suspect.talking ?? now
    case .ended, .notEstablished: suspect.isOver = true
    }
    if !report.status.isEnd, suspect.talking == nil || report.status == .talking {
      suspect.report = report
    }
    memory.ended.suspect = suspect
  }

  /// The time for late reports is over: what the world has confirmed meanwhile, or what can be no repeat,
  /// began a call.
  ///
  /// The seat that the line keeps became busy after the end before it, or a dial of the same number
  /// still waits for its call; or its 2, or a 3 behind it, came more than 3 s after the 2 or the 3 of
  /// the call before.
  mutating func judgeSuspect(_ turn: inout Turn) {
    guard let suspect = memory.ended.suspect, let began = suspect.rang ?? suspect.talking,
      !hasOpenCall
    else { return }
    let isBusy =
      seat.source == .line && seat.seat == .busy && seat.since.uptime > suspect.ended.at.uptime
    let isDialled = unseenAttempt.map { $0.at.uptime <= began.uptime } ?? false
    guard isBusy || isDialled || suspect.isNoRepeat else { return }
    open(suspect.report, since: suspect.talking ?? began, &turn)
  }

  /// An end that comes after those 3 s: what may have been a repeat till then was a call, and has its
  /// record.
  ///
  /// Nothing rings for it any more.
  mutating func openUnshown(before report: CallReport, _ turn: inout Turn) -> Call.ID? {
    guard report.status.isEnd, let suspect = memory.ended.suspect, suspect.isOf(report),
      let began = suspect.rang(before: turn.now), !hasOpenCall, unseenAttempt == nil
    else { return nil }
    open(suspect.report, since: suspect.talking ?? began, isOver: true, &turn)
    return openCalls.first?.id
  }

  /// A call that ended with a 4 had been answered, as a late 3 says: its record tells so.
  ///
  /// How long the two talked is not known.
  private mutating func correct(_ id: Call.ID, _ turn: inout Turn) {
    guard let index = recent.firstIndex(where: { $0.id == id }) else { return }
    recent[index].result = .answered
    recent[index].talked = 0
    recent[index].witnessed = false
    if active?.id == id, case .notEstablished(var end)? = active?.phase {
      end.talked = 0
      end.witnessed = false
      active?.phase = .ended(end)
    }
    today.calls += 1
    if recent[index].wasDialled { today.connected += 1 }
    turn.tell(.record(recent[index]))
    seatFollowsCalls(established: true, &turn)
  }
}
