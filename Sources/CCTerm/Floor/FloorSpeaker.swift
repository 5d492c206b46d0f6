// The floor's words: what is said of a change, and what is answered to a question.

import CCCore
import CCView

/// Makes sentences of a floor, and reads questions.
struct FloorSpeaker {
  /// What a typed line came to.
  enum Answer: Hashable {
    case words([String])
    case quit
  }

  /// More names than this are counted, not told.
  private static let most = 20

  static let help =
    "Ask: who is idle, busy, talking, post-call, on break, offline, unknown; longest; alerts; "
    + "totals; numbers; quiet; quit."

  /// Only alerts are told.
  private var isQuiet = false
  private var told: [AgentKey: String] = [:]

  /// What is said of an effect; nil: nothing.
  mutating func say(_ effect: FloorEffect, _ floor: Floor, team: String?, at now: Instant)
    -> String?
  {
    switch effect {
    case .changed(let key):
      guard team == nil || key.team == team, let row = floor.row(key) else { return nil }
      let state = Self.state(row)
      let before = told.updateValue(state, forKey: key)
      guard let before, before != state, !isQuiet else { return nil }
      return "\(row.name.string): \(state)."
    case .alert(let key, let alert):
      guard team == nil || key.team == team, let row = floor.row(key) else { return nil }
      return "alert: \(row.name.string), \(alert.words)."
    case .anomaly(let kind, let count):
      return kind == .outdated ? nil : "anomaly: \(kind.rawValue), \(count)."
    }
  }

  /// Answers a question.
  mutating func answer(_ line: String, _ floor: Floor, _ team: String?, at now: Instant) -> Answer {
    let filler: Set<Substring> = ["who", "is", "are", "on", "in", "the", "a", "short"]
    let words = line.lowercased().filter { $0 != "?" }.split(separator: " ")
      .filter { !filler.contains($0) }
    guard let word = words.first else { return .words([]) }
    switch word {
    case "quit", "exit": return .quit
    case "help": return .words([Self.help, FloorOrders.help])
    case "totals", "all": return .words([Self.totals(floor, team: team)])
    case "numbers":
      let which = words.dropFirst().first.map(String.init) ?? team
      guard which == nil || floor.teams[which ?? ""] != nil else {
        return .words(["there is no team \(SafeText(which ?? "", limit: 40))."])
      }
      return .words([Self.numbers(floor, team: which)])
    case "quiet":
      isQuiet.toggle()
      return .words([isQuiet ? "only alerts are told; quiet again tells all." : "all is told."])
    case "longest":
      guard let row = floor.longestIdle else { return .words(["nobody is idle."]) }
      return .words(["\(Self.withTime(row, at: now)) is idle the longest."])
    case "alerts":
      return .words(list("alert", floor, team, at: now) { $0.alert?.words })
    case "talking":
      return .words(
        list("talking", floor, team, at: now) { $0.call?.status == .talking ? "" : nil })
    case "unknown":
      return .words(list("unknown", floor, team, at: now) { $0.shownSeat == nil ? "" : nil })
    default:
      guard let seat = Self.seats[String(word)] else {
        return .words(["\(SafeText(word, limit: 40)) is no question. \(Self.help)"])
      }
      return .words(list(String(word), floor, team, at: now) { $0.shownSeat == seat ? "" : nil })
    }
  }

  private static let seats: [String: Seat] = [
    "idle": .idle, "busy": .busy, "post-call": .postCall, "break": .shortBreak,
    "offline": .offline,
  ]

  /// Who it is true of, with how long; behind each what the test said of her.
  private func list(
    _ what: String, _ floor: Floor, _ team: String?, at now: Instant,
    _ test: (FloorRow) -> String?
  ) -> [String] {
    let found = floor.rows(in: 0..<floor.shownCount).compactMap { row -> String? in
      guard team == nil || row.key.team == team, let words = test(row) else { return nil }
      return Self.withTime(row, at: now) + (words.isEmpty ? "" : ", \(words)")
    }
    if found.isEmpty { return ["\(what): nobody."] }
    let more = found.count > Self.most ? ["and \(found.count - Self.most) more."] : []
    return ["\(what): \(found.count)."] + found.prefix(Self.most).map { $0 + "." } + more
  }

  private static func withTime(_ row: FloorRow, at now: Instant) -> String {
    let length = Spoken.duration(seconds: row.start.seconds(at: now))
    return "\(row.name.string), \(row.start.isExact ? "" : "at least ")\(length)"
  }

  private static func state(_ row: FloorRow) -> String {
    guard let seat = row.shownSeat else { return "unknown" }
    switch row.call?.status {
    case .calling: return "calling"
    case .ringing: return "ringing"
    case .talking: return "talking"
    case .ended, .notEstablished, nil: return seat.name
    }
  }

  /// What is said of the feed.
  static func feed(_ state: FeedState) -> String {
    switch state {
    case .connecting: "connecting."
    case .up: "the floor is live."
    case .down(let reason):
      // A reason may be a question: one mark is enough.
      "the floor is not live: \(reason.string)\(reason.string.hasSuffix("?") ? "" : ".") "
        + "What was told may be over."
    }
  }

  /// Today's numbers; n/a where nothing was counted.
  static func numbers(_ floor: Floor, team: String?) -> String {
    let totals = team.map { floor.teams[$0] ?? FloorTotals() } ?? floor.totals
    let percent = { (share: Double?) in
      share.map { "\(Int(($0 * 100).rounded())) percent" } ?? "n/a"
    }
    let handling =
      totals.averageHandling.map { Spoken.duration(seconds: Int($0.rounded())) } ?? "n/a"
    return "today, \(team ?? "all teams"): calls \(totals.today.calls), "
      + "talk \(Spoken.duration(seconds: totals.today.talk)), "
      + "after-call \(Spoken.duration(seconds: totals.today.afterCallWork)), "
      + "average handling \(handling), occupancy \(percent(totals.occupancy)), "
      + "connected \(percent(totals.connectRate)) of dials."
  }

  static func totals(_ floor: Floor, team: String?) -> String {
    let totals = team.map { floor.teams[$0] ?? FloorTotals() } ?? floor.totals
    let seats: [Seat] = [.idle, .busy, .postCall, .shortBreak, .offline]
    let parts = seats.map { "\($0.name) \(totals.bySeat[$0] ?? 0)" }
    return "\(Spoken.count(totals.agents, "agent")): " + parts.joined(separator: ", ")
      + ", unknown \(totals.unknown), in call \(totals.inCall), alerts \(totals.alerts)."
  }
}
