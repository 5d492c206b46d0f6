// One call, from its first sign to its end, and the graph of its phases.

/// Whether the agent called or was called.
public enum Direction: Hashable, Sendable {
  case out
  case `in`
}

/// Why a call ended or was not established, in words and by code where the line gave them.
public struct Reason: Hashable, Sendable {
  /// The reason in words, washed.
  public var words: SafeText
  /// The SIP code, where there is one.
  public var code: Int?
  /// The cause by which the telephone network names it (ITU-T Q.850), 1 to 127, where it was told.
  public var cause: Int?

  /// Makes a reason.
  public init(_ words: SafeText, code: Int? = nil, cause: Int? = nil) {
    self.words = words
    self.code = code
    self.cause = cause
  }

  /// The end of a talk that needs no words: the far side hung up, as it always does.
  public static let hungUp = Reason("the far end hung up")
  /// The far side handed the talk on, and another call took its place.
  public static let handedOn = Reason("handed on")

  /// `busy here (486)`.
  public var text: String {
    guard let code else { return words.string }
    return words.isEmpty ? "\(code)" : "\(words.string) (\(code))"
  }
}

/// One call as the desk knows it.
///
/// The graph of `phase`; every edge passes through `Desk.move(_:to:_:)`, the one door:
///
///     (none) ─► calling ─► ringing ─► talking ─► ended
///                  │          │
///                  └────┬─────┘
///                       ▼
///                notEstablished
///
/// `calling` may go straight to `talking` (the vendor's 1, 3, 4 happens); an inbound call begins with
/// `ringing`; a `talking` with none before it is a call whose start was not witnessed. `ended` and
/// `notEstablished` have no way out.
public struct Call: Hashable, Sendable, Identifiable {
  /// The desk's own number for a call, unique while the desk runs.
  public struct ID: Hashable, Sendable, CustomStringConvertible {
    /// The number, from 1.
    public let value: Int
    /// Makes an id from its number.
    public init(_ value: Int) { self.value = value }
    /// The number in decimal.
    public var description: String { String(value) }
  }

  /// Where the call is.
  public enum Phase: Hashable, Sendable {
    case calling
    case ringing
    case talking(Talk)
    indirect case ended(End)
    indirect case notEstablished(End)
  }

  /// What can be said only of a call that is talking.
  public struct Talk: Hashable, Sendable {
    /// When it was answered, or first seen.
    public var since: Instant
    /// Whether the answer was seen; if not, durations show `≥`.
    public var witnessed: Bool
    /// Since when it is held; nil while it is not.
    public var heldSince: Instant?
    /// Whether the agent's microphone is shut.
    public var muted: Bool
    /// Since when the far end has it on hold; nil while it has not.
    public var farHeldSince: Instant?
  }

  /// What can be said only of a call that is over.
  public struct End: Hashable, Sendable {
    /// When it ended, or was found to have ended.
    public var at: Instant
    /// Why, where it is known.
    public var reason: Reason?
    /// How long the two talked, in nanoseconds; nil if they never did.
    public var talked: Int64?
    /// Whether `talked` was seen from its beginning.
    public var witnessed: Bool
    /// Who or what ended it.
    public var by: Ender
    /// The status that said so, 4 or 5; nil where no line did.
    public var status: CallReport.Status?
    /// How it came to its end before the answer, where the line knows it.
    public var kind: EndKind?
    /// Whether the line would not carry it, as the answer to its dial said.
    public internal(set) var isRefused = false

    /// Why a talk was cut off, since nobody hung it up or handed it on; nil where it was not, or nobody
    /// says why.
    public var cut: Reason? {
      guard by == .far, talked != nil, let reason, !reason.text.isEmpty else { return nil }
      return reason == .hungUp || reason == .handedOn ? nil : reason
    }
  }

  /// Who or what ended a call.
  public enum Ender: Hashable, Sendable {
    /// The agent hung up, cancelled or rejected.
    case agent
    /// The desk turned it away: its status takes no calls.
    case desk
    /// It was handed on, to this number or name where it is known.
    case transferred(to: SafeText)
    /// The far end, or the network.
    case far
    /// The line program died with the call.
    case lineLost
    /// Concluded from the seat's status; nobody reported it (design section 5).
    case inferred
    /// Another call began while this one was open, on a line that gives its calls no ids; its end was
    /// not seen.
    case unseen
  }

