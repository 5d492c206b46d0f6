// The link: the line's life, its registration, and the agent's wish to try again.

extension Desk {
  /// The one door of `link`.
  mutating func become(_ next: Link, _ turn: inout Turn) {
    guard next != link else { return }
    let wasUp = link.isUp
    link = next
    turn.tell(.link(next))
    if next.isUp, !wasUp {
      settleSeatAfterLink(&turn)
    } else if !next.isUp, wasUp, !isOff {
      loseSeat(&turn)
    }
  }

  mutating func lineStarted(_ turn: inout Turn) {
    memory.lineAlive = true
    memory.saidHello = false
    memory.pending = []
    abilities = [.dial]
    // After a refusal a line that crashed and came back must not try the same password again.
    guard memory.signsIn else { return }
    become(.connecting(since: turn.now), &turn)
    signIn(&turn)
  }

  /// Registers, with a fresh token where there is a source for one.
  private mutating func signIn(_ turn: inout Turn) {
    stopWaitingForCredential(&turn)
    if settings.hasCredentialSource {
      turn.ask(.fetchCredential)
    } else {
      turn.ask(.send(.register(id: command(.register), token: token)))
    }
  }

  mutating func greet(_ line: SafeText, _ abilities: Abilities, _ turn: inout Turn) {
    memory.saidHello = true
    program = line
    self.abilities = abilities
    if abilities.contains(.seat) { seat.source = .line }
  }

  /// A line that never says hello is up at its first event (design section 4).
  mutating func upAtFirstEvent(_ turn: inout Turn) {
    guard !memory.saidHello, !link.isUp, memory.lineAlive else { return }
    become(.up(since: turn.now), &turn)
  }

  mutating func registered(
    account: SafeText?, expiresIn: Int?, secure: SafeText?, _ turn: inout Turn
  ) {
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
    switch link {
    case .off, .evicted: return
    default: break
    }
    let words: SafeText = reason.isEmpty ? "The line lost its registration." : reason
    secure = nil
    if final {
      memory.signsIn = false
      become(.stopped(since: turn.now, reason: words), &turn)
      turn.tell(.notice(.error, words))
      return
    }
    // A line says no more than a day, whatever the number: the product stays within Int64.
    let retryAt = retryIn.map { turn.now.advanced(by: Int64(min(max($0, 0), 86_400) * 1e9)) }
    let isNew = if case .down = link { false } else { true }
    let since = isNew ? turn.now : link.since
    become(.down(since: since, reason: words, retryAt: retryAt), &turn)
    if isNew { turn.tell(.notice(.warning, words)) }
  }

  mutating func evicted(_ turn: inout Turn) {
    token = nil
    memory.signsIn = false
    endCredentialLife(&turn)
    become(.evicted(since: turn.now), &turn)
  }

  /// The line program is gone: what it carried is lost, what waited for an answer fails.
  mutating func lineDied(_ reason: SafeText, retryIn: Int64?, _ turn: inout Turn) {
    memory.lineAlive = false
    memory.saidHello = false
    memory.pending = []
    memory.consulting = nil
    memory.hangUpOnSight = nil
    abilities = [.dial]
    level = nil
    // Nobody is signed in any more, and nothing is protected.
    account = settings.account
    secure = nil
    endCredentialLife(&turn)
    let asked = memory.restarts && !memory.quitting
    memory.restarts = false
    if asked {
      become(.connecting(since: turn.now), &turn)
    } else if !memory.quitting, !isOff, memory.signsIn {
      let retryAt = retryIn.map { turn.now.advanced(by: $0) }
      become(
        retryAt == nil
          ? .stopped(since: turn.now, reason: reason)
          : .down(since: turn.now, reason: reason, retryAt: retryAt), &turn)
      turn.tell(.notice(.error, reason))
    }
    loseCalls(&turn)
    // The next line program counts its calls anew.
    memory.endedLineIDs = []
    if asked { turn.ask(.startLine) }
  }

  var isOff: Bool { if case .off = link { true } else { false } }

  mutating func tryNow(_ turn: inout Turn) {
    switch link {
    case .up: turn.notice(.info, "The link is up.")
    case .evicted: takeBack(&turn)
    case .connecting: turn.notice(.info, "Already trying.")
    case .off: signOn(&turn)
    case .down, .stopped: reconnect(&turn)
    }
  }

  mutating func takeBack(_ turn: inout Turn) {
    guard case .evicted = link else { return }
    reconnect(&turn)
  }

  private mutating func reconnect(_ turn: inout Turn) {
    memory.signsIn = true
    if memory.lineAlive {
      become(.connecting(since: turn.now), &turn)
      signIn(&turn)
    } else {
      turn.ask(.startLine)
    }
  }

  /// Comes back from offline.
  mutating func signOn(_ turn: inout Turn) {
    memory.signsIn = true
    become(.connecting(since: turn.now), &turn)
    if memory.lineAlive {
      memory.restarts = true  // it is still ending, and is started again when it has
    } else {
      turn.ask(.startLine)
    }
  }

  /// Goes offline: the line ends.
  mutating func signOff(_ turn: inout Turn) {
    endWrapUpQuietly(&turn)
    seat.pending = nil
    seat.chosen = nil
    become(.off(since: turn.now), &turn)
    show(.offline, cause: .agent, &turn)
    turn.ask(.stopLine)
  }

  mutating func quit(_ turn: inout Turn) {
    guard !memory.quitting else { return }
    memory.quitting = true
    for call in [active, other].compactMap({ $0 }) where call.isOpen && abilities.contains(.hangUp)
    {
      turn.ask(.send(.hangUp(id: command(.other("hang up")), call: call.lineID)))
    }
    turn.ask(.stopLine)
  }
}
