// The credential's life: a countdown, a renewal that never disturbs a call, a source that comes back.

extension Desk {
  /// Notes the life that the line told, or else the one that the token's source did; where neither
  /// names one there is no countdown.
  mutating func live(_ expiresIn: Int?, _ turn: inout Turn) {
    let life = expiresIn.map { CredentialLife(seconds: $0, since: turn.now) } ?? memory.tokenLife
    guard let life, life.length > 0 else { return endCredentialLife(&turn) }
    credential = life
    // The source's clock began before the line had registered.
    let spent = turn.now.nanoseconds(since: life.since)
    let due = life.length / 100 * Limits.renewalPercent - spent
    turn.ask(.startTimer(.renewal, after: max(0, due)))
  }

  mutating func endCredentialLife(_ turn: inout Turn) {
    guard credential != nil else { return }
    credential = nil
    turn.cancel(.renewal)
  }

  mutating func renewalDue(_ turn: inout Turn) {
    guard let life = credential else { return }
    credential?.renewalDue = true
    guard settings.hasCredentialSource else {
      let minutes = (life.secondsLeft(at: turn.now) + 59) / 60
      return turn.notice(.warning, "The sign-in ends in \(minutes) min.")
    }
    goOnWithToken(&turn)
  }

  /// Whether a call is open or being opened.
  public var isOnCall: Bool { hasOpenCall || attempt != nil }

  /// Registers, with a fresh token where there is a source for one.
  mutating func signIn(_ turn: inout Turn) {
    dropErrand(&turn)
    if settings.hasCredentialSource {
      fetch(&turn)
    } else {
      register(&turn)
    }
  }

  private mutating func fetch(_ turn: inout Turn) {
    memory.errand.state = .asked
    turn.ask(.fetchCredential)
  }

  private mutating func register(_ turn: inout Turn) {
    memory.errand.isLifeTold = false
    turn.ask(.send(.register(id: command(.register), token: token)))
  }

  /// A new credential voids the old one: what was put off for a call is done when none is open.
  mutating func goOnWithToken(_ turn: inout Turn) {
    guard !isOnCall, !memory.quitting else { return }
    switch memory.errand.state {
    case .afterCall(.register):
      memory.errand.state = .resting
      if memory.program.isRunning { register(&turn) }
    case .afterCall(.signIn):
      memory.errand.state = .resting
      // A line that signed in by itself meanwhile may owe a renewal.
      if link.isUp { goOnWithToken(&turn) } else { reconnect(&turn) }
    case .resting:
      guard link.isUp else { return renewDeadToken(&turn) }
      guard credential?.renewalDue == true, settings.hasCredentialSource else { return }
      credential?.renewalDue = false
      fetch(&turn)
    case .asked, .waiting, .refused: break
    }
  }

  /// The line lost its registration: with a token that is over it could only try in vain.
  mutating func renewDeadToken(_ turn: inout Turn) {
    guard case .down = link, memory.program.isRunning, settings.hasCredentialSource, !isOnCall,
      memory.errand.state == .resting, let life = credential ?? memory.tokenLife
    else { return }
    let left = max(0, life.length - turn.now.nanoseconds(since: life.since))
    // In its last second nothing is begun with it.
    guard left < Instant.second else {
      if life.renewalDue { turn.ask(.startTimer(.renewal, after: left)) }
      return
    }
    credential?.renewalDue = false
    fetch(&turn)
  }

  mutating func use(_ token: Secret, expiresIn: Int?, _ turn: inout Turn) {
    guard memory.errand.state == .asked else { return }
    memory.errand.state = .resting
    guard memory.program.isRunning, !memory.quitting else { return }
    self.token = token
    memory.tokenLife = expiresIn.map { CredentialLife(seconds: $0, since: turn.now) }
    guard !isOnCall else { return memory.errand.state = .afterCall(.register) }
    register(&turn)
  }

  /// No token came.
  ///
  /// `final`: the source refused, and asking again by itself could only lock an account. Otherwise it
  /// is asked again, 5 s later and then after ever longer waits.
  mutating func credentialFailed(_ reason: SafeText, final: Bool, _ turn: inout Turn) {
    guard memory.errand.state == .asked else { return }
    let isRepeat = memory.errand.failures > 0
    if !isRepeat || final { turn.tell(.notice(.error, reason)) }
    guard !memory.quitting else { return }
    // A registration that still lives is not torn down for a renewal that failed.
    if link.isUp {
      credential?.renewalDue = true
      // Refused: the countdown goes on, and the next sign-in asks again.
      if final { memory.errand.state = .refused } else { waitForCredential(&turn) }
      return
    }
    if final { return become(.stopped(since: turn.now, reason: reason), &turn) }
    let wait = waitForCredential(&turn)
    let isNew = if case .down = link { false } else { true }
    become(
      .down(
        since: isNew ? turn.now : link.since, reason: reason, retryAt: turn.now.advanced(by: wait)),
      &turn)
  }

  /// The line has taken the registration; where it does not say for how long, it lives as long as the
  /// token's source says, or as the one before.
  mutating func registrationWasTaken(_ turn: inout Turn) {
    memory.errand.failures = 0
    memory.isRegistered = true
    guard link.isUp, !memory.errand.isLifeTold, let life = credential else { return }
    live(memory.tokenLife == nil ? Int(life.length / Instant.second) : nil, &turn)
  }

  /// The line would not register: a new token while the old one lives is asked for once more, later.
  mutating func registerWasRefused(_ why: String, _ turn: inout Turn) {
    switch link {
    case .off, .evicted: return  // nobody is to be signed in any more
    case .connecting, .up, .down, .stopped: break
    }
    turn.notice(.error, "Not registered: \(why)")
    // What an event alone had brought up is not signed in.
    guard link.isUp, memory.isRegistered else {
      return become(.stopped(since: turn.now, reason: SafeText(why)), &turn)
    }
    guard settings.hasCredentialSource, credential != nil, memory.errand.state == .resting else {
      return
    }
    credential?.renewalDue = true
    waitForCredential(&turn)
  }

  /// Starts the wait before the source is asked again; returns it, in nanoseconds.
  ///
  /// By chance it is up to a quarter shorter: a backend that comes back is not asked by all at once.
  @discardableResult
  private mutating func waitForCredential(_ turn: inout Turn) -> Int64 {
    let doubled = Limits.credentialRetry << min(memory.errand.failures, 8)
    let seconds = min(doubled, Limits.longestCredentialRetry)
    memory.errand.failures += 1
    memory.errand.state = .waiting
    var wait = Int64(seconds) * Instant.second
    if var chance = memory.chance {
      wait = wait / 1_000 * Int64.random(in: 750...1_000, using: &chance)
      memory.chance = chance
    }
    turn.ask(.startTimer(.credential, after: wait))
    return wait
  }

  /// Whatever was being done about a token is over; an answer that still comes is nobody's.
  mutating func dropErrand(_ turn: inout Turn) {
    if memory.errand.state == .waiting { turn.cancel(.credential) }
    memory.errand.state = .resting
  }

  /// The wait is over: a renewal or a sign-in goes on.
  mutating func askForCredentialAgain(_ turn: inout Turn) {
    guard memory.errand.state == .waiting else { return }
    memory.errand.state = .resting
    if link.isUp { return goOnWithToken(&turn) }
    guard memory.program.isRunning, !memory.quitting else { return }
    guard !isOnCall else { return memory.errand.state = .afterCall(.signIn) }
    fetch(&turn)
  }
}
