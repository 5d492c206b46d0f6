// From what was asked for to a running desk, and to its end.

import CCCore
import CCJSON
import CCLine
import CCView
import CLinux
import Glibc

/// Puts a desk together and runs it.
@MainActor struct DeskProgram {
  /// How the desk is shown.
  enum Mode: Hashable, Sendable { case screen, plain, json }

  /// Said where nothing is configured and no line was asked for.
  static let demoGreeting: SafeText =
    "Nothing is configured: this is the demo. See: ccterm config show"

  var mode: Mode
  var choice: LineChoice
  var configuration: Configuration
  var record: String?
  var greeting: SafeText?

  func run() throws(Failure) {
    if mode == .screen { try ScreenFront.check(instead: "--plain (sentences) or --json") }
    try checkHangUp()
    let now = SystemClock.now()
    let zone = LocalZone(at: now)
    let credentials = try CredentialSource(configuration, for: choice)
    let bus = try DeskBusOptions(configuration).map {
      DeskBus($0, at: now, log: LogFile.logger("desk"))
    }
    let locks = try takeLocks(at: now, zone: zone.at(now))
    defer { withExtendedLifetime(locks) {} }
    let recorder: RecordFile? =
      if let record { try RecordFile(path: record, at: now.uptime) } else { nil }
    let session = DeskSession(
      settings: settings(hasCredentials: credentials != nil), line: try makeLine(),
      credentials: credentials, recorder: recorder, bus: bus,
      hangsUp: configuration.flag("quit.hangUp"), zone: zone,
      log: isReal ? LogFile.logger("desk") : { _ in }, at: now)
    defer { session.close() }
    switch mode {
    case .screen: try runScreen(session)
    case .plain: try runPlain(session)
    case .json: try runJSON(session)
    }
  }

  // MARK: The three front ends

  private func runScreen(_ session: DeskSession) throws(Failure) {
    let front = try ScreenFront(
      configuration, zone: session.zone,
      infoHeader: choice == .program("sip")
        ? configuration.text("sip.infoHeader").map { SafeText($0) } : nil)
    defer { front.leave() }
    let desk = CursesDesk(session, front)
    if let greeting { desk.notice(.info, greeting, at: SystemClock.now()) }
    try EventLoop.run(desk)
  }

  private func runPlain(_ session: DeskSession) throws(Failure) {
    let desk = try PlainDesk(
      session, rings: configuration.flag("screen.bell"), endsWithLine: isReplay)
    if let greeting { desk.say(greeting, urgent: true) }
    desk.open(at: SystemClock.now())
    try EventLoop.run(desk)
  }

  private func runJSON(_ session: DeskSession) throws(Failure) {
    let desk = try JSONDesk(session, endsWithLine: isReplay)
    let now = SystemClock.now()
    if let greeting { desk.notice(.info, greeting, at: now) }
    session.open(at: now)
    try EventLoop.run(desk)
  }

  private func checkHangUp() throws(Failure) { try Self.checkHangUp(choice, configuration) }

  /// A call of these lines lives in their process, its sound too: it ends with them.
  static func checkHangUp(_ choice: LineChoice, _ configuration: Configuration) throws(Failure) {
    guard !configuration.flag("quit.hangUp"), case .program(let line) = choice else { return }
    throw .usage(
      "quit.hangUp: no is impossible on the line \(line): its calls end with it. "
        + "A line of your own (exec:) may leave them be.")
  }

  // MARK: The line

  /// Whether there is a line in the world: a demo leaves no log behind.
  private var isReal: Bool {
    switch choice {
    case .demo, .replay: false
    case .program, .exec: true
    }
  }

  private var isReplay: Bool { if case .replay = choice { true } else { false } }

  private var account: String {
    configuration.text("desk.account")
      ?? (choice == .program("sip") ? configuration.text("sip.account") : nil) ?? ""
  }

  private func settings(hasCredentials: Bool) -> Desk.Settings {
    Desk.Settings(
      line: choice.name, account: SafeText(account),
      wrapUpSeconds: configuration.number("seat.wrapUp"),
      ringAnyway: configuration.flag("seat.ringAnyway"), hasCredentialSource: hasCredentials,
      obey: OrderPolicy(configuration), numbering: Numbering(configuration),
      seed: UInt64.random(in: .min ... .max))
  }

  private func makeLine() throws(Failure) -> any PhoneLine {
    switch choice {
    case .demo: return DemoLine()
    case .replay(let path, let speed):
      guard cc_look_at_file(path) != cc_no_file else {
        throw .failed("\(SafeText(path)) is no file.")
      }
      guard let line = ReplayLine(path: path, speed: speed) else {
        throw .failed("\(SafeText(path)) cannot be read: \(Files.reason()).")
      }
      return line
    case .program(let name):
      let path = "\(Beside.folder)/ccterm-line-\(name)"
      // The SDK's calls end with its browser: only its folder is left, and that needs no token.
      let successor = LineChoice.programs.contains(name) ? [path, "--end-orphans"] : []
      return ChildLine(
        arguments: [path], configuration: lineSettings, successor: successor,
        tellsSuccessor: name == "sip", log: logger(name))
    case .exec(let command):
      switch CommandWords.split(command) {
      case .success(let words):
        return ChildLine(arguments: words, configuration: lineSettings, log: logger("exec"))
      case .failure(let refusal): throw .usage("--line exec: \(refusal.sentence)")
      }
    }
  }

  private var lineSettings: JSONValue? {
    choice.settingsName.map { LineSettings.json($0, configuration) }
  }

  /// Takes what a line program says on stderr.
  private func logger(_ name: String) -> (SafeText) -> Void { LogFile.logger("line \(name)") }

  /// Two desks on one account would take each other's calls; a demo or a recording is nobody's.
  private func takeLocks(at now: Instant, zone: Zone) throws(Failure) -> [DeskLock] {
    let identities = DeskIdentity.all(choice, configuration)
    guard !identities.isEmpty else { return [] }
    return try DeskLock.take(identities, folder: StateFolder.path(), at: now, zone: zone)
  }
}
