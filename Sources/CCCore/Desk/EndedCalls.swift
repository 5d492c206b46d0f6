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
    /// Whether the two had talked.
    var hasTalked = false

    func isNumbered(_ other: SafeText) -> Bool {
      other == reported || DialNumber.same(other.string, number.string)
    }
  }

  /// A report that was taken for late and may have been the first of a new call.
  struct Suspect: Hashable, Sendable {
    var report: CallReport
    var at: Instant
    /// When the call before it had ended.
    var end: Instant
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
  /// (`Limits.lateReport`).
  func meant(by report: CallReport, at now: Instant) -> Ended? {
    if let line = report.call {
      return calls.last { $0.lineID == line && !isAnother(report, than: $0, at: now) }
    }
    return calls.last { ended in
      now.seconds(since: ended.at) < Desk.Limits.lateReport
        && (report.direction == nil || report.direction == ended.direction)
        && (report.number.map(ended.isNumbered) ?? true)
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
    guard report.call == nil, report.status == .ringing || report.status == .talking else { return }
    memory.ended.suspect = EndedCalls.Suspect(report: report, at: turn.now, end: ended.at)
    let over = ended.at.advanced(by: Int64(Limits.lateReport) * Instant.second)
    turn.ask(.startTimer(.lateReports, after: max(0, over.nanoseconds(since: turn.now))))
  }

  /// The time for late reports is over: one that the world has confirmed meanwhile began a call.
  ///
  /// The seat that the line keeps became busy after the end before it, or a dial of the same number
  /// still waits for its call.
  mutating func judgeSuspect(_ turn: inout Turn) {
    guard let suspect = memory.ended.suspect else { return }
    memory.ended.suspect = nil
    guard !hasOpenCall else { return }
    let isBusy =
      seat.source == .line && seat.seat == .busy && seat.since.uptime > suspect.end.uptime
    let isDialled = unseenAttempt.map { $0.at.uptime <= suspect.at.uptime } ?? false
    guard isBusy || isDialled else { return }
    open(suspect.report, since: suspect.at, &turn)
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
    if recent[index].direction == .out, recent[index].wasDialled { today.connected += 1 }
    turn.tell(.record(recent[index]))
    seatFollowsCalls(established: true, &turn)
  }
}
