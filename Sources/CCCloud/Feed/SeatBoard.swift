// From lists of seats to what the floor is told: pure, so that tables can test it.

import CCCore

/// Remembers what the vendor said of each seat and what the floor was told of it.
///
/// The vendor does not say since when a status holds: a change is dated by the reading that saw it, a
/// status that was there at the first reading has no date. Nothing is said again without a new reading,
/// so a feed whose vendor is away lets its leases run out, and the floor shows the seats as unknown.
public struct SeatBoard: Sendable {
  /// Whose topic a seat has.
  public struct Names: Hashable, Sendable {
    /// The team of accounts that the table does not name.
    public var team: String
    /// `team/agent`, or an agent of `team`, by account.
    public var table: [String: String]

    /// Makes names.
    public init(team: String, table: [String: String] = [:]) {
      self.team = team
      self.table = table
    }

    /// The key of an account; nil where it does not fit into a topic and no table helps.
    public func key(_ account: String) -> AgentKey? {
      let parts = (table[account] ?? account).split(
        separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let agent = parts.last else { return nil }
      return AgentKey(team: parts.count == 2 ? String(parts[0]) : team, agent: String(agent))
    }
  }

  private struct Entry: Sendable {
    var account: String
    var seat: Seat
    var name: SafeText?
    var since: Int64?
    /// Monotonic nanoseconds at which the floor was told; nil: it is to be told.
    var told: Int64?
    /// Readings in a row without it.
    var absences = 0
    /// Until when a desk speaks for itself.
    var held: Int64 = .min
  }

  private let names: Names
  /// Seconds for which a reading holds.
  public let lease: Int
  private var entries: [AgentKey: Entry] = [:]
  private var epoch: Int64?
  private var sequence: UInt32 = 0
  /// The number before the first one of a connection; others than 0 are for tests.
  private let firstNumber: UInt32
  private var strangers: Set<String> = []

  /// Accounts of which it is remembered that they do not fit.
  static let strangersLimit = 1_000

  /// Makes a board; `interval`: seconds between two readings.
  public init(_ names: Names, interval: Int) {
    self.init(names, interval: interval, firstNumber: 0)
  }

  init(_ names: Names, interval: Int, firstNumber: UInt32) {
    self.names = names
    self.firstNumber = firstNumber
    // Two readings may fail before a seat is called unknown.
    lease = min(86_400, max(30, interval.times(3)))
  }

  /// How many seats there are.
  public var count: Int { entries.count }

  /// A connection began: the floor knows nothing yet.
  public mutating func up(epoch: Int64) {
    self.epoch = epoch
    sequence = firstNumber
    for key in entries.keys { entries[key]?.told = nil }
  }

  /// The connection is gone.
  public mutating func down() { epoch = nil }

  /// Takes a reading; returns sentences for the log.
  public mutating func take(_ poll: SeatPoll, at now: Instant) -> [String] {
    var news: [String] = []
    var present: Set<AgentKey> = []
    for seat in poll.seats {
      guard let key = names.key(seat.account) else {
        if strangers.count < Self.strangersLimit, strangers.insert(seat.account).inserted {
          news.append(Self.misfit(seat.account))
        }
        continue
      }
      if let owner = entries[key]?.account, owner != seat.account {
        if strangers.count < Self.strangersLimit, strangers.insert(seat.account).inserted {
          news.append("\(SafeText(seat.account, limit: 80)): \(key) is another account's already.")
        }
        continue
      }
      present.insert(key)
      put(seat, key, at: now)
    }
    for key in entries.keys where !present.contains(key) { miss(key, poll.isWhole, at: now) }
    return news
  }

  private mutating func put(_ seat: CloudSeat, _ key: AgentKey, at now: Instant) {
    let status = seat.isEnabled ? seat.seat : .offline
    guard var entry = entries[key] else {
      entries[key] = Entry(account: seat.account, seat: status, name: seat.name)
      return
    }
    entry.absences = 0
    if entry.seat != status {
      entry.seat = status
      entry.since = now.unix
      entry.told = nil
    }
    if entry.name != seat.name {
      entry.name = seat.name
      entry.told = nil
    }
    // The lease is renewed when half of it is over: a reading that tells nothing new costs nothing.
    if let told = entry.told, now.uptime.minus(told) >= Int64.seconds(lease) / 2 {
      entry.told = nil
    }
    entries[key] = entry
  }

  /// A seat that two whole readings do not list is gone: it is told offline, once, and forgotten.
  private mutating func miss(_ key: AgentKey, _ isWhole: Bool, at now: Instant) {
    guard isWhole, var entry = entries[key] else { return }
    entry.absences += 1
    if entry.absences == 2 {
      entry.seat = .offline
      entry.since = now.unix
      entry.told = nil
    } else if entry.absences > 2, entry.told != nil || now.uptime < entry.held {
      entries[key] = nil
      return
    }
    entries[key] = entry
  }

  /// The updates that the floor waits for, while `publish` takes them.
  public mutating func tell(at now: Instant, _ publish: (AgentKey, SeatUpdate) -> Bool) {
    guard epoch != nil else { return }
    for (key, entry) in entries where entry.told == nil && now.uptime >= entry.held {
      // A seat's absence is no status: until it is certain, what was said last runs out by itself.
      guard let epoch, entry.absences != 1 else { continue }
      let stamp = next(after: Stamp(epoch: epoch, sequence: sequence))
      let update = SeatUpdate(
        stamp: stamp, seat: entry.seat, since: entry.since,
        name: entry.name, lease: lease, sent: now.unix)
      guard publish(key, update) else { return }
      (self.epoch, sequence) = (stamp.epoch, stamp.sequence)
      entries[key]?.told = now.uptime
    }
  }

  /// The stamp after one: when its numbers are used up, below the will's, a new epoch begins.
  private func next(after stamp: Stamp) -> Stamp {
    stamp.sequence < UInt32.max - 1
      ? Stamp(epoch: stamp.epoch, sequence: stamp.sequence + 1)
      : Stamp(epoch: stamp.epoch.plus(1), sequence: 1)
  }

  /// Somebody published a seat: a desk's own word is better than a list's, and is not contradicted.
  ///
  /// - Parameter isDesk: whether a desk said it.
  public mutating func hear(
    _ key: AgentKey, _ update: SeatUpdate, isDesk: Bool, at now: Instant
  ) {
    guard isDesk, update.stamp.epoch != epoch, entries[key] != nil else { return }
    if update.seat == .offline {
      entries[key]?.held = .min
      entries[key]?.told = nil
    } else {
      let life = Int64.seconds(update.lease ?? 60) / 2
      entries[key]?.held = now.uptime.plus(life.times(5))
      entries[key]?.told = nil
    }
  }

  private static func misfit(_ account: String) -> String {
    let shown = SafeText(account, limit: 80)
    return "\(shown) does not fit into a topic (A-Z a-z 0-9 _ -, 1 to 64); name it: "
      + "cloud.topics: { \(shown): TEAM/AGENT }"
  }
}
