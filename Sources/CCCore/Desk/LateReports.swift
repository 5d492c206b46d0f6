// What comes of a call that is over: late, or the beginning of the next one, as shows 3 s after the end.

extension Desk {
  /// A report of a call that is over: counted, and kept in mind for a moment.
  mutating func noteLate(_ report: CallReport, of ended: EndedCalls.Ended, _ turn: inout Turn) {
    count(.lateEvent, &turn)
    if report.status.isEnd { memory.ended.owesNoEnd { $0.id == ended.id } }
    guard turn.now.seconds(since: ended.at) < Limits.lateReport else { return }
    let known = memory.ended.suspect.flatMap { $0.ended.id == ended.id ? $0 : nil }
    // Behind a 2 that is no repeat a 3 is the new call's.
    if report.status == .talking, ended.isAnsweredByLate3, known?.isNewRing != true {
      memory.ended.wasAnswered(ended.id, turn.now)
      correct(ended.id, &turn)
      guard known != nil else { return }
    }
    if report.status == .ended, report.call == nil, let dial = unseenAttempt, isOfDial(report) {
      return noteEcho(EndedCalls.Echo(call: dial.callID, report: report), of: ended, &turn)
    }
    guard
      report.call == nil || memory.ended.usesIDsAgain || isOfDial(report)
        || isOfGivenUp(report, turn.now)
    else { return }
    var suspect = known ?? EndedCalls.Suspect(ended: ended, report: report)
    suspect.hear(report, turn.now)
    if known == nil { keepUnshown(&turn) }
    memory.ended.suspect = suspect
    if !report.status.isEnd { judgeLater(ended, &turn) }
  }

  private func judgeLater(_ ended: EndedCalls.Ended, _ turn: inout Turn) {
    let over = ended.at.advanced(by: Int64(Limits.lateReport) * Instant.second)
    turn.ask(.startTimer(.lateReports, after: max(0, over.nanoseconds(since: turn.now))))
  }

  /// The end of a call, or of a dial, that may be the end of the one before once more.
  ///
  /// If nothing contradicts it until no more is late, it was its own.
  mutating func noteEcho(
    _ echo: EndedCalls.Echo, of ended: EndedCalls.Ended, _ turn: inout Turn
  ) {
    memory.ended.echo = echo
    judgeLater(ended, &turn)
  }

  private mutating func judgeEcho(_ turn: inout Turn) {
    guard let echo = memory.ended.echo else { return }
    memory.ended.echo = nil
    if unseenAttempt?.callID == echo.call {
      endWaiting(echo.report, &turn)
    } else if let call = call(echo.call), call.isOpen, call.talk == nil {
      advance(call.id, echo.report, &turn)
    }
  }

  /// Whether what says no direction, or goes out, has the number of the dial that waits, or tells none.
  func isOfDial(_ report: CallReport) -> Bool {
    guard let waiting = unseenAttempt, report.direction != .in else { return false }
    return report.number.map { DialNumber.same($0.string, waiting.phone) } ?? true
  }

  /// Whether a dial of its number was given up since the call before it ended.
  func isOfGivenUp(_ report: CallReport, _ now: Instant) -> Bool {
    guard report.direction != .in, let number = report.number,
      let ended = memory.ended.calls.last(where: { $0.lineID == report.call })
    else { return false }
    return memory.givenUp.contains {
      $0.since.uptime >= ended.at.uptime && now.seconds(since: $0.since) < Limits.givenUp
        && DialNumber.same(number.string, $0.phone)
    }
  }

  /// The time for late reports is over: what the world has confirmed meanwhile, or what can be no repeat,
  /// began a call.
  ///
  /// The seat that the line keeps became busy after the end before it, or a dial of the same number
  /// still waits for its call; or its 2, or a 3 behind it, came more than 3 s after the 2 or the 3 of
  /// the call before.
  mutating func judgeSuspect(_ turn: inout Turn) {
    judgeEcho(&turn)
    guard let suspect = memory.ended.suspect, let began = suspect.began else { return }
    if suspect.over != nil, suspect.isNoRepeat { return keepUnshown(&turn) }
    guard !hasOpenCall, suspect.over == nil else { return }
    let isBusy =
      seat.source == .line && seat.seat == .busy && seat.since.uptime > suspect.ended.at.uptime
    guard isBusy || isDialled(suspect, turn.now) || suspect.isNoRepeat else { return }
    open(suspect.report, since: suspect.talking ?? began, &turn)
  }

