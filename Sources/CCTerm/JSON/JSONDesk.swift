// The desk as NDJSON (`--json`): events out, commands in.

import CCCore
import CCLine
import Glibc

/// Runs a desk for a program.
@MainActor final class JSONDesk: LoopClient, DeskListener {
  private let session: DeskSession
  private let signals: Signals
  private let output = OutputQueue()
  private let endsWithLine: Bool
  private var facts = JSONFacts()
  private var input = InputLines()
  private var inputIsOpen = true

  /// `endsWithLine`: a recording is played, and its end is the program's.
  init(_ session: DeskSession, endsWithLine: Bool) throws(Failure) {
    self.session = session
    self.endsWithLine = endsWithLine
    signals = try Signals(Signals.ends)
    session.listener = self
  }

  func hear(_ facts: [Fact], _ desk: Desk, at now: Instant) {
    for fact in facts {
      if let line = self.facts.line(fact, desk, at: now) { output.write(line) }
    }
  }

  func ring(_ bell: Effect.Bell) {}

  /// Says something that the machine did not say.
  func notice(_ level: NoticeLevel, _ text: SafeText, at now: Instant) {
    hear([.notice(level, text)], session.desk, at: now)
  }

  var watches: [Watch] {
    var watches: [Watch] = [
      .reading(signals.descriptor) { [unowned self] in
        if !signals.take().isEmpty { session.end(at: $0) }
      }
    ]
    if let watch = output.watch { watches.append(watch) }
    if inputIsOpen, !output.isFull {
      watches.append(.reading(STDIN_FILENO) { [unowned self] in read(at: $0) })
    }
    return watches + session.watches(readsLine: !output.isFull || session.isEnding)
  }

  var deadline: Int64? { session.deadline }

  func woke(at now: Instant) { session.woke(at: now) }

  func turn(at now: Instant) {
    session.turn(at: now)
    if endsWithLine, session.lineIsOver { session.end(at: now) }
    output.flush()
    if output.isLost { session.end(at: now) }
  }

  var ending: Result<Void, Failure>? {
    guard session.hasEnded else { return nil }
    output.drain()
    return output.isLost ? .failure(.failed(output.trouble)) : .success(())
  }

  private func read(at now: Instant) {
    for item in input.read(STDIN_FILENO) {
      switch item {
      case .line(let line) where line.allSatisfy { $0 == 0x20 || $0 == 0x09 }: break
      case .line(let line): obey(line, at: now)
      case .tooLong: notice(.error, "A command is longer than 64 KiB.", at: now)
      case .end:
        inputIsOpen = false
        if !endsWithLine { session.end(at: now) }
      }
    }
  }

  private func obey(_ line: [UInt8], at now: Instant) {
    guard !session.isEnding else { return }
    switch JSONCommands.read(line, session.desk) {
    case .event(let event):
      if let words = JSONCommands.cut(event) { notice(.warning, words, at: now) }
      session.tell(event, at: now)
    case .quit: session.end(at: now)
    case .offered(let number): output.write(facts.refusal(offering: number, at: now))
    case .refused(let level, let words): notice(level, words, at: now)
    }
  }
}
