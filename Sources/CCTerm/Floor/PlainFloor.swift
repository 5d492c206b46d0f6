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
  private var typed = FloorTyped()

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
    say(FloorOrders.help)
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

  func hear(_ order: SentOrder, at now: Instant) {
    switch order.state {
    case .sending, .sent: break
    case .notDelivered, .noAnswer, .shown, .done, .refused: say(order.sentence)
    }
  }

  private func obey(_ line: String, at now: Instant) {
    let taken = typed.take(line, session.floor)
    taken.said.forEach(say)
    if let order = taken.order,
      !session.ask(order.wish, order.text, of: order.target, at: now)
    {
      say("nobody of that team is signed in.")
    }
    guard let rest = taken.rest else { return }
    switch speaker.answer(rest, session.floor, team, at: now) {
    case .words(let sentences): sentences.forEach(say)
    case .quit: isEnding = true
    }
  }

  private func say(_ sentence: String) {
    // Who reads too slowly misses changes, never an answer's place in the order.
    if !output.isFull { output.write(sentence + "\n") }
  }

  private func read(at now: Instant) {
    for item in input.read(STDIN_FILENO) {
      switch item {
      case .line(let line): obey(String(decoding: line, as: UTF8.self), at: now)
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

  func woke(at now: Instant) { session.feed.woke(at: now) }

  func turn(at now: Instant) {
    session.turn(at: now)
    output.flush()
  }

  var ending: Result<Void, Failure>? {
    if output.isLost { return .failure(.failed(output.trouble)) }
    guard isEnding else { return nil }
    output.drain()
    return .success(())
  }
}
