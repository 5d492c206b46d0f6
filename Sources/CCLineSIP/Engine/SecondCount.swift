// How many of something come in a second, for the bounds on floods.

/// Counts within each whole second of the clock, and begins anew with the next.
struct SecondCount: Hashable {
  private var second: UInt64 = 0
  /// Those of the second that was counted last.
  private(set) var count = 0

  /// One more, at a time in milliseconds; how many that makes in its second.
  mutating func add(at now: UInt64) -> Int {
    if now / 1_000 != second {
      second = now / 1_000
      count = 0
    }
    count += 1
    return count
  }
}
