// The floor as a bus tells it.

import CCCore

/// Reads the seats and calls of a bus.
///
/// Everything that the broker keeps comes at each connection, and once more some seconds later; what
/// is not said again runs out of its lease. What cannot be read is counted, never shown. The answers to
/// commands come beside it, and commands go out the same way.
public final class FloorBusFeed {
  /// What came since the last look.
  public struct Batch: Sendable {
    /// For the floor.
    public var events: [FloorEvent] = []
    /// Answers of agents, and whatever else was subscribed to.
    public var others: [BusMessage] = []
    /// What befell the connection.
    public var news: [BusEvent] = []
  }

  let client: BusClient
  /// Whether all that the broker keeps was asked for, and the broker said yes.
  public private(set) var isSubscribed = false
  private var denied: Set<SafeText> = []

  /// Makes a feed for a team, or for all; `settings` say which bus.
  ///
  /// - Throws: `BusTrouble` where libmosquitto is not installed.
  public init(_ settings: BusClient.Settings, team: String?, filters: [String] = [])
    throws(BusTrouble)
  {
    var settings = settings
    settings.filters = [BusTopic.seats(of: team), BusTopic.calls(of: team)] + filters
    settings.rereads = true
    client = try BusClient(settings)
  }

  /// Readable when `take` has something.
  public var descriptor: Int32 { client.descriptor }

  /// Connects.
  public func start() throws(BusTrouble) { try client.start() }

  /// Takes what came.
  public func take() -> Batch {
    var batch = Batch()
    client.take { item in
      switch item {
      case .event(let event):
        batch.news.append(event)
        take(event, &batch.events)
      case .message(let topic, let payload, let isRetained):
        let event = FloorCodec.event(topic: topic, payload: payload, retained: isRetained)
        if event == .anomaly(.foreignTopic) {
          other(topic, payload, isRetained, &batch)
        } else {
          batch.events.append(event)
        }
      }
    }
    return batch
  }

  /// What is no state: a word of the contract's, or nothing of ours.
  private func other(
    _ topic: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer, _ isRetained: Bool,
    _ batch: inout Batch
  ) {
    let name = String(decoding: topic, as: UTF8.self)
    if BusTopic(name) == nil {
      batch.events.append(.anomaly(.foreignTopic))
    } else {
      batch.others.append(
        BusMessage(topic: name, payload: Array(payload), isRetained: isRetained))
    }
  }

  /// Publishes a command; false where there is no connection.
  public func publish(_ message: BusMessage) -> Bool { client.publish(message) }

  /// Looks at the connection now, or does not wait for the next attempt.
  public func hurry() { client.hurry() }

  /// Closes the connection.
  public func stop(atMost milliseconds: Int32 = 1_000) { client.stop(atMost: milliseconds) }

  private func take(_ event: BusEvent, _ events: inout [FloorEvent]) {
    switch event {
    case .up: events.append(.feed(.up))
    case .subscribed:
      isSubscribed = denied.isEmpty
      // What was refused at first may be granted now.
      if isSubscribed { events.append(.feed(.up)) }
      denied = []
    case .down(let reason, _):
      isSubscribed = false
      events.append(.feed(.down(reason: reason)))
    case .refused(let filter):
      guard filter.string.hasSuffix("/seat") || filter.string.hasSuffix("/call") else { break }
      denied.insert(filter)
      events.append(
        .feed(.down(reason: SafeText("the broker does not let this user read \(filter)"))))
    case .tooLong: events.append(.anomaly(.badPayload))
    case .connecting, .delivered, .undelivered, .room, .overrun, .message: break
    }
  }
}
