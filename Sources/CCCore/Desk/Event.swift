// What the desk machine is told, and what it asks for in return.

/// What can happen to a desk: the line reports, the agent asks, time passes.
public enum DeskEvent: Hashable, Sendable {
  /// The line says something, or something befell it.
  case line(LineEvent)

  // The agent's wishes. Those that act on a call name the call that was on the screen (design rule 9).
  /// Dial what was typed; the machine cleans it or refuses it by name.
  case dial(phone: String, info: String)
  /// End, cancel or reject this call; an attempt's `callID` names it before a call is seen.
  case hangUp(Call.ID)
  /// End the line program to end this call, where the line cannot hang up (screens: F8 Cut line).
  case cutLine(Call.ID)
  /// Take this inbound call.
  case answer(Call.ID)
  /// Hold or resume this call.
  case hold(Call.ID, Bool)
  /// Shut or open the microphone.
  case mute(Call.ID, Bool)
  /// Make the other call the active one.
  case swap(Call.ID)
  /// Send these tones.
  case dtmf(Call.ID, String)
  /// Send the next tones that were dialled with this call's number.
  case sendKept(Call.ID)
  /// Hand this call to a number; `consult` asks there first.
  case transfer(Call.ID, to: String, consult: Bool)
  /// Join the consultation and the held call.
  case join(Call.ID)
  /// Choose a status; during a call it is kept for after it.
  case choose(Seat)
  /// 30 seconds more of post-call.
  case extendWrapUp
  /// Try the link now.
  case tryNow
  /// Register again after an eviction.
  case takeBack
  /// The note of a call, as it stands.
  case note(Call.ID, String)
  /// A supervisor asks something, heard on the bus's connection of this epoch.
  case order(Order, epoch: Int64)
  /// The agent's word on the order of this id.
  case decide(String, accepts: Bool)
  /// Close the line for good: the desk ends.
  case quit

  /// A token came from its source; `expiresIn` is its life in seconds, where the source says it.
  case credential(Secret, expiresIn: Int? = nil)
  /// No token came, and why. `final`: refused; asking again by itself would not help.
  case credentialFailed(SafeText, final: Bool = true)

  /// The agent's local midnight: today's figures begin anew.
  case newDay

  /// A timer that the machine asked for went off.
  case timer(TimerID)
}

/// The timers of a desk; asking for one again replaces it.
public enum TimerID: Hashable, Sendable {
  /// No `onCall` within 10 s of a dial.
  case dialSilence
  /// The seat says the call is over and the call does not: 5 s.
  case inferEnd
  /// The wrap-up runs out.
  case wrapUp
  /// Five seconds before the wrap-up runs out.
  case wrapUpWarning
  /// A call is held for 60 s: a soft bell, again each minute.
  case heldBell
  /// An inbound call rings: the bell again, every 4 s.
  case ringBell
  /// 80 % of the credential's life.
  case renewal
  /// The wait before the token's source is asked again.
  case credential
  /// The next order of a supervisor is not to be obeyed any more.
  case orders
  /// Anomalies are told once a second at most.
  case anomalies
  /// Reports of the call that ended last are no longer late: 3 s after its end.
  case lateReports
  /// The minute in which calls that could not be taken are one sentence is over.
  case notTaken
}

/// What the machine asks of the world: plain values, compared in tests, printed in logs.
public enum Effect: Hashable, Sendable {
  /// Tell the line.
  case send(LineCommand)
  /// Start the line program, or start it again now.
  case startLine
  /// End the line program: `quit`, then its group.
  case stopLine
  /// Tell the supervisor how her order stands.
  case reply(OrderAnswer)
  /// Ask the token's source for a new one.
  case fetchCredential
  /// Send `.timer` after so many nanoseconds; replaces a running one.
  case startTimer(TimerID, after: Int64)
  /// Forget the timer.
  case cancelTimer(TimerID)
  /// Ring the terminal's bell.
  case bell(Bell)
  /// Say what happened, to whoever listens: `--json`, plain mode, the message row, the journal.
  case tell(Fact)

  /// The two bells.
  public enum Bell: Hashable, Sendable {
    /// A call comes in: rings until answered or gone.
    case incoming
    /// A reminder.
    case soft
  }
}

/// How grave a notice is.
public enum NoticeLevel: String, Hashable, Sendable {
  case info, warning, error
  /// What a warning of the line said is over.
  case cleared
}

/// Something that happened, in the terms of `--json` (design 7.1).
public enum Fact: Hashable, Sendable {
  /// The link changed.
  case link(Link)
  /// The seat changed.
  case seat(SeatState)
  /// A call changed, as it is now.
  indirect case call(Call)
  /// A dial attempt went out.
  case dialled(Attempt)
  /// A dial attempt came out; `attempt` is nil for what was refused before it was one.
  case outcome(attempt: Int?, Outcome, Reason?, phone: String)
  /// Something to say to the agent.
  case notice(NoticeLevel, SafeText)
  /// The running total of an anomaly.
  case anomaly(Anomaly, count: Int)
  /// A record of a call is complete, or its note changed.
  indirect case record(Record)
  /// A supervisor's order came, was decided or ran out.
  case order(Order, OrderOutcome)
  /// Tones went out.
  case tones(String)
  /// How a transfer goes; `call` is the line's id, as it came.
  case transfer(LineEvent.TransferState, SafeText, call: String?)
  /// How loud both are.
  case level(Desk.Level)
  /// Something that the line says.
  case log(NoticeLevel, SafeText)
  /// Something that the line says of an open call: it is true no longer than that call is open.
  case remark(Call.ID, NoticeLevel, SafeText)
  /// Post-call is over in so many seconds; then comes this status.
  case wrapUpEnds(seconds: Int, next: Seat)
}
