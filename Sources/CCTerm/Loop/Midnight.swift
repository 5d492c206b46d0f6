// The local midnight, whatever the wall clock does.

import CCCore
import CCView

/// Notices that a day has begun.
///
/// A wall clock may jump, and a day of a clock change is longer or shorter: the moment is only when to
/// look; the day itself decides. Only a day that is later than the one before begins: a clock that is
/// set back over midnight ends no day, and a day that has begun does not begin again an hour later.
struct Midnight {
  /// A day that comes again within this time is the same one, in nanoseconds.
  private static let again = 2 * 3600 * Instant.second

  /// The zone whose midnight is meant; it may change.
  var zone: Zone
  private var day: Int
  /// The day that was begun last, and when.
  private var begun: (day: Int, at: Int64)
  /// When to look next, on the clock that never jumps back.
  private(set) var deadline: Int64

  init(_ zone: Zone, at now: Instant) {
    self.zone = zone
    day = zone.day(now.unix)
    begun = (day, now.uptime)
    deadline = Self.next(zone, now)
  }

  /// Whether another day has begun since this was asked last.
  mutating func hasPassed(at now: Instant) -> Bool {
    deadline = Self.next(zone, now)
    let today = zone.day(now.unix)
    defer { day = today }
    guard today > day else { return false }
    if today <= begun.day, now.uptime.minus(begun.at) < Self.again { return false }
    begun = (today, now.uptime)
    return true
  }

  private static func next(_ zone: Zone, _ now: Instant) -> Int64 {
    let left = zone.nextDay(after: now.unix).minus(now.unix)
    return now.uptime.plus(left.times(Instant.millisecond))
  }
}
