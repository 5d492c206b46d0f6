// Moments as RFC 3339 writes them.

import CCView

/// Writes Unix milliseconds as `2025-11-23T14:00:00.123Z`.
enum Timestamp {
  static func text(_ unix: Int64) -> String {
    let (days, ms) = floored(unix, 86_400_000)
    let date = CivilDate(day: days)
    let (second, milli) = (ms / 1000, ms % 1000)
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
      + "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
      + ".\(padded(milli, 3))Z"
  }

  private static func floored(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
    let rest = value % by
    return rest < 0 ? (value / by - 1, rest + by) : (value / by, rest)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
