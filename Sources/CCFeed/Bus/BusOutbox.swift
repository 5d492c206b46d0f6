// What is to be published, on its way from the event loop to the thread of the bus: bounded.

import Synchronization

/// Messages in their order; of a topic that the broker keeps, only the newest waits.
final class BusOutbox: Sendable {
  private struct State {
    var waiting: [BusMessage] = []
    var taken = 0
    /// Where a retained topic's message stands in `waiting`.
    var places: [String: Int] = [:]
    var bytes = 0
    var isOpen = false
    var hasRefused = false
  }

  private let state = Mutex(State())
  private let limit: Int

  /// `limit`: bytes of topics and payloads that may wait.
  init(limit: Int = 4 << 20) { self.limit = limit }

  /// Takes messages from now on, with none waiting.
  func open() {
    state.withLock { $0 = State(isOpen: true) }
  }

  /// Takes none any more; the tags of those that waited.
  func shut() -> [UInt64] {
    state.withLock { state in
      let tags = state.waiting[state.taken...].map(\.tag).filter { $0 != 0 }
      state = State()
      return tags
    }
  }

  /// Adds a message; false where there is no bus, or no room.
  func add(_ message: BusMessage) -> Bool {
    state.withLock { state in
      guard state.isOpen else { return false }
      let size = Self.size(message)
      if message.isRetained, message.tag == 0, let place = state.places[message.topic] {
        state.bytes += size - Self.size(state.waiting[place])
        state.waiting[place] = message
        return true
      }
      guard state.bytes + size <= limit else {
        state.hasRefused = true
        return false
      }
      if message.isRetained, message.tag == 0 {
        state.places[message.topic] = state.waiting.count
      }
      state.waiting.append(message)
      state.bytes += size
      return true
    }
  }

  /// Takes out the next one; nil where none waits.
  func next() -> BusMessage? {
    state.withLock { state in
      guard state.taken < state.waiting.count else { return nil }
      let message = state.waiting[state.taken]
      state.taken += 1
      state.bytes -= Self.size(message)
      if message.isRetained, message.tag == 0 { state.places[message.topic] = nil }
      if state.taken == state.waiting.count {
        state.waiting.removeAll(keepingCapacity: state.taken <= 1024)
        state.taken = 0
      } else if state.taken >= 1024, state.taken * 2 > state.waiting.count {
        state.waiting.removeFirst(state.taken)
        for (topic, place) in state.places { state.places[topic] = place - state.taken }
        state.taken = 0
      }
      return message
    }
  }

  /// Whether a refusal is to be followed by `BusEvent.room` now; true once.
  func tellsRoom() -> Bool {
    state.withLock { state in
      guard state.hasRefused, state.bytes * 2 <= limit else { return false }
      state.hasRefused = false
      return true
    }
  }

  /// Whether nothing waits.
  var isEmpty: Bool { state.withLock { $0.taken == $0.waiting.count } }

  private static func size(_ message: BusMessage) -> Int {
    message.topic.utf8.count + message.payload.count
  }
}
