// A client of a bus in a test: what came is kept, and waited for.

import CCCore
import CCFeed
import CCTestSupport
import Foundation

/// A client and all that came to it.
final class BusEar {
  let client: BusClient
  private let filters: [String]
  private(set) var events: [BusEvent] = []

  init(
    _ port: UInt16, name: String = "ear", filters: [String] = [],
    _ change: (inout BusClient.Settings) -> Void = { _ in }
  ) throws {
    var settings = BusClient.Settings(
      address: try BusAddress("mqtt://127.0.0.1:\(port)"), clientID: name)
    settings.filters = filters
    self.filters = filters
    change(&settings)
    client = try BusClient(settings)
    try client.start()
  }

  deinit { client.stop() }

  /// Waits until what came satisfies.
  func wait(
    for what: String, within seconds: Double = 20, _ holds: ([BusEvent]) -> Bool
  ) async throws {
    try await eventually(what, within: seconds) {
      events += client.take()
      return holds(events)
    }
  }

  /// Waits until it is connected, and subscribed if it has filters.
  func up(times: Int = 1) async throws {
    let hasFilters = !filters.isEmpty
    try await wait(for: "the bus is up") { events in
      let ups = events.filter { if case .up = $0 { true } else { false } }.count
      return ups >= times && (!hasFilters || events.filter { $0 == .subscribed }.count >= times)
    }
  }

  var messages: [BusMessage] {
    events.compactMap { if case .message(let message) = $0 { message } else { nil } }
  }

  var downs: [String] {
    events.compactMap { if case .down(let reason, _) = $0 { reason.string } else { nil } }
  }

  func forget() { events = [] }
}
