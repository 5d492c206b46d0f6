// How a call that was not answered here came to its end, where the line knows it.

/// The way of an end before the answer.
///
/// A code alone does not tell it: 487 is what every telephone answers whose ringing is stopped, whether a
/// colleague was quicker, a queue gave up waiting or the caller did.
public enum EndKind: String, Hashable, Sendable, CaseIterable {
  /// In: somebody else took it; nobody missed it.
  case answeredElsewhere
  /// In: the caller hung up.
  case callerGaveUp
  /// In: it rang here for as long as it may, and goes on elsewhere.
  case rangOut
  /// In: it stopped ringing, and the line cannot tell why.
  case stoppedRinging
  /// In: the line could not take it, whatever the agent wanted.
  case notTaken
  /// Out: nobody answered, whatever the code says.
  case unanswered
  /// Out: it was refused, whatever the code says.
  case rejected

  /// Whose calls end so.
  public var direction: Direction {
    switch self {
    case .answeredElsewhere, .callerGaveUp, .rangOut, .stoppedRinging, .notTaken: .in
    case .unanswered, .rejected: .out
    }
  }

  /// Whether an end with this status, of a call of this direction, can be of this kind.
  public func fits(_ status: CallReport.Status, _ direction: Direction?) -> Bool {
    status.isEnd && (direction == nil || direction == self.direction)
  }
}
