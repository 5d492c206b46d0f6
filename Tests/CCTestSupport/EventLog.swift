// What a line program under test has said, in its order.

import CCCore
import Foundation

/// Events in their order, and whoever waits for the next one.
public final class EventLog: Sendable {
  private struct State {
    var all: [LineEvent] = []
    var taken = 0
    var isClosed = false
  }
  private let state = Mutexed(State())

  /// An empty log.
  public init() {}

  /// Adds an event.
  public func post(_ event: LineEvent) { state.with { $0.all.append(event) } }
  /// No more will come.
  public func close() { state.with { $0.isClosed = true } }
  /// All events until now, also those already taken.
  public var seen: [LineEvent] { state.with { $0.all } }

  /// The next event; nil at the end of the program.
  public func next(_ what: String, until deadline: Date) async throws -> LineEvent? {
    while true {
      let (event, isClosed): (LineEvent?, Bool) = state.with { state in
        guard state.taken < state.all.count else { return (nil, state.isClosed) }
        state.taken += 1
        return (state.all[state.taken - 1], false)
      }
      if let event { return event }
      if isClosed { return nil }
      guard Date() < deadline else { throw NotInTime("\(what); seen: \(seen)") }
      try await Task.sleep(for: .milliseconds(2))
    }
  }
}
