// What is kept of calls: Recent, and their notes.

extension Desk {
  /// The record of a call that is over.
  func record(of call: Call) -> Record {
    let end = call.end
    return Record(
      id: call.id, number: call.number, name: call.name, direction: call.direction,
      began: call.began, answered: call.steps.first { $0.name == .talking }?.since,
      ended: end?.at ?? call.began, result: Self.result(of: call), reason: end?.reason,
      isConsultation: call.isConsultation, wasDialled: call.attempt != nil, talked: end?.talked,
      witnessed: end?.witnessed ?? true,
      info: call.info,
      note: memory.notes[call.id] ?? "")
  }

  private static func result(of call: Call) -> Record.Result {
    guard let end = call.end else { return .answered }
    if end.by == .lineLost { return .lineLost }
    if end.talked != nil { return call.isHandedOn ? .transferred : .answered }
    switch (call.direction, end.by) {
    case (.in, .agent): return .declined
    case (.in, .desk): return .turnedAway
    case (.in, _): return .missed
    case (.out, _):
      switch end.outcome {
      case .cancelled: return .cancelled
      case .rejected: return .rejected
      default: return .unanswered
      }
    }
  }

  /// Whether a report is of a call from outside that the line turned away before it rang.
  func isTurnedAway(_ report: CallReport) -> Bool {
    report.status == .notEstablished && report.direction == .in
      && report.call.map { line in !memory.ended.calls.contains { $0.lineID == line } } == true
  }

  /// Lists a call that never rang here: who called stands in Recent, and nothing else changes.
  mutating func list(turnedAway report: CallReport, _ turn: inout Turn) {
    let id = newCallID()
    memory.ended.note(
      EndedCalls.Ended(
        id: id, lineID: report.call, number: report.number ?? "", reported: report.number,
        direction: .in, at: turn.now, isAnsweredByLate3: false))
    keep(
      Record(
        id: id, number: report.number ?? "", name: report.name, direction: .in,
        began: turn.now, answered: nil, ended: turn.now, result: .turnedAway,
        reason: report.reason, isConsultation: false, wasDialled: false, talked: nil,
        witnessed: true, info: "",
        note: ""), &turn)
    turn.notice(.info, Self.turnedAway(report.name, report.number, report.reason))
  }

  /// The sentence for it, as in `Turned away: María López, +34612345678: busy (486)`.
  static func turnedAway(_ name: SafeText?, _ number: SafeText?, _ why: Reason? = nil) -> String {
    let who = [name?.string, number?.string].compactMap { $0 }.filter { !$0.isEmpty }
    let reason = why.map { ": \($0.text)" } ?? ""
    let words = who.isEmpty ? Withheld.words(.in).string : who.joined(separator: ", ")
    return "Turned away: \(words)\(reason)."
  }

  mutating func keep(_ record: Record, _ turn: inout Turn) {
    memory.notes[record.id] = nil
    recent.insert(record, at: 0)
    if recent.count > Self.recentLimit { recent.removeLast(recent.count - Self.recentLimit) }
    turn.tell(.record(record))
  }

  /// The note of a call, as it stands.
  public func note(of id: Call.ID) -> String {
    memory.notes[id] ?? recent.first { $0.id == id }?.note ?? ""
  }

  mutating func note(_ id: Call.ID, _ text: String, _ turn: inout Turn) {
    let text = InfoText.cut(text).text
    if let index = recent.firstIndex(where: { $0.id == id }) {
      guard recent[index].note != text else { return }
      recent[index].note = text
      turn.tell(.record(recent[index]))
    } else if call(id) != nil || attempt?.callID == id {
      memory.notes[id] = text
    }
  }
}
