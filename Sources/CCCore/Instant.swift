// A moment, measured twice: for durations and for people.

/// A moment as the machine is told it: once on a clock that only goes on, once on the wall.
///
/// Durations come from `uptime`, what a person reads comes from `unix`: a change of the wall clock
/// moves no timer (design rule 5). `CCCore` never reads a clock; every `handle` is given one of these.
public struct Instant: Hashable, Sendable {
  /// Nanoseconds since an arbitrary start, on a clock that never goes back and counts the time that the
  /// machine slept.
  public var uptime: Int64
  /// Unix milliseconds.
  public var unix: Int64

  /// Makes an instant from nanoseconds of that clock and Unix milliseconds.
  public init(uptime: Int64, unix: Int64) {
    self.uptime = uptime
    self.unix = unix
  }

  /// Nanoseconds from `earlier` to here; never negative.
  public func nanoseconds(since earlier: Instant) -> Int64 {
    max(0, uptime.minus(earlier.uptime))
  }

  /// Whole seconds from `earlier` to here, rounded down; never negative.
  public func seconds(since earlier: Instant) -> Int {
    Int(nanoseconds(since: earlier) / Self.second)
  }

  /// The moment `nanoseconds` later, on both clocks; at most the last one there is.
  public func advanced(by nanoseconds: Int64) -> Instant {
    Instant(uptime: uptime.plus(nanoseconds), unix: unix.plus(nanoseconds / Self.millisecond))
  }

  /// One second in nanoseconds.
  public static let second: Int64 = 1_000_000_000
  /// One millisecond in nanoseconds.
  public static let millisecond: Int64 = 1_000_000
}
