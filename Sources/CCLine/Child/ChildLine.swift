// A phone line that is a program: started, spoken to, watched, started again.

import CCCore
import CCJSON
import Glibc

/// Runs a line program and speaks the line protocol with it.
///
/// Thin: `ChildKeeper` decides when to ping, to give up and to start again, `LineCodec` reads and
/// writes, `Child` holds the descriptors. Must be used from the main thread, and only from there.
@MainActor public final class ChildLine: PhoneLine {
  private let arguments: [String]
  private let configuration: JSONValue?
  private let log: (SafeText) -> Void
  private var keeper: ChildKeeper
  private var child: Child?
  private var reason: String?
  private var lines = LineSplitter()
  private var numbered = NumberedCalls()
  private var complaints = LineSplitter(limit: 4096)
  private var lastComplaint = SafeText("")
  private var outbox: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  private let testament: Testament?
  private let tellsSuccessor: Bool
  /// When its end was seen first, while what it wrote is still read.
  private var endedAt: Int64?
  /// What ends the calls of lines that died, until they have done so and are reaped.
  private var successors: [pid_t] = []
  /// The guardian of a line that died, until the next one has registered, and so has found what it left.
  private var heir: Guardian?
  /// When it acts even so: what the next line registers with may be long in coming.
  private var heirWaitsUntil: Int64?

  /// How long what an ended line wrote is read at most: a stranger may hold its pipe and go on writing.
  private static let lastWords = 500 * Instant.millisecond
  /// Where the next start is further away, what a line left is ended by its successor.
  private static let soon = 500 * Instant.millisecond

  /// The most that waits to be written; a line that leaves more unread refuses commands.
  static let outboxLimit = 1 << 20

  /// A line program, not started yet.
  ///
  /// - Parameters:
  ///   - arguments: the command and its arguments; the command is searched in PATH.
  ///   - configuration: the line's part of the configuration, sent with `register`.
  ///   - successor: the program, a path, and its arguments that end what a dead line left; it gets the
  ///     last `register` on its stdin.
  ///   - tellsSuccessor: whether it does; else it gets an empty line, and no token.
  ///   - log: takes what the program writes to stderr, a washed line at a time.
  public convenience init(
    arguments: [String], configuration: JSONValue? = nil, successor: [String] = [],
    tellsSuccessor: Bool = true, log: @escaping (SafeText) -> Void = { _ in }
  ) {
    self.init(
      arguments: arguments, configuration: configuration, successor: successor,
      tellsSuccessor: tellsSuccessor, timing: ChildKeeper.Timing(),
      seed: UInt64(truncatingIfNeeded: Clock.now()), log: log)
  }

  init(
    arguments: [String], configuration: JSONValue? = nil, successor: [String] = [],
    tellsSuccessor: Bool = true,
    timing: ChildKeeper.Timing, seed: UInt64, log: @escaping (SafeText) -> Void = { _ in }
  ) {
    testament = Testament(successor)
    self.tellsSuccessor = tellsSuccessor
    self.arguments = arguments
    self.configuration = configuration
    self.log = log
    keeper = ChildKeeper(timing: timing, seed: seed)
  }

  isolated deinit {
    if var child {
      _ = child.reap { [testament] in testament != nil && $0 != .code(0) ? .succeeds : .none }
    }
    _ = heir?.succeed()
  }

  private func inherit() {
    if let heir { successors.append(heir.succeed()) }
    (heir, heirWaitsUntil) = (nil, nil)
  }

  /// Polled for reading; see `PhoneLine`.
  public var readDescriptor: Int32? { child?.events }

  /// Polled for writing while output waits; see `PhoneLine`.
  public var writeDescriptor: Int32? {
    guard let child, child.input >= 0, !outbox.isEmpty else { return nil }
    return child.input
  }

  /// When `ready` wants to be called.
  public var deadline: Int64? { [keeper.deadline, heirWaitsUntil].compactMap(\.self).min() }

