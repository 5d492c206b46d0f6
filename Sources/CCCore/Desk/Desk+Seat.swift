// The seat: what the line reports, what the desk keeps, what the agent chooses.

extension Desk {
  /// The one door of what is shown as the seat.
  mutating func show(
    _ next: Seat, cause: SeatState.Cause, witnessed: Bool = true, _ turn: inout Turn
  ) {
    if case .known(next, _, _) = seat.shown { return }
    countTimeInState(turn.now)
    let kept = memory.keptSeat.flatMap { $0.seat == next && cause == .link ? $0 : nil }
    memory.keptSeat = nil
    memory.countsSince = turn.now
    let since = kept?.since ?? (next == .postCall ? wrapUp?.since : nil) ?? turn.now
    seat.shown = .known(next, since: since, witnessed: witnessed)
    seat.cause = kept?.cause ?? cause
    seat.untold = nil
    turn.tell(.seat(seat))
    if seat.source == .desk { tellLine(next, &turn) }
  }

  /// Between a lost and a restored link the seat is unknown, never the old one; where the desk keeps it,
  /// it goes on from where it began.
  mutating func loseSeat(_ turn: inout Turn) {
    guard case .known(let was, let since, _) = seat.shown else { return }
    countTimeInState(turn.now)
    if seat.source == .desk {
      memory.keptSeat = KeptSeat(seat: was, since: since, cause: seat.cause)
    }
    seat.shown = .unknown(since: turn.now, was: was)
    seat.cause = .link
    seat.untold = nil
    turn.tell(.seat(seat))
  }

  private mutating func countTimeInState(_ now: Instant) {
    guard case .known(let seat, _, _) = seat.shown, let since = memory.countsSince else { return }
    switch seat {
    case .postCall:
      today.afterCallWork = today.afterCallWork.plus(today.share(of: since, until: now))
    case .idle: today.idle = today.idle.plus(today.share(of: since, until: now))
    case .offline, .busy, .shortBreak, .unknown: break
    }
  }

  /// Midnight: figures begin anew.
  mutating func beginDay(_ turn: inout Turn) { today = Today(began: turn.now) }

  /// `onSeatStatus`: from now on the line keeps the seat.
  ///
  /// While the link is away it is kept in mind; while somebody else is signed in it is nobody's.
  mutating func report(_ reported: Seat, _ turn: inout Turn) {
    if case .evicted = link { return }
    seat.source = .line
    memory.seatSaid = turn.now
    endWrapUpQuietly(&turn)
    guard link.isUp else { return memory.seatWord = reported }
    // After a lost link the status may have begun at any time; at the first sign-in it began with it.
    let witnessed =
      switch seat.shown {
      case .unknown(_, let was): was == nil
      case .known: true
      }
    let cause: SeatState.Cause = seat.chosen == reported ? .agent : .line
    show(reported, cause: cause, witnessed: witnessed, &turn)
    applyNextByLine(&turn)
  }

  /// The link is up: what the line said of the seat before that shows.
  mutating func showSeatWord(_ turn: inout Turn) {
    guard let word = memory.seatWord else { return }
    memory.seatWord = nil
    report(word, &turn)
  }

  /// The link is up: where the desk keeps the seat, it is what it was meant to be.
  mutating func settleSeatAfterLink(_ turn: inout Turn) {
    guard seat.source == .desk else { return }
    if isOccupied {
      show(.busy, cause: .link, &turn)
    } else if wrapUp != nil {
      show(.postCall, cause: .link, &turn)
    } else {
      settleSeat(cause: .link, &turn)
    }
  }

  /// Applies the status that was chosen for after the call, or the last chosen one.
  mutating func settleSeat(cause: SeatState.Cause, _ turn: inout Turn) {
    let next = seat.pending ?? seat.chosen ?? .idle
    if next == .offline { return signOff(&turn) }
    guard link.isUp else { return }  // what was chosen waits for it
    // What the link did not change has lasted all the while, also where she chose it again.
    let isNew = seat.pending != nil && memory.keptSeat?.seat != next
    if seat.pending != nil { seat.chosen = next }
    seat.pending = nil
    show(next, cause: isNew ? .agent : cause, &turn)
  }

