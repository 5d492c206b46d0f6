// The supervisor's hand: what was asked of whom, and how it stands.

/// Whom a supervisor means.
public enum HandTarget: Hashable, Sendable {
  /// One agent.
  case agent(AgentKey)
  /// Everybody of a team who is signed in.
  case team(String)
}

/// How an order stands, as its sender knows it.
public enum HandState: Hashable, Sendable {
  /// On its way to the broker.
  case sending
  /// The broker has it; the desk has not spoken yet.
  case sent
  /// It never left, and why; nobody has to look into it at the desk.
  case notDelivered(SafeText)
  /// The broker has it and the desk said nothing within `Hand.patience`.
  case noAnswer
  /// On the agent's screen.
  case shown
  /// Read, or obeyed.
  case done
  /// Not obeyed, and why.
  case refused(SafeText)

  /// Whether nothing more is expected.
  public var isFinal: Bool {
    switch self {
    case .notDelivered, .done, .refused: true
    case .sending, .sent, .noAnswer, .shown: false
    }
  }
}

/// An order that was sent, and how it stands.
public struct SentOrder: Hashable, Sendable {
  /// To whom.
  public var key: AgentKey
  /// Her name, as the floor had it.
  public var name: SafeText
  /// What.
  public var order: Order
  /// How it stands.
  public var state: HandState
  /// When it was sent.
  public var at: Instant
  /// Names it to the bus.
  public var tag: UInt64
}

/// What a hand asks of the world.
public enum HandEffect: Hashable, Sendable {
  /// Publish this order, never to be kept by the broker; `tag` comes back with the broker's word.
  case send(AgentKey, Order, tag: UInt64)
  /// This is how an order stands now.
  case tell(SentOrder)
}

/// The machine of a supervisor's orders; pure.
///
/// An order is `sending` until the broker has it, `sent` until the desk speaks, `noAnswer` if that takes
/// longer than three seconds (a later word is still taken), and `notDelivered` if it never left: that
/// one can be sent again without fear of being obeyed twice.
public struct Hand: Hashable, Sendable {
  /// Nanoseconds for a desk's first word.
  public static let patience = 3 * Instant.second
  /// Seconds for which an order holds.
  public static let holdsFor: Int64 = 60
  /// How many orders are remembered.
  public static let limit = 1024

  /// Who asks.
  public let from: SafeText
  /// Unlike every other hand's: the beginning of its ids.
  private let seed: String
  private var count: UInt64 = 0
  /// The orders, the oldest first.
  public private(set) var orders: [SentOrder] = []

  /// A hand that has asked nothing yet; `seed` is random, of `[A-Za-z0-9_-]`.
  public init(from: SafeText, seed: String) {
    self.from = from
    self.seed = seed
  }

  /// Asks something of an agent, or of everybody signed in of a team.
  public mutating func ask(
    _ wish: Order.Wish, _ text: SafeText, of target: HandTarget, on floor: Floor, at now: Instant
  ) -> [HandEffect] {
    floor.rows(of: target).flatMap { ask(wish, text, of: $0, on: floor, at: now) }
  }

  private mutating func ask(
    _ wish: Order.Wish, _ text: SafeText, of row: FloorRow, on floor: Floor, at now: Instant
  ) -> [HandEffect] {
    count += 1
    let order = Order(
      id: "\(seed)-\(count)",
      // On the desk's clock, as far as it is known.
      expires: now.unix.minus(row.skew ?? 0).plus(Self.holdsFor * 1000),
      epoch: row.stamp.epoch, from: from, wish: wish,
      text: SafeText(text.string, limit: Order.longestText))
    var sent = SentOrder(
      key: row.key, name: row.name, order: order, state: .sending, at: now, tag: count)
    if case .down(let reason) = floor.feed {
      sent.state = .notDelivered(reason)
    } else if row.seat == .offline {
      sent.state = .notDelivered("her desk is offline")
    }
    if orders.count >= Self.limit { orders.removeFirst() }
    orders.append(sent)
    guard !sent.state.isFinal else { return [.tell(sent)] }
    return [.send(row.key, order, tag: count), .tell(sent)]
  }

  /// The broker has an order.
  public mutating func delivered(_ tag: UInt64) -> [HandEffect] {
    change(where: { $0.tag == tag && $0.state == .sending }, to: .sent)
  }

  /// An order never got to the broker.
  public mutating func undelivered(_ tag: UInt64, why: SafeText) -> [HandEffect] {
    change(where: { $0.tag == tag && $0.state == .sending }, to: .notDelivered(why))
  }

  /// A desk speaks of an order; what others asked is none of ours.
  public mutating func hear(_ answer: OrderAnswer, from key: AgentKey) -> [HandEffect] {
    let state: HandState =
      switch answer.state {
      case .shown: .shown
      case .done: .done
      case .refused: .refused(answer.reason)
      }
    return change(
      where: {
        $0.order.id == answer.id && $0.key == key && !$0.state.isFinal && $0.state != state
      }, to: state)
  }

  /// The uptime at which `letTimePass` has something to do.
  public var deadline: Int64? {
    orders.lazy.filter { $0.state == .sent || $0.state == .sending }
      .map { $0.at.uptime.plus(Self.patience) }.min()
  }

  /// Whoever has not spoken within `patience` is told of.
  public mutating func letTimePass(at now: Instant) -> [HandEffect] {
    var effects: [HandEffect] = []
    for index in orders.indices where now.uptime >= orders[index].at.uptime.plus(Self.patience) {
      switch orders[index].state {
      case .sending: orders[index].state = .notDelivered("the broker did not take it")
      case .sent: orders[index].state = .noAnswer
      default: continue
      }
      effects.append(.tell(orders[index]))
    }
    return effects
  }

  private mutating func change(
    where isMeant: (SentOrder) -> Bool, to state: HandState
  ) -> [HandEffect] {
    guard let index = orders.lastIndex(where: isMeant) else { return [] }
    orders[index].state = state
    return [.tell(orders[index])]
  }
}

extension Floor {
  /// Whom a target means: the agent, or everybody of the team who is signed in.
  public func rows(of target: HandTarget) -> [FloorRow] {
    switch target {
    case .agent(let key): row(key).map { [$0] } ?? []
    case .team(let team):
      rows.filter { $0.key.team == team && $0.seat != .offline && $0.freshness != .stale }
    }
  }
}