  /// Whether something is left to end.
  public var isRunning: Bool { child != nil }

  /// The program's process; nil while none runs.
  public var processIdentifier: Int32? { child?.pid }

  /// Starts the line, or starts it again at once.
  public func start(at now: Int64) -> [LineEvent] {
    var events: [LineEvent] = []
    if var old = child {
      keep(old.reap { [testament] _ in testament == nil ? .none : .waits }.heir, at: now)
      child = nil
      if !keeper.isStopping {
        events.append(.died(reason: "the line program is started again", retryIn: 0))
      }
    }
    return events + launch(at: now)
  }

  /// One is enough: each does the same.
  private func keep(_ guardian: Guardian?, at now: Int64) {
    guard let guardian else { return }
    if heir == nil {
      (heir, heirWaitsUntil) = (guardian, now + Self.soon)
    } else {
      guardian.dismiss()
    }
  }

  private func launch(at now: Int64) -> [LineEvent] {
    // A line that has closed its input must cost an EPIPE, not the program.
    signal(SIGPIPE, SIG_IGN)
    lines = LineSplitter()
    complaints = LineSplitter(limit: 4096)
    lastComplaint = ""
    outbox = []
    reason = nil
    endedAt = nil
    let started = Executable.find(arguments.first ?? "").flatMap {
      Child.start($0, arguments, testament: testament)
    }
    switch started {
    case .success(let child):
      self.child = child
      keeper.started(at: now)
      return [.started]
    case .failure(let refusal):
      let retry: Int64? = refusal.mayPass ? keeper.ended(at: now) : nil
      if retry == nil {
        keeper.rest()
        inherit()
      }
      return [.died(reason: SafeText(refusal.sentence), retryIn: retry)]
    }
  }

  /// Sends a command.
  public func send(_ command: LineCommand, at now: Int64) -> [LineEvent] {
    func refused(_ why: SafeText) -> [LineEvent] {
      command.id.map { [.result(id: $0, ok: false, error: why)] } ?? []
    }
    guard let child, !keeper.isStopping else { return refused("the line program does not run") }
    guard child.input >= 0 else { return refused("the line program has closed its input") }
    let line = LineCodec.encode(
      command, configuration: configuration, numbered: numbered)
    guard outbox.count + line.count <= Self.outboxLimit else {
      return refused("the line program does not read its commands")
    }
    if case .register = command { testament?.write(tellsSuccessor ? line : [0x0A]) }
    outbox += line
    writable(at: now)
    return []
  }

  /// Writes what waits.
  public func writable(at now: Int64) {
    while !outbox.isEmpty, let count = child?.write(outbox[...]) {
      if count == 0 { return }
      outbox.removeFirst(count)
    }
    outbox = []
    if keeper.isStopping { child?.closeInput() }
  }

  /// Reads what came and does what the time asks for.
  public func ready(at now: Int64) -> [LineEvent] {
    successors.removeAll { waitpid($0, nil, WNOHANG) == $0 }
    child?.keepGuarded()
    if let heirWaitsUntil, now >= heirWaitsUntil { inherit() }
    guard let child else {
      return keeper.tick(at: now, drained: true) == .start ? launch(at: now) : []
    }
    // Asked before reading: what an ended child wrote is then all there.
    let ended = child.hasEnded
    // Nobody of its group may go on writing what then is never read to its end.
    if ended {
      child.kill()
      endedAt = endedAt ?? now
    }
    var events: [LineEvent] = []
    let drained = readOutput(&events, at: now)
    readErrors()
    if let endedAt, drained || now - endedAt >= Self.lastWords { return events + bury(at: now) }
    switch keeper.tick(at: now, drained: drained) {
    case .ping(let id): _ = send(.ping(id: id), at: now)
    case .kill(let reason):
      self.reason = reason
      child.kill()
    case .start, nil: break
    }
    return events
  }

