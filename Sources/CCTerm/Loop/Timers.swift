// The timers that a desk asked for.

import CCCore

/// Deadlines by name; asking again replaces.
struct Timers: Hashable, Sendable {
  private var deadlines: [TimerID: Int64] = [:]

  mutating func start(_ id: TimerID, at deadline: Int64) { deadlines[id] = deadline }
  mutating func cancel(_ id: TimerID) { deadlines[id] = nil }

  /// The next deadline; nil if none runs.
  var next: Int64? { deadlines.values.min() }

  /// Takes out the timer that is due and has waited longest.
  mutating func takeDue(at now: Int64) -> TimerID? {
    guard let due = deadlines.min(by: { $0.value < $1.value }), due.value <= now else { return nil }
    deadlines[due.key] = nil
    return due.key
  }
}
