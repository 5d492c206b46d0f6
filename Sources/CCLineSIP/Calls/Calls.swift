// The calls that are open.

import CCCore
import CLibre

/// What the calls need from the program.
protocol CallsOwner: AnyObject {
  /// Sends an event to the desk.
  func emit(_ event: LineEvent)
  /// Answers a challenge with the account's credentials.
  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal>
  /// The sound of a call tells something.
  func heard(_ news: MediaNews, of call: String)
  /// The address of a name, for sound.
  func lookUp(_ name: String, _ done: @escaping (sa?) -> Void)
  /// Nothing is open any more.
  func allOver()
  /// A microphone and a loudspeaker for a new call.
  func makeSound() throws -> any Sound
  /// Plays a tone to the agent, or stops.
  func ring(_ tune: Tune?)
}

/// All calls of the line, two at most: one that talks and one that is held, rings or is asked.
final class Calls {
  var open: [Call] = []
  weak var owner: CallsOwner?
  var rules = CallRules()
  var seat = Seat.idle
  /// The calls that the trace file names.
  let book: DialogBook
  let autoAnswer = Timer()
  var turnstile = Turnstile()
  var refusals = RefusalCount()
  let lateRefusals = Timer()
  let lateWords = Timer()
  /// The calls that ended last: what is still asked of them is done.
  private var over: [String] = []
  private var asked: (number: String, at: UInt64)?
  private var turns = 0
  /// Transfers of calls that are over, until it is told how they went.
  private var awaited: [AwaitedOutcome] = []
  /// The last calls that were made from here: more than one telephone may answer each.
  private var made: [DialogTrace] = []

  /// How long the answer to a question about an emergency number counts, in milliseconds.
  static let sureFor: UInt64 = 20_000
  /// Calls at once.
  static let most = 2
  /// Transfers that are waited for at once.
  private static let mostAwaited = 8

  init(owner: CallsOwner, book: DialogBook) {
    self.owner = owner
    self.book = book
  }

  /// Whether a call is open.
  var isEmpty: Bool { open.isEmpty }

  /// Why a number is not dialled.
  struct NotDialled: Error { var words: SafeText }

  /// What a number becomes by the dial plan; a question is remembered, and its answer counts once.
  func plan(_ number: String) throws(NotDialled) -> String {
    // Whatever is tried, the question before it is answered by then.
    let isSure = isSure(of: number)
    guard DialPlan.isNumber(number) else {
      throw NotDialled(words: "no number: digits, +, * and # are")
    }
    switch rules.dialPlan.verdict(on: number, isSure: isSure) {
    case .dial(let dialled): return dialled
    case .refuse(let words): throw NotDialled(words: words)
    case .ask(let words):
      asked = (number, Timer.now)
      throw NotDialled(words: words)
    }
  }

  /// Dials; nil if the call is under way, else why it is not.
  ///
  /// `planned`: what the plan made of the number, where it has been asked.
  func dial(
    _ number: String, as planned: String? = nil, info: String, stack: Stack, settings: Settings,
    headers: String = "",
    outcome: ((Int, String) -> Void)? = nil, accepted: () -> Void
  ) -> SafeText? {
    guard open.count < Self.most, open.allSatisfy({ $0.isHeld || $0.change?.held == true }) else {
      return "a call is open already"
    }
    let dialled: String
    do throws(NotDialled) {
      if let planned { dialled = planned } else { dialled = try plan(number) }
    } catch { return error.words }
    do {
      let call = try Call(
        .out, number: number, dialled: dialled, name: nil, info: info, stack: stack,
        settings: settings, sound: sound(), owner: self)
      call.extraHeaders = headers
      call.outcome = outcome
      call.trace.book = book
      open.append(call)
      do throws(Call.Failure) {
        try call.start()
      } catch {
        open.removeAll { $0 === call }
        return error.reason.words
      }
      accepted()
      changed(call, .calling, nil)
      return nil
    } catch let failure as Call.Failure {
      return failure.reason.words
    } catch {
      return SafeText((error as? SoundUnusable)?.sentence ?? "no sound")
    }
  }

