// What a desk says of itself on the bus, and when: birth, changes, lease, healing, good-bye.

import CCCore

/// What is to be seen of an agent, on her desk's clock.
public struct Presence: Hashable, Sendable {
  /// The status; `.unknown(0)` where the desk does not know it.
  public var seat: Seat
  /// Unix milliseconds.
  public var seatSince: Int64
  /// The open call; nil: none.
  public var call: Call?
  /// Today's figures.
  public var today: DayFigures

  /// An open call.
  public struct Call: Hashable, Sendable {
    /// Calling, ringing or talking.
    public var status: CallReport.Status
    /// Unix milliseconds.
    public var since: Int64
    /// Who called whom.
    public var direction: Direction
    /// The number; published only where the settings say so.
    public var number: SafeText
    /// Unix milliseconds since when it is on hold; nil: it is not.
    public var held: Int64?

    /// Makes a call.
    public init(
      status: CallReport.Status, since: Int64, direction: Direction, number: SafeText,
      held: Int64? = nil
    ) {
      self.held = held
      self.status = status
      self.since = since
      self.direction = direction
      self.number = number
    }
  }

  /// Makes a presence.
  public init(seat: Seat, seatSince: Int64, call: Call? = nil, today: DayFigures = DayFigures()) {
    self.seat = seat
    self.seatSince = seatSince
    self.call = call
    self.today = today
  }
}

/// What a publisher wants done.
public enum PresenceAction: Hashable, Sendable {
  /// Publish this; retained.
  case publish(BusMessage)
  /// Connect anew, with an epoch later than this: readers would not believe the present one.
  case reconnect(after: Int64)
  /// Leave the bus: a desk that was opened later speaks for the same agent.
  case yield
}

/// The machine of one agent's presence; pure (design section 6).
///
/// Each connection begins with a birth: the full state, under the connection's epoch. A change is said
/// at once; the full state is said again after two thirds of its lease, so that a broker that lost it,
/// or keeps something older, has it right again. The desk hears its own seat: what is older than its
/// own words there (the late will of a connection that died) it corrects, once a second at most.
public struct PresencePublisher: Sendable {
  /// Who speaks, and how.
  public struct Settings: Hashable, Sendable {
    /// The agent.
    public var key: AgentKey
    /// Her name.
    public var name: SafeText?
    /// Whether numbers are published.
    public var sharesNumbers: Bool
    /// Unix milliseconds at which the desk was opened: of two desks of one agent the later one speaks.
    public var opened: Int64
    /// Seconds for which what is said holds.
    public var lease: Int

    /// Makes settings.
    public init(
      key: AgentKey, name: SafeText? = nil, sharesNumbers: Bool = false, opened: Int64,
      lease: Int = 60
    ) {
      self.key = key
      self.name = name
      self.sharesNumbers = sharesNumbers
      self.opened = opened
      self.lease = lease
    }
  }

  /// The settings.
  public let settings: Settings
  /// What was shown last; nil before the first time.
  public private(set) var presence: Presence?

  private var epoch: Int64?
  private var sequence: UInt32 = 0
  /// The epoch under which was spoken last, and the one before it.
  private var spoken: Int64?
  private var lastEpoch: Int64?
  /// Whether a call was published under this epoch: only then is its absence news.
  private var hasPublishedCall = false
  private var leaseAt: Int64?
  private var healAt: Int64?
  private var lastHeal: Int64 = .min / 2
  private var lastReconnect: Int64 = .min / 2
  private var hasYielded = false

  /// A publisher without a connection.
  public init(_ settings: Settings) { self.settings = settings }

  /// The uptime at which `turn` wants to be called.
  public var deadline: Int64? { [leaseAt, healAt].compactMap(\.self).min() }

  // MARK: The connection

  /// The bus took us: everything is said anew.
  public mutating func up(epoch: Int64, at now: Instant) -> [PresenceAction] {
    lastEpoch = spoken
    spoken = epoch
    self.epoch = epoch
    sequence = 0
    hasPublishedCall = false
    healAt = nil
    return sayAll(at: now)
  }

  /// The bus is gone; nothing is said until it is back.
  public mutating func down() {
    epoch = nil
    leaseAt = nil
    healAt = nil
  }

