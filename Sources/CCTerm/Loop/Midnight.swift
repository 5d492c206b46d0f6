// The local midnight, whatever the wall clock does.

import CCCore
import CCView

/// Notices that a day has ended.
///
/// A wall clock may jump, and a day of a clock change is longer or shorter: the moment is only when to
/// look; the day itself decides.
struct Midnight {
  private let zone: Zone
  private var day: Int
  /// When to look next, on the monotonic clock.
  private(set) var deadline: Int64

  init(_ zone: Zone, at now: Instant) {
    self.zone = zone
    day = zone.day(now.unix)
    deadline = Self.next(zone, now)
  }

  /// Whether another day has begun since this was asked last.
  mutating func hasPassed(at now: Instant) -> Bool {
    deadline = Self.next(zone, now)
    let today = zone.day(now.unix)
    defer { day = today }
    return today != day
  }

  private static func next(_ zone: Zone, _ now: Instant) -> Int64 {
    now.uptime + (zone.nextDay(after: now.unix) - now.unix) * Instant.millisecond
  }
}
