// When the bell may ring.

import CCCore

/// Lets the terminal's bell ring once a second at most, whoever asks for it and how often.
///
/// A line that floods must not make a terminal useless. A bell that comes too soon is not lost, it waits.
struct BellPacer: Hashable, Sendable {
  /// The least time between two bells, in nanoseconds.
  static let interval = Instant.second

  private var isWanted = false
  private var last: Int64?

  /// Asks for the bell; once more than once is once.
  mutating func want() { isWanted = true }

  /// When the wanted bell is due; nil if none is wanted.
  var deadline: Int64? { isWanted ? last.map { $0.plus(Self.interval) } ?? .min : nil }

  /// Whether to ring now; if so, the bell counts as rung.
  mutating func rings(at now: Int64) -> Bool {
    guard let deadline, deadline <= now else { return false }
    isWanted = false
    last = now
    return true
  }
}
