// The reminders that run for as long as something is so: a call rings, one is held, an end is missing.

/// The timers that follow from the state of the calls alone.
struct Alarms: OptionSet, Hashable, Sendable {
  let rawValue: UInt8

  /// A call rings here and nobody has answered it yet.
  static let ringing = Alarms(rawValue: 1 << 0)
  /// A call is held.
  static let held = Alarms(rawValue: 1 << 1)
  /// The seat says that a call is over and the call does not.
  static let missedEnd = Alarms(rawValue: 1 << 2)
}

extension Desk {
  /// Starts and stops the reminders as the state wants them: the last step of every turn.
  mutating func settleAlarms(_ turn: inout Turn) {
    let wanted = wantedAlarms
    follow(.ringing, wanted, .ringBell, seconds: Limits.ringBell, &turn)
    follow(.held, wanted, .heldBell, seconds: Limits.heldBell, &turn)
    follow(.missedEnd, wanted, .inferEnd, seconds: Limits.inferEnd, &turn)
    memory.alarms = wanted
  }

  private func follow(
    _ alarm: Alarms, _ wanted: Alarms, _ timer: TimerID, seconds: Int, _ turn: inout Turn
  ) {
    let runs = memory.alarms.contains(alarm)
    guard runs != wanted.contains(alarm) else { return }
    runs ? turn.cancel(timer) : turn.start(timer, seconds: seconds)
  }

  private var wantedAlarms: Alarms {
    var wanted: Alarms = []
    if let active, active.isOpen { wanted = alarms(of: active) }
    for call in others { wanted.formUnion(alarms(of: call)) }
    return wanted
  }

  private func alarms(of call: Call) -> Alarms {
    var wanted: Alarms = []
    if ringsOut(call) { wanted.insert(.ringing) }
    if call.isHeld { wanted.insert(.held) }
    if isOverBySeat(call) { wanted.insert(.missedEnd) }
    return wanted
  }

  /// Whether a call rings for the agent: not while her answer, or its end, is on its way.
  private func ringsOut(_ call: Call) -> Bool {
    guard call.isRingingHere, call.endAskedBy == nil else { return false }
    return !asked(of: call.id).answer
  }

  mutating func ringAgain(_ turn: inout Turn) {
    guard memory.alarms.contains(.ringing) else { return }
    turn.ask(.bell(.incoming))
    turn.start(.ringBell, seconds: Limits.ringBell)
  }

  /// Whether a call is held.
  var isHeld: Bool { hasOpenCall { $0.isHeld } }

  mutating func ringHeldBell(_ turn: inout Turn) {
    guard memory.alarms.contains(.held) else { return }
    turn.ask(.bell(.soft))
    turn.start(.heldBell, seconds: Limits.heldBell)
  }

  // MARK: The end that nobody reported

  /// Whether a talking call is over by the word of the seat.
  ///
  /// Only of a line that gives its calls no ids: one that does says each end itself.
  private func isOverBySeat(_ call: Call) -> Bool {
    guard call.lineID == nil, call.talk != nil, seat.source == .line,
      seat.seat == .postCall || seat.seat == .idle
    else { return false }
    // What the seat said before the call began says nothing of its end; what it says once more does, if
    // the two talked by then.
    if seat.since.uptime >= call.began.uptime { return true }
    guard let said = memory.seatSaid, let talk = call.talk else { return false }
    return said.uptime > talk.since.uptime
  }

  mutating func inferEnd(_ turn: inout Turn) {
    memory.alarms.remove(.missedEnd)
    guard let call = openCalls.first(where: isOverBySeat) else { return }
    let word = seat.seat?.name ?? "over"
    end(call.id, .inferred, reason: Reason(SafeText("end inferred: the seat is \(word)")), &turn)
  }
}
