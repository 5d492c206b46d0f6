// A floor and what feeds it, without anything that shows it.

import CCCore
import CCFeed

/// Who is told of what happens on a floor.
@MainActor protocol FloorListener: AnyObject {
  /// What came of the events of one turn.
  func hear(_ effects: [FloorEffect], _ floor: Floor, at now: Instant)
}

/// Feeds a floor and keeps its time.
@MainActor final class FloorSession {
  /// The least time between two looks at the feed: a large floor changes thousands of times a second.
  private static let interval: Int64 = 33_333_333

  private(set) var floor: Floor
  /// Who is told.
  weak var listener: (any FloorListener)?
  private var feed: DemoFeed
  private var isOpen = false
  private var lastFed: Int64 = .min / 2

  init(feed: DemoFeed, at now: Instant) {
    self.feed = feed
    floor = Floor(at: now)
  }

  /// Opens the feed.
  func open(at now: Instant) {
    guard !isOpen else { return }
    isOpen = true
    tell(feed.start(at: now), at: now)
  }

  /// When `turn` wants to be called.
  var deadline: Int64? {
    guard isOpen else { return nil }
    let next = feed.deadline.map { max($0, lastFed + Self.interval) }
    return [next, floor.deadline].compactMap(\.self).min()
  }

  /// Takes what is due.
  func turn(at now: Instant) {
    guard isOpen, let deadline, deadline <= now.uptime else { return }
    lastFed = now.uptime
    tell([.time] + feed.events(upTo: now), at: now)
  }

  /// Tells the floor something.
  func tell(_ events: [FloorEvent], at now: Instant) {
    var effects: [FloorEffect] = []
    for event in events { effects += floor.handle(event, at: now) }
    guard !effects.isEmpty else { return }
    listener?.hear(effects, floor, at: now)
  }
}