  private func isDialled(_ suspect: EndedCalls.Suspect, _ now: Instant) -> Bool {
    guard let began = suspect.began else { return false }
    if isOfDial(suspect.report), let waiting = unseenAttempt {
      return waiting.at.uptime <= began.uptime
    }
    return suspect.report.call != nil && isOfGivenUp(suspect.report, now)
  }

  /// The dial is to be cancelled, and what may be its call has been said: it is ended as that.
  mutating func openSuspectedDial(_ made: Attempt, _ turn: inout Turn) -> Call.ID? {
    guard abilities.contains(.hangUp), let suspect = memory.ended.suspect, suspect.over == nil,
      let began = suspect.began, isDialled(suspect, turn.now), !hasOpenCall
    else { return nil }
    open(suspect.report, since: suspect.talking ?? began, &turn)
    return openCalls.first { $0.attempt == made.id }?.id
  }

  /// An end that comes after those 3 s: what may have been a repeat till then was a call, and has its
  /// record.
  ///
  /// Nothing rings for it any more.
  mutating func openUnshown(before report: CallReport, _ turn: inout Turn) -> Call.ID? {
    guard let suspect = memory.ended.suspect, suspect.isOf(report),
      let began = suspect.rang(before: turn.now), !hasOpenCall, unseenAttempt == nil
    else { return nil }
    open(suspect.report, since: suspect.talking ?? began, isOver: true, &turn)
    return openCalls.first?.id
  }

  /// A call that began and ended, or was closed by the next one, while it might have been late: it was no
  /// repeat, and has its record.
  mutating func keepUnshown(_ turn: inout Turn) {
    guard let suspect = memory.ended.suspect, suspect.isNoRepeat,
      suspect.lasted(until: turn.now),
      suspect.report.call == nil || memory.ended.usesIDsAgain, let began = suspect.began
    else { return }
    memory.ended.suspect = nil
    let at = suspect.over ?? turn.now
    let talked = suspect.talking.map { at.nanoseconds(since: $0) }
    let number = suspect.report.number ?? suspect.ended.number
    let id = newCallID()
    memory.ended.note(
      EndedCalls.Ended(
        id: id, lineID: suspect.report.call, number: number, reported: suspect.report.number,
        direction: suspect.report.direction ?? .in, at: at, isAnsweredByLate3: false,
        owesEnd: suspect.over == nil, rang: suspect.rang, talking: suspect.talking))
    if let talked {
      today.calls += 1
      today.talked = today.talked.plus(talked)
    }
    keep(
      Record(
        id: id, lineID: suspect.report.call, number: number, name: suspect.report.name,
        direction: suspect.report.direction ?? .in, began: began, answered: suspect.talking,
        ended: at, result: talked == nil ? .missed : .answered,
        reason: suspect.over == nil ? Reason("end not seen") : suspect.end?.reason,
        isConsultation: false, wasDialled: false, talked: talked, witnessed: true, info: "",
        note: ""), &turn)
  }

  /// A call that ended with a 4 had been answered, as a late 3 says: its record tells so.
  ///
  /// How long the two talked is not known.
  private mutating func correct(_ id: Call.ID, _ turn: inout Turn) {
    guard let index = recent.firstIndex(where: { $0.id == id }) else { return }
    recent[index].result = .answered
    recent[index].talked = 0
    recent[index].witnessed = false
    if active?.id == id, case .notEstablished(var end)? = active?.phase {
      end.talked = 0
      end.witnessed = false
      active?.phase = .ended(end)
    }
    today.calls += 1
    if recent[index].direction == .out, recent[index].wasDialled { today.connected += 1 }
    turn.tell(.record(recent[index]))
    seatFollowsCalls(established: true, &turn)
  }
}
