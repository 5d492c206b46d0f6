// The totals of a floor or a team: agents by status, and the figures of today.

/// Totals of a floor or a team.
public struct FloorTotals: Hashable, Sendable {
  /// Agents by status: offline, idle, busy, post-call, short break, other codes.
  public internal(set) var bySeat: [Seat: Int] = [:]
  /// Agents whose status is not known.
  public internal(set) var unknown = 0
  /// Agents with an alert, seen or not.
  public internal(set) var alerts = 0
  /// Agents with a talking call.
  public internal(set) var inCall = 0
  /// Calls, talk and after-call work of today.
  public internal(set) var today = DayFigures()
  /// The sums of those agents only whose desks count the parts of a rate.
  private var dialling = (dials: 0, connected: 0)
  private var working = (handling: 0, idle: 0)
  /// Agents that publish figures.
  public internal(set) var counted = 0

  /// Totals of nobody.
  public init() {}

  /// All agents.
  public var agents: Int { bySeat.values.reduce(unknown, +) }

  /// Average handling time in seconds, hold included in talk; nil without a call: shown as n/a.
  public var averageHandling: Double? {
    today.calls == 0 ? nil : Double(today.talk + today.afterCallWork) / Double(today.calls)
  }

  /// Dials that were answered, of all dials (0 to 1); nil without a dial: shown as n/a.
  public var connectRate: Double? {
    dialling.dials == 0 ? nil : Double(dialling.connected) / Double(dialling.dials)
  }

  /// Talk and after-call work, of them and idle together (0 to 1).
  ///
  /// Busy without a call and breaks are in neither. Nil where nobody counts idle: shown as n/a.
  public var occupancy: Double? {
    let all = working.handling + working.idle
    return all == 0 ? nil : Double(working.handling) / Double(all)
  }

  /// Two totals are the same where all sums are.
  public static func == (one: FloorTotals, two: FloorTotals) -> Bool {
    one.bySeat == two.bySeat && one.unknown == two.unknown && one.alerts == two.alerts
      && one.inCall == two.inCall && one.today == two.today && one.counted == two.counted
      && one.dialling == two.dialling && one.working == two.working
  }

  /// Hashes the sums that differ most.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(bySeat)
    hasher.combine(today)
  }

  mutating func add(_ row: FloorRow, _ sign: Int) {
    if let seat = row.shownSeat {
      bySeat[seat, default: 0] += sign
      if bySeat[seat] == 0 { bySeat[seat] = nil }
    } else {
      unknown += sign
    }
    if row.alert != nil { alerts += sign }
    if row.call?.status == .talking { inCall += sign }
    if let figures = row.today {
      counted += sign
      today.calls += sign * figures.calls
      today.talk += sign * figures.talk
      today.afterCallWork += sign * figures.afterCallWork
      if let dials = figures.dials, let connected = figures.connected {
        dialling.dials += sign * dials
        dialling.connected += sign * min(connected, dials)
      }
      if let idle = figures.idle {
        working.handling += sign * (figures.talk + figures.afterCallWork)
        working.idle += sign * idle
      }
    }
  }
}
