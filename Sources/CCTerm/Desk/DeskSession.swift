// A desk at work: the machine, its line, its timers, and what it asks of the world.

import CCCore
import CCFeed
import CCLine
import CCView
import Glibc

/// Whoever shows a desk: a screen, sentences, JSON.
@MainActor protocol DeskListener: AnyObject {
  /// Takes what one event brought about; `desk` is as it stands after it.
  func hear(_ facts: [Fact], _ desk: Desk, at now: Instant)
  /// Rings.
  func ring(_ bell: Effect.Bell)
}

/// Runs one desk: hands events to the machine and does what comes back.
///
/// The three front ends differ in how they show and ask; what happens is here.
@MainActor final class DeskSession {
  private(set) var desk: Desk
  weak var listener: (any DeskListener)?

  private let line: any PhoneLine
  private let credential: CredentialFetch
  private let recorder: RecordFile?
  private let bus: DeskBus?
  private let hangsUp: Bool
  /// The zone that times are told in.
  let zone: LocalZone
  private var midnight: Midnight
  private let log: (SafeText) -> Void
  private var lastLogged: SafeText = ""

  private var timers = Timers()
  private var queue: [DeskEvent] = []
  private var isHandling = false
  /// The desk had the line stopped: its end is news that nobody else brings.
  private var isStopping = false
  private var ending = Ending.no
  /// Whether the line has ended for good: a recording that is over.
  private(set) var lineIsOver = false

  private enum Ending {
    case no
    /// Calls were asked to end; after this moment the line ends in any case.
    case hangingUp(until: Int64)
    case stopping
  }

  /// How long the end of the program waits for its calls to end, in nanoseconds.
  static let farewell = 500 * Instant.millisecond

  init(
    settings: Desk.Settings, line: any PhoneLine, credentials: CredentialSource?,
    recorder: RecordFile?, bus: DeskBus? = nil, hangsUp: Bool, zone: LocalZone,
    log: @escaping (SafeText) -> Void = { _ in }, at now: Instant
  ) {
    desk = Desk(settings: settings, at: now)
    self.line = line
    credential = CredentialFetch(credentials)
    self.recorder = recorder
    self.bus = bus
    self.hangsUp = hangsUp
    self.zone = zone
    midnight = Midnight(zone.at(now), at: now)
    self.log = log
    bus?.listener = self
  }

  /// Opens the desk: its line starts, unless the end has begun before that.
  func open(at now: Instant) {
    // A terminal that is lost with the first picture would leave a line that nobody ends.
    guard !isEnding else { return }
    perform(desk.open(at: now), at: now)
    bus?.open(at: now)
    bus?.show(desk, at: now)
  }

  // MARK: Events

  /// Tells the machine, and does what it asks for.
  func tell(_ event: DeskEvent, at now: Instant) {
    queue.append(event)
    guard !isHandling else { return }
    isHandling = true
    var next = 0
    while next < queue.count {
      perform(desk.handle(queue[next], at: now), at: now)
      next += 1
    }
    queue.removeAll(keepingCapacity: true)
    isHandling = false
    bus?.show(desk, at: now)
  }

  private func tell(_ events: [LineEvent], at now: Instant) {
    for event in events {
      recorder?.write(event, at: now.uptime)
      switch event {
      case .died(_, nil): lineIsOver = true
      case .started: lineIsOver = false
      default: break
      }
      tell(.line(event), at: now)
    }
  }

  // MARK: Effects

  private func perform(_ effects: [Effect], at now: Instant) {
    var facts: [Fact] = []
    for effect in effects {
      switch effect {
      case .send(let command):
        recorder?.write(command, at: now.uptime)
        tell(line.send(command, at: now.uptime), at: now)
      case .startLine:
        isStopping = false
        tell(line.start(at: now.uptime), at: now)
      case .stopLine:
        isStopping = true
        line.stop(at: now.uptime)
      case .reply(let answer): reply(answer)
      case .fetchCredential:
        if let event = credential.ask(at: now.uptime) { tell(event, at: now) }
      case .startTimer(let id, let after): timers.start(id, at: now.uptime.plus(after))
      case .cancelTimer(let id): timers.cancel(id)
      case .bell(let bell): listener?.ring(bell)
      case .tell(let fact):
        keep(fact)
        facts.append(fact)
      }
    }
    if !facts.isEmpty { listener?.hear(facts, desk, at: now) }
  }

  /// What the line says and what befalls the link goes into the log, once: an attempt that fails as the
  /// last one did is no news.
  private func keep(_ fact: Fact) {
    switch fact {
    case .log(_, let text), .remark(_, _, let text): return keep(LineWords.said(text))
    default: break
    }
    guard case .link(let link) = fact else { return }
    let sentence: SafeText
    switch link {
    case .up: sentence = "link up"
    case .down(_, let reason, _): sentence = SafeText("link down: \(reason)")
    case .stopped(_, let reason): sentence = SafeText("link refused: \(reason)")
    case .evicted: sentence = "signed in elsewhere"
    case .connecting, .off: return
    }
    keep(sentence)
  }

  private func keep(_ sentence: SafeText) {
    guard sentence != lastLogged else { return }
    lastLogged = sentence
    log(sentence)
  }

