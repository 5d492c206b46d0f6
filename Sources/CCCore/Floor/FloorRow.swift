// One agent, as the floor sees her.

/// Why a row stands at the top.
public enum FloorAlert: Hashable, Sendable {
  /// Longer in a status than the threshold allows (seconds).
  case over(Seat, limit: Int)
  /// A call rings longer than the threshold allows (seconds).
  case ringing(limit: Int)
  /// The source's clock is off by so many seconds.
  case skew(seconds: Int)

  /// The alert in words: `break over 30:00`.
  public var words: String {
    switch self {
    case .over(let seat, let limit):
      "\(seat == .shortBreak ? "break" : seat.name) over \(Self.minutes(limit))"
    case .ringing(let limit): "ringing over \(limit) s"
    case .skew(let seconds): "clock off by \(Self.minutes(abs(seconds)))"
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
      Int(max(0, now.uptime &- uptime) / Instant.second)
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
    /// The number, if it is shared.
    public var number: SafeText?
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
  public internal(set) var today: DayFigures?
  /// When it was last said, on the reader's clock.
  public internal(set) var heard: Instant
  /// How much of it can be believed.
  public internal(set) var freshness: Freshness
  /// Seconds for which it holds.
  public internal(set) var lease: Int
  /// By how much the source's clock is behind the reader's, in milliseconds; nil: not known.
  public internal(set) var skew: Int64?
  /// Why it stands at the top; nil if it does not.
  public internal(set) var alert: FloorAlert?
  /// Whether the supervisor has seen the alert.
  public internal(set) var isSeen: Bool

  /// The seat's stamp.
  var stamp: Stamp
  /// The place in the order that it was sorted in with.
  var rank: FloorRank

  /// The status to show; nil is unknown: the lease ran out, or the feed is gone.
  public var shownSeat: Seat? { freshness == .stale ? nil : seat }

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
      && one.call == two.call && one.today == two.today && one.freshness == two.freshness
      && one.alert == two.alert && one.isSeen == two.isSeen && one.stamp == two.stamp
  }

  /// Hashes what identifies the row and its version.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(key)
    hasher.combine(stamp)
  }
}

/// Where a row stands: tiers first, then the sort, then the key.
struct FloorRank: Hashable, Comparable, Sendable {
  /// 0 alert, 1 unknown, 2 the rest.
  var tier: UInt8
  /// Ascending within the tier.
  var number: Int64
  /// Ascending where the numbers are the same.
  var text: String

  static func < (one: FloorRank, two: FloorRank) -> Bool {
    if one.tier != two.tier { return one.tier < two.tier }
    if one.number != two.number { return one.number < two.number }
    return one.text < two.text
  }
}