  /// Takes the desk as it is now, and says what changed.
  public mutating func show(_ presence: Presence, at now: Instant) -> [PresenceAction] {
    let before = self.presence
    guard presence != before else { return [] }
    self.presence = presence
    guard let before else { return sayAll(at: now) }
    var actions: [PresenceAction] = []
    if (presence.seat, presence.seatSince, presence.today)
      != (before.seat, before.seatSince, before.today)
    {
      actions += saySeat(at: now)
    }
    if presence.call != before.call { actions += sayCall() }
    return actions
  }

  /// Says what is due by the time.
  public mutating func turn(at now: Instant) -> [PresenceAction] {
    if let leaseAt, leaseAt <= now.uptime { return sayAll(at: now) }
    if let healAt, healAt <= now.uptime {
      self.healAt = nil
      lastHeal = now.uptime
      return sayAll(at: now)
    }
    return []
  }

  /// The last words before a connection is closed in good order: the broker drops the will then.
  public mutating func goodbye(at now: Instant) -> [BusMessage] {
    guard let epoch else { return [] }
    count()
    let update = SeatUpdate(
      stamp: Stamp(epoch: epoch, sequence: sequence), seat: .offline, since: now.unix,
      name: settings.name, lease: settings.lease, today: presence?.today, sent: now.unix)
    down()
    return [message(.seat, FloorCodec.encode(update, desk: settings.opened))]
  }

  // MARK: Hearing oneself

  /// Takes what the bus says of this agent's seat.
  public mutating func hear(_ payload: some Collection<UInt8>, at now: Instant) -> [PresenceAction]
  {
    guard let epoch, !hasYielded,
      let (stamp, desk) = FloorCodec.origin(payload)
    else { return [] }
    if stamp.epoch == epoch {
      // An echo, late or not; but nothing under this epoch outranks its own will.
      return stamp.sequence == FloorCodec.willSequence ? reconnect(after: epoch, at: now) : []
    }
    if let last = lastEpoch, stamp.epoch > last, let desk, desk > settings.opened {
      // Born after our last connection, by a desk that was opened later: it took our place.
      hasYielded = true
      down()
      return [.yield]
    }
    if stamp.epoch < epoch || stamp.epoch > now.unix.plus(Floor.Limits.future) {
      healAt = healAt ?? max(now.uptime, lastHeal.plus(Instant.second))
      return healAt == now.uptime ? turn(at: now) : []
    }
    return reconnect(after: stamp.epoch, at: now)
  }

  private mutating func reconnect(after epoch: Int64, at now: Instant) -> [PresenceAction] {
    guard now.uptime.minus(lastReconnect) >= 5 * Instant.second else { return [] }
    lastReconnect = now.uptime
    return [.reconnect(after: epoch)]
  }

  // MARK: Saying

  private mutating func sayAll(at now: Instant) -> [PresenceAction] {
    let seat = saySeat(at: now)
    return seat + (hasPublishedCall || presence?.call != nil ? sayCall() : [])
  }

  private mutating func saySeat(at now: Instant) -> [PresenceAction] {
    guard let epoch, let presence else { return [] }
    count()
    leaseAt = now.uptime.plus(Int64.seconds(settings.lease) / 3 * 2)
    let update = SeatUpdate(
      stamp: Stamp(epoch: epoch, sequence: sequence), seat: presence.seat,
      since: presence.seatSince, name: settings.name, lease: settings.lease,
      today: presence.today, sent: now.unix)
    return [.publish(message(.seat, FloorCodec.encode(update, desk: settings.opened)))]
  }

  private mutating func sayCall() -> [PresenceAction] {
    guard let epoch, let presence else { return [] }
    count()
    hasPublishedCall = true
    let call = presence.call
    let update = CallUpdate(
      stamp: Stamp(epoch: epoch, sequence: sequence), status: call?.status, since: call?.since,
      direction: call?.direction, number: settings.sharesNumbers ? call?.number : nil,
      held: call?.held)
    return [.publish(message(.call, FloorCodec.encode(update)))]
  }

  /// The next number, below that of the will: a connection that lasts for ever repeats its last one.
  private mutating func count() { sequence = min(sequence + 1, FloorCodec.willSequence - 1) }

  private func message(_ kind: FloorTopic.Kind, _ payload: [UInt8]) -> BusMessage {
    BusMessage(
      topic: FloorTopic(settings.key, kind).description, payload: payload, isRetained: true)
  }
}
