// What could not be read, counted and told of now and then.

import CCCore

/// Counts the messages that were no use, so that a flood of them is a number and not a log.
struct Unreadable: Hashable {
  /// All of them since the start.
  private(set) var total = 0
  /// Those that nobody was told of.
  private(set) var untold = 0
  private(set) var last: Fault?
  private(set) var lastHost = ""
  private var toldAt: UInt64?
  private var answers = SecondCount()

  /// The time between two tellings, in milliseconds.
  static let pause: UInt64 = 1_000
  /// More are not answered in a second.
  static let mostAnswers = 20

  /// One more.
  mutating func add(_ fault: Fault, from host: String) {
    total += 1
    untold += 1
    last = fault
    lastHost = host
  }

  /// Whether one more may be answered now.
  mutating func mayAnswer(at now: UInt64) -> Bool {
    answers.add(at: now) <= Self.mostAnswers
  }

  /// How long until something is told, in milliseconds; nil: there is nothing.
  func tellsIn(at now: UInt64) -> Int? {
    guard untold > 0 else { return nil }
    guard let toldAt, now >= toldAt, now - toldAt < Self.pause else { return 0 }
    return Int(Self.pause - (now - toldAt))
  }

  /// The last one in words, and its total; nothing is untold then.
  mutating func tell(at now: UInt64) -> (total: Int, words: SafeText)? {
    guard untold > 0, let last else { return nil }
    toldAt = now
    untold = 0
    return (total, SafeText("\(last.words), from \(lastHost)"))
  }
}
