// A desk and its screen, driven by hand: keys are pressed, the line speaks, a clock is turned.

import CCCore
import CCView

/// Everything but the terminal and the line, for tests that tell a story.
public struct Stage: Sendable {
  /// The machine.
  public var desk: Desk
  /// What is on the screen and not in the world.
  public var screen = DeskScreen()
  /// The clock, turned by hand.
  public var now: Instant
  /// The look; Greenwich, in Unicode.
  public var look = Look(zone: .utc)
  /// What the screen asked for that is not the desk's.
  public var asked: [ScreenRequest] = []
  /// Every event that the desk was told by the screen.
  public var events: [DeskEvent] = []
  /// Every command to the line.
  public var sent: [LineCommand] = []
  /// Whether each press is of what was drawn just before.
  public var drawsBeforeKeys = true

  /// What a line can do that can do everything.
  public static let all: Abilities = [
    .dial, .hangUp, .answer, .reject, .hold, .mute, .dtmf, .transfer,
  ]

  /// A desk whose line is up since 14:00:19.
  public init(
    _ abilities: Abilities = Stage.all, at clock: String = "14:00:19", wrapUp: Int = 30,
    secure: SafeText? = "TLS"
  ) {
    now = Instant(uptime: 1_000 * Instant.second, unix: Self.unix(clock))
    desk = Desk(
      settings: .init(line: "sip", account: "1001@pbx.example", wrapUpSeconds: wrapUp), at: now)
    follow(desk.open(at: now))
    line(.started)
    line(.hello(line: "sip", abilities: abilities))
    line(.registered(account: nil, expiresIn: nil, secure: secure))
  }

  /// A time of day on the day of the stories, in Unix milliseconds.
  public static func unix(_ clock: String) -> Int64 {
    let parts = clock.split(separator: ":").compactMap { Int64($0) }
    return 1_763_942_400_000 + (parts[0] * 3600 + parts[1] * 60 + parts[2]) * 1000
  }

  /// Turns both clocks to a time of day.
  public mutating func turn(to clock: String) {
    wait(Double(Self.unix(clock) - now.unix) / 1000)
  }

  /// Lets seconds pass.
  public mutating func wait(_ seconds: Double) {
    now = now.advanced(by: Int64(seconds * 1e9))
    grant(screen.tick(desk, at: now))
  }

  /// The line says something.
  public mutating func line(_ event: LineEvent) { tell(.line(event)) }

  /// Something happens to the desk; the screen hears what comes of it.
  public mutating func tell(_ event: DeskEvent) { follow(desk.handle(event, at: now)) }

  private mutating func follow(_ effects: [Effect]) {
    for effect in effects {
      if case .tell(let fact) = effect { screen.observe(fact, desk, at: now) }
      if case .send(let command) = effect { sent.append(command) }
    }
  }

  /// The line reports a call.
  public mutating func call(
    _ status: CallReport.Status, _ number: SafeText? = nil, id: String? = nil,
    _ direction: Direction? = nil, reason: Reason? = nil, name: SafeText? = nil
  ) {
    line(
      .call(
        CallReport(
          status, number: number, call: id, direction: direction, reason: reason, name: name)))
  }

  /// Presses keys, 100 ms apart, each on a screen that has been drawn.
  public mutating func press(_ keys: String) {
    for key in Keys.parse(keys) { press(key) }
  }

  /// Presses one key, some time after what was before.
  public mutating func press(_ key: Key, after seconds: Double = 0.1) {
    wait(seconds)
    if drawsBeforeKeys { draw() }
    grant(screen.press(key, desk, at: now))
  }

  private mutating func grant(_ requests: [ScreenRequest]) {
    for request in requests {
      if case .desk(let event) = request {
        events.append(event)
        tell(event)
      } else {
        asked.append(request)
      }
    }
  }

  /// The screen is drawn: keys are meant for what it shows.
  public mutating func draw() { screen.drawn(desk, size: Size(columns: 80, rows: 24)) }

  /// Dials and is answered.
  public mutating func talk(_ number: String = "13212345678") {
    press("\(number)<Enter>")
    call(.calling, id: "c")
    wait(2)
    call(.ringing, id: "c")
    wait(6)
    call(.talking, id: "c")
  }

  /// The picture at a size.
  public func frame(_ columns: Int = 80, _ rows: Int = 24) -> Frame {
    DeskRenderer.render(
      desk, screen, size: Size(columns: columns, rows: rows), look: look, at: now)
  }

  /// The rows at 80x24.
  public var text: [String] { frame().text }

  /// The message at 80x24, in one line, without its blanks.
  public var message: String {
    let panel = frame().panels.first { $0.name == "message" }
    let rows = panel?.rows.map { trimmed($0.map(\.text).joined()) } ?? []
    return rows.joined(separator: " ")
  }

  /// The key bar at 80x24, without its blanks.
  public var keys: String { trimmed(text[23]) }

  private func trimmed(_ row: String) -> String {
    var row = row[...]
    while row.first == " " { row.removeFirst() }
    while row.last == " " { row.removeLast() }
    return String(row)
  }
}

extension DeskEvent {
  /// Whether it asks for the end of a call.
  public var isHangUp: Bool {
    switch self {
    case .hangUp, .cutLine: true
    default: false
    }
  }
}
