// What the machine remembers between events and shows to nobody.

extension Desk {
  /// The machine's own notebook.
  struct Memory: Hashable, Sendable {
    var nextCommand = 1
    var nextCall = 1
    var nextAttempt = 1
    /// The line program.
    var program = LineProgram.none
    /// Whether it has registered, as it said itself or in its answer to `register`.
    var isRegistered = false
    /// What the line said of the seat while the link was away: shown when it is back.
    var seatWord: Seat?
    /// When it last said what the seat is.
    var seatSaid: Instant?
    /// Whether the desk is closing.
    var quitting = false
    /// The commands whose `result` is still to come, oldest first.
    var pending: [Pending] = []
    /// The calls that ended last: what still comes of them is late.
    var ended = EndedCalls()
    /// Whether an established call ended while another went on: post-call comes after that one.
    var owesWrapUp = false
    /// The reminders that run.
    var alarms: Alarms = []
    /// Where handing a call on stands.
    var transfer = Transfer()
    /// A transfer whose calls are over and of which the line has not said how it went.
    @Aside var handedOn: Transfer.Handover?
    /// What the panel showed before the open calls: it comes back after a call that is turned away.
    @Aside var before: Before?
    /// Those that could not be taken in the last minute.
    @Aside var notTaken: NotTaken?
    /// Dials that were given up and whose calls may still appear, oldest first.
    var givenUp: [GivenUp] = []
    /// Those that were cancelled long ago, and that the line has said it dials.
    @Aside var overdue: [GivenUp]?
    /// The answers to a supervisor's last orders, so that one that comes twice is obeyed once.
    var answers: [OrderAnswer] = []
    /// The seat that the desk kept when the link went: if it is the same one when the link is back, it
    /// has lasted all the while.
    var keptSeat: KeptSeat?
    /// From when on the shown status is to be counted in the figures of today; a gap in between is not.
    var countsSince: Instant?
    /// Notes of calls that have no record yet.
    var notes: [Call.ID: String] = [:]
    /// The life of the token in hand, where its source told it.
    var tokenLife: CredentialLife?
    /// What is being done about a new token.
    var errand = TokenErrand()
    /// What spreads the waits for a token; nil: they are whole.
    var chance: SplitMix?
    /// Anomalies counted since the last report; nil while nothing was reported for a second.
    var untold: Set<Anomaly>?
  }

  /// A status that the desk keeps, while the link is away.
  struct KeptSeat: Hashable, Sendable {
    var seat: Seat
    var since: Instant
    var cause: SeatState.Cause
  }

  /// What the panel shows while no call is open.
  struct Before: Hashable, Sendable {
    var call: Call?
    var failed: FailedAttempt?
  }

  mutating func newCallID() -> Call.ID {
    defer { memory.nextCall += 1 }
    return Call.ID(memory.nextCall)
  }
}
