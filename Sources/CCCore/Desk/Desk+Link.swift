// The link: the line's life, its registration, and the agent's wish to try again.

extension Desk {
  /// The one door of `link`.
  mutating func become(_ next: Link, _ turn: inout Turn) {
    guard next != link else { return }
    let wasUp = link.isUp
    link = next
    if !next.isWanted { dropErrand(&turn) }
    turn.tell(.link(next))
    if next.isUp {
      settleSeatAfterLink(&turn)
      if !wasUp { showSeatWord(&turn) }
    } else if wasUp, !isOff {
      loseSeat(&turn)
    }
  }

  mutating func lineStarted(_ turn: inout Turn) {
    memory.program = .running(saidHello: false)
    memory.pending = []
    memory.isRegistered = false
    (memory.seatWord, memory.seatSaid) = (nil, nil)
    abilities = [.dial]
    // It keeps the seat if it says so.
    seat.source = .desk
    if isOccupied { endWrapUpQuietly(&turn) }
    // After a refusal a line that crashed and came back must not try the same password again.
    guard link.isWanted, !memory.quitting else { return }
    become(.connecting(since: turn.now), &turn)
    signIn(&turn)
  }

  mutating func greet(_ line: SafeText, _ abilities: Abilities, _ turn: inout Turn) {
    memory.program = .running(saidHello: true)
    program = line
    self.abilities = abilities
    if abilities.contains(.seat) { seat.source = .line }
  }

  /// A line that never says hello is up at its first event (design section 4).
  mutating func upAtFirstEvent(_ turn: inout Turn) {
    guard memory.program == .running(saidHello: false) else { return }
    switch link {
    case .connecting, .down: become(.up(since: turn.now), &turn)
    case .up, .stopped, .evicted, .off: break
    }
  }

  /// A line that speaks of its registration, with or without a hello, is believed: no other event
  /// brings its link up.
  private mutating func tellsItsLink() {
    memory.program = .running(saidHello: true)
  }

  mutating func registered(
    account: SafeText?, expiresIn: Int?, secure: SafeText?, _ turn: inout Turn
  ) {
    memory.errand.failures = 0
    memory.errand.isLifeTold = true
    memory.isRegistered = true
    tellsItsLink()
    let before = (self.account, self.secure)
    if let account { self.account = account }
    self.secure = secure
    live(expiresIn, &turn)
    guard link.isUp else { return become(.up(since: turn.now), &turn) }
    // What protects the sound of a call shows only once there is one.
    if before != (self.account, self.secure) { turn.tell(.link(link)) }
  }

  mutating func unregistered(
    _ reason: SafeText, retryIn: Double?, final: Bool, _ turn: inout Turn
  ) {
    tellsItsLink()
    memory.isRegistered = false
    switch link {
    case .off, .evicted: return
    // Refused by the token's source: what the line tries by itself is in vain until she asks.
    case .stopped where settings.hasCredentialSource && !final: return
    case .connecting, .up, .down, .stopped: break
    }
    let words: SafeText = reason.isEmpty ? "The line lost its registration." : reason
    secure = nil
    if final {
      become(.stopped(since: turn.now, reason: words), &turn)
      turn.tell(.notice(.error, words))
      return
    }
    // A line says no more than a day, whatever the number.
    let retryAt = retryIn.map {
      turn.now.advanced(by: min(max(0, Int64(nearest: $0 * 1e9)), Limits.longestRetry))
    }
    let isNew = if case .down = link { false } else { true }
    let since = isNew ? turn.now : link.since
    become(.down(since: since, reason: words, retryAt: retryAt), &turn)
    if isNew { turn.tell(.notice(.warning, words)) }
    renewDeadToken(&turn)
  }

  mutating func evicted(_ turn: inout Turn) {
    token = nil
    endCredentialLife(&turn)
    become(.evicted(since: turn.now), &turn)
    // The other place had the seat meanwhile: it begins anew when it is taken back.
    memory.keptSeat = nil
    memory.isRegistered = false
    memory.seatWord = nil
  }