  private func takeCredential(at now: Instant) {
    guard let event = credential.answer(at: now.uptime) else { return }
    // A renewal that fails leaves the link as it is.
    if case .credentialFailed(let why, _) = event { keep(why) }
    tell(event, at: now)
  }

  // MARK: The loop

  /// What to wait for; `readsLine` false holds back a line whose news nobody takes.
  func watches(readsLine: Bool = true) -> [Watch] {
    var watches: [Watch] = []
    if let descriptor = credential.descriptor {
      watches.append(.reading(descriptor) { [unowned self] in takeCredential(at: $0) })
    }
    if let descriptor = line.writeDescriptor {
      watches.append(.writing(descriptor) { [unowned self] in line.writable(at: $0.uptime) })
    }
    if readsLine, let descriptor = line.readDescriptor {
      watches.append(.reading(descriptor) { [unowned self] in listen(at: $0) })
    }
    return watches + (bus?.watches ?? [])
  }

  /// When `turn` has something to do.
  var deadline: Int64? {
    var deadlines = [
      timers.next, line.deadline, credential.deadline, bus?.deadline, midnight.deadline,
    ]
    .compactMap(\.self)
    if case .hangingUp(let until) = ending { deadlines.append(until) }
    return deadlines.min()
  }

  /// Does what the time asks for.
  func turn(at now: Instant) {
    while let due = timers.takeDue(at: now.uptime) { tell(.timer(due), at: now) }
    if let deadline = line.deadline, deadline <= now.uptime { listen(at: now) }
    if let deadline = credential.deadline, deadline <= now.uptime { takeCredential(at: now) }
    midnight.zone = zone.at(now)
    if midnight.hasPassed(at: now) { tell(.newDay, at: now) }
    bus?.turn(at: now)
    noticeEndOfLine(at: now)
    goOnEnding(at: now)
    recorder?.flush()
    if let trouble = recorder?.takeTrouble() {
      listener?.hear([.notice(.error, SafeText(trouble))], desk, at: now)
    }
  }

  private func listen(at now: Instant) {
    tell(line.ready(at: now.uptime), at: now)
    noticeEndOfLine(at: now)
  }

  private func noticeEndOfLine(at now: Instant) {
    guard isStopping, !line.isRunning else { return }
    isStopping = false
    tell(.line(.died(reason: "the line was closed", retryIn: nil)), at: now)
  }

  /// The machine has slept: who could not answer has time again, the bus is tried at once, and what is
  /// due comes with `turn`.
  func woke(at now: Instant) {
    line.woke(at: now.uptime)
    credential.woke(at: now.uptime)
    bus?.woke(at: now)
  }

  // MARK: The end

  /// Whether the end has begun.
  var isEnding: Bool { if case .no = ending { false } else { true } }

  /// Whether everything is over.
  var hasEnded: Bool { if case .stopping = ending { !line.isRunning } else { false } }

  /// Begins the end: calls are hung up, if so configured, and the line is closed.
  func end(at now: Instant) {
    guard !isEnding else { return }
    if hangsUp {
      let attempt = desk.unseenAttempt?.callID
      let open = desk.openCalls.map(\.id)
      ending = .hangingUp(until: now.uptime.plus(Self.farewell))
      // A line that cannot is closed: nobody asked it to.
      if desk.abilities.contains(.hangUp) {
        for id in [attempt].compactMap(\.self) + open { tell(.hangUp(id), at: now) }
      }
    } else {
      ending = .hangingUp(until: now.uptime)
    }
    goOnEnding(at: now)
  }

  private func goOnEnding(at now: Instant) {
    guard case .hangingUp(let until) = ending else { return }
    guard now.uptime >= until || (!desk.hasOpenCall && desk.attempt == nil) else { return }
    ending = .stopping
    if hangsUp {
      tell(.quit, at: now)
    } else {
      isStopping = true
      line.stop(at: now.uptime)
    }
    noticeEndOfLine(at: now)
  }

  /// Ends the line whatever happens, and flushes the record: the last thing before the program ends.
  func close() {
    line.finish(patience: Int64(LastMoment.left(atMost: 5_000)) * Instant.millisecond)
    bus?.close(at: SystemClock.now())
    recorder?.close()
  }
}

extension DeskSession: DeskBusListener {
  func busSays(_ level: NoticeLevel, _ text: SafeText, at now: Instant) {
    listener?.hear([.notice(level, text)], desk, at: now)
  }

  func busBrings(command word: String, payload: [UInt8], epoch: Int64, at now: Instant) {
    do throws(FloorCodec.Refusal) {
      let order = try OrderCodec.order(word: word, payload: payload)
      bus?.log("order \(order.id) of \(order.from): \(order.wish.kind.rawValue), \(order.words)")
      tell(.order(order, epoch: epoch), at: now)
    } catch {
      bus?.log("an order that cannot be read was left alone (\(shown(word))): \(error)")
    }
  }

  private func reply(_ answer: OrderAnswer) {
    let isOnItsWay = bus?.answer(OrderCodec.encode(answer)) ?? false
    let reason = answer.reason.isEmpty ? "" : ", \(answer.reason)"
    let lost = isOnItsWay ? "" : "; the bus is away, and the supervisor does not hear of it"
    bus?.log("order \(answer.id): \(answer.state.rawValue)\(reason)\(lost)")
  }
}
