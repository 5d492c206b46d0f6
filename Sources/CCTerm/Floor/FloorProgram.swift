// From what was asked for to a running floor, and to its end.

import CCCore
import CCFeed
import CCView
import Glibc

/// Puts a floor together and runs it.
@MainActor struct FloorProgram {
  /// How the floor is shown.
  enum Mode: Hashable, Sendable { case screen, wall, plain, json, once, onceJSON }

  var mode: Mode
  /// Where it comes from.
  enum Source: Hashable, Sendable {
    case demo(seed: UInt64, agents: Int)
    case bus(BusOptions)

    /// As the header has it.
    var name: SafeText {
      switch self {
      case .demo: "demo"
      case .bus(let options): SafeText(options.address.description, limit: 80)
      }
    }
  }

  var source: Source
  var team: String?
  var configuration: Configuration

  /// How long the table waits for what a broker keeps.
  private static let patience = 10 * Instant.second

  func run() throws(Failure) {
    if mode == .screen || mode == .wall {
      try ScreenFront.check(instead: "--once, --plain or --json")
    }
    let now = SystemClock.now()
    let session = FloorSession(
      feed: makeFeed(), thresholds: thresholds, name: supervisor, log: LogFile.logger("floor"),
      at: now)
    defer { session.feed.stop() }
    switch mode {
    case .screen, .wall: try runScreen(session, zone: LocalZone(at: now))
    case .plain:
      session.open(at: now)
      let floor = try PlainFloor(session, team: team)
      floor.greet(at: now)
      try EventLoop.run(floor)
    case .json, .onceJSON:
      let floor = try JSONFloor(
        session, source: session.feed.word, team: team, isOnce: mode == .onceJSON)
      session.open(at: now)
      if mode == .onceJSON { try settle(session) }
      floor.tellAll(at: SystemClock.now())
      try EventLoop.run(floor)
    case .once:
      session.open(at: now)
      try settle(session)
      try printOnce(session, zone: SystemZone.read(round: now.unix), at: SystemClock.now())
    }
  }

  private var thresholds: Floor.Thresholds {
    let seconds = { (name: String) -> Int? in
      let number = configuration.number("floor." + name)
      return number == 0 ? nil : number
    }
    return Floor.Thresholds(
      shortBreak: seconds("break"), postCall: seconds("postCall"), idle: seconds("idle"),
      ringing: seconds("ringing"), held: seconds("held"))
  }

  /// As whom the supervisor asks things of agents.
  private var supervisor: SafeText {
    let name = configuration.text("bus.name") ?? configuration.text("bus.user")
    return SafeText(name ?? Environment.user ?? "supervisor", limit: 64)
  }

  private func makeFeed() -> any FloorFeed {
    switch source {
    case .demo(let seed, let agents): DemoFloorFeed(DemoFeed(seed: seed, agents: agents))
    case .bus(let options): BusFloorFeed(options, team: team, log: LogFile.logger("floor"))
    }
  }

  /// Waits until everything that a broker keeps has come.
  private func settle(_ session: FloorSession) throws(Failure) {
    let end = SystemClock.now().uptime + Self.patience
    while true {
      let now = SystemClock.now()
      session.turn(at: now)
      if session.feed.isComplete(at: now) { return }
      guard now.uptime < end else {
        guard case .down(let reason) = session.floor.feed else { return }
        throw .failed("\(source.name) gives no floor: \(reason).")
      }
      let watches = session.watches
      var entries = watches.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
      _ = poll(&entries, nfds_t(entries.count), 20)
      for (entry, watch) in zip(entries, watches) where entry.revents != 0 {
        watch.act(SystemClock.now())
      }
    }
  }

  private func runScreen(_ session: FloorSession, zone: LocalZone) throws(Failure) {
    let front = try ScreenFront(configuration, zone: zone)
    defer { front.leave() }
    let screen = FloorScreen(source: source.name, team: team, isWall: mode == .wall)
    try EventLoop.run(CursesFloor(session, screen, front))
  }

  /// The table, and out.
  private func printOnce(_ session: FloorSession, zone: Zone, at now: Instant) throws(Failure) {
    let screen = FloorScreen(source: source.name, team: team)
    session.tell([screen.opening], at: now)
    var told = winsize()
    let isTerminal = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &told) == 0 && told.ws_col > 0
    let width = isTerminal ? max(60, Int(told.ws_col)) : 120
    let report = FloorReport(
      session.floor, screen, width: width,
      look: Look(zone: zone, numbering: Numbering(configuration)),
      at: now)
    for page in report {
      guard Say.write(page, to: STDOUT_FILENO) else {
        throw .failed("stdout: \(Files.reason()).")
      }
    }
  }
}
