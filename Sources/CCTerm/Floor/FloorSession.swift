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
  private(set) var floor: Floor
  /// Who is told.
  weak var listener: (any FloorListener)?
  let feed: any FloorFeed
  private var isOpen = false
  private var lastFed: Int64 = .min / 2
  /// The feed is not read before this, lest each message of a flood be a turn of its own.
  private var holdsUntil: Int64?

  init(
    feed: any FloorFeed, thresholds: Floor.Thresholds = Floor.Thresholds(), at now: Instant
  ) {
    self.feed = feed
    floor = Floor(thresholds: thresholds, at: now)
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
    let next = feed.deadline.map { max($0, lastFed + feed.interval) }
    return [next, holdsUntil, floor.deadline].compactMap(\.self).min()
  }

  /// What to wait for.
  var watches: [Watch] {
    guard isOpen, holdsUntil == nil, let descriptor = feed.descriptor else { return [] }
    return [.reading(descriptor) { [unowned self] in read(at: $0) }]
  }

  private func read(at now: Instant) {
    lastFed = now.uptime
    holdsUntil = now.uptime + feed.interval
    tell(feed.events(upTo: now), at: now)
  }

  /// Takes what is due.
  func turn(at now: Instant) {
    guard isOpen, let deadline, deadline <= now.uptime else { return }
    tell([.time], at: now)
    if let until = holdsUntil, until <= now.uptime { holdsUntil = nil }
    if let next = feed.deadline, next <= now.uptime { read(at: now) }
  }

  /// Tells the floor something.
  func tell(_ events: [FloorEvent], at now: Instant) {
    let before = floor.feed
    var effects: [FloorEffect] = []
    for event in events { effects += floor.handle(event, at: now) }
    guard !effects.isEmpty || floor.feed != before else { return }
    listener?.hear(effects, floor, at: now)
  }
}
