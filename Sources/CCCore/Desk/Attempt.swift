// A wish to call, and the one outcome it has.

/// How a dial attempt came out; each has exactly one (design section 5).
public enum Outcome: String, Hashable, Sendable, CaseIterable {
  /// Status 3 was seen.
  case answered
  /// A 5 that nobody here asked for.
  case rejected
  /// Nobody answered: 408, 480, 487, a 4 without a 3, or no sign of a call within 10 s.
  case unanswered
  /// It was not sent, or the line refused it.
  case refused
  /// The line died first.
  case lineLost
  /// The agent hung up before the answer.
  case cancelled
}

/// A dial attempt that has no outcome yet.
public struct Attempt: Hashable, Sendable {
  /// Its number, from 1, unique while the desk runs.
  public let id: Int
  /// What was sent as `phone`.
  public let phone: String
  /// What was sent as `info`.
  public let info: String
  /// When Enter was pressed.
  public let at: Instant
  /// The protocol command that carries it; its `result` is matched by this.
  public let command: Int
  /// The id that its call has, or will have once one is seen: hang-up and note name the call by it.
  public let callID: Call.ID
  /// Whether a call was seen.
  public internal(set) var seen: Bool
  /// What was dialled behind the number: tones for after the answer (`DialNumber.tones`).
  public internal(set) var tones = ""
}

/// An attempt that came out without ever becoming a call; it stays on the panel until the next one.
public struct FailedAttempt: Hashable, Sendable {
  /// The attempt.
  public let attempt: Attempt
  /// Its outcome.
  public let outcome: Outcome
  /// Why, where it is known.
  public let reason: Reason?
  /// When it came out.
  public let at: Instant
}
