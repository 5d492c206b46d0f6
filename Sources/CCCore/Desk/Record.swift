// What is kept of a call that is over.

/// One line of Recent, and later of the journal.
public struct Record: Hashable, Sendable, Identifiable {
  /// The call's id.
  public let id: Call.ID
  /// The line's own id, as it came; never shown.
  public internal(set) var lineID: String?
  /// The number; for a call that the desk dialled, the number dialled.
  public internal(set) var number: SafeText
  /// The far end's name: whose it was in the end, where a telephone system handed the call on.
  public internal(set) var name: SafeText?
  /// Who was there at first, where it was somebody else in the end.
  public internal(set) var first: Party?
  /// Who called whom.
  public let direction: Direction
  /// The first sign of the call.
  public let began: Instant
  /// When it was answered.
  public let answered: Instant?
  /// When it ended.
  public internal(set) var ended: Instant
  /// How it came out.
  public internal(set) var result: Result
  /// Why, where it is known.
  public internal(set) var reason: Reason?
  /// How it came to its end before the answer, where the line knows it.
  public internal(set) var kind: EndKind?
  /// How many calls this line stands for: of those that could not be taken several are one line, and in
  /// `Desk.recentLines` those of one caller that were turned away.
  public internal(set) var count = 1
  /// Whether it was the second call of a transfer after asking.
  public let isConsultation: Bool
  /// Whether its end was told as one that nobody hung up.
  var wasCut = false
  /// Whether the talk was cut off: the customer may want to be called back.
  public var isCutOff: Bool { wasCut && result == .answered && !isConsultation }
  /// Whether it came from a dial of this desk.
  let wasDialled: Bool
  /// Nanoseconds of talk; nil if there was none.
  public internal(set) var talked: Int64?
  /// Whether the whole talk was seen.
  public internal(set) var witnessed: Bool
  /// The info that was sent.
  public let info: String
  /// The agent's note.
  public internal(set) var note: String

  /// How a call came out, seen from the desk.
  public enum Result: Hashable, Sendable {
    case answered
    /// Answered, and handed on.
    case transferred
    /// Out: nobody answered.
    case unanswered
    /// Out: refused at the far end.
    case rejected
    /// Out: the line would not carry it.
    case refused
    /// Out: the agent hung up first.
    case cancelled
    /// In: nobody here answered.
    case missed
    /// In: the agent rejected it.
    case declined
    /// In: somebody else answered: nobody missed it.
    case answeredElsewhere
    /// In: the desk turned it away, since its status takes no calls.
    case turnedAway
    /// In: the line could not take it.
    case notTaken
    /// The line died with it.
    case lineLost

    /// The result of a call from outside that nobody here answered, refused or turned away.
    init(unanswered kind: EndKind?) {
      switch kind {
      case .answeredElsewhere: self = .answeredElsewhere
      case .notTaken: self = .notTaken
      case .callerGaveUp, .rangOut, .stoppedRinging, .unanswered, .rejected, nil: self = .missed
      }
    }
  }
}

/// Today's figures, since the desk was opened or since the local midnight after that.
///
/// What lasts across midnight counts from midnight on, but for a call: it counts whole, on the day it
/// ends.
public struct Today: Hashable, Sendable {
  /// When the day began for this desk.
  let began: Instant
  /// Calls that were answered.
  public internal(set) var calls = 0
  /// Nanoseconds of talk, unrounded.
  public internal(set) var talked: Int64 = 0
  /// Nanoseconds of post-call.
  public internal(set) var afterCallWork: Int64 = 0
  /// Nanoseconds of idle, each stretch once it is over.
  public internal(set) var idle: Int64 = 0
  /// Numbers that the agent dialled and the line was asked to call.
  public internal(set) var dials = 0
  /// Dials that were answered.
  public internal(set) var connected = 0

  init(began: Instant) { self.began = began }

  /// The part of a stretch that belongs to this day, in nanoseconds.
  func share(of since: Instant, until now: Instant) -> Int64 {
    now.nanoseconds(since: since.uptime < began.uptime ? began : since)
  }
}
