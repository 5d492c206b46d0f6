// Durations and numbers as a voice says them, for plain mode.

import CCCore

/// Words for the ear: no colons, no groups that a screen reader would take for one number.
public enum Spoken {
  /// `48 seconds`, `1 minute 23`, `2 minutes`, `1 hour 5 minutes`.
  public static func duration(seconds: Int) -> String {
    let seconds = max(0, seconds)
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    if hours > 0 {
      return minutes == 0
        ? count(hours, "hour") : "\(count(hours, "hour")) \(count(minutes, "minute"))"
    }
    if minutes == 0 { return count(rest, "second") }
    return rest == 0 ? count(minutes, "minute") : "\(count(minutes, "minute")) \(rest)"
  }

  /// The same to the minute once there is one: how long a state has lasted.
  public static func age(seconds: Int) -> String {
    duration(seconds: seconds < 60 ? seconds : seconds / 60 * 60)
  }

  /// A duration whose beginning was not seen is `at least 3 minutes 12`.
  public static func duration(seconds: Int, witnessed: Bool) -> String {
    (witnessed ? "" : "at least ") + duration(seconds: seconds)
  }

  /// `1 3 2, 1 2 3 4, 5 6 7 8`: each digit by itself, a pause between the groups.
  public static func digits(_ number: String, in numbering: Numbering = Numbering()) -> String {
    numbering.grouped(number).split(separator: " ").map { group in
      group.map { spoken($0) }.joined(separator: " ")
    }.joined(separator: ", ")
  }

  private static func spoken(_ character: Character) -> String {
    switch character {
    case "+": "plus"
    case "*": "star"
    case "#": "hash"
    default: String(character)
    }
  }

  /// `1 call`, `2 calls`.
  public static func count(_ number: Int, _ what: String) -> String {
    "\(number) \(what)\(number == 1 ? "" : "s")"
  }
}
