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
    /// The other numbers that the line gave it.
    var forms: [SafeText] = []
    /// Who called; nil where its end came first and did not say.
    let direction: Direction?
    let at: Instant
    /// Whether a 4 ended a call that nobody had seen answered: a late 3 tells that it was.
    var isAnsweredByLate3: Bool
    /// Whether another call closed it: the line has not said its end yet.
    var owesEnd = false
    /// When its first 2 had come, as far as is known: no repeat of it comes 3 s later.
    var rang: Instant?
    /// The same of its 3; nil: it was never answered.
    var talking: Instant?
    /// Whether the two had talked.
    var hasTalked: Bool { talking != nil }

    func isNumbered(_ other: SafeText) -> Bool {
      other == reported || DialNumber.same(other.string, number.string)
        || forms.contains { $0 == other || DialNumber.same(other.string, $0.string) }
    }

    /// Whether a report goes the same way, as far as is known.
    func isDirected(_ other: Direction?) -> Bool {
      other == nil || direction == nil || other == direction
    }
  }

  /// The end of a call that was taken for the end of the one before, once more.
  struct Echo: Hashable, Sendable {
    /// The call, or the dial that waits for one.
    var call: Call.ID
    var report: CallReport
  }

  private(set) var calls: [Ended] = []
  /// Whether the line has used an id for a second call: what it says by an id may be of the next one then.
  private(set) var usesIDsAgain = false
  @Aside var suspect: Suspect?
  @Aside var echo: Echo?

  mutating func note(_ ended: Ended) {
    calls.append(ended)
    if calls.count > Desk.Limits.endedCalls { calls.removeFirst() }
  }

  /// A line that uses an id again has begun a new call with it.
  mutating func forget(lineID: String) {
    guard calls.contains(where: { $0.lineID == lineID }) else { return }
    usesIDsAgain = true
    calls.removeAll { $0.lineID == lineID }
  }

  /// The line is another one now.
  mutating func forgetAll() { self = EndedCalls() }

  /// A late 3 says that it was answered.
  mutating func wasAnswered(_ id: Call.ID, _ now: Instant) {
    for index in calls.indices where calls[index].id == id {
      calls[index].isAnsweredByLate3 = false
      calls[index].talking = calls[index].talking ?? now
    }
  }

  /// Its end has been said, or a new call of its number: the next end is not its own.
  mutating func owesNoEnd(_ isSo: (Ended) -> Bool) {
    for index in calls.indices where calls[index].owesEnd && isSo(calls[index]) {
      calls[index].owesEnd = false
    }
  }

  /// Whether a line has used the id again: for the other direction, or, 3 s after the end, for what begins
  /// anew, or talks under another number.
  private func isAnother(_ report: CallReport, than ended: Ended, at now: Instant) -> Bool {
    guard !report.status.isEnd else { return false }
    if !ended.isDirected(report.direction) { return true }
    guard now.seconds(since: ended.at) >= Desk.Limits.lateReport else { return false }
    guard report.status == .talking else { return true }
    guard let number = report.number, !number.isEmpty, !ended.number.isEmpty else { return false }
    return !ended.isNumbered(number)
  }

  /// The call that is over and that a report speaks of; nil if none is known.
  ///
  /// By its id, however late. Without one: of the same number, or of none, within 3 s of the end
  /// (`Limits.lateReport`); but who is withheld and rings is somebody else. The end of a call that another
  /// one closed may come later.
  func meant(by report: CallReport, at now: Instant) -> Ended? {
    if let line = report.call {
      return calls.last { $0.lineID == line && !isAnother(report, than: $0, at: now) }
    }
    let late = calls.last { ended in
      now.seconds(since: ended.at) < Desk.Limits.lateReport
        && ended.isDirected(report.direction)
        && (report.number.map(ended.isNumbered) ?? true)
        && !(report.status == .ringing
          && Withheld.isWithheld((report.number ?? ended.number).string))
    }
    return late ?? owing(report)
  }

  private func owing(_ report: CallReport) -> Ended? {
    guard report.status.isEnd, let number = report.number else { return nil }
    return calls.last { $0.owesEnd && $0.isDirected(report.direction) && $0.isNumbered(number) }
  }
}
