// The desk in sentences (`--plain`): append-only, for screen readers, braille and pipes.

import CCCore
import CCView
import Glibc

/// Runs a desk in sentences, with a line editor where stdin and stdout are a terminal.
@MainActor final class PlainDesk: LoopClient, DeskListener {
  private let session: DeskSession
  private let signals: Signals
  private let rings: Bool
  private let endsWithLine: Bool
  private let output = OutputQueue()
  private let prompt: PlainPrompt?
  private var speaker = PlainSpeaker()
  private var commands = PlainCommands()
  private var input = InputLines()
  private var bell = BellPacer()
  private var inputIsOpen = true
  private var isGreeted = false
  /// What was said before the greeting: it comes behind it.
  private var early: [Fact] = []
  private var isLost = false

  init(_ session: DeskSession, rings: Bool, endsWithLine: Bool) throws(Failure) {
    self.session = session
    self.rings = rings
    self.endsWithLine = endsWithLine
    signals = try Signals(Signals.ends + [SIGWINCH, SIGTSTP, SIGCONT])
    let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    prompt = isTerminal ? PlainPrompt(output) : nil
    session.listener = self
  }

  // MARK: Saying

  func hear(_ facts: [Fact], _ desk: Desk, at now: Instant) {
    guard isGreeted else {
      greet(desk, at: now)
      guard isGreeted else {
        early += facts.filter { if case .notice = $0 { true } else { false } }
        return
      }
      defer { early = [] }
      return tell(early, desk, at: now)
    }
    tell(facts, desk, at: now)
  }

  private func tell(_ facts: [Fact], _ desk: Desk, at now: Instant) {
    speaker.zone = session.zone.at(now)
    for fact in facts {
      if case .dialled = fact { commands.dialled() }
      if let said = speaker.say(fact, desk, at: now) { say(said.text, urgent: said.isUrgent) }
    }
  }

  /// The first line waits until it is known how things stand.
  private func greet(_ desk: Desk, at now: Instant) {
    if case .connecting = desk.link { return }
    isGreeted = true
    say(speaker.greeting(desk, at: now, zone: session.zone.at(now)), urgent: true)
  }

  func ring(_ bell: Effect.Bell) {
    if rings, prompt != nil { self.bell.want() }
    guard bell == .soft, let said = speaker.remind(session.desk, at: SystemClock.now()) else {
      return
    }
    say(said.text, urgent: said.isUrgent)
  }

  /// Says something of the program's own.
  func say(_ text: SafeText, urgent: Bool = false) {
    if let prompt {
      prompt.say(text, urgent: urgent)
    } else {
      output.write(text.string + "\n")
    }
  }

  // MARK: Hearing

  private func read(at now: Instant) {
    guard let prompt else { return readLines(at: now) }
    for result in prompt.read(at: now.uptime) { take(result, at: now) }
  }

  private func take(_ result: PlainPrompt.Input, at now: Instant) {
    switch result {
    case .line(let line):
      obey(line, at: now)
      prompt?.next()
    case .quit:
      say("quit ends the desk; a call is ended by hang up.", urgent: true)
    case .lost:
      isLost = true
      session.end(at: now)
    }
  }

  private func readLines(at now: Instant) {
    for item in input.read(STDIN_FILENO) {
      switch item {
      case .line(let line): obey(String(decoding: line, as: UTF8.self), at: now)
      case .tooLong: say("a line is longer than 64 KiB.")
      case .end:
        inputIsOpen = false
        if !endsWithLine { session.end(at: now) }
      }
    }
  }

  private func obey(_ line: String, at now: Instant) {
    guard !session.isEnding else { return }
    let answer = commands.obey(line, session.desk, &speaker, at: now, zone: session.zone.at(now))
    for reply in answer.replies { say(reply, urgent: true) }
    for event in answer.events { session.tell(event, at: now) }
    if answer.quits { session.end(at: now) }
  }

  private func obey(_ signal: Int32, at now: Instant) {
    switch signal {
    case SIGWINCH, SIGCONT: prompt?.measure()
    case SIGTSTP: break  // a suspended desk answers no calls
    case SIGHUP where prompt != nil:
      isLost = true
      session.end(at: now)
    default: session.end(at: now)
    }
  }

  // MARK: The loop

  /// Opens the desk.
  func open(at now: Instant) {
    session.open(at: now)
    prompt?.next()
  }

  var watches: [Watch] {
    var watches: [Watch] = [
      .reading(signals.descriptor) { [unowned self] now in
        for signal in signals.take() { obey(signal, at: now) }
      }
    ]
    if let watch = output.watch { watches.append(watch) }
    if inputIsOpen, !isLost, !output.isFull {
      watches.append(.reading(STDIN_FILENO) { [unowned self] in read(at: $0) })
    }
    return watches + session.watches(readsLine: !output.isFull || session.isEnding)
  }

  var deadline: Int64? {
    [session.deadline, prompt?.deadline, bell.deadline].compactMap(\.self).min()
  }

  func woke(at now: Instant) { session.woke(at: now) }

  func turn(at now: Instant) {
    if let prompt, let deadline = prompt.deadline, deadline <= now.uptime {
      for result in prompt.flush(at: now.uptime) { take(result, at: now) }
    }
    session.turn(at: now)
    if endsWithLine, session.lineIsOver { session.end(at: now) }
    if bell.rings(at: now.uptime) { output.write("\u{7}") }
    output.flush()
    if output.isLost {
      isLost = true
      session.end(at: now)
    }
  }

  var ending: Result<Void, Failure>? {
    guard session.hasEnded else { return nil }
    prompt?.leave()
    output.drain()
    guard isLost else { return .success(()) }
    return .failure(
      prompt == nil ? .failed(output.trouble) : .terminalLost)
  }
}