  private func isSure(of number: String) -> Bool {
    defer { asked = nil }
    guard let asked, asked.number == number else { return false }
    return Timer.since(asked.at) < Self.sureFor
  }

  func sound() throws -> any Sound { try owner?.makeSound() ?? NoSound() }

  /// The call with this id, or without one the one that is meant: the last that is not held.
  func find(_ id: String?) -> Call? {
    if let id { return open.first { $0.id == id } }
    return open.last { !$0.isHeld } ?? open.last
  }

  /// Hangs up everything.
  func hangUpAll() {
    for call in open { call.hangUp() }
  }

  /// The open call that a request belongs to; nil: none.
  func call(of request: UnsafePointer<sip_msg>) -> Call? {
    open.first { $0.owns(request) || $0.ownsEarly(request) }
  }

  /// A CANCEL or BYE comes: why stands in it, and libre tells only that it came.
  func willEnd(by request: UnsafePointer<sip_msg>) {
    for call in open where call.isNamed(in: request) {
      call.stopReason = StopReason(request.named("Reason"))
    }
  }

  /// An INVITE or a provisional answer goes out: what it takes to end the call is written down first.
  func sent(_ message: UnsafePointer<sip_msg>, to peer: sa) {
    if message.pointee.req {
      let callID = message.pointee.callid.text
      let call = open.first { $0.isNamed(in: message) || $0.isUnanswered(callID) }
      call?.trace.ask(in: callID, message.pointee.cseq.num)
    }
    guard let invite = PendingInvite(sent: message, to: peer) else { return }
    guard let trace = open.first(where: { $0.isUnanswered(invite.callID) })?.trace else { return }
    trace.pending(invite)
    if invite.side == .ours, !made.contains(where: { $0 === trace }) {
      made = made.suffix(15) + [trace]
    }
  }

  /// Whether an answer to an INVITE of ours has a number that none of ours had: nobody's, whoever sent it.
  func isNobodys(_ answer: UnsafePointer<sip_msg>) -> Bool {
    guard answer.pointee.cseq.met.text == "INVITE" else { return false }
    let callID = answer.pointee.callid.text
    let traces = (open.map(\.trace) + made).filter { $0.asked(in: callID) }
    return !traces.isEmpty && traces.allSatisfy { !$0.asked(in: callID, answer.pointee.cseq.num) }
  }

  /// Whether an answer to a call of ours comes from another telephone than the one that was talked to.
  func isStray(_ message: UnsafePointer<sip_msg>) -> Bool {
    guard !message.pointee.req, (200..<300).contains(message.code),
      message.pointee.cseq.met.text == "INVITE"
    else { return false }
    return made.contains { $0.isAnsweredByAnother(message) }
  }

  /// A response that libre knows nothing of: the answer to a change of ours, once more.
  func takesLate(_ message: UnsafePointer<sip_msg>) -> Bool {
    open.contains { $0.offer?.acknowledgesAgain(message) == true }
  }

  /// A failure answer as it came: a redirect ends the call that it answers.
  func failed(_ message: UnsafePointer<sip_msg>) {
    guard message.code < 400 else { return }
    for call in open where call.refuseRedirect(message) { return }
  }

  // MARK: Who is talked to

  /// The agent turns to a call.
  func turn(to call: Call) {
    turns += 1
    call.turn = turns
    attend()
  }

  /// One is talked to, the last that she turned to of those that are not on hold; whoever else is not on hold,
  /// since his side would not, hears silence and is not heard.
  func attend() {
    let one = open.filter { $0.phase == .talking && !$0.isOnHold && !$0.isHeld }
      .max { $0.turn < $1.turn }
    for call in open where call.phase == .talking { call.setAside(one != nil && call !== one) }
  }

  /// Whether an INVITE of ours is under way in the call that a request is in.
  func isBusyChanging(_ request: UnsafePointer<sip_msg>) -> Bool {
    open.contains { $0.offer?.isOpen == true && $0.owns(request) }
  }

  /// A NOTIFY that is about a transfer of ours.
  func takesNotify(_ message: UnsafePointer<sip_msg>) -> Bool {
    open.contains { $0.takesNotify(message) } || awaited.contains { $0.takes(message) }
  }

