// What can feed a floor.

import CCCore
import CCFeed

/// A source of floor events, as a session sees it.
@MainActor protocol FloorFeed: AnyObject {
  /// The word of `--json` for it: `demo`, `mqtt`.
  var word: String { get }
  /// Readable when `events` has something; nil where only time brings news.
  var descriptor: Int32? { get }
  /// When `events` wants to be called even without input.
  var deadline: Int64? { get }
  /// The least nanoseconds between two looks: a large floor changes thousands of times a second.
  var interval: Int64 { get }
  /// Whether everything that was there at the beginning has come.
  func isComplete(at now: Instant) -> Bool
  /// Opens it.
  func start(at now: Instant) -> [FloorEvent]
  /// What happened until now.
  func events(upTo now: Instant) -> [FloorEvent]
  /// Sends an order to an agent's desk; false where it cannot leave.
  func send(_ order: Order, to key: AgentKey, tag: UInt64) -> Bool
  /// Takes what was heard of orders.
  func takeHandNews() -> [HandNews]
  /// The machine has slept: what feeds it is looked at now, or tried at once.
  func woke(at now: Instant)
  /// Closes it in good order.
  func stop()
}

/// What a feed hears of orders.
enum HandNews: Hashable {
  case delivered(tag: UInt64)
  case undelivered(tag: UInt64)
  case answer(OrderAnswer, from: AgentKey)
}

/// The demo.
@MainActor final class DemoFloorFeed: FloorFeed {
  private var feed: DemoFeed
  private var handNews: [HandNews] = []

  init(_ feed: DemoFeed) { self.feed = feed }

  let word = "demo"
  var descriptor: Int32? { nil }
  var deadline: Int64? { feed.deadline }
  let interval: Int64 = 33_333_333
  func isComplete(at now: Instant) -> Bool { true }
  func start(at now: Instant) -> [FloorEvent] { feed.start(at: now) }
  func events(upTo now: Instant) -> [FloorEvent] { feed.events(upTo: now) }
  func woke(at now: Instant) {}
  func stop() {}

  /// The people of the demo read everything, and do what they are asked in their own time.
  func send(_ order: Order, to key: AgentKey, tag: UInt64) -> Bool {
    handNews += [
      .delivered(tag: tag), .answer(OrderAnswer(id: order.id, state: .shown), from: key),
    ]
    return true
  }

  func takeHandNews() -> [HandNews] {
    defer { handNews = [] }
    return handNews
  }
}

/// A bus.
@MainActor final class BusFloorFeed: FloorFeed {
  /// How long nothing must have come until what the broker keeps is believed to be there.
  private static let quiet = 250 * Instant.millisecond

  private let options: BusOptions
  private let team: String?
  private let log: (SafeText) -> Void
  private let password = BusPassword()
  private var feed: FloorBusFeed?
  private var trouble: String?
  private var lastCame: Int64 = .min / 2
  /// What was heard of orders.
  private var handNews: [HandNews] = []

  init(_ options: BusOptions, team: String?, log: @escaping (SafeText) -> Void) {
    self.options = options
    self.team = team
    self.log = log
  }

  let word = "mqtt"
  var descriptor: Int32? { password.descriptor ?? feed?.descriptor }
  var deadline: Int64? { password.deadline }
  let interval = 10 * Instant.millisecond

  func isComplete(at now: Instant) -> Bool {
    feed?.isSubscribed == true && now.uptime - lastCame >= Self.quiet
  }

  func start(at now: Instant) -> [FloorEvent] {
    do throws(Failure) {
      switch try password.begin(options.password, at: now) {
      case .none: return connect(nil)
      case .secret(let secret): return connect(secret)
      case .later: return []
      }
    } catch { return fail(error.sentence ?? "") }
  }

  private func connect(_ secret: Secret?) -> [FloorEvent] {
    // A name of its own: two floors of one user are two clients.
    var settings = options.settings(clientID: BusClient.Settings.secretID("floor"))
    settings.password = secret
    if let user = settings.user {
      settings.otherUsers = Array(BusPlan.screenNames(of: user).dropFirst())
    }
    do throws(BusTrouble) {
      let feed = try FloorBusFeed(settings, team: team, filters: [BusTopic.answers(of: team)])
      try feed.start()
      self.feed = feed
      return []
    } catch { return fail(error.sentence) }
  }

  private func fail(_ sentence: String) -> [FloorEvent] {
    log(SafeText("bus: \(sentence)"))
    return [.feed(.down(reason: SafeText(sentence)))]
  }

  func events(upTo now: Instant) -> [FloorEvent] {
    if password.descriptor != nil || password.deadline != nil {
      switch password.ready(at: now) {
      case nil: return []
      case .success(let secret)?: return connect(secret)
      case .failure(let failure)?: return fail(failure.sentence ?? "")
      }
    }
    guard let feed else { return [] }
    let batch = feed.take()
    lastCame = now.uptime
    for message in batch.others { hear(message) }
    for news in batch.news { tell(news) }
    return batch.events
  }

  private func tell(_ news: BusEvent) {
    switch news {
    case .up(_, let host): log(SafeText("bus: floor on \(host)"))
    case .down(let reason, _): log(SafeText("bus: floor lost: \(reason)"))
    case .refused(let filter): log(SafeText("bus: the broker does not let us read \(filter)"))
    case .delivered(let tag): handNews.append(.delivered(tag: tag))
    case .undelivered(let tag): handNews.append(.undelivered(tag: tag))
    case .overrun: log("bus: more came than could be taken; the broker was asked again")
    default: break
    }
  }

  private func hear(_ message: BusMessage) {
    // What a broker kept was said to somebody else, some other day.
    guard case .answer(let key) = BusTopic(message.topic), !message.isRetained else { return }
    do throws(FloorCodec.Refusal) {
      handNews.append(.answer(try OrderCodec.answer(payload: message.payload), from: key))
    } catch { log(SafeText("bus: an answer of \(key) cannot be read: \(error)")) }
  }

  func send(_ order: Order, to key: AgentKey, tag: UInt64) -> Bool {
    let topic = BusTopic.command(key, order.wish.kind.rawValue).description
    let message = BusMessage(
      topic: topic, payload: OrderCodec.encode(order), isRetained: false, tag: tag)
    return feed?.publish(message) ?? false
  }

  func takeHandNews() -> [HandNews] {
    defer { handNews = [] }
    return handNews
  }

  func woke(at now: Instant) {
    password.woke(at: now)
    feed?.hurry()
  }

  func stop() { feed?.stop(atMost: LastMoment.left(atMost: 1_000)) }
}