  mutating func choose(_ wanted: Seat, _ turn: inout Turn) {
    guard wanted.isChoosable else {
      return turn.notice(.warning, "\(wanted.name) cannot be chosen.")
    }
    if isOff { return chooseWhileOff(wanted, &turn) }
    if isOccupied || attempt != nil { return chooseNext(wanted, &turn) }
    // Nobody can be asked to sign a line off that is not signed in.
    if wanted == .offline, seat.source == .desk || !link.isUp { return signOff(&turn) }
    guard link.isUp else { return chooseForLink(wanted, &turn) }
    if seat.source == .line { return askLine(for: wanted, &turn) }
    if wrapUp != nil, wanted != .idle { return chooseNext(wanted, &turn) }
    endWrapUpQuietly(&turn)
    seat.pending = nil
    seat.chosen = wanted
    // What she chooses by hand is told in any case: the telephone system may have forgotten it.
    let isShown = seat.seat == wanted
    show(wanted, cause: .agent, &turn)
    if isShown { tellLine(wanted, &turn) }
  }

  private mutating func chooseWhileOff(_ wanted: Seat, _ turn: inout Turn) {
    guard wanted != .offline else { return turn.notice(.info, "Already offline.") }
    if seat.source == .line { seat.pending = wanted } else { seat.chosen = wanted }
    reconnect(&turn)
  }

  /// Without a link a choice waits for it; the newest one counts.
  private mutating func chooseForLink(_ wanted: Seat, _ turn: inout Turn) {
    if setsSeatAlone { return turn.notice(.warning, Self.lineSetsSeat) }
    seat.pending = wanted
    turn.tell(.seat(seat))
    turn.notice(.info, "\(wanted.name), as soon as the link is up.")
  }

  private static let lineSetsSeat = "This line sets the status by itself."

  /// Whether the line keeps the seat and takes no wishes, as far as it has said what it can.
  var setsSeatAlone: Bool {
    seat.source == .line && !abilities.contains(.setSeat)
      && (link.isUp || memory.program == .running(saidHello: true))
  }

  /// During a call and in post-call a choice is the next status.
  private mutating func chooseNext(_ wanted: Seat, _ turn: inout Turn) {
    guard seat.source == .desk || abilities.contains(.setSeat) else {
      return turn.notice(.warning, Self.lineSetsSeat)
    }
    seat.pending = wanted
    turn.tell(.seat(seat))
  }

  private mutating func askLine(for wanted: Seat, _ turn: inout Turn) {
    guard abilities.contains(.setSeat) else {
      return turn.notice(.warning, Self.lineSetsSeat)
    }
    seat.chosen = wanted
    turn.ask(.send(.setSeat(id: command(.seat(wanted)), status: wanted.code)))
  }

  /// Where the desk keeps the seat and the line wants to know it: at every change.
  private mutating func tellLine(_ seat: Seat, _ turn: inout Turn) {
    guard abilities.contains(.setSeat), memory.program.isRunning else { return }
    turn.ask(.send(.setSeat(id: command(.seat(seat)), status: seat.code)))
  }

  /// A call is open, or none is any more: where the desk keeps the seat, it follows.
  mutating func seatFollowsCalls(established: Bool, _ turn: inout Turn) {
    if established { memory.owesWrapUp = true }
    if isOccupied { return occupy(&turn) }
    // While the link is away a call ended: she is not busy with it any more.
    if memory.keptSeat?.seat == .busy { memory.keptSeat = nil }
    let owed = memory.owesWrapUp
    memory.owesWrapUp = false
    if seat.source == .line {
      applyNextByLine(&turn)
    } else if owed, settings.wrapUpSeconds > 0 {
      beginWrapUp(&turn)
    } else if wrapUp == nil, !hasOpenCall {
      settleSeat(cause: .call, &turn)
    }
  }

  /// Where the line keeps the seat, what was chosen for after the call is asked of it: when no call is
  /// open and the line is there.
  private mutating func applyNextByLine(_ turn: inout Turn) {
    guard !hasOpenCall, attempt == nil, let pending = seat.pending else { return }
    guard link.isUp else {
      if pending == .offline { signOff(&turn) }
      return
    }
    seat.pending = nil
    askLine(for: pending, &turn)
  }

  private mutating func occupy(_ turn: inout Turn) {
    guard seat.source == .desk else { return }
    endWrapUpQuietly(&turn)
    if link.isUp {
      show(.busy, cause: .call, &turn)
    } else if memory.keptSeat?.seat != .busy {
      memory.keptSeat = nil
    }
  }

  /// Whether a call takes the agent's time; one that only rings here does not yet.
  var isOccupied: Bool {
    hasOpenCall { !$0.isRingingHere }
  }
}
