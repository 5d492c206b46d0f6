// The desk's link to its phone line, and what the line can do.

/// The state of the link; never to be mixed up with the call (screens rule 2).
public enum Link: Hashable, Sendable {
  /// The line was started and has not registered yet.
  case connecting(since: Instant)
  /// Registered.
  case up(since: Instant)
  /// Not registered, and being tried again, at `retryAt` where the line said when.
  case down(since: Instant, reason: SafeText, retryAt: Instant?)
  /// Refused, or broken beyond trying again by itself: F5 tries once.
  case stopped(since: Instant, reason: SafeText)
  /// Signed in elsewhere: a screen of its own, never a fight.
  case evicted(since: Instant)
  /// The agent chose offline; idle signs in again.
  case off(since: Instant)

  /// Whether commands reach the far side.
  public var isUp: Bool {
    if case .up = self { true } else { false }
  }

  /// Since when it is so.
  public var since: Instant {
    switch self {
    case .connecting(let since), .up(let since), .down(let since, _, _), .stopped(let since, _),
      .evicted(let since), .off(let since):
      since
    }
  }
}

/// What a line can do, as its `hello` says (line protocol, design section 4).
public struct Abilities: OptionSet, Hashable, Sendable {
  /// One bit an ability.
  public let rawValue: UInt16
  /// Makes a set from its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Calls can be made.
  public static let dial = Abilities(rawValue: 1 << 0)
  /// A call can be ended from here.
  public static let hangUp = Abilities(rawValue: 1 << 1)
  /// An inbound call can be taken.
  public static let answer = Abilities(rawValue: 1 << 2)
  /// An inbound call can be turned away.
  public static let reject = Abilities(rawValue: 1 << 3)
  /// A call can be held.
  public static let hold = Abilities(rawValue: 1 << 4)
  /// The microphone can be shut.
  public static let mute = Abilities(rawValue: 1 << 5)
  /// Tones can be sent.
  public static let dtmf = Abilities(rawValue: 1 << 6)
  /// A call can be handed on.
  public static let transfer = Abilities(rawValue: 1 << 7)
  /// The line reports the seat's status.
  public static let seat = Abilities(rawValue: 1 << 8)
  /// The line can be told the seat's status.
  public static let setSeat = Abilities(rawValue: 1 << 9)

  /// The names the protocol uses, with their bits.
  public static let names: [(String, Abilities)] = [
    ("dial", .dial), ("hangUp", .hangUp), ("answer", .answer), ("reject", .reject),
    ("hold", .hold), ("mute", .mute), ("dtmf", .dtmf), ("transfer", .transfer),
    ("seat", .seat), ("setSeat", .setSeat),
  ]

  /// Reads a list of names; those unknown are left out.
  public init(names: some Sequence<String>) {
    self = names.reduce(into: []) { set, name in
      if let known = Self.names.first(where: { $0.0 == name }) { set.insert(known.1) }
    }
  }
}

/// The life of the credential that the line registered with (`expiresIn`).
public struct CredentialLife: Hashable, Sendable {
  /// When it began.
  public internal(set) var since: Instant
  /// How long it lives, in nanoseconds.
  public internal(set) var length: Int64
  /// Whether 80 % is over and a new one is wanted as soon as no call is up.
  public internal(set) var renewalDue: Bool

  /// A life of so many seconds, at most a year.
  init(seconds: Int, since: Instant) {
    self.since = since
    length = Int64(min(max(seconds, 0), 31_536_000)) * Instant.second
    renewalDue = false
  }

  /// Whole seconds left, rounded up, so that the last second shows 1; never negative.
  public func secondsLeft(at now: Instant) -> Int {
    let left = max(0, length - now.nanoseconds(since: since))
    return Int(left.plus(Instant.second - 1) / Instant.second)
  }
}
