// Durations and numbers as a voice or a braille line tells them.

import CCCore

/// The words of plain mode for times and digits.
enum Spoken {
  /// `1 minute 23`, `34 seconds`, `1 hour 2 minutes`.
  static func duration(_ seconds: Int) -> String {
    let seconds = max(0, seconds)
    let minutes = seconds / 60
    if minutes == 0 { return plural(seconds, "second") }
    if minutes < 60 {
      return seconds % 60 == 0
        ? plural(minutes, "minute") : "\(plural(minutes, "minute")) \(seconds % 60)"
    }
    return minutes % 60 == 0
      ? plural(minutes / 60, "hour")
      : "\(plural(minutes / 60, "hour")) \(plural(minutes % 60, "minute"))"
  }

  /// How long the state has lasted, to the nearest thing worth saying: `2 minutes`, `40 seconds`.
  static func age(_ seconds: Int) -> String {
    seconds < 60 ? plural(max(0, seconds), "second") : duration(seconds / 60 * 60)
  }

  /// The digits of a number one by one, with a pause between groups: `1 3 2, 1 2 3 4, 5 6 7 8`.
  static func digits(_ number: DialNumber) -> String {
    number.grouped.split(separator: " ").map { group in
      group.map { $0 == "+" ? "plus" : String($0) }.joined(separator: " ")
    }.joined(separator: ", ")
  }

  private static func plural(_ count: Int, _ unit: String) -> String {
    "\(count) \(unit)\(count == 1 ? "" : "s")"
  }
}
