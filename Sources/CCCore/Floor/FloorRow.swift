// One agent, as the floor sees her.

/// Why a row stands at the top.
public enum FloorAlert: Hashable, Sendable {
  /// Longer in a status than the threshold allows (seconds).
  case over(Seat, limit: Int)
  /// A call rings longer than the threshold allows (seconds).
  case ringing(limit: Int)
  /// A call is on hold longer than the threshold allows (seconds).
  case held(limit: Int)
  /// The source's clock is off by so many seconds.
  case skew(seconds: Int)

  /// The alert in words: `break over 30:00`.
  public var words: String {
    switch self {
    case .over(let seat, let limit):
      "\(seat == .shortBreak ? "break" : seat.name) over \(Self.minutes(limit))"
    case .ringing(let limit): "ringing over \(limit) s"
    case .held(let limit): "on hold over \(Self.minutes(limit))"
    case .skew(let seconds): "clock off by \(Self.minutes(Int(clamping: seconds.magnitude)))"
    }
  }

  private static func minutes(_ seconds: Int) -> String {
    let rest = seconds % 60
    return "\(seconds / 60):\(rest < 10 ? "0" : "")\(rest)"
  }
}

/// One agent, as the floor sees her.
public struct FloorRow: Hashable, Sendable {
  /// How much of the row can be believed.
  public enum Freshness: Hashable, Sendable {
    /// Kept by the broker; nobody has said it since we listen.
    case unverified
    /// Said within its lease.
    case fresh
    /// Its lease ran out.
    case stale
  }

  /// A beginning on the reader's clock.
  public struct Start: Hashable, Sendable {
    /// Nanoseconds of the reader's monotonic clock; may lie before the floor was opened.
    public var uptime: Int64
    /// Whether it is known to a second or two; if not, durations show `≥`.
    public var isExact: Bool

    /// Whole seconds since then.
    public func seconds(at now: Instant) -> Int {
      Int(max(0, now.uptime.minus(uptime)) / Instant.second)
    }
  }

  /// A call of the agent's.
  public struct Call: Hashable, Sendable {
    /// Calling, ringing or talking.
    public var status: CallReport.Status
    /// Since when.
    public var start: Start
    /// Who called whom.
    public var direction: Direction?
    private var heldIsExact = false
    /// Whole seconds of the reader's monotonic clock; `.min`: not on hold.
    private var heldSecond = Int32.min
    /// The number, if it is shared.
    public var number: SafeText?

    /// Since when it is on hold, to the second; nil: it is not.
    public var held: Start? {
      get {
        heldSecond == .min
          ? nil : Start(uptime: Int64(heldSecond) * Instant.second, isExact: heldIsExact)
      }
      set {
        heldSecond = newValue.map { Int32(clamping: $0.uptime / Instant.second) } ?? .min
        heldIsExact = newValue?.isExact ?? false
      }
    }

    init(status: CallReport.Status, start: Start, direction: Direction?, number: SafeText?) {
      self.status = status
      self.start = start
      self.direction = direction
      self.number = number
    }
  }

  /// Who.
  public let key: AgentKey
  /// The name; the key's agent where none was given.
  public internal(set) var name: SafeText
  /// The status that was published last.
  public internal(set) var seat: Seat
  /// Since when.
  public internal(set) var start: Start
  /// The call, as published last; `call` says whether it counts.
  var published: (stamp: Stamp, call: Call?)?
  /// Today's figures, if published.
  public internal(set) var today: DayFigures? {
    get { figures?.unpacked }
    set { figures = newValue.map(PackedFigures.init) }
  }
  private var figures: PackedFigures?
  /// When it was last said, in nanoseconds of the reader's monotonic clock.
  public internal(set) var heard: Int64
  /// How much of it can be believed.
  public internal(set) var freshness: Freshness
  /// Seconds for which it holds.
  public var lease: Int { Int(leaseSeconds) }
  /// By how much the source's clock is behind the reader's, in milliseconds; nil: not known.
  public internal(set) var skew: Int64? {
    get { packedSkew == .min ? nil : Int64(packedSkew) }
    set { packedSkew = newValue.map { max(.min + 1, Int32(clamping: $0)) } ?? .min }
  }
  private var packedSkew = Int32.min
  /// Why it stands at the top; nil if it does not.
  public internal(set) var alert: FloorAlert?
  /// Whether the supervisor has seen the alert.
  public internal(set) var isSeen: Bool

  /// The seat's stamp.
  var stamp: Stamp
  /// `lease`, in the room that it needs: there may be 100,000 rows.
  var leaseSeconds: Int32

  init(_ key: AgentKey, _ update: SeatUpdate, at now: Instant) {
    self.key = key
    name = update.name ?? SafeText(key.agent)
    seat = update.seat
    start = Start(uptime: now.uptime, isExact: false)
    heard = now.uptime
    freshness = .unverified
    isSeen = false
    stamp = update.stamp
    leaseSeconds = Int32(clamping: max(0, update.lease ?? Floor.Limits.lease))
    today = update.today
  }

  /// The status to show; nil is unknown: the lease ran out, or her own desk does not know it (code 0).
  public var shownSeat: Seat? { freshness == .stale || seat == .unknown(0) ? nil : seat }

  /// The call, where it counts: same epoch as the seat, and the seat is not offline.
  public var call: Call? {
    guard let published, published.stamp.epoch == stamp.epoch, seat != .offline,
      freshness != .stale
    else { return nil }
    return published.call
  }

  /// Two rows are the same where all that is shown is.
  public static func == (one: FloorRow, two: FloorRow) -> Bool {
    one.key == two.key && one.name == two.name && one.seat == two.seat && one.start == two.start
      && one.call == two.call && one.figures == two.figures && one.freshness == two.freshness
      && one.alert == two.alert && one.isSeen == two.isSeen && one.stamp == two.stamp
  }

  /// Hashes what identifies the row and its version.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(key)
    hasher.combine(stamp)
  }
}

/// Figures in the room that they need: there may be 100,000 rows.
private struct PackedFigures: Hashable, Sendable {
  private var talk, afterCallWork: Int32
  /// -1: not counted.
  private var idle: Int32
  private var calls: UInt16
  /// `.max`: not counted.
  private var dials, connected: UInt16

  init(_ figures: DayFigures) {
    talk = Int32(clamping: figures.talk)
    afterCallWork = Int32(clamping: figures.afterCallWork)
    idle = Int32(clamping: figures.idle ?? -1)
    calls = Self.small(figures.calls)
    dials = figures.dials.map(Self.small) ?? .max
    connected = figures.connected.map(Self.small) ?? .max
  }

  private static func small(_ count: Int) -> UInt16 { min(UInt16(clamping: count), .max - 1) }

  var unpacked: DayFigures {
    DayFigures(
      calls: Int(calls), talk: Int(talk), afterCallWork: Int(afterCallWork),
      dials: dials == .max ? nil : Int(dials), connected: connected == .max ? nil : Int(connected),
      idle: idle < 0 ? nil : Int(idle))
  }
}
