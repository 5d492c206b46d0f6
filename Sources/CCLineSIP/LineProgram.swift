// The program: commands of the desk in, events of the line out.

import CCCore
import CCJSON
import CCLine
import CLibre
import Glibc

/// Ties stdin, the registration and the calls together, and runs until stdin ends or `quit` comes.
final class LineProgram {
  private let writer = EventWriter(STDOUT_FILENO)
  private var reader: LineReader?
  private var resolver: Resolver?
  private var account: Account?
  private var calls: Calls?
  private var seatTeller: SeatTeller?
  private lazy var farewells = Farewells(owner: self)
  private lazy var sound = LineSound(owner: self)
  private lazy var names = NameBook()
  private var strangersToldAt: UInt64?
  private let farewell = Timer()
  private let lastWords = Timer()

  /// How long the line may take to leave, in milliseconds: the desk gives it a second.
  private static let leaving = 900
  /// After so many milliseconds of it the ends that nobody has answered are said again.
  private static let secondTry = 300
  private var sleep: SleepWatch?
  private lazy var signals = Signals { [unowned self] in quit() }
  private var isLeaving = false
  private var hasLeft = false
  private var warnedPlan: DialPlan?

  /// What one `register` brought.
  private struct Account {
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
      let before = account.flatMap { $0.settings.bookName == settings.bookName ? $0 : nil }
      let registration = Registration(
        settings, resolver: resolver, owner: self,
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
  private func quit() {
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
  private func goWhenAllIsSaid() {
    guard isLeaving, hasLeft, calls?.book.isSettled != false, farewells.isDone else { return }
    hasLeft = false
    farewell.start(after: 150) { re_cancel() }
    guard let stack = account?.stack else { return re_cancel() }
    stack.close { re_cancel() }
  }
}

extension LineProgram: RegistrationOwner, SoundOwner {
  func stack(for registrar: sa, named host: String) throws(Stack.Failure) -> Stack {
    guard let local = sa.local(toward: registrar) else { throw Stack.Failure(error: ENETUNREACH) }
    let transport = account?.settings.transport ?? .tcp
    let capabilities = Capabilities(
      followsTransfers: account?.settings.rules.followTransfers ?? false)
    if let stack = account?.stack, stack.transport == transport,
      stack.capabilities == capabilities,
      stack.registrar.hostPort == registrar.hostPort, stack.local.isSameHost(as: local)
    {
      return stack
    }
    farewells.find(in: calls?.book)
    let stack = try Stack(
      transport: transport, registrar: registrar, local: local, port: farewells.port,
      certificates: account?.certificates[host], capabilities: capabilities, owner: self)
    account?.stack = stack
    calls?.book.port = stack.port
    return stack
  }

  func willAsk(on stack: Stack) {
    farewells.find(in: calls?.book)
    farewells.begin(on: stack)
  }

  func registered() {
    guard let account else { return }
    calls?.book.pin = account.registration.credentials.pin
    emit(
      .registered(
        account: SafeText(account.settings.account), expiresIn: nil,
        secure: account.settings.protection))
    calls?.book.look()
    sound.look()
    // Where the way was lost meanwhile, a far end may have gone with it.
    calls?.ask()
  }

  func unregistered(_ reason: SafeText, retryIn milliseconds: Int?) {
    emit(
      .unregistered(
        reason: reason, retryIn: milliseconds.map { Double($0) / 1000 }, final: milliseconds == nil)
    )
  }

  func note(_ level: NoticeLevel, _ message: SafeText) { emit(.log(level, message)) }
}

extension LineProgram: CallsOwner {
  func heard(_ news: MediaNews, of call: String) {
    func note(_ level: NoticeLevel, _ words: SafeText) {
      emit(.remark(call: call, level, words))
    }
    switch news {
    case .protection(let isEncrypted):
      guard let account, account.settings.transport == .tls else { return }
      tellProtection(isEncrypted ? "TLS, SRTP" : "TLS, sound clear")
      if !isEncrypted, account.settings.media.protection == .offered {
        note(.warning, "the sound of this call is not encrypted: the far end cannot")
      }
    case .hearsNothing(0): note(.cleared, "sound comes from the far end again")
    case .hearsNothing:
      note(
        .warning,
        SafeText(
          "you hear nothing: no sound has come from the far end for more than \(Silence.seconds) s")
      )
    case .isNotHeard(0): note(.cleared, "the microphone gives sound again")
    case .isNotHeard:
      note(
        .warning,
        SafeText(
          "they do not hear you: the microphone has been silent for more than \(Silence.seconds) s")
      )
    case .level(let input, let output): emit(.level(input: input, output: output))
    case .over(let report): note(.info, SafeText(report.words))
    }
  }

  func lookUp(_ name: String, _ done: @escaping (sa?) -> Void) {
    names?.lookUp(name, done) ?? done(nil)
  }

  func allOver() {
    if let account, account.settings.transport == .tls, account.registration.isRegistered {
      tellProtection(account.settings.protection)
    }
  }

  /// `registered` once more: the header shows how this call travels.
  private func tellProtection(_ words: SafeText) {
    guard let account else { return }
    emit(
      .registered(account: SafeText(account.settings.account), expiresIn: nil, secure: words))
  }

  func makeSound() throws -> any Sound { try sound.ofCall(isFirst: calls?.isEmpty != false) }

  func ring(_ tune: Tune?) { sound.ring(tune) }

  func emit(_ event: LineEvent) {
    if !writer.send(event) { quit() }
  }

  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal> {
    guard let registration = account?.registration else { return .failure(.unreadable) }
    return registration.credentials.answer(
      challenges, method: method, uri: uri, in: &exchange, clientNonce: SIPText.mark())
  }
}

extension LineProgram: SeatTellerOwner, FarewellsOwner {
  func spoke() { goWhenAllIsSaid() }

  var wayOut: Stack? { account?.stack }
}

extension LineProgram: StackOwner {
  var awaitsEnds: Bool { calls?.book.isSettled == false }

  func arrived(_ message: UnsafePointer<sip_msg>) { calls?.book.heard(message) }

  func failed(_ message: UnsafePointer<sip_msg>) { calls?.failed(message) }

  func byeChallenged(
    in dialog: DialogRecord, _ challenges: [DigestChallenge], on stack: Stack?
  ) {
    guard let stack = stack ?? account?.stack else { return }
    farewells.hangUp(dialog, on: stack, after: challenges)
  }

  func isNobodys(_ answer: UnsafePointer<sip_msg>) -> Bool { calls?.isNobodys(answer) ?? false }

  func sent(_ message: UnsafePointer<sip_msg>, to peer: sa) { calls?.sent(message, to: peer) }

  func takesLate(_ message: UnsafePointer<sip_msg>, on stack: Stack?) -> Bool {
    if farewells.takes(message) || calls?.takesLate(message) == true { return true }
    guard calls?.isStray(message) == true, let stack = stack ?? account?.stack else { return false }
    farewells.hangUp(answeredBy: message, on: stack)
    return true
  }

  func isKnown(_ request: UnsafePointer<sip_msg>) -> Bool { call(of: request) != nil }

  private func call(of request: UnsafePointer<sip_msg>) -> Call? {
    calls?.call(of: request) ?? seatTeller?.call(of: request)
  }

  func willEnd(by request: UnsafePointer<sip_msg>) { calls?.willEnd(by: request) }

  func asked(_ request: UnsafePointer<sip_msg>) -> Bool {
    guard let call = call(of: request) else { return false }
    call.asked(request)
    return true
  }

  func isBusyChanging(_ request: UnsafePointer<sip_msg>) -> Bool {
    calls?.isBusyChanging(request) ?? false
  }

  func takesNotify(_ request: UnsafePointer<sip_msg>) -> Bool {
    calls?.takesNotify(request) ?? false
  }

  func droppedStranger(from address: sa) {
    if let strangersToldAt, Timer.since(strangersToldAt) < 60_000 { return }
    strangersToldAt = Timer.now
    note(.warning, SafeText("dropped a request from \(address.host), which is not the registrar"))
  }

  func invited(_ request: UnsafePointer<sip_msg>, on stack: Stack) {
    guard let account, let calls, !isLeaving else { return }
    calls.invited(request, on: stack, settings: account.settings)
  }
}
