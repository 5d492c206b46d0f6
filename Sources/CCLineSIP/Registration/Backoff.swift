// How long to wait before trying again.

/// Waits that double from 1 s to 30 s, each drawn from the upper half of its span: many desks that lost
/// one registrar at once do not come back at once.
struct Backoff: Hashable {
  private(set) var failures = 0

  /// The longest wait, in milliseconds.
  static let longest = 30_000
  /// The shortest span, in milliseconds.
  static let shortest = 1_000

  /// The next wait in milliseconds.
  mutating func next(using generator: inout some RandomNumberGenerator) -> Int {
    let span = min(Self.longest, Self.shortest << min(failures, 10))
    failures += 1
    return max(Self.shortest, Int.random(in: span / 2...span, using: &generator))
  }

  /// Starts over: it worked.
  mutating func reset() { failures = 0 }
}
