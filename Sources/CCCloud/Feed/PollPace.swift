// How long to wait before the list of seats is read again.

/// Pure: the usual interval while all goes well, ever longer ones while it does not.
public struct PollPace: Hashable, Sendable {
  /// Seconds between two readings.
  public let interval: Double
  /// Failures in a row.
  public private(set) var failures = 0

  /// No wait is longer, in seconds.
  public static let longest = 300.0

  /// Makes a pace.
  public init(interval: Double) { self.interval = interval }

  /// It went well; seconds to wait.
  public mutating func succeeded() -> Double {
    failures = 0
    return interval
  }

  /// It failed; seconds to wait.
  ///
  /// `chance`, from 0 to 1, spreads the waits, so that feeds do not return in step.
  /// What cannot pass by itself is asked at the slowest pace: somebody may mend it any time.
  public mutating func failed(mayPass: Bool, chance: Double) -> Double {
    failures += 1
    let doubled = interval * Double(1 << min(failures, 12))
    let longest = mayPass ? min(doubled, Self.longest) : Self.longest
    return longest * (0.75 + chance / 4)
  }
}
