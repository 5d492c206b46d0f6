// Post-call, where the line keeps no seat: it begins, is extended, warns, and ends.

extension Desk {
  mutating func beginWrapUp(_ turn: inout Turn) {
    let seconds = min(settings.wrapUpSeconds, Limits.longestWrapUp)
    wrapUp = WrapUp(since: turn.now, length: .seconds(seconds))
    startWrapUpTimers(&turn)
    if link.isUp { show(.postCall, cause: .call, &turn) }
  }

  private func startWrapUpTimers(_ turn: inout Turn) {
    guard let wrapUp else { return }
    let left = max(0, wrapUp.length - turn.now.nanoseconds(since: wrapUp.since))
    turn.ask(.startTimer(.wrapUp, after: left))
    let warning = left - .seconds(Limits.wrapUpWarning)
    if warning > 0 { turn.ask(.startTimer(.wrapUpWarning, after: warning)) }
  }

  mutating func extendWrapUp(_ turn: inout Turn) {
    guard wrapUp != nil else {
      return turn.notice(.warning, "There is no post-call time to extend.")
    }
    wrapUp?.length += .seconds(Limits.wrapUpExtension)
    startWrapUpTimers(&turn)
    turn.tell(.seat(seat))
    turn.notice(.info, "\(Limits.wrapUpExtension) seconds more.")
  }

  mutating func warnOfWrapUp(_ turn: inout Turn) {
    guard let left = wrapUp?.secondsLeft(at: turn.now) else { return }
    let next = seat.pending ?? seat.chosen ?? .idle
    turn.tell(.wrapUpEnds(seconds: left, next: next))
  }

  mutating func endWrapUp(_ turn: inout Turn) {
    guard wrapUp != nil else { return }
    endWrapUpQuietly(&turn)
    // What was chosen waits for the outcome of a dial: offline would cut it.
    if attempt != nil, seat.pending != nil { return }
    settleSeat(cause: .wrapUp, &turn)
  }

  /// Ends it without deciding what comes next.
  mutating func endWrapUpQuietly(_ turn: inout Turn) {
    guard wrapUp != nil else { return }
    wrapUp = nil
    turn.cancel(.wrapUp)
    turn.cancel(.wrapUpWarning)
  }
}
