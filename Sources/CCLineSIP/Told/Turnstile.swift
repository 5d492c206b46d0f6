// How many calls come in, and which of those that are turned away are told in the log.

import CCCore

/// Counts what comes in, so that a flood is answered and not listed.
struct Turnstile: Hashable {
  /// Those that were turned away and are not told of yet.
  private(set) var untold = 0
  /// The last of them, and why.
  private var last = ""
  /// When the first line of these ten seconds was told, and what for.
  private var toldAt: UInt64?
  private var told: [String] = []
  private var inSecond = SecondCount()

  /// At most one line in the log for one reason in so many milliseconds.
  static let pause: UInt64 = 10_000
  /// More reasons in that time are counted only.
  static let mostReasons = 5
  /// More new calls in a second than a telephone gets are not even looked at.
  static let mostInSecond = 500
  /// More than this are turned away without being listed one by one.
  static let mostListed = 5

  /// Whether a new call is looked at.
  mutating func lets(at now: UInt64) -> Bool {
    inSecond.add(at: now) <= Self.mostInSecond
  }

  /// Whether a call that is turned away is listed, as one of few.
  var lists: Bool { inSecond.count <= Self.mostListed }

  /// A sentence for the log: of each reason the first, and then at most one every ten seconds.
  mutating func turnedAway(_ who: String, _ why: String, at now: UInt64) -> SafeText? {
    if left(at: now) == 0 {
      toldAt = now
      told = []
    }
    if told.contains(why) || told.count >= Self.mostReasons {
      untold += 1
      last = "\(who): \(why)"
      return nil
    }
    told.append(why)
    return SafeText("turned away a call from \(who): \(why)")
  }

  /// Milliseconds until those that are not told of are; 0 where nothing is told any more.
  func left(at now: UInt64) -> UInt64 {
    guard let toldAt else { return 0 }
    let since = Timer.since(toldAt, at: now)
    return since < Self.pause ? Self.pause - since : 0
  }

  /// The ten seconds are over: those that came after the first; nil: none.
  mutating func rest() -> SafeText? {
    defer { untold = 0 }
    switch untold {
    case 0: return nil
    case 1: return SafeText("turned away a call from \(last)")
    default: return SafeText("turned away \(untold) calls, the last from \(last)")
    }
  }
}
