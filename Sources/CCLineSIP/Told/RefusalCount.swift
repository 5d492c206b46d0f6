// How many calls could not be taken: the first ones are told one by one, the rest by their number.

/// Counts refusals, so that a flood is told and does not flood.
struct RefusalCount: Hashable {
  /// So many in a second are told one by one.
  static let mostInSecond = 5
  /// Milliseconds after which those that were held back are told.
  static let patience = 1_000

  private var inSecond = SecondCount()
  private(set) var held = 0

  /// One more; for how many the word about it stands, or nil: it is held back.
  mutating func take(at now: UInt64) -> Int? {
    held += 1
    return inSecond.add(at: now) <= Self.mostInSecond ? flush() : nil
  }

  /// Those that were held back; nil: none.
  mutating func flush() -> Int? {
    defer { held = 0 }
    return held == 0 ? nil : held
  }
}
