// A floor and its screen, driven by hand: agents are heard of, keys are pressed, a clock is turned.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

/// Everything but the terminal and the feed, for tests that tell a story.
struct FloorStage {
  var now: Instant
  var floor: Floor
  var screen: FloorScreen
  var look = Look(zone: .utc)
  /// What the screen asked for that is not the floor's.
  var asked: [FloorRequest] = []
  private var sequence: UInt32 = 0

  init(
    _ source: SafeText = "mqtt broker.example", team: String? = nil, isWall: Bool = false,
    at clock: String = "13:00:00"
  ) {
    now = Instant(uptime: 100_000 * Instant.second, unix: Stage.unix(clock))
    floor = Floor(at: now)
    screen = FloorScreen(source: source, team: team, isWall: isWall)
    tell(screen.opening)
    tell(.feed(.up))
  }

  mutating func turn(to clock: String) {
    wait(Double(Stage.unix(clock) - now.unix) / 1000)
  }

  mutating func wait(_ seconds: Double) {
    now = now.advanced(by: Int64(seconds * 1e9))
    tell(.time)
    grant(screen.tick(at: now))
  }

  mutating func tell(_ event: FloorEvent) {
    for effect in floor.handle(event, at: now) { screen.observe(effect, at: now) }
  }

  /// An agent is heard of: `since` is a time of day.
  mutating func seat(
    _ key: String, _ seat: Seat, name: SafeText? = nil, since: String? = nil, today: Int? = nil,
    lease: Int = 36_000, retained: Bool = false
  ) {
    sequence += 1
    let update = SeatUpdate(
      stamp: Stamp(epoch: 1_763_900_000_000, sequence: sequence), seat: seat,
      since: since.map { Stage.unix($0) }, name: name, lease: lease,
      today: today.map {
        DayFigures(
          calls: $0, talk: $0 * 190, afterCallWork: $0 * 25, dials: $0 * 2, connected: $0,
          idle: $0 * 60)
      }, sent: now.unix)
    tell(.seat(Self.key(key), update, retained: retained))
  }

  mutating func call(
    _ key: String, _ status: CallReport.Status?, number: SafeText? = nil, since: String? = nil
  ) {
    sequence += 1
    let update = CallUpdate(
      stamp: Stamp(epoch: 1_763_900_000_000, sequence: sequence), status: status,
      since: since.map { Stage.unix($0) }, direction: .out, number: number)
    tell(.call(Self.key(key), update, retained: false))
  }

  static func key(_ text: String) -> AgentKey {
    let parts = text.split(separator: "/").map(String.init)
    guard parts.count == 2, let key = AgentKey(team: parts[0], agent: parts[1]) else {
      preconditionFailure("no key: \(text)")
    }
    return key
  }

  mutating func press(_ keys: String, _ columns: Int = 80, _ rows: Int = 24) {
    for key in Keys.parse(keys) {
      screen.drawn(floor, size: Size(columns: columns, rows: rows))
      grant(screen.press(key, floor, at: now))
    }
  }

  private mutating func grant(_ requests: [FloorRequest]) {
    for request in requests {
      if case .floor(let event) = request { tell(event) } else { asked.append(request) }
    }
  }

  func frame(_ columns: Int = 80, _ rows: Int = 24) -> Frame {
    FloorRenderer.render(
      floor, screen, size: Size(columns: columns, rows: rows), look: look, at: now)
  }

  func row(_ y: Int, _ columns: Int = 80, _ rows: Int = 24) -> String {
    var row = frame(columns, rows).text[y][...]
    while row.last == " " { row.removeLast() }
    return String(row)
  }

  /// The names in the table, from the top.
  var names: [String] {
    let order = screen.order(of: screen.shown(floor))
    return screen.shown(floor).rows(in: 0..<order.count, of: order).map(\.name.string)
  }

  /// Holds the stage against its golden files at the four sizes, in ASCII, and on a very wide screen.
  func check(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let sizes = [(80, 24), (120, 40), (40, 12), (20, 5), (300, 80)]
    for (columns, rows) in sizes where rows < 80 || name == "floor" {
      Golden.check(
        "\(name)-\(columns)x\(rows)", Story.picture(frame(columns, rows)), file: #filePath,
        sourceLocation: sourceLocation)
    }
    var ascii = self
    ascii.look.ascii = true
    Golden.check(
      "\(name)-ascii", Story.picture(ascii.frame()), file: #filePath,
      sourceLocation: sourceLocation)
  }

  /// The floor of the design's picture.
  static var busy: FloorStage {
    var stage = FloorStage()
    stage.seat("red/1001", .idle, name: "Ana Ruiz", today: 8)
    stage.seat("blue/1002", .idle, name: "陈小明", today: 21)
    stage.seat("blue/1003", .idle, name: "Ravi K.", today: 17)
    stage.seat("green/1004", .idle, name: "Sofia Peña", today: 11)
    stage.seat("green/1005", .idle, name: "John Doe", today: 9)
    stage.seat("red/1006", .busy, name: "Li Wei", today: 13)
    stage.seat("red/1007", .idle, name: "Tom O'Neil", today: 19)
    stage.seat("blue/1008", .idle, name: "Mei Lin", today: 22)
    stage.seat("blue/1009", .busy, name: "Grace Okafor")
    stage.turn(to: "13:34:05")
    stage.seat("red/1001", .shortBreak, today: 8)
    stage.turn(to: "13:40:00")
    stage.seat("blue/1009", .offline)
    stage.turn(to: "13:51:09")
    stage.seat("green/1004", .idle, today: 11)
    stage.turn(to: "13:55:42")
    stage.seat("green/1005", .busy, today: 9)
    stage.seat("green/1005", .idle, today: 9)
    stage.turn(to: "13:58:00")
    stage.seat("red/1006", .postCall, today: 14)
    stage.turn(to: "13:58:32")
    stage.seat("blue/1002", .postCall, today: 21)
    stage.turn(to: "14:00:00")
    stage.seat("red/1006", .idle, today: 14)
    stage.turn(to: "14:01:00")
    stage.seat("red/1006", .busy, today: 14)
    stage.call("red/1006", .talking, number: "13212345678")
    stage.turn(to: "14:02:17")
    stage.seat("red/1007", .busy, today: 19)
    stage.call("red/1007", .talking)
    stage.turn(to: "14:04:02")
    stage.seat("blue/1003", .idle, today: 17, lease: 60)
    stage.turn(to: "14:05:04")
    stage.seat("green/1004", .busy, today: 11)
    stage.seat("green/1004", .idle, today: 11)
    stage.seat("blue/1008", .busy, today: 22)
    stage.call("blue/1008", .ringing, number: "00759999")
    stage.turn(to: "14:05:12")
    return stage
  }
}
