// The credential's life: a countdown, a renewal that never disturbs a call.

extension Desk {
  /// Notes the life that the line told; a line that names none leaves no countdown.
  mutating func live(_ expiresIn: Int?, _ turn: inout Turn) {
    guard let expiresIn, expiresIn > 0 else { return endCredentialLife(&turn) }
    let length = Int64(min(expiresIn, 31_536_000)) * Instant.second
    credential = CredentialLife(since: turn.now, length: length, renewalDue: false)
    turn.ask(.startTimer(.renewal, after: length / 100 * Limits.renewalPercent))
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
    guard credential?.renewalDue == true, settings.hasCredentialSource, !hasOpenCall, attempt == nil
    else { return }
    credential?.renewalDue = false
    turn.ask(.fetchCredential)
  }

  mutating func use(_ token: Secret, _ turn: inout Turn) {
    self.token = token
    guard memory.lineAlive, !memory.quitting, !isOff else { return }
    turn.ask(.send(.register(id: command(.register), token: token)))
  }

  mutating func credentialFailed(_ reason: SafeText, _ turn: inout Turn) {
    turn.tell(.notice(.error, reason))
    // A registration that still lives is not torn down for a renewal that failed.
    if link.isUp || isOff { return }
    memory.signsIn = false
    become(.stopped(since: turn.now, reason: reason), &turn)
  }
}
