// A floor and what feeds it, without anything that shows it.

import CCCore
import CCFeed

/// Who is told of what happens on a floor.
@MainActor protocol FloorListener: AnyObject {
  /// What came of the events of one turn.
  func hear(_ effects: [FloorEffect], _ floor: Floor, at now: Instant)
  /// How an order of ours stands now.
  func hear(_ order: SentOrder, at now: Instant)
}

/// Feeds a floor and keeps its time.
@MainActor final class FloorSession {
  private(set) var floor: Floor
  /// Who is told.
  weak var listener: (any FloorListener)?
  let feed: any FloorFeed
  private(set) var hand: Hand
  private let log: (SafeText) -> Void
  private var isOpen = false
  private var lastFed: Int64 = .min / 2
  /// The feed is not read before this, lest each message of a flood be a turn of its own.
  private var holdsUntil: Int64?

  /// `name`: as whom the supervisor asks things of agents; `log` keeps what she asked.
  init(
    feed: any FloorFeed, thresholds: Floor.Thresholds = Floor.Thresholds(),
    name: SafeText = "supervisor",
    log: @escaping (SafeText) -> Void = { _ in },
    at now: Instant
  ) {
    self.feed = feed
    self.log = log
    hand = Hand(from: name, seed: String(UInt64.random(in: 0 ... .max), radix: 36))
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
    return [next, holdsUntil, floor.deadline, hand.deadline].compactMap(\.self).min()
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
    hearOfOrders(at: now)
  }

  // MARK: The hand

  /// Asks something of an agent or a team; false where nobody is meant.
  @discardableResult
  func ask(_ wish: Order.Wish, _ text: SafeText, of target: HandTarget, at now: Instant) -> Bool {
    let effects = hand.ask(wish, text, of: target, on: floor, at: now)
    perform(effects, at: now)
    hearOfOrders(at: now)
    return !effects.isEmpty
  }

  private func hearOfOrders(at now: Instant) {
    for news in feed.takeHandNews() {
      switch news {
      case .delivered(let tag): perform(hand.delivered(tag), at: now)
      case .undelivered(let tag):
        perform(hand.undelivered(tag, why: "the broker went away"), at: now)
      case .answer(let answer, let key): perform(hand.hear(answer, from: key), at: now)
      }
    }
  }

  private func perform(_ effects: [HandEffect], at now: Instant) {
    for effect in effects {
      switch effect {
      case .send(let key, let order, let tag):
        if !feed.send(order, to: key, tag: tag) {
          perform(hand.undelivered(tag, why: "no connection to the broker"), at: now)
        }
      case .tell(let sent):
        log(SafeText("order \(sent.order.id) to \(sent.key): \(sent.order.words): \(sent.words)"))
        listener?.hear(sent, at: now)
      }
    }
  }

  /// Takes what is due.
  func turn(at now: Instant) {
    guard isOpen, let deadline, deadline <= now.uptime else { return }
    tell([.time], at: now)
    perform(hand.letTimePass(at: now), at: now)
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