  /// The line program is gone: what it carried is lost, what waited for an answer fails.
  ///
  /// One that the desk had asked to end is started again where the desk is still to be signed in.
  mutating func lineDied(_ reason: SafeText, retryIn: Int64?, _ turn: inout Turn) {
    let wasAsked = memory.program == .ending
    memory.program = .none
    memory.pending = []
    memory.givenUp = []
    memory.overdue = nil
    memory.handedOn = nil
    memory.isRegistered = false
    abilities = [.dial]
    level = nil
    // Nobody is signed in any more, and nothing is protected.
    account = settings.account
    secure = nil
    endCredentialLife(&turn)
    dropErrand(&turn)
    if link.isWanted, !memory.quitting {
      if wasAsked {
        become(.connecting(since: turn.now), &turn)
      } else {
        let retryAt = retryIn.map {
          turn.now.advanced(by: min(max(0, $0), Limits.longestRetry))
        }
        become(
          retryAt == nil
            ? .stopped(since: turn.now, reason: reason)
            : .down(since: turn.now, reason: reason, retryAt: retryAt), &turn)
        turn.tell(.notice(.error, reason))
      }
    }
    loseCalls(&turn)
    // The next line program counts its calls anew.
    if memory.ended.suspect != nil || memory.ended.echo != nil { turn.cancel(.lateReports) }
    keepUnshown(&turn)
    memory.ended.forgetAll()
    guard wasAsked, link.isWanted, !memory.quitting else { return }
    if seat.pending == .offline { signOff(&turn) } else { turn.ask(.startLine) }
  }

  var isOff: Bool { if case .off = link { true } else { false } }

  mutating func tryNow(_ turn: inout Turn) {
    switch link {
    case .up: turn.notice(.info, "The link is up.")
    case .evicted: takeBack(&turn)
    case .connecting: turn.notice(.info, "Already trying.")
    case .off: reconnect(&turn)
    case .down, .stopped: reconnect(&turn)
    }
  }

  mutating func takeBack(_ turn: inout Turn) {
    guard case .evicted = link else { return }
    reconnect(&turn)
  }

  /// Signs in: by the program that runs, by one that is started, or by the next one where the last is
  /// still ending.
  ///
  /// A new token voids the old one and what is spoken under it, so it waits for the end of a call.
  mutating func reconnect(_ turn: inout Turn) {
    guard !memory.quitting else { return }
    if settings.hasCredentialSource, isOnCall, memory.program.isRunning {
      memory.errand.state = .afterCall(.signIn)
      return turn.notice(.info, "The call goes on; signing in waits for its end.")
    }
    become(.connecting(since: turn.now), &turn)
    switch memory.program {
    case .running: signIn(&turn)
    case .none: turn.ask(.startLine)
    case .ending: break
    }
  }

  /// Goes offline: who rings is turned away, and the line ends.
  mutating func signOff(_ turn: inout Turn) {
    for call in openCalls where call.isRingingHere && call.endAskedBy == nil {
      if abilities.contains(.reject) { hangUp(call.id, by: .desk, &turn) }
    }
    endWrapUpQuietly(&turn)
    seat.pending = nil
    seat.chosen = nil
    become(.off(since: turn.now), &turn)
    show(.offline, cause: .agent, &turn)
    stopLine(&turn)
  }

  /// Asks the line program to end; once is enough.
  mutating func stopLine(_ turn: inout Turn) {
    guard memory.program != .ending else { return }
    if memory.program.isRunning { memory.program = .ending }
    turn.ask(.stopLine)
  }

  mutating func quit(_ turn: inout Turn) {
    guard !memory.quitting else { return }
    memory.quitting = true
    for call in openCalls where call.endAskedBy == nil {
      if abilities.contains(call.isRingingHere ? .reject : .hangUp) { hangUp(call.id, &turn) }
    }
    stopLine(&turn)
  }
}
