// A time of day of another day names that day, wherever one is shown.

import CCCore
import CCTestSupport
import Testing

@testable import CCView

@Suite struct DayWordTests {
  private static let hour: Int64 = 3_600_000
  /// Monday, 24 November 2025, 14:00:19 in Greenwich.
  private let now = Stage.unix("14:00:19")

  @Test func words() {
    let zone = Zone.utc
    let day = 24 * Self.hour
    let cases: [(Int64, String, String)] = [
      (0, "14:00", "14:00:19"), (-14 * Self.hour, "00:00", "00:00:19"),
      (9 * Self.hour, "23:00", "23:00:19"), (-15 * Self.hour, "Sun 23:00", "Sun 23:00"),
      (-2 * day, "Sat 14:00", "Sat 14:00"), (-6 * day, "Tue 14:00", "Tue 14:00"),
      // A week ago was a Monday too.
      (-7 * day, "17 Nov 14:00", "17 Nov 14:00"),
      (-330 * day, "29 Dec 2024 14:00", "29 Dec 2024 14:00"),
      // The wall clock was set back meanwhile.
      (day, "25 Nov 14:00", "25 Nov 14:00"),
    ]
    for (distance, minute, clock) in cases {
      #expect(zone.minute(now + distance, seenAt: now) == minute)
      #expect(zone.clock(now + distance, seenAt: now) == clock)
    }
  }

  @Test("the day is the zone's") func days() {
    // In Auckland it is Tuesday, three in the morning.
    let zone = Zone([.init(from: 0, secondsEast: 13 * 3600)])
    #expect(zone.minute(now, seenAt: now) == "03:00")
    #expect(zone.minute(now - 4 * Self.hour, seenAt: now) == "Mon 23:00")
  }

  @Test("since, Recent, the last call and the why of the day before yesterday") func desk() {
    var stage = Stage()
    stage.talk()
    stage.wait(60)
    stage.call(.ended, id: "c")
    stage.tell(.timer(.wrapUp))
    stage.tell(.choose(.shortBreak))
    stage.wait(2 * 86_400)
    let text = stage.text.joined(separator: "\n")
    #expect(text.contains("since Mon 14:01, by you"))
    #expect(text.contains("│ Mon 14:00 out 132 1234 5678"))
    #expect(text.contains("answered Mon 14:00"))
    stage.press("<F9>")
    #expect(stage.message.contains("Mon 14:01"))
    for columns in [40, 60, 80, 120, 200] {
      for row in stage.frame(columns, 24).text where row.contains("Mon 14:00") {
        #expect(Cells.width(of: row) == columns)
      }
    }
    // A week later it has its date.
    stage.wait(7 * 86_400)
    #expect(stage.text.joined().contains("24 Nov 14:00"))
  }

  @Test("no link since, signed in elsewhere since") func link() {
    var stage = Stage()
    stage.line(.unregistered(reason: "the registrar is away", retryIn: nil, final: false))
    stage.wait(2 * 86_400)
    #expect(stage.message.contains("(Mon 14:00)"))
    #expect(stage.text.joined().contains("was idle at Mon 14:00"))
    stage.line(.evicted)
    stage.wait(86_400)
    #expect(stage.text.joined().contains("Since Wed 14:00"))
  }

  @Test("the floor's history, and since when it is not live") func floor() {
    var stage = FloorStage(at: "13:00:00")
    stage.seat("red/1001", .idle, name: "Li Wei", since: "12:59:59", lease: 86_400)
    stage.wait(86_000)
    stage.seat("red/1001", .shortBreak, name: "Li Wei", lease: 86_400)
    stage.wait(20_000)
    stage.press("<Down>")
    let text = stage.frame().text.joined()
    #expect(text.contains("Mon 13:00 idle") || text.contains("Mon 12:59 idle"))
    stage.tell(.feed(.down(reason: "gone")))
    stage.wait(2 * 86_400)
    #expect(stage.frame().text.joined().contains("NOT LIVE since Tue"))
  }
}

@Suite struct ExtremePictureTests {
  private static let sizes = [(20, 5), (40, 12), (100, 24)]

  @Test("a desk is drawn whatever figures it was given, at any clock", arguments: Extremes.integers)
  func desk(number: Int64) {
    var stage = Stage(wrapUp: Int(number))
    stage.line(.registered(account: nil, expiresIn: Int(number), secure: nil))
    stage.call(.talking, "1020", id: "a", .in)
    stage.line(.level(input: Double(number), output: .nan))
    stage.line(.seat(Seat(code: Int(number))))
    draw(stage)
    stage.call(.ended, "1020", id: "a", reason: Reason("x", code: Int(number)))
    stage.line(.unregistered(reason: "away", retryIn: Double(number), final: false))
    draw(stage)
    for clock in Extremes.integers {
      let now = Instant(uptime: clock, unix: number)
      _ = stage.screen.deadline(stage.desk, at: now)
      _ = stage.screen.tick(stage.desk, at: now)
    }
    for clock: Int64 in [.min, -1, .max] {
      stage.now = Instant(uptime: clock, unix: number)
      stage.press("<F9>")
      draw(stage)
    }
  }

  private func draw(_ stage: Stage) {
    for (columns, rows) in Self.sizes { #expect(stage.frame(columns, rows).text.count == rows) }
    var painter = DeskPainter()
    for now in [stage.now, Instant(uptime: .max, unix: .min)] {
      _ = painter.paint(
        stage.desk, stage.screen, size: Size(columns: 80, rows: 24), look: stage.look, at: now)
    }
  }

  @Test(
    "a floor is drawn whatever figures it was given, at any clock", arguments: Extremes.integers)
  func floor(number: Int64) {
    var stage = FloorStage()
    let int = Int(number)
    let figures = DayFigures(
      calls: int, talk: int, afterCallWork: int, dials: int, connected: int, idle: int)
    for (place, key) in ["red/1001", "blue/2"].enumerated() {
      let stamp = Stamp(epoch: min(number, stage.now.unix), sequence: UInt32(place))
      stage.tell(
        .seat(
          FloorStage.key(key),
          SeatUpdate(
            stamp: stamp, seat: Seat(code: int), since: number, lease: int, today: figures,
            sent: number), retained: false))
      stage.tell(
        .call(
          FloorStage.key(key),
          CallUpdate(stamp: stamp, status: .talking, since: number, held: number),
          retained: false))
    }
    stage.press("<Down><Enter>")
    for (columns, rows) in Self.sizes { #expect(stage.frame(columns, rows).text.count == rows) }
    for clock: Int64 in [.min, -1, 0, .max] {
      stage.now = Instant(uptime: clock, unix: number)
      _ = stage.screen.deadline(at: stage.now)
      _ = stage.frame()
    }
  }
}
