// An agent's status, in the vendor's numbers.

/// The status of a seat, as `onSeatStatus` counts it (contract section 0).
public enum Seat: Hashable, Sendable {
  case offline
  case idle
  case busy
  case postCall
  case shortBreak
  /// A code that the contract does not know: shown as such, never guessed.
  case unknown(Int)

  /// Reads the vendor's code.
  public init(code: Int) {
    switch code {
    case 1: self = .offline
    case 2: self = .idle
    case 3: self = .busy
    case 4: self = .postCall
    case 5: self = .shortBreak
    default: self = .unknown(code)
    }
  }

  /// The vendor's code: 1 offline, 2 idle, 3 busy, 4 post-call, 5 short break.
  public var code: Int {
    switch self {
    case .offline: 1
    case .idle: 2
    case .busy: 3
    case .postCall: 4
    case .shortBreak: 5
    case .unknown(let code): code
    }
  }

  /// The word for it, in lower case: `idle`, `post-call`, `status 7`.
  public var name: String {
    switch self {
    case .offline: "offline"
    case .idle: "idle"
    case .busy: "busy"
    case .postCall: "post-call"
    case .shortBreak: "short break"
    case .unknown(let code): "status \(code)"
    }
  }

  /// Whether an agent may choose it; post-call comes by itself.
  public var isChoosable: Bool {
    switch self {
    case .offline, .idle, .busy, .shortBreak: true
    case .postCall, .unknown: false
    }
  }
}

/// What is known of the seat, in three fields that are never one: chosen, reported, pending.
public struct SeatState: Hashable, Sendable {
  /// Who says what the seat is.
  public enum Source: Hashable, Sendable {
    /// The line reports it (`onSeatStatus`).
    case line
    /// The line has no seat: the desk keeps one (design section 5).
    case desk
  }

  /// What may be shown as the seat's status.
  public enum Shown: Hashable, Sendable {
    /// A status that its source vouches for.
    case known(Seat, since: Instant, witnessed: Bool)
    /// Between a lost and a restored link, and before the first report: never the old status.
    case unknown(since: Instant, was: Seat?)
  }

  /// What is shown.
  public internal(set) var shown: Shown
  /// Who says so.
  public internal(set) var source: Source
  /// What the agent chose last, with the moment; nil before the first choice.
  public internal(set) var chosen: Seat?
  /// What the agent chose during a call or without a link, applied after it.
  public internal(set) var pending: Seat?
  /// Why the shown status is what it is.
  public internal(set) var cause: Cause
  /// Why the line could not pass the shown status on to the telephone system; nil: it did, or nobody
  /// asked it to.
  public internal(set) var untold: SafeText?

  /// Why the status changed.
  public enum Cause: Hashable, Sendable {
    /// The agent chose it.
    case agent
    /// The line reported it.
    case line
    /// A call opened or ended.
    case call
    /// The wrap-up ran out.
    case wrapUp
    /// The link came or went.
    case link
  }

  /// The status where one is known.
  public var seat: Seat? {
    if case .known(let seat, _, _) = shown { seat } else { nil }
  }

  /// Since when the shown status, or the not knowing, holds.
  public var since: Instant {
    switch shown {
    case .known(_, let since, _), .unknown(let since, _): since
    }
  }

  /// Whether the beginning of the shown status was seen.
  public var witnessed: Bool {
    switch shown {
    case .known(_, _, let witnessed): witnessed
    case .unknown: true
    }
  }
}

/// The post-call time that the desk keeps where the line keeps none.
public struct WrapUp: Hashable, Sendable {
  /// When it began.
  public internal(set) var since: Instant
  /// How long it is in all, extensions included, in nanoseconds.
  public internal(set) var length: Int64

  /// Whole seconds left, rounded up, so that the last second shows 1.
  public func secondsLeft(at now: Instant) -> Int {
    let left = max(0, length - now.nanoseconds(since: since))
    return Int(left.plus(Instant.second - 1) / Instant.second)
  }
}
