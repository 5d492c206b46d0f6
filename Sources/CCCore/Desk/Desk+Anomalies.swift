// What is counted and changes nothing, told once a second at most.

extension Desk {
  mutating func count(_ kind: Anomaly, _ turn: inout Turn) {
    let total = anomalies[kind, default: 0] + 1
    anomalies[kind] = total
    if kind == .badUTF8, total == 1 { turn.notice(.warning, Self.badText) }
    guard memory.untold == nil else {
      memory.untold?.insert(kind)
      return
    }
    memory.untold = []
    turn.tell(.anomaly(kind, count: total))
    turn.start(.anomalies, seconds: Limits.anomalies)
  }

  /// Said once: a text of the line's is shown with signs in the place of its broken bytes.
  static let badText =
    "The line sends text that is not UTF-8; what cannot be read is shown as \u{FFFD}."

  mutating func tellAnomalies(_ turn: inout Turn) {
    let kinds = Anomaly.allCases.filter { memory.untold?.contains($0) == true }
    guard !kinds.isEmpty else {
      memory.untold = nil
      return
    }
    memory.untold = []
    for kind in kinds { turn.tell(.anomaly(kind, count: anomalies[kind, default: 0])) }
    turn.start(.anomalies, seconds: Limits.anomalies)
  }
}