  /// A phase that is over or under way, with its beginning.
  public struct Step: Hashable, Sendable {
    /// The phase's word: `calling`, `ringing`, `talking`.
    public enum Name: String, Hashable, Sendable { case calling, ringing, talking }
    /// Which phase.
    public var name: Name
    /// When it began.
    public var since: Instant
  }

  /// The desk's id.
  public let id: ID
  /// The line's own id, as it came, to send back; never shown.
  public internal(set) var lineID: String?
  /// Who called whom.
  public internal(set) var direction: Direction
  /// Whether the direction is known, and not only read from the first status.
  var isDirectionTold: Bool
  /// The number of who is at the other end; for a call that the desk dialled, the number dialled, until
  /// the line says that it is somebody else.
  public internal(set) var number: SafeText
  /// The number as the line gave it first, where it gave one.
  let reported: SafeText?
  /// The far end's name, if it gave one.
  public internal(set) var name: SafeText?
  /// The number or queue that the caller wanted, where it is not this desk.
  public internal(set) var called: Party?
  /// Who was there at first, where it is somebody else now: a telephone system hands calls on.
  public internal(set) var first: Party?
  /// When the first sign of it came.
  public let began: Instant
  /// Where it is.
  public internal(set) var phase: Phase
  /// The phases it went through, with their beginnings.
  public internal(set) var steps: [Step]
  /// The dial attempt it came from, if the desk dialled it.
  public internal(set) var attempt: Int?
  /// The info that went with it, as sent.
  public internal(set) var info: String
  /// Who asked for its end, the agent or the desk; nil while nobody has.
  public internal(set) var endAskedBy: Ender?
  /// Whether the line has taken a wish to end it: a later one that it refuses changes nothing.
  var isEndTaken = false
  /// Whether it is the second call of a transfer after asking: no call of the day's count.
  public internal(set) var isConsultation: Bool
  /// What was dialled behind the number and has not been sent: tones, with a comma for a pause.
  public internal(set) var tones = ""
  /// The first of them that the line had refused to send, in the order of their commands.
  @Aside var returned: [ReturnedTones]?
  /// Other forms of its number that the line has told.
  @Aside var forms: [SafeText]?
  /// What was said of hold and mute before it was answered.
  @Aside var early: Early?

  /// Tones that came back.
  struct ReturnedTones: Hashable, Sendable {
    /// The command that carried them.
    var command: Int
    var tones: String
  }

  /// What the line says of a call before its 3: the newest word counts.
  struct Early: Hashable, Sendable {
    var held = false
    var muted = false
    var farHeld = false
  }

  /// Whether it is not over.
  public var isOpen: Bool {
    switch phase {
    case .calling, .ringing, .talking: true
    case .ended, .notEstablished: false
    }
  }

  /// Whether it is talking.
  public var talk: Talk? {
    if case .talking(let talk) = phase { talk } else { nil }
  }

  /// How it ended, if it has.
  public var end: End? {
    switch phase {
    case .ended(let end), .notEstablished(let end): end
    case .calling, .ringing, .talking: nil
    }
  }

  /// Whether it is held.
  public var isHeld: Bool { talk?.heldSince != nil }

  /// Whether it was handed on.
  var isHandedOn: Bool {
    if case .transferred? = end?.by { true } else { false }
  }

  /// Whether it waits for the agent's answer.
  public var isRingingHere: Bool { direction == .in && phase == .ringing }

  /// What the far end is called where one word must do: its name, or else its number.
  public var party: SafeText {
    if let name { return name }
    return number.isEmpty
      ? Withheld.words(direction) : SafeText(DialNumber.grouped(number.string))
  }

  /// Nanoseconds of talk so far, or in all; nil before the answer.
  public func talked(at now: Instant) -> Int64? {
    talk.map { now.nanoseconds(since: $0.since) } ?? end?.talked
  }
}

extension Call.End {
  /// The outcome of a call that was not answered (design section 5).
  public var outcome: Outcome {
    switch by {
    case .agent, .desk: return .cancelled
    case .lineLost: return .lineLost
    case .unseen, .inferred, .transferred: return .unanswered
    case .far: break
    }
    if isRefused { return .refused }
    switch kind {
    case .unanswered: return .unanswered
    case .rejected: return .rejected
    default: break
    }
    if status == .ended { return .unanswered }
    switch reason?.code {
    case 408, 480, 487: return .unanswered
    default: return .rejected
    }
  }
}
