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
    renewIfFree(&turn)
  }

  /// A new credential voids the old one: never during a call.
  mutating func renewIfFree(_ turn: inout Turn) {
    guard credential?.renewalDue == true, settings.hasCredentialSource, !hasOpenCall,
      attempt == nil,
      !memory.credentialWaits
    else { return }
    credential?.renewalDue = false
    turn.ask(.fetchCredential)
  }

  mutating func use(_ token: Secret, expiresIn: Int?, _ turn: inout Turn) {
    self.token = token
    memory.tokenLife = expiresIn.map { CredentialLife(seconds: $0, since: turn.now) }
    memory.credentialFailures = 0
    stopWaitingForCredential(&turn)
    guard memory.lineAlive, !memory.quitting, !isOff else { return }
    turn.ask(.send(.register(id: command(.register), token: token)))
  }

  /// No token came.
  ///
  /// `final`: the source refused, and asking again by itself could only lock an account. Otherwise it
  /// is asked again, 5 s later and then after ever longer waits.
  mutating func credentialFailed(_ reason: SafeText, final: Bool, _ turn: inout Turn) {
    let isRepeat = memory.credentialFailures > 0
    if !isRepeat || final { turn.tell(.notice(.error, reason)) }
    if isOff || memory.quitting { return }
    // A registration that still lives is not torn down for a renewal that failed.
    if link.isUp {
      if credential != nil { credential?.renewalDue = true }
      // Refused: the countdown goes on, and the next sign-in asks again.
      if final { memory.credentialWaits = true } else { waitForCredential(&turn) }
      return
    }
    if final {
      memory.signsIn = false
      return become(.stopped(since: turn.now, reason: reason), &turn)
    }
    let wait = waitForCredential(&turn)
    let isNew = if case .down = link { false } else { true }
    become(
      .down(
        since: isNew ? turn.now : link.since, reason: reason, retryAt: turn.now.advanced(by: wait)),
      &turn)
  }

  /// Starts the wait before the source is asked again; returns it, in nanoseconds.
  @discardableResult
  private mutating func waitForCredential(_ turn: inout Turn) -> Int64 {
    let doubled = Limits.credentialRetry << min(memory.credentialFailures, 8)
    let seconds = min(doubled, Limits.longestCredentialRetry)
    memory.credentialFailures += 1
    memory.credentialWaits = true
    turn.start(.credential, seconds: seconds)
    return Int64(seconds) * Instant.second
  }

  mutating func stopWaitingForCredential(_ turn: inout Turn) {
    guard memory.credentialWaits else { return }
    memory.credentialWaits = false
    turn.cancel(.credential)
  }

  /// The wait is over: a renewal or a sign-in goes on.
  mutating func askForCredentialAgain(_ turn: inout Turn) {
    guard memory.credentialWaits else { return }
    memory.credentialWaits = false
    if link.isUp { return renewIfFree(&turn) }
    guard case .down = link, memory.lineAlive, memory.signsIn, !memory.quitting else { return }
    turn.ask(.fetchCredential)
  }
}
