// Who is let in, how often, and who is locked out: pure, so that tables can test it.

import CCCore

/// The guard before the secrets: limits how often anybody may ask, and locks an agent whose secret is
/// being guessed.
///
/// All moments are monotonic nanoseconds. What it remembers is bounded: one entry an agent of the list,
/// and so many addresses; the least recent address is forgotten first.
public struct TokenDoor: Hashable, Sendable {
  /// Its limits.
  public struct Limits: Hashable, Sendable {
    /// Requests that an address may make in a minute.
    public var addressPerMinute = 60
    /// Requests of one agent that are looked at in a minute.
    public var agentPerMinute = 12
    /// Wrong secrets in a row after which an agent is locked.
    public var failures = 5
    /// The first lock, in nanoseconds; each one more doubles it.
    public var firstLock = 60 * Instant.second
    /// No lock is longer.
    public var longestLock = 3600 * Instant.second
    /// Addresses that are remembered.
    public var addresses = 4096

    /// The usual limits.
    public init() {}
  }

  /// What is to be done with a request before its secret is looked at.
  public enum Verdict: Hashable, Sendable {
    /// Look at the secret.
    case look
    /// Too often; seconds until it makes sense again.
    case wait(Int)
    /// Locked; seconds until it opens.
    case locked(Int)
  }

  private struct Bucket: Hashable, Sendable {
    var level: Double
    var at: Int64
  }

  private struct Record: Hashable, Sendable {
    var bucket: Bucket
    var failures = 0
    var locks = 0
    var lockedUntil: Int64 = .min
  }

  private let limits: Limits
  private var addresses: [String: Bucket] = [:]
  private var agents: [String: Record] = [:]

  /// Makes a door.
  public init(_ limits: Limits = Limits()) { self.limits = limits }

  /// How many addresses it remembers.
  public var remembered: Int { addresses.count }

  /// A request came from an address, in the name of an agent; nil: of nobody on the list.
  public mutating func knock(agent: String?, address: String, at now: Int64) -> Verdict {
    var bucket = addresses[address] ?? Bucket(level: 0, at: now)
    let wait = Self.pour(&bucket, perMinute: limits.addressPerMinute, at: now)
    remember(address, bucket)
    if let wait { return .wait(wait) }
    guard let agent else { return .look }
    var record = agents[agent] ?? Record(bucket: Bucket(level: 0, at: now))
    defer { agents[agent] = record }
    if record.lockedUntil > now { return .locked(Self.seconds(record.lockedUntil.minus(now))) }
    if let wait = Self.pour(&record.bucket, perMinute: limits.agentPerMinute, at: now) {
      return .wait(wait)
    }
    return .look
  }

  /// The secret was wrong; seconds of the lock that this brings, if it does.
  public mutating func refused(agent: String, at now: Int64) -> Int? {
    guard var record = agents[agent] else { return nil }
    defer { agents[agent] = record }
    record.failures += 1
    guard record.failures >= limits.failures else { return nil }
    let lock = min(limits.longestLock, limits.firstLock << min(record.locks, 16))
    record.failures = 0
    record.locks += 1
    record.lockedUntil = now.plus(lock)
    return Self.seconds(lock)
  }

  /// The secret was right.
  public mutating func welcomed(agent: String) {
    agents[agent]?.failures = 0
    agents[agent]?.locks = 0
  }

  /// The list was read anew: agents that are gone or have another secret begin afresh.
  public mutating func forget(_ names: some Sequence<String>) {
    for name in names { agents[name] = nil }
  }

  private mutating func remember(_ address: String, _ bucket: Bucket) {
    if addresses[address] == nil, addresses.count >= limits.addresses,
      let oldest = addresses.min(by: { $0.value.at < $1.value.at })
    {
      addresses[oldest.key] = nil
    }
    addresses[address] = bucket
  }

  // A bucket that leaks evenly: a minute's worth may come at once, then so many a minute.
  private static func pour(_ bucket: inout Bucket, perMinute: Int, at now: Int64) -> Int? {
    let perSecond = Double(perMinute) / 60
    let passed = Double(max(0, now.minus(bucket.at))) / Double(Instant.second)
    bucket.level = max(0, bucket.level - passed * perSecond)
    bucket.at = now
    guard bucket.level + 1 <= Double(perMinute) else {
      return max(1, Int(((bucket.level + 1 - Double(perMinute)) / perSecond).rounded(.up)))
    }
    bucket.level += 1
    return nil
  }

  private static func seconds(_ nanoseconds: Int64) -> Int {
    Int(nanoseconds.plus(Instant.second - 1) / Instant.second)
  }
}
