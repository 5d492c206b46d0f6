// Calls that are turned away again and again: a queue that does not know of a break calls every second.

extension Desk {
  /// Recent, as it is shown: a caller who was turned away again within a minute stands there once, with the
  /// number of her calls; `recent` has a record of each.
  public var recentLines: [Record] {
    var lines: [Record] = []
    var earliest: [Record.ID: Instant] = [:]
    for record in recent {
      let index = lines.firstIndex { line in
        guard Self.isBare(record), Self.isBare(line), let began = earliest[line.id] else {
          return false
        }
        return began.seconds(since: record.ended) < Limits.turnedAwayAgain
          && isSame(record.number.string, line.number.string)
      }
      if let index {
        lines[index].count = lines[index].count.plus(record.count)
        earliest[lines[index].id] = record.began
      } else {
        lines.append(record)
        if Self.isBare(record) { earliest[record.id] = record.began }
      }
    }
    return lines
  }

  /// Whether a caller of this number was turned away within the last minute: it was said then.
  func wasTurnedAwayLately(_ number: SafeText, _ now: Instant) -> Bool {
    recent.contains {
      $0.result == .turnedAway && now.seconds(since: $0.ended) < Limits.turnedAwayAgain
        && isSame(number.string, $0.number.string)
    }
  }

  /// Of callers who show no number nobody can be called back, so they are one.
  private func isSame(_ one: String, _ two: String) -> Bool {
    Withheld.isWithheld(one) && Withheld.isWithheld(two)
      || settings.numbering.isSameCaller(one, two, among: recent.lazy.map(\.number.string))
  }

  /// One that was turned away and of which nothing was written.
  private static func isBare(_ record: Record) -> Bool {
    record.result == .turnedAway && record.note.isEmpty
  }
}
