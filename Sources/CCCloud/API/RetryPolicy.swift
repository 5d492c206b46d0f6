// When a request is repeated, and how long to wait before.

/// Pure: what was asked and how it failed decide, chance spreads the waits.
public struct RetryPolicy: Hashable, Sendable {
  /// How often at most, the first time included.
  public var attempts: Int
  /// The longest first wait, in seconds; each one more doubles it.
  public var firstWait: Double

  /// Makes a policy; three attempts, the first wait 0.4 s at most.
  public init(attempts: Int = 3, firstWait: Double = 0.4) {
    self.attempts = attempts
    self.firstWait = firstWait
  }

  /// Seconds to wait before the attempt after this one; nil: no more.
  ///
  /// A read may be repeated after whatever may pass. A credential voids the one before it, so asking
  /// for one is repeated only where the request surely never left. `chance` is from 0 to 1.
  public func wait(
    after attempt: Int, of endpoint: CloudEndpoint, _ failure: CloudFailure, chance: Double
  ) -> Double? {
    guard attempt < attempts, failure.isWorthRepeating else { return nil }
    guard endpoint.isRead || failure.neverLeft else { return nil }
    let longest = firstWait * Double(1 << min(attempt - 1, 10))
    return longest * (0.5 + chance / 2)
  }
}
