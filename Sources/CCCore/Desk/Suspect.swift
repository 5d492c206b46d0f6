// What was taken for late and may have been the beginning of a new call.

extension EndedCalls {
  /// What was said since the end of a call and may be of another one.
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
    /// When an end was said after them, and as what.
    var over: Instant?
    var end: CallReport?

    init(ended: Ended, report: CallReport) {
      self.ended = ended
      self.report = report
    }

    /// When it began.
    var began: Instant? { rang ?? talking }

    /// Takes one more word, in the order in which they came.
    ///
    /// An end that comes before an answer was the end of the call before, once more.
    mutating func hear(_ next: CallReport, _ now: Instant) {
      switch next.status {
      case .calling: break
      case .ringing:
        guard rang == nil else { break }
        isInOrder = talking == nil
        rang = now
      case .talking:
        guard talking == nil else { break }
        talking = now
        (over, end) = (nil, nil)
      case .ended, .notEstablished:
        guard began != nil, over == nil else { return }
        (over, end) = (now, next)
      }
      if !next.status.isEnd, talking == nil || next.status == .talking { report = next }
    }

    /// Whether its 2 cannot be the 2 of the call before, once more and as late as may be.
    var isNewRing: Bool {
      guard let rang, isInOrder else { return false }
      return rang.seconds(since: ended.rang ?? ended.at) >= Desk.Limits.lateReport
    }

    /// Whether it cannot be what was said of the call before, once more.
    var isNoRepeat: Bool {
      guard rang != nil, isInOrder else { return false }
      guard let talking else { return isNewRing }
      let isNewTalk =
        ended.talking.map { talking.seconds(since: $0) >= Desk.Limits.lateReport }
        ?? !ended.isAnsweredByLate3
      return isNewRing || isNewTalk
    }

    /// Whether it lasted long enough to be listed though it was over before it could be shown: less may be
    /// late words in any order.
    func lasted(until now: Instant) -> Bool {
      guard let began else { return false }
      return (over ?? now).seconds(since: began) >= Desk.Limits.shortestCall
    }

    /// Whether a report goes on with it.
    func isOf(_ next: CallReport) -> Bool {
      next.call == report.call && ended.isDirected(next.direction)
        && (next.number.map(ended.isNumbered) ?? true)
    }

    /// When it rang, for a 3 that comes now; nil: it did not, or too long ago to be of the same call.
    func rang(before now: Instant) -> Instant? {
      guard let rang, isInOrder, over == nil,
        talking != nil || now.seconds(since: rang) < Desk.Limits.longestRing
      else { return nil }
      return rang
    }
  }
}
