// The floor: many agents, who is how, for how long, and who needs looking at.

/// The machine of a supervisor's floor (design section 6).
///
/// Told of updates in any order, any number of times, it shows what is known and what is not. An
/// update costs a few binary searches, whatever the number of agents; a picture asks for the rows that
/// are in sight by position. Time in state counts on this reader's clock.
public struct Floor: Sendable {
  /// When a row is an alert, in seconds; nil: never.
  public struct Thresholds: Hashable, Sendable {
    /// Short break.
    public var shortBreak: Int?
    /// Post-call.
    public var postCall: Int?
    /// Idle.
    public var idle: Int?
    /// A call that rings.
    public var ringing: Int?
    /// A call on hold.
    public var held: Int?

    /// Makes thresholds; the defaults are those of `screens.md`.
    public init(
      shortBreak: Int? = 1800, postCall: Int? = 300, idle: Int? = 900, ringing: Int? = 20,
      held: Int? = 120
    ) {
      self.held = held
      self.shortBreak = shortBreak
      self.postCall = postCall
      self.idle = idle
      self.ringing = ringing
    }

    /// The seconds that a status may last; nil: for as long as it likes.
    public func limit(of seat: Seat) -> Int? {
      switch seat {
      case .shortBreak: shortBreak
      case .postCall: postCall
      case .idle: idle
      case .busy, .offline, .unknown: nil
      }
    }
  }

  /// The floor's own bounds.
  public enum Limits {
    /// The most agents that are kept.
    public static let agents = 200_000
    /// Milliseconds by which an epoch may lie in the future (design section 6).
    public static let future: Int64 = 300_000
    /// Seconds a state holds where its source names no lease.
    public static let lease = 60
    /// Milliseconds of skew beyond which a beginning is not exact.
    public static let inexact: Int64 = 2_000
    /// Milliseconds of skew that are an alert of their own.
    public static let skewed: Int64 = 60_000
  }

  /// The thresholds.
  public let thresholds: Thresholds
  /// The most agents that are kept.
  let most: Int
  /// What feeds the floor.
  public internal(set) var feed: FeedState
  /// Since when the feed is so.
  public internal(set) var feedSince: Instant
  /// How the rows are ordered.
  public internal(set) var sort: FloorSort
  /// Which rows are shown.
  public internal(set) var filter: FloorFilter
  /// Running totals of what was counted and changed nothing.
  public internal(set) var anomalies: [FloorAnomaly: Int]
  /// Totals of the whole floor.
  public internal(set) var totals: FloorTotals
  /// Totals by team.
  public internal(set) var teams: [String: FloorTotals]

  var rows: [FloorRow] = []
  var slots: [AgentKey: Int32] = [:]
  var order = RankedList()
  var shown: [Bool] = []
  var deadlines = DeadlineHeap()
  /// Since when each idle agent has been idle; the earliest is the longest.
  var idleStarts = DeadlineHeap()
  var changes = ChangeLog()

  /// An empty floor.
  public init(thresholds: Thresholds = Thresholds(), at now: Instant) {
    self.init(thresholds: thresholds, most: Limits.agents, at: now)
  }

  init(thresholds: Thresholds = Thresholds(), most: Int, at now: Instant) {
    self.thresholds = thresholds
    self.most = most
    feed = .connecting
    feedSince = now
    sort = .time
    filter = FloorFilter()
    anomalies = [:]
    totals = FloorTotals()
    teams = [:]
  }

  /// How many agents there are.
  public var agentCount: Int { rows.count }
  /// How many rows the filter lets through.
  public var shownCount: Int { order.count }
  /// The uptime of the next change that time alone brings to an order or an alert.
  public var deadline: Int64? { deadlines.first }

  /// The rows at these positions of the shown order.
  public func rows(in range: Range<Int>) -> [FloorRow] {
    order.slots(in: range.clamped(to: 0..<order.count)).map { rows[Int($0)] }
  }

  /// One agent.
  public func row(_ key: AgentKey) -> FloorRow? {
    slots[key].map { rows[Int($0)] }
  }

  /// Where an agent stands in the shown order; nil if she is not shown.
  public func position(of key: AgentKey) -> Int? {
    guard let slot = slots[key], shown[Int(slot)] else { return nil }
    return order.position(of: .init(rank: rank(of: rows[Int(slot)]), slot: slot))
  }

  /// The shown order as it is now, to be held for a while; keeping one costs next to nothing.
  public var currentOrder: FloorOrder { FloorOrder(list: order) }

  /// The rows at these positions of an order that was held, as they are now.
  public func rows(in range: Range<Int>, of order: FloorOrder) -> [FloorRow] {
    order.list.slots(in: range.clamped(to: 0..<order.count)).map { rows[Int($0)] }
  }

  /// The agent who has been idle for the longest; nil if nobody is idle.
  public var longestIdle: FloorRow? { idleStarts.firstSlot.map { rows[Int($0)] } }

  /// The last changes of an agent, the newest first; the oldest ones may be forgotten already.
  public func changes(of key: AgentKey, limit: Int = 50) -> [FloorChange] {
    slots[key].map { changes.changes(of: $0, limit: limit) } ?? []
  }

  /// The agents with an alert that nobody has seen, at most `limit`, in order.
  public func alerts(limit: Int) -> [FloorRow] {
    rows(in: 0..<limit).prefix { $0.alert != nil }.filter { !$0.isSeen }
  }
}

/// An order of the shown rows, as it was at a moment.
public struct FloorOrder: Sendable {
  let list: RankedList

  /// How many rows it has.
  public var count: Int { list.count }
}