  /// Asks every call whether the far end still knows it: the way was lost, and is there again.
  func ask() { for call in open { call.ask() } }

  // MARK: Tones

  /// The tones follow the calls.
  func ringAsNeeded() {
    guard let ringing = open.first(where: { $0.phase == .alerting }) else {
      autoAnswer.cancel()
      // It rings there, and the network lets nothing be heard of it.
      let isQuiet = open.contains { $0.phase == .ringing && !$0.hasDescription }
      owner?.ring(isQuiet ? .ringback : nil)
      return
    }
    owner?.ring(open.contains { $0.phase == .talking } ? .waiting : .ringing)
    let asked = rules.answersWhenAsked ? ringing.answerAfter : nil
    let usual = rules.autoAnswer > 0 ? rules.autoAnswer : nil
    guard let after = asked ?? usual, open.count == 1 else { return }
    autoAnswer.start(after: after * 1000) { [weak self, weak ringing] in
      guard let self, let ringing, ringing.phase == .alerting, open.count == 1 else { return }
      note(
        .warning,
        asked == nil
          ? SafeText("the call was taken by itself after \(after) s")
          : "the call was taken by itself, as the telephone system asks")
      if let why = ringing.take() {
        note(.warning, why)
      } else {
        owner?.ring(.autoAnswered)
      }
    }
  }
}

extension Calls: CallOwner {
  func changed(_ call: Call, _ status: CallReport.Status, _ reason: Reason?) {
    if call.phase == .over {
      open.removeAll { $0 === call }
      isOver(call.id)
      if open.isEmpty { owner?.allOver() }
    }
    owner?.emit(.call(report(call, status, reason)))
    if status == .talking { turn(to: call) } else { attend() }
    ringAsNeeded()
  }

  func report(_ call: Call, _ status: CallReport.Status, _ reason: Reason?) -> CallReport {
    CallReport(
      status, number: call.number.isEmpty ? nil : SafeText(call.number), call: call.id,
      direction: call.direction, reason: reason, name: call.name,
      kind: status == .notEstablished ? call.endKind : nil, called: call.called)
  }

  /// Remembers a call that is over.
  func isOver(_ id: String) { over = over.suffix(15) + [id] }

  /// Whether it is a call that was there and is over.
  func wasCall(_ id: String?) -> Bool { id.map(over.contains) ?? false }

  func identified(_ call: Call, _ party: Party) {
    owner?.emit(.party(call: call.id, party))
  }

  func heldThere(_ call: Call, _ on: Bool) {
    note(.info, on ? "the far end holds the call" : "the far end is back")
    owner?.emit(.farHold(call: call.id, on))
  }

  func changed(_ call: Call, held: Bool?, muted: Bool?) {
    owner?.emit(.callState(call: call.id, held: held, muted: muted))
  }

  func transferred(_ call: Call, _ state: LineEvent.TransferState, _ reason: SafeText) {
    owner?.emit(.transfer(call: call.id, state: state, reason: reason))
  }

  func waits(for refer: UInt32, of call: Call) -> Bool {
    let outcome = AwaitedOutcome(of: call, refer: refer) { [weak self] outcome, state, reason in
      self?.awaited.removeAll { $0 === outcome }
      self?.owner?.emit(.transfer(call: outcome.call, state: state, reason: reason))
    }
    guard let outcome else { return false }
    awaited = awaited.suffix(Self.mostAwaited - 1) + [outcome]
    return true
  }

  func answer(
    _ challenges: [DigestChallenge], method: String, uri: String,
    in exchange: inout Credentials.Exchange
  ) -> Result<String, Credentials.Refusal> {
    owner?.answer(challenges, method: method, uri: uri, in: &exchange) ?? .failure(.unreadable)
  }

  func note(_ level: NoticeLevel, _ message: SafeText) { owner?.emit(.log(level, message)) }

  func heard(_ call: Call, _ news: MediaNews) { owner?.heard(news, of: call.id) }

  func lookUp(_ name: String, _ done: @escaping (sa?) -> Void) { owner?.lookUp(name, done) }
}
