// Telling a key that is held down from one that is pressed twice.

import CCCore

/// Auto-repeat fires no command, and no deliberate press is lost.
///
/// A terminal sends a held key again after 0.2 to 1 s, and then every 30 to 100 ms; only the first of
/// these looks like a second press. So what may be it waits for the next: if that comes at once, the
/// key is held; if not, it was meant, and is done a tenth of a second late.
struct HeldKey: Hashable, Sendable {
  enum Verdict: Hashable, Sendable {
    case press
    /// Wait for `longestInterval`; if it does not come again, it was a press.
    case mayBeRepeat
    case isRepeat
  }

  /// The same key this soon is a repeat, or a key that bounces.
  static let bounce = 60 * Instant.millisecond
  /// Repeats follow each other at least this fast: the Linux console's take 92 ms.
  static let longestInterval = 120 * Instant.millisecond
  /// When the first repeat comes after the press.
  static let firstRepeat = 200 * Instant.millisecond...1050 * Instant.millisecond

  private var last: Key?
  private var lastAt: Instant?
  private var isHeld = false
  private var waits = false

  mutating func verdict(on key: Key, at now: Instant, isCommand: Bool) -> Verdict {
    let gap = key == last ? lastAt.map { now.nanoseconds(since: $0) } : nil
    last = key
    lastAt = now
    let waited = waits
    waits = false
    guard isCommand, let gap else {
      isHeld = false
      return .press
    }
    if gap < Self.bounce || (isHeld || waited) && gap <= Self.longestInterval {
      isHeld = true
      return .isRepeat
    }
    if !isHeld, Self.firstRepeat.contains(gap) {
      waits = true
      return .mayBeRepeat
    }
    isHeld = false
    return .press
  }
}
