// What the floor is told: updates of agents, the state of the feed, time.

/// When an update was made, within its source: the newer one wins, in every reader (design section 6).
public struct Stamp: Hashable, Sendable, Comparable {
  /// Unix milliseconds of the source's connection; new with each.
  public var epoch: Int64
  /// Counts within the epoch; the will carries the highest there is.
  public var sequence: UInt32

  /// Makes a stamp.
  public init(epoch: Int64, sequence: UInt32) {
    self.epoch = epoch
    self.sequence = sequence
  }

  /// By epoch, then by sequence.
  public static func < (one: Stamp, two: Stamp) -> Bool {
    one.epoch == two.epoch ? one.sequence < two.sequence : one.epoch < two.epoch
  }
}

/// An agent's figures of today, as her desk counts them.
public struct DayFigures: Hashable, Sendable {
  /// Calls that were answered.
  public var calls: Int
  /// Seconds of talk; hold is inside it.
  public var talk: Int
  /// Seconds of after-call work.
  public var afterCallWork: Int
  /// Dials; nil where the source does not count them.
  public var dials: Int?
  /// Dials that were answered; nil where the source does not count them.
  public var connected: Int?
  /// Seconds of idle; nil where the source does not count them.
  public var idle: Int?

  /// Makes figures.
  public init(
    calls: Int = 0, talk: Int = 0, afterCallWork: Int = 0, dials: Int? = nil,
    connected: Int? = nil, idle: Int? = nil
  ) {
    self.calls = calls
    self.talk = talk
    self.afterCallWork = afterCallWork
    self.dials = dials
    self.connected = connected
    self.idle = idle
  }
}

/// A seat, as an agent's desk or the cloud publishes it.
public struct SeatUpdate: Hashable, Sendable {
  /// When it was made.
  public var stamp: Stamp
  /// The status.
  public var seat: Seat
  /// Unix milliseconds, on the source's clock; nil if it does not say.
  public var since: Int64?
  /// The agent's name.
  public var name: SafeText?
  /// Seconds for which the state holds without being said again; nil: as the floor is set.
  public var lease: Int?
  /// Today's figures.
  public var today: DayFigures?
  /// Unix milliseconds on the source's clock at which it was sent; nil if it does not say.
  public var sent: Int64?

  /// Makes an update.
  public init(
    stamp: Stamp, seat: Seat, since: Int64? = nil, name: SafeText? = nil, lease: Int? = nil,
    today: DayFigures? = nil, sent: Int64? = nil
  ) {
    self.stamp = stamp
    self.seat = seat
    self.since = since
    self.name = name
    self.lease = lease
    self.today = today
    self.sent = sent
  }
}

/// A call, as an agent's desk publishes it.
public struct CallUpdate: Hashable, Sendable {
  /// When it was made.
  public var stamp: Stamp
  /// Its status; nil: there is none.
  public var status: CallReport.Status?
  /// Unix milliseconds, on the source's clock.
  public var since: Int64?
  /// Who called whom.
  public var direction: Direction?
  /// The number, if the source shares it; empty: it is withheld.
  public var number: SafeText?
  /// Unix milliseconds, on the source's clock, since when it is on hold; nil: it is not.
  public var held: Int64?

  /// Makes an update.
  public init(
    stamp: Stamp, status: CallReport.Status?, since: Int64? = nil, direction: Direction? = nil,
    number: SafeText? = nil, held: Int64? = nil
  ) {
    self.held = held
    self.stamp = stamp
    self.status = status
    self.since = since
    self.direction = direction
    self.number = number.map { $0.unlessWithheld ?? "" }
  }
}

/// The state of what feeds the floor.
public enum FeedState: Hashable, Sendable {
  /// Not there yet.
  case connecting
  /// Live.
  case up
  /// Gone: nothing on the floor is known to be true any more.
  case down(reason: SafeText)
}

/// What can happen to a floor.
public enum FloorEvent: Hashable, Sendable {
  /// A seat; `retained`: the broker kept it, nobody said it just now.
  case seat(AgentKey, SeatUpdate, retained: Bool)
  /// A call; `retained` as above.
  case call(AgentKey, CallUpdate, retained: Bool)
  /// The feed came or went.
  case feed(FeedState)
  /// The supervisor has seen the alert of this agent.
  case seen(AgentKey)
  /// How the rows are to be ordered.
  case sort(FloorSort)
  /// Which rows are to be shown.
  case filter(FloorFilter)
  /// Something came that could not be read.
  case anomaly(FloorAnomaly)
  /// The moment that `Floor.deadline` named has come.
  case time
}

/// By what the rows are ordered, after alerts and unknowns.
public enum FloorSort: String, Hashable, Sendable, CaseIterable {
  /// Longest in state first.
  case time
  case status
  case name
  case team
  /// Most calls today first.
  case calls
}

/// What a floor asks of the world.
public enum FloorEffect: Hashable, Sendable {
  /// An agent's row changed.
  case changed(AgentKey)
  /// An agent crossed a threshold.
  case alert(AgentKey, FloorAlert)
  /// An update was counted and changed nothing.
  case anomaly(FloorAnomaly, count: Int)
}

/// What is counted and changes nothing.
public enum FloorAnomaly: String, Hashable, Sendable, CaseIterable {
  /// Older than what is known.
  case outdated
  /// An epoch more than five minutes ahead: the source's clock is wrong.
  case futureEpoch
  /// More agents than a floor holds.
  case tooMany
  /// A topic that is none of the contract's.
  case foreignTopic
  /// A payload that is no state of the contract's.
  case badPayload
  /// A payload of a version that is not ours.
  case wrongVersion
}
