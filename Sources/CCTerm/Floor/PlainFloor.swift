// The floor in sentences (`--plain`): what changes, and answers to questions.

import CCCore
import CCView
import Glibc

/// Runs a floor in sentences, a line each; questions are typed as words.
@MainActor final class PlainFloor: LoopClient, FloorListener {
  private let session: FloorSession
  private let signals: Signals
  private let team: String?
  private let output = OutputQueue()
  private var speaker = FloorSpeaker()
  private var input = InputLines()
  private var inputIsOpen = true
  private var toldFeed = FeedState.up
  private var isEnding = false

  init(_ session: FloorSession, team: String?) throws(Failure) {
    self.session = session
    self.team = team
    signals = try Signals(Signals.ends)
    session.listener = self
  }

  /// The first words.
  func greet(at now: Instant) {
    say(FloorSpeaker.totals(session.floor, team: team))
    say(FloorSpeaker.help)
  }

  func hear(_ effects: [FloorEffect], _ floor: Floor, at now: Instant) {
    if floor.feed != toldFeed {
      toldFeed = floor.feed
      say(FloorSpeaker.feed(floor.feed))
    }
    for effect in effects {
      if let sentence = speaker.say(effect, floor, team: team, at: now) { say(sentence) }
    }
  }

  private func say(_ sentence: String) {
    // Who reads too slowly misses changes, never an answer's place in the order.
    if !output.isFull { output.write(sentence + "\n") }
  }

  private func read(at now: Instant) {
    for item in input.read(STDIN_FILENO) {
      switch item {
      case .line(let line):
        switch speaker.answer(String(decoding: line, as: UTF8.self), session.floor, team, at: now) {
        case .words(let sentences): sentences.forEach(say)
        case .quit: isEnding = true
        }
      case .tooLong: say("a line is longer than 64 KiB.")
      case .end: inputIsOpen = false
      }
    }
  }

  var watches: [Watch] {
    var watches: [Watch] = [
      .reading(signals.descriptor) { [unowned self] _ in
        if !signals.take().isEmpty { isEnding = true }
      }
    ]
    if let watch = output.watch { watches.append(watch) }
    if inputIsOpen, !output.isFull {
      watches.append(.reading(STDIN_FILENO) { [unowned self] in read(at: $0) })
    }
    return watches + session.watches
  }

  var deadline: Int64? { session.deadline }

  func turn(at now: Instant) {
    session.turn(at: now)
    output.flush()
  }

  var ending: Result<Void, Failure>? {
    if output.isLost { return .failure(.failed("nobody reads the output any more.")) }
    guard isEnding else { return nil }
    output.drain()
    return .success(())
  }
}
