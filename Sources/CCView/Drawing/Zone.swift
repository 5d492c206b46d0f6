// How times of day are told: a zone as a table, and the words for a moment of another day.

import CCCore

/// How times of day are told: a table of offsets, filled from the system's zone by whoever has a clock.
public struct Zone: Hashable, Sendable {
  /// From this moment on, so many seconds east of Greenwich.
  public struct Change: Hashable, Sendable {
    /// Unix milliseconds.
    public var from: Int64
    /// Seconds east.
    public var secondsEast: Int
    /// Makes a change.
    public init(from: Int64, secondsEast: Int) {
      self.from = from
      self.secondsEast = secondsEast
    }
  }

  /// The changes, oldest first.
  public let changes: [Change]

  /// Makes a zone; before its first change the first offset holds.
  public init(_ changes: [Change]) {
    self.changes = changes.sorted { $0.from < $1.from }
  }

  /// Greenwich.
  public static let utc = Zone([])

  /// Seconds since local midnight of 1 January 1970.
  func local(_ unix: Int64) -> Int {
    let change = changes.last { $0.from <= unix } ?? changes.first
    return Int(unix.minus(unix < 0 ? 999 : 0) / 1000).plus(change?.secondsEast ?? 0)
  }

  /// The local day, counted from 1 January 1970.
  public func day(_ unix: Int64) -> Int {
    let seconds = local(unix)
    return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
  }

  /// Seconds since the local day began by the clock on the wall.
  private func second(_ unix: Int64) -> Int { local(unix) - day(unix) * 86_400 }

  /// Unix milliseconds of the first moment of the next local day.
  ///
  /// That is no midnight where the clocks go forward over it, and 23 or 25 hours away on other days of
  /// a change.
  public func nextDay(after unix: Int64) -> Int64 {
    let today = day(unix)
    var moment = unix
    while true {
      let rest = moment % 1000
      let left = Int64(86_400 * (today + 1) - local(moment)) * 1000
      let boundary = moment.minus(rest < 0 ? rest + 1000 : rest).plus(left)
      guard let change = changes.first(where: { $0.from > moment && $0.from <= boundary }) else {
        return boundary
      }
      if day(change.from) > today { return change.from }
      moment = change.from
    }
  }

  // MARK: Words

  /// `14:03`.
  public func minute(_ unix: Int64) -> String {
    let second = second(unix)
    return Durations.two(second / 3600) + ":" + Durations.two(second / 60 % 60)
  }

  /// `14:03:07`.
  public func clock(_ unix: Int64) -> String {
    minute(unix) + ":" + Durations.two(second(unix) % 60)
  }

  /// `14:03`; of another day than that of `now`, both in Unix milliseconds, it names the day: `Fri 14:03`
  /// within the week before, `21 Nov 14:03` otherwise, `21 Nov 2024 14:03` in another year.
  public func minute(_ unix: Int64, seenAt now: Int64) -> String {
    dayWord(unix, seenAt: now) + minute(unix)
  }

  /// `14:03:07`; of another day as above, to the minute.
  public func clock(_ unix: Int64, seenAt now: Int64) -> String {
    let word = dayWord(unix, seenAt: now)
    return word.isEmpty ? clock(unix) : word + minute(unix)
  }

  private func dayWord(_ unix: Int64, seenAt now: Int64) -> String {
    let (day, today) = (day(unix), day(now))
    if day == today { return "" }
    // 1 January 1970 was a Thursday.
    if (1...6).contains(today - day) { return Self.weekdays[((day + 3) % 7 + 7) % 7] + " " }
    let (date, ours) = (CivilDate(day: Int64(day)), CivilDate(day: Int64(today)))
    let year = date.year == ours.year ? "" : " \(date.year)"
    return "\(date.day) \(Self.months[Int(date.month) - 1])\(year) "
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

/// A day of the Gregorian calendar.
public struct CivilDate: Hashable, Sendable {
  /// The year.
  public let year: Int64
  /// The month, from 1.
  public let month: Int64
  /// The day of the month, from 1.
  public let day: Int64

  /// The date of a day counted from 1 January 1970.
  ///
  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`: eras of 400
  /// years, and years that begin in March, so that the leap day comes last.
  public init(day days: Int64) {
    let shifted = days.plus(719_468)
    let rest = shifted % 146_097
    let (era, dayOfEra) =
      rest < 0 ? (shifted / 146_097 - 1, rest + 146_097) : (shifted / 146_097, rest)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let place = (5 * dayOfYear + 2) / 153
    month = place < 10 ? place + 3 : place - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * place + 2) / 5 + 1
  }
}
