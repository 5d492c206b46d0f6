// Calls from outside that were over before they rang here: listed, counted, and told in one sentence.

extension Desk {
  /// Those that could not be taken lately: one line of Recent, and one sentence a minute.
  struct NotTaken: Hashable, Sendable {
    /// The line of Recent.
    var id: Call.ID
    /// When the first of them came.
    var since: Instant
    /// How many came.
    var count: Int
    /// How many of them were told.
    var told: Int
  }

  /// Lists a call that never rang here: who called stands in Recent, and nothing else changes.
  mutating func list(unseen report: CallReport, _ turn: inout Turn) {
    let kind = report.kind.flatMap { $0.fits(report.status, .in) ? $0 : nil }
    if kind == .notTaken { return list(notTaken: report, &turn) }
    let result = kind.map { Record.Result(unanswered: $0) } ?? .turnedAway
    let isAgain = wasTurnedAwayLately(report.number ?? "", turn.now)
    _ = keep(unseen: report, result, kind, &turn)
    switch result {
    case .answeredElsewhere:
      turn.notice(.info, "Answered by a colleague: \(Self.who(report)).")
    case .missed: turn.notice(.info, "Missed: \(Self.who(report)).")
    case .turnedAway where isAgain: break
    default: turn.notice(.info, Self.turnedAway(report.name, report.number, report.reason))
    }
  }

  /// The first of a minute is told at once, the others with their number when the minute is over.
  private mutating func list(notTaken report: CallReport, _ turn: inout Turn) {
    if let before = memory.notTaken,
      turn.now.seconds(since: before.since) < Limits.notTaken,
      let index = recent.firstIndex(where: { $0.id == before.id })
    {
      memory.notTaken?.count = before.count.plus(report.count)
      noteEnded(report, before.id, turn.now)
      recent[index].add(report, at: turn.now)
      return turn.tell(.record(recent[index]))
    }
    tellNotTaken(&turn)
    let id = keep(unseen: report, .notTaken, .notTaken, &turn)
    memory.notTaken = NotTaken(
      id: id, since: turn.now, count: report.count, told: report.count)
    turn.start(.notTaken, seconds: Limits.notTaken)
    turn.notice(.warning, Self.notTaken(recent[0]))
  }

  /// The minute is over: those that came after the first are told.
  mutating func tellNotTaken(_ turn: inout Turn) {
    guard let lately = memory.notTaken else { return }
    memory.notTaken = nil
    guard lately.count > lately.told, let record = recent.first(where: { $0.id == lately.id })
    else { return }
    turn.notice(.warning, Self.notTaken(record))
  }

  private mutating func keep(
    unseen report: CallReport, _ result: Record.Result, _ kind: EndKind?, _ turn: inout Turn
  ) -> Call.ID {
    let id = newCallID()
    noteEnded(report, id, turn.now)
    var record = Record(
      id: id, lineID: report.call, number: report.number ?? "", name: report.name, direction: .in,
      began: turn.now, answered: nil, ended: turn.now, result: result, reason: report.reason,
      kind: kind, isConsultation: false, wasDialled: false, talked: nil, witnessed: true, info: "",
      note: "")
    record.count = report.count
    keep(record, &turn)
    return id
  }

  /// What the line still says of it is late.
  mutating func noteEnded(_ report: CallReport, _ id: Call.ID, _ now: Instant) {
    memory.ended.note(
      EndedCalls.Ended(
        id: id, lineID: report.call, number: report.number ?? "", reported: report.number,
        direction: report.direction, at: now, isAnsweredByLate3: false))
  }

  /// The sentence for it, as in `Turned away: María López, +34612345678: busy (486)`.
  static func turnedAway(_ name: SafeText?, _ number: SafeText?, _ why: Reason? = nil) -> String {
    let reason = why.map { ": \($0.text)" } ?? ""
    return "Turned away: \(who(name, number))\(reason)."
  }

  /// `Could not be taken: no common sound (488), Nora, +34612345678.`; of several their number, and the
  /// last of them.
  private static func notTaken(_ record: Record) -> String {
    let why = record.reason.flatMap { $0.text.isEmpty ? nil : $0.text } ?? "the line refused it"
    let who = who(record.name, record.number)
    guard record.count > 1 else { return "Could not be taken: \(why), \(who)." }
    return "Could not be taken: \(record.count) calls in a minute, the last: \(why), \(who)."
  }

  private static func who(_ report: CallReport) -> String { who(report.name, report.number) }

  private static func who(_ name: SafeText?, _ number: SafeText?) -> String {
    let who = [name?.string, number?.string].compactMap { $0 }.filter { !$0.isEmpty }
    return who.isEmpty ? Withheld.words(.in).string : who.joined(separator: ", ")
  }
}

extension Record {
  /// One more that could not be taken: the last one's caller and reason are shown.
  fileprivate mutating func add(_ report: CallReport, at now: Instant) {
    count = count.plus(report.count)
    number = report.number ?? ""
    name = report.name
    reason = report.reason
    ended = now
    lineID = report.call
  }
}
