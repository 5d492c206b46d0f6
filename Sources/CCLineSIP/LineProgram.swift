// The program: commands of the desk in, events of the line out.

import CCCore
import CCJSON
import CCLine
import CLibre
import Glibc

/// Ties stdin, the registration and the calls together, and runs until stdin ends or `quit` comes.
final class LineProgram {
  let writer = EventWriter(STDOUT_FILENO)
  private var reader: LineReader?
  private var resolver: Resolver?
  var account: Account?
  var calls: Calls?
  var seatTeller: SeatTeller?
  lazy var farewells = Farewells(owner: self)
  lazy var sound = LineSound(owner: self)
  lazy var names = NameBook()
  var strangersToldAt: UInt64?
  var trust: TrustFinder?
  var bindings: BindingFile?
  private let farewell = Timer()
  private let lastWords = Timer()

  /// How long the line may take to leave, in milliseconds: the desk gives it a second.
  private static let leaving = 900
  /// After so many milliseconds of it the ends that nobody has answered are said again.
  private static let secondTry = 300
  private var sleep: SleepWatch?
  private lazy var signals = Signals { [unowned self] in quit() }
  var isLeaving = false
  private var hasLeft = false
  private var warnedPlan: DialPlan?

  /// What one `register` brought.
  struct Account {
    var settings: Settings
    var registration: Registration
    /// Whom a TLS connection must be with, by the registrar's host; none without TLS.
    var certificates: [String: TLSContext] = [:]
    var stack: Stack?
  }

  /// What this line can do.
  static let abilities: Abilities = [
    .dial, .hangUp, .answer, .reject, .hold, .mute, .dtmf, .transfer, .setSeat,
  ]

  /// Runs; returns the exit code.
  func run() -> Int32 {
    LineReader.chooseMethod(for: STDIN_FILENO)
    guard libre_init() == 0, let resolver = Resolver() else { return 1 }
    self.resolver = resolver
    trust = TrustFinder()
    SIPGate.shared.watch(for: self)
    signals.start()
    sleep = SleepWatch()
    let reader = LineReader(
      STDIN_FILENO, take: { [unowned self] in take($0) }, ended: { [unowned self] in quit() })
    guard reader.start() else { return 1 }
    self.reader = reader
    emit(.hello(line: "sip", abilities: Self.abilities))
    let error = re_main(nil)
    guard let book = calls?.book else { return error == 0 ? 0 : 1 }
    book.leave()
    guard book.isSettled, farewells.isDone else { return LineExit.unfinished }
    return error == 0 ? 0 : 1
  }

  // MARK: Commands

  private func take(_ input: CommandReader.Input) {
    switch input {
    case .command(let command, let object): obey(command, object)
    case .unreadable(let id, let why):
      note(.warning, why)
      if let id { result(id, error: why) }
    }
  }

  private func obey(_ command: LineCommand, _ object: JSONValue) {
    guard !isLeaving else { return }
    switch command {
    case .register(let id, let token): register(id, object["config"], token)
    case .setSeat(let id, let status): setSeat(id, Seat(code: status))
    case .ping(let id): result(id)
    case .quit: quit()
    default:
      guard let id = command.id else { return }
      guard let calls else { return result(id, error: "not registered") }
      let isForCalls = calls.obey(
        command, stack: account?.registration.usableStack, settings: account?.settings
      ) { [unowned self] why in result(id, error: why) }
      if !isForCalls { result(id, error: "this line cannot do that") }
    }
  }

  private func setSeat(_ id: Int, _ seat: Seat) {
    calls?.seat = seat
    guard let seatTeller else { return result(id) }
    seatTeller.tell(
      seat, on: account?.registration.usableStack, settings: account?.settings
    ) { [unowned self] why in result(id, error: why) }
  }

  private func result(_ id: Int, error: SafeText? = nil) {
    emit(.result(id: id, ok: error == nil, error: error ?? ""))
  }

  private func register(_ id: Int, _ config: JSONValue?, _ token: Secret?) {
    guard let resolver else { return }
    do {
      let settings = try Settings(config, token: token)
      try sound.use(settings.audio)
      var certificates: [String: TLSContext] = [:]
      for registrar in settings.registrars where settings.transport == .tls {
        certificates[registrar.host] = try TLSContext(
          host: registrar.host, caFile: settings.caFile)
      }
      // A command of hers may be sudo(8).
      if settings.rules.seat.way != .command { Sandbox.renouncePrivileges() }
      account?.registration.stop()
      let calls = self.calls ?? Calls(owner: self, book: DialogBook(account: settings.bookName))
      calls.rules = settings.rules
      calls.book.told = { [unowned self] in note($0, $1) }
      // Who ends a dead line's calls answers whom it would have answered.
      farewells.find(in: calls.book)
      self.calls = calls
      // What was told stays told: the agent may only have asked for another try.
      if seatTeller?.orders != settings.rules.seat {
        seatTeller = SeatTeller(settings.rules.seat, owner: self)
      }
      seatTeller?.beginAnew()
      if bindings?.account != settings.bookName {
        bindings = BindingFile(account: settings.bookName)
      }
      trust?.begin(settings)
      let before = account.flatMap { $0.settings.bookName == settings.bookName ? $0 : nil }
      let registration = Registration(
        settings, resolver: resolver, bindings: bindings, owner: self,
        pin: before?.registration.credentials.pin ?? farewells.pin)
      // A stack keeps the certificates that it was made with.
      account = Account(
        settings: settings, registration: registration, certificates: certificates,
        stack: settings.transport == .tls ? nil : account?.stack)
      result(id)
      warn(of: settings.rules.dialPlan)
      registration.start()
    } catch {
      let sentence = SafeText(
        (error as? Settings.Unusable)?.sentence ?? (error as? SoundUnusable)?.sentence
          ?? (error as? TLSContext.Unusable)?.sentence ?? "")
      result(id, error: sentence)
      unregistered(sentence, retryIn: nil)
    }
  }

  /// Says what of a dial plan does nothing, once for each plan.
  private func warn(of plan: DialPlan) {
    guard plan != warnedPlan else { return }
    warnedPlan = plan
    for sentence in plan.warnings { note(.warning, sentence) }
  }

  // MARK: The end

  /// Ends calls, tells the telephone system, unregisters, and is gone within a second.
  func quit() {
    guard !isLeaving else { return }
    isLeaving = true
    reader?.stop()
    calls?.book.settled = { [unowned self] in goWhenAllIsSaid() }
    calls?.hangUpAll()
    farewell.start(after: Self.leaving) { re_cancel() }
    // What libre has said on a way that broke, or waits to say until an ACK comes, is said once more.
    lastWords.start(after: Self.secondTry) { [unowned self] in
      if let stack = account?.stack { farewells.beginOwn(on: stack, all: true) }
    }
    guard let account, let seatTeller else { return re_cancel() }
    seatTeller.leave(
      on: account.registration.usableStack, settings: account.settings
    ) { [unowned self] why in
      if let why {
        note(.warning, SafeText("the telephone system was not told that you are offline: \(why)"))
      }
      account.registration.leave { [unowned self] in
        hasLeft = true
        goWhenAllIsSaid()
      }
    }
  }

  /// The registrar was told, and the far sides have confirmed the end of their calls: nothing is waited
  /// for but what libre still has under way.
  func goWhenAllIsSaid() {
    guard isLeaving, hasLeft, calls?.book.isSettled != false, farewells.isDone else { return }
    hasLeft = false
    farewell.start(after: 150) { re_cancel() }
    guard let stack = account?.stack else { return re_cancel() }
    stack.close { re_cancel() }
  }
}
