// The door of the desk machine: every event passes here and is sent to its part.

extension Desk {
  /// What a desk wants done when it is opened.
  public mutating func open(at now: Instant) -> [Effect] { [.startLine] }

  /// Takes one event and returns what it wants done, in order.
  public mutating func handle(_ event: DeskEvent, at now: Instant) -> [Effect] {
    var turn = Turn(now)
    switch event {
    case .line(let event): hear(event, &turn)
    case .dial(let phone, let info): dial(phone, info, &turn)
    case .hangUp(let id): hangUp(id, &turn)
    case .cutLine(let id): cutLine(id, &turn)
    case .answer(let id): answer(id, &turn)
    case .hold(let id, let on): hold(id, on, &turn)
    case .mute(let id, let on): mute(id, on, &turn)
    case .swap(let id): swap(id, &turn)
    case .dtmf(let id, let digits): sendTones(digits, to: id, &turn)
    case .sendKept(let id): sendKept(id, &turn)
    case .transfer(let id, let to, let consult): transfer(id, to: to, consult: consult, &turn)
    case .join(let id): join(id, &turn)
    case .choose(let seat): choose(seat, &turn)
    case .extendWrapUp: extendWrapUp(&turn)
    case .tryNow: tryNow(&turn)
    case .takeBack: takeBack(&turn)
    case .note(let id, let text): note(id, text, &turn)
    case .order(let order, let epoch): take(order, epoch: epoch, &turn)
    case .decide(let id, let accepts): decide(id, accepts: accepts, &turn)
    case .quit: quit(&turn)
    case .credential(let token, let expiresIn): use(token, expiresIn: expiresIn, &turn)
    case .credentialFailed(let reason, let final): credentialFailed(reason, final: final, &turn)
    case .newDay: beginDay(&turn)
    case .timer(let id): timeout(id, &turn)
    }
    settleStage()
    settleAlarms(&turn)
    return turn.effects
  }

  private mutating func hear(_ event: LineEvent, _ turn: inout Turn) {
    guard isHeard(event) else { return }
    switch event {
    case .started: lineStarted(&turn)
    case .died(let reason, let retryIn): lineDied(reason, retryIn: retryIn, &turn)
    case .hello(let line, let abilities): greet(line, abilities, &turn)
    case .registered(let account, let expiresIn, let secure):
      registered(account: account, expiresIn: expiresIn, secure: secure, &turn)
    case .unregistered(let reason, let retryIn, let final):
      unregistered(LineWords.said(reason), retryIn: retryIn, final: final, &turn)
    case .evicted: evicted(&turn)
    case .seat(let seat):
      // What it was before is not known any more: this word is the first of it.
      if case .unknown(_, .some) = self.seat.shown { self.seat.source = .line }
      upAtFirstEvent(&turn)
      report(seat, &turn)
    case .call(let call):
      upAtFirstEvent(&turn)
      report(call, &turn)
    case .callState(let call, let held, let muted):
      reportState(call, held: held, muted: muted, &turn)
    case .farHold(let call, let on): reportFarHold(call, on, &turn)
    case .party(let call, let party): reportParty(call, party, &turn)
    case .transfer(let call, let state, let reason):
      reportTransfer(call, state, LineWords.said(reason), &turn)
    case .level(let input, let output):
      hear(Level(input: Self.loudness(input), output: Self.loudness(output)), &turn)
    case .result(let id, let ok, let error):
      result(id, ok: ok, error: LineWords.said(error), &turn)
    case .log(let level, let text): turn.tell(.log(level, text))
    case .remark(let call, let level, let text): remark(call, level, text, &turn)
    case .unreadable(let total, let last): unreadable(total, last, &turn)
    case .anomaly(let kind): count(kind, &turn)
    }
  }

  /// Whether an event of the line still counts: of a program that is ending only what it says of
  /// calls, of one that is gone nothing.
  private func isHeard(_ event: LineEvent) -> Bool {
    switch event {
    case .started, .died, .log, .remark, .unreadable, .anomaly: true
    case .call, .callState, .farHold, .party, .transfer, .level, .result: memory.program != .none
    case .hello, .registered, .unregistered, .evicted, .seat:
      memory.program.isRunning && !isOff && !memory.quitting
    }
  }

  /// What is no number is silence.
  private static func loudness(_ told: Double) -> Double {
    told.isNaN ? 0 : min(1, max(0, told))
  }

  /// What the line says of a call: a warning of one that is over is not told any more.
  private mutating func remark(
    _ line: String, _ level: NoticeLevel, _ text: SafeText, _ turn: inout Turn
  ) {
    if let call = openCalls.first(where: { $0.lineID == line }) {
      return turn.tell(.remark(call.id, level, text))
    }
    guard level == .info else { return count(.lateEvent, &turn) }
    turn.tell(.log(level, text))
  }

  private mutating func hear(_ next: Level, _ turn: inout Turn) {
    guard next != level else { return }
    level = next
    turn.tell(.level(next))
  }

  private mutating func timeout(_ id: TimerID, _ turn: inout Turn) {
    switch id {
    case .dialSilence: dialWentUnheard(&turn)
    case .inferEnd: inferEnd(&turn)
    case .wrapUp: endWrapUp(&turn)
    case .wrapUpWarning: warnOfWrapUp(&turn)
    case .heldBell: ringHeldBell(&turn)
    case .ringBell: ringAgain(&turn)
    case .renewal: renewalDue(&turn)
    case .credential: askForCredentialAgain(&turn)
    case .orders: letOrdersExpire(&turn)
    case .anomalies: tellAnomalies(&turn)
    case .lateReports: judgeSuspect(&turn)
    case .notTaken: tellNotTaken(&turn)
    }
  }
}
