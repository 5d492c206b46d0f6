// What is kept of calls: Recent, and their notes.

extension Desk {
  /// The record of a call that is over.
  func record(of call: Call, _ end: Call.End) -> Record {
    Record(
      id: call.id, lineID: call.lineID, number: Self.number(of: call), name: call.name,
      first: call.first, direction: call.direction, began: call.began,
      answered: call.steps.first { $0.name == .talking }?.since,
      ended: end.at, result: Self.result(of: call, end), reason: end.reason, kind: end.kind,
      isConsultation: call.isConsultation, wasCut: end.cut != nil,
      wasDialled: call.attempt != nil, talked: end.talked,
      witnessed: end.witnessed, info: call.info, note: memory.notes[call.id] ?? "")
  }

  /// The number dialled, where the desk dialled it, whoever was there in the end.
  private static func number(of call: Call) -> SafeText {
    call.attempt == nil ? call.number : call.first?.number ?? call.number
  }

  private static func result(of call: Call, _ end: Call.End) -> Record.Result {
    if end.by == .lineLost { return .lineLost }
    if end.talked != nil { return call.isHandedOn ? .transferred : .answered }
    switch (call.direction, end.by) {
    case (.in, .agent): return .declined
    case (.in, .desk): return .turnedAway
    case (.in, _): return Record.Result(unanswered: end.kind)
    case (.out, _):
      switch end.outcome {
      case .cancelled: return .cancelled
      case .rejected: return .rejected
      case .refused: return .refused
      default: return .unanswered
      }
    }
  }

  /// Whether a report is of a call from outside that was over before it rang here: the line turned it
  /// away, or could not take it.
  func isTurnedAway(_ report: CallReport) -> Bool {
    report.status == .notEstablished && report.direction == .in
      && report.call.map { line in !memory.ended.calls.contains { $0.lineID == line } } == true
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
