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
  var agents: Int
  var seed: UInt64
  var team: String?
  var configuration: Configuration

  private static let source: SafeText = "demo"

  func run() throws(Failure) {
    let isScreen = mode == .screen || mode == .wall
    if isScreen { try checkTerminal() }
    let now = SystemClock.now()
    let session = FloorSession(feed: DemoFeed(seed: seed, agents: agents), at: now)
    switch mode {
    case .screen, .wall: try runScreen(session, zone: SystemZone.read(round: now.unix))
    case .plain:
      session.open(at: now)
      let floor = try PlainFloor(session, team: team)
      floor.greet(at: now)
      try EventLoop.run(floor)
    case .json, .onceJSON:
      let floor = try JSONFloor(
        session, source: Self.source.string, team: team, isOnce: mode == .onceJSON)
      session.open(at: now)
      floor.tellAll(at: now)
      try EventLoop.run(floor)
    case .once:
      session.open(at: now)
      try printOnce(session, zone: SystemZone.read(round: now.unix), at: now)
    }
  }

  private func runScreen(_ session: FloorSession, zone: Zone) throws(Failure) {
    let signals = try Signals(TerminalSignals.all)
    let terminal: Terminal
    do {
      terminal = try Terminal(usesColour: configuration.text("screen.colour") != "mono")
    } catch { throw .failed("\(error)") }
    defer { terminal.leave() }
    let ascii = configuration.text("screen.ascii") ?? "auto"
    let look = Look(
      zone: zone, ascii: ascii == "yes" || (ascii == "auto" && !terminal.display.abilities.isUTF8))
    let screen = FloorScreen(source: Self.source, team: team, isWall: mode == .wall)
    try EventLoop.run(
      CursesFloor(
        session, screen, terminal: terminal, signals: signals, look: look,
        rings: configuration.flag("screen.bell")))
  }

  /// The table, and out.
  private func printOnce(_ session: FloorSession, zone: Zone, at now: Instant) throws(Failure) {
    let screen = FloorScreen(source: Self.source, team: team)
    session.tell([screen.opening], at: now)
    var told = winsize()
    let isTerminal = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &told) == 0 && told.ws_col > 0
    let width = isTerminal ? max(60, Int(told.ws_col)) : 120
    let report = FloorReport(session.floor, screen, width: width, look: Look(zone: zone), at: now)
    for page in report {
      guard Say.write(page, to: STDOUT_FILENO) else {
        throw .failed("stdout: \(Files.reason()).")
      }
    }
  }

  private func checkTerminal() throws(Failure) {
    for (descriptor, name) in [(STDOUT_FILENO, "stdout"), (STDIN_FILENO, "stdin")]
    where isatty(descriptor) != 1 {
      throw .usage("\(name) is no terminal: choose --once, --plain or --json.")
    }
  }
}
