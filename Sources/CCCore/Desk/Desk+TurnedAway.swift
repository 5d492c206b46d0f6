// Calls that are turned away again and again: a queue that does not know of a break calls every second.

extension Desk {
  /// Recent, as it is shown: a caller who was turned away again within a minute stands there once, with the
  /// number of her calls; `recent` has a record of each.
  public var recentLines: [Record] {
    // Every picture asks, and on most days nobody was turned away.
    guard recent.lazy.filter(Self.isBare).prefix(2).count > 1 else { return recent }
    var lines: [Record] = []
    // Where the line of each caller is, and when the first call that it counts so far began.
    var callers: [(index: Int, began: Instant)] = []
    for record in recent {
      guard Self.isBare(record) else {
        lines.append(record)
        continue
      }
      let caller = callers.firstIndex {
        $0.began.seconds(since: record.ended) < Limits.turnedAwayAgain
          && isSame(record.number.string, lines[$0.index].number.string)
      }
      if let caller {
        let index = callers[caller].index
        lines[index].count = lines[index].count.plus(record.count)
        callers[caller].began = record.began
      } else {
        callers.append((lines.count, record.began))
        lines.append(record)
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
