// What is counted and changes nothing, told once a second at most.

extension Desk {
  /// What a line could not read of its telephone system.
  public struct Unreadable: Hashable, Sendable {
    /// How many messages, since the line was started.
    public internal(set) var total: Int
    /// What was wrong with the last one.
    public internal(set) var last: SafeText
    /// When it came.
    public internal(set) var at: Instant
  }

  mutating func count(_ kind: Anomaly, by more: Int = 1, _ turn: inout Turn) {
    let total = anomalies[kind, default: 0].plus(more)
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

  /// The line's running total; a line that was started anew counts anew.
  mutating func unreadable(_ total: Int, _ last: SafeText, _ turn: inout Turn) {
    let before = unreadable.map { $0.total <= total ? $0.total : 0 } ?? 0
    guard total > before else { return }
    unreadable = Unreadable(total: total, last: last, at: turn.now)
    count(.unreadable, by: total.minus(before), &turn)
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