  /// Ends the line.
  public func stop(at now: Int64) {
    guard child != nil else {
      inherit()
      return keeper.rest()
    }
    if keeper.isStopping { return }
    outbox += LineCodec.encode(.quit, configuration: nil)
    keeper.stop(at: now)
    writable(at: now)
  }

  // At most one buffer; true if nothing more waits there now.
  /// What the child owes an answer has its whole time again.
  public func woke(at now: Int64) { keeper.woke(at: now) }

  private func readOutput(_ events: inout [LineEvent], at now: Int64) -> Bool {
    switch child?.readOutput(into: &buffer) {
    case .bytes(let count):
      keeper.heard()
      take(count, &events, at: now)
      return count < buffer.count
    case .end:
      keeper.closed(at: now)
      return true
    case .nothing, nil: return true
    }
  }

  private func take(_ count: Int, _ events: inout [LineEvent], at now: Int64) {
    // Out of the class for the while: the callback changes other parts of it.
    var (lines, keeper, found) = (self.lines, self.keeper, [LineEvent]())
    var numbered = self.numbered
    self.lines = LineSplitter()
    buffer.withUnsafeBytes { bytes in
      lines.feed(UnsafeRawBufferPointer(rebasing: bytes[..<count])) { piece in
        let events = Self.events(of: piece)
        if case .line(let line) = piece { numbered.note(events, of: line) }
        for event in events where keeper.saw(event, at: now) { found.append(event) }
      }
    }
    (self.lines, self.keeper, self.numbered) = (lines, keeper, numbered)
    events += found
    if heir != nil, found.contains(where: { if case .registered = $0 { true } else { false } }) {
      heir?.dismiss()
      (heir, heirWaitsUntil) = (nil, nil)
    }
  }

  private static func events(of piece: LineSplitter.Piece) -> [LineEvent] {
    switch piece {
    case .line(let line): LineCodec.decode(line)
    case .tooLong: [.anomaly(.tooLong)]
    }
  }

  private func readErrors() {
    guard case .bytes(let count) = child?.readErrors(into: &buffer) else { return }
    buffer.withUnsafeBytes { bytes in
      complaints.feed(UnsafeRawBufferPointer(rebasing: bytes[..<count])) { complain($0) }
    }
  }

  private func complain(_ piece: LineSplitter.Piece) {
    let words =
      switch piece {
      case .line(let line): SafeText(bytes: line)
      case .tooLong: SafeText("(a line longer than 4096 bytes)")
      }
    if words.isEmpty { return }
    lastComplaint = words
    log(words)
  }

  private func bury(at now: Int64) -> [LineEvent] {
    guard var child else { return [] }
    var events: [LineEvent] = []
    lines.end { events += Self.events(of: $0) }
    complaints.end { complain($0) }
    endedAt = nil
    let wait = keeper.isStopping ? nil : keeper.ended(at: now)
    let (status, successor, heir) = child.reap { [testament] status in
      guard testament != nil else { return .none }
      // The next line ends what this one left, if it comes soon. After an end that was asked for none
      // comes: then the line says by its exit code whether something is left.
      guard let wait else { return status == .code(0) ? .none : .succeeds }
      return wait > Self.soon ? .succeeds : .waits
    }
    if let successor { successors.append(successor) }
    keep(heir, at: now)
    // What the one before left is ended by nobody else now: this one may not even have found it.
    if wait == nil || successor != nil { inherit() }
    self.child = nil
    outbox = []
    guard let wait else {
      keeper.rest()
      return events
    }
    return events + [.died(reason: obituary(status), retryIn: wait)]
  }

  // What a program that gives up says last is mostly why; of one that was killed it is chance.
  private func obituary(_ status: ExitStatus) -> SafeText {
    if let reason { return SafeText(reason) }
    if status == .code(Int(LineExit.again)), !lastComplaint.isEmpty {
      return LineWords.said(lastComplaint)
    }
    guard case .code(1...) = status, !lastComplaint.isEmpty else {
      return SafeText(status.sentence)
    }
    return SafeText("\(status.sentence); \(LineWords.said(lastComplaint))")
  }
}
