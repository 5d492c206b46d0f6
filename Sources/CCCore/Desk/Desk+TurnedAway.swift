// Calls that are turned away again and again: a queue that does not know of a break calls every second.

extension Desk {
  /// The line of Recent that one more turned-away call of this number belongs to: its caller's, unless she
  /// has been silent for a minute.
  ///
  /// Of callers who show no number nobody can be called back, so they are one.
  func turnedAwayLately(_ number: SafeText, _ now: Instant) -> Int? {
    recent.firstIndex {
      $0.result == .turnedAway && now.seconds(since: $0.ended) < Limits.turnedAwayAgain
        && isSame(number.string, $0.number.string)
    }
  }

  private func isSame(_ one: String, _ two: String) -> Bool {
    Withheld.isWithheld(one) && Withheld.isWithheld(two)
      || settings.numbering.isSameCaller(one, two, among: recent.lazy.map(\.number.string))
  }

  /// Counts one that is turned away where its caller's line stands; false: it is the first.
  mutating func countTurnedAway(_ record: Record, _ turn: inout Turn) -> Bool {
    guard record.result == .turnedAway, record.note.isEmpty,
      let index = turnedAwayLately(record.number, turn.now)
    else { return false }
    recent[index].count = recent[index].count.plus(record.count)
    recent[index].ended = record.ended
    recent[index].reason = record.reason
    recent[index].lineID = record.lineID
    turn.tell(.record(recent[index]))
    return true
  }
}
