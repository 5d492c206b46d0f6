// A floor driven by hand: a clock that is turned, updates that are said, effects that are kept.

import Testing

@testable import CCCore

/// A floor and its clock, for tests that tell a story.
struct FloorScript {
  /// The epoch of everybody's connection where a test names none.
  static let epoch: Int64 = 1_763_899_000_000

  var floor: Floor
  var now = Instant(uptime: 1_000 * Instant.second, unix: 1_763_900_000_000)
  var log: [FloorEffect] = []

  init(_ thresholds: Floor.Thresholds = .init()) {
    floor = Floor(thresholds: thresholds, at: Instant(uptime: 0, unix: 1_763_900_000_000))
    say(.feed(.up))
  }

  @discardableResult
  mutating func say(_ event: FloorEvent) -> [FloorEffect] {
    let effects = floor.handle(event, at: now)
    log += effects
    return effects
  }

  @discardableResult
  mutating func seat(
    _ agent: String, _ seat: Seat, epoch: Int64 = epoch, _ sequence: UInt32, since: Int64? = nil,
    retained: Bool = false, sent: Int64? = nil, today: DayFigures? = nil, name: SafeText? = nil,
    lease: Int? = nil, team: String = "red"
  ) throws -> [FloorEffect] {
    say(
      .seat(
        try floorKey(agent, team),
        SeatUpdate(
          stamp: Stamp(epoch: epoch, sequence: sequence), seat: seat, since: since, name: name,
          lease: lease, today: today, sent: sent), retained: retained))
  }

  @discardableResult
  mutating func call(
    _ agent: String, _ status: CallReport.Status?, epoch: Int64 = epoch, _ sequence: UInt32,
    since: Int64? = nil, number: SafeText? = nil, held: Int64? = nil, retained: Bool = false
  ) throws -> [FloorEffect] {
    say(
      .call(
        try floorKey(agent),
        CallUpdate(
          stamp: Stamp(epoch: epoch, sequence: sequence), status: status, since: since,
          number: number, held: held), retained: retained))
  }

  @discardableResult
  mutating func wait(_ seconds: Int) -> [FloorEffect] {
    now = now.advanced(by: Int64(seconds) * Instant.second)
    return say(.time)
  }

  func row(_ agent: String) throws -> FloorRow { try #require(floor.row(floorKey(agent))) }
  var order: [String] { floor.rows(in: 0..<floor.shownCount).map(\.key.agent) }
}

func floorKey(_ agent: String, _ team: String = "red") throws -> AgentKey {
  try #require(AgentKey(team: team, agent: agent))
}
