// Facts into sentences: what plain mode says of what happens.

import CCCore
import CCView

/// One sentence of plain mode.
struct Utterance: Hashable {
  /// The sentence, washed.
  var text: SafeText
  /// Whether it takes a line of its own at once; otherwise it waits for an empty line.
  var isUrgent = false
  /// Whether it asks for an answer: these are said even when quiet.
  var asks = false
}

/// Says what happens, once, in the manner of `screens.md`: a line a change, no colour, no box.
///
/// During a call only call, hold, mute and link are spoken; what the state implies is not repeated.
struct PlainSpeaker {
  /// Whether only what asks for an answer is said.
  var isQuiet = false
  /// What was said last.
  private(set) var last: SafeText = "nothing has happened yet"

  private var seat: SeatState?
  private var link: Link?
  private var secure: SafeText?
  private var talks: [Call.ID: Call.Talk] = [:]
  /// Whether a warning of the line's was said that it has not taken back.
  private var lineWarned = false
  /// The zone that times of day are told in.
  var zone = Zone.utc

  /// The first line: where things stand, and what can be said.
  mutating func greeting(_ desk: Desk, at now: Instant, zone: Zone) -> SafeText {
    seat = desk.seat
    link = desk.link
    secure = desk.secure
    self.zone = zone
    return SafeText(
      "\(zone.minute(now.unix)) \(PlainWords.seat(desk, at: now)) \(PlainWords.link(desk, at: now))"
        + " Commands: dial, info, check, answer, hang up, status, why, help.")
  }

  /// What there is to say of a fact; nil if nothing.
  mutating func say(_ fact: Fact, _ desk: Desk, at now: Instant) -> Utterance? {
    guard let said = utterance(fact, desk, at: now), !said.text.isEmpty else { return nil }
    if isQuiet, !said.asks { return nil }
    last = said.text
    return said
  }

  /// What a soft bell reminds of: who is held, and for how long.
  mutating func remind(_ desk: Desk, at now: Instant) -> Utterance? {
    let words = PlainWords.stillHeld(desk, at: now)
    guard !words.isEmpty, !isQuiet else { return nil }
    last = SafeText(words)
    return Utterance(text: last)
  }

  private mutating func utterance(_ fact: Fact, _ desk: Desk, at now: Instant) -> Utterance? {
    switch fact {
    case .link(let link): return say(link, desk, at: now)
    case .seat(let state): return say(state, desk)
    case .call(let call): return say(call, desk, at: now)
    case .outcome(attempt: nil, _, let reason, _):
      return Utterance(text: SafeText("not dialled: \(reason?.text ?? "refused")"))
    case .outcome(_, let outcome, let reason, _):
      // Once a call was seen it speaks for itself.
      guard desk.failed?.outcome == outcome else { return nil }
      return Utterance(text: SafeText(PlainWords.sentence(OutcomeWords.text(outcome), reason)))
    case .notice(let level, let text):
      // The link's sentence has said it already.
      if text == linkReason { return nil }
      return Utterance(text: text, isUrgent: level != .info)
    case .log(let level, let text):
      // What the line remarks is for its log.
      guard level != .info, level != .cleared || lineWarned, LineWords.said(text) != linkReason
      else { return nil }
      lineWarned = level != .cleared
      return Utterance(text: LineWords.said(text), isUrgent: true)
    case .remark(_, let level, let text):
      guard level != .info, level != .cleared || lineWarned else { return nil }
      lineWarned = level != .cleared
      return Utterance(text: LineWords.said(text), isUrgent: true)
    case .transfer(let state, let reason, _):
      return Utterance(text: TransferWords.sentence(state, reason), isUrgent: true)
    case .wrapUpEnds(let seconds, let next):
      let more = "\(CommandTable.row(.more).words[0]) adds \(Desk.Limits.wrapUpExtension)"
      return Utterance(text: SafeText("\(next.name) in \(seconds) seconds; \(more)."))
    case .order(let order, let outcome): return Self.say(order, outcome, desk)
    case .tones(let digits):
      return Utterance(text: SafeText("sent \(digits.map(String.init).joined(separator: " "))."))
    case .dialled, .anomaly, .record, .level: return nil
    }
  }

  private var linkReason: SafeText? {
    switch link {
    case .down(_, let reason, _), .stopped(_, let reason): reason
    case .connecting, .up, .evicted, .off, nil: nil
    }
  }

  /// A supervisor's order; a call does not silence it, and nothing rings.
  private static func say(_ order: Order, _ outcome: OrderOutcome, _ desk: Desk) -> Utterance? {
    let words = "\(order.from): \(order.words)"
    switch outcome {
    case .asked:
      return Utterance(text: SafeText("\(words). accept or refuse?"), isUrgent: true, asks: true)
    case .done where desk.settings.obey.rule(of: order.wish) == .always:
      return Utterance(text: SafeText("\(words)."), isUrgent: true)
    case .done: return left(desk, after: "accepted: \(words).")
    case .refused(Desk.refusedByAgent):
      return left(desk, after: "\(words): \(Desk.refusedByAgent).")
    case .refused(let why) where desk.settings.obey.rule(of: order.wish) != .never:
      return Utterance(text: SafeText("\(words): \(why)."))
    case .refused: return nil
    case .expired: return Utterance(text: SafeText("no longer asked: \(words)."))
    }
  }

  /// What still waits for her word after one was given: the last of it is what she answers next.
  private static func left(_ desk: Desk, after words: String) -> Utterance {
    guard let next = desk.orders.last?.order else { return Utterance(text: SafeText(words)) }
    return Utterance(
      text: SafeText("\(words) Still: \(next.from): \(next.words). accept or refuse?"), asks: true)
  }

  // MARK: The link and the seat

  private mutating func say(_ next: Link, _ desk: Desk, at now: Instant) -> Utterance? {
    let (before, reason, protection) = (link, linkReason, secure)
    link = next
    secure = desk.secure
    switch next {
    case .connecting: return before?.isUp == true ? Utterance(text: "Connecting.") : nil
    case .evicted:
      return Utterance(
        text: "Signed in elsewhere: this desk lost its seat. take back or quit?", isUrgent: true,
        asks: true)
    case .up where before?.isUp == true:
      guard protection != secure else { return nil }
      return Utterance(text: SafeText("Now \(secure ?? "not said how protected")."), isUrgent: true)
    case .down(_, let why, _):
      // It is tried again and again: once is enough, and status tells when.
      if case .down = before, why == reason { return nil }
    case .up, .stopped, .off: break
    }
    let words = PlainWords.link(desk, at: now)
    let unknown = seat?.seat != nil && desk.seat.seat == nil ? " The status is unknown." : ""
    return Utterance(text: SafeText(words + unknown), isUrgent: true)
  }

  private mutating func say(_ state: SeatState, _ desk: Desk) -> Utterance? {
    let before = seat
    seat = state
    if let pending = state.pending, pending != before?.pending {
      return Utterance(text: SafeText("next: \(pending.name)."))
    }
    // The link's sentence says that the status is unknown; a call says that it makes busy, and its end
    // says that post-call begins where the desk keeps it.
    guard let known = state.seat, known != before?.seat, !desk.hasOpenCall else { return nil }
    if known == .postCall, desk.wrapUp != nil { return nil }
    if known == .offline, case .off = desk.link { return nil }
    return Utterance(text: SafeText("\(known.name)."))
  }

  // MARK: Calls

  private mutating func say(_ call: Call, _ desk: Desk, at now: Instant) -> Utterance? {
    switch call.phase {
    case .calling:
      return Utterance(
        text: SafeText("calling \(desk.grouped(call.number.string))\(PlainWords.then(call.tones)).")
      )
    case .ringing where call.direction == .out: return Utterance(text: "ringing.")
    case .ringing:
      // One that is turned away is told by its notice.
      if desk.call(call.id)?.endAskedBy != nil { return nil }
      let earlier = EarlierCalls.words(of: call, desk, zone, at: now).map { " \($0)." } ?? ""
      let wanted = call.called.map { desk.words(for: $0) }.map { $0.isEmpty ? "" : ", for \($0)" }
      let who = PlainWords.caller(call, desk) + (wanted ?? "")
      return Utterance(
        text: SafeText("Incoming: \(who). answer or reject?\(earlier)"),
        isUrgent: true, asks: true)
    case .talking(let talk):
      defer { talks[call.id] = talk }
      let name = desk.openCalls.count > 1 ? desk.party(of: call).string : nil
      return say(talk, before: talks[call.id], name, PlainWords.kept(call))
    case .ended(let end), .notEstablished(let end):
      talks[call.id] = nil
      if !desk.hasOpenCall { lineWarned = false }
      let words = [PlainWords.farewell(call, end, desk), PlainWords.wrapUp(desk, at: now)]
      return Utterance(
        text: SafeText(words.filter { !$0.isEmpty }.joined(separator: " ")), isUrgent: true)
    }
  }

  /// `name`: whose call it is, where there are two.
  private func say(_ talk: Call.Talk, before: Call.Talk?, _ name: String?, _ kept: String)
    -> Utterance?
  {
    let to = name.map { " to \($0)" } ?? ""
    guard let before else {
      let start = talk.witnessed ? "" : "; its beginning was not seen"
      let then = kept.isEmpty ? "" : " \(kept)"
      return Utterance(text: SafeText("talking\(to)\(start).\(then)"), isUrgent: true)
    }
    var words: [String] = []
    if (before.heldSince == nil) != (talk.heldSince == nil) {
      words.append(talk.heldSince == nil ? "resumed" : "held")
    }
    if before.muted != talk.muted { words.append(talk.muted ? "muted" : "unmuted") }
    if (before.farHeldSince == nil) != (talk.farHeldSince == nil) {
      words.append(talk.farHeldSince == nil ? "the far end is back" : "the far end holds the call")
    }
    guard !words.isEmpty else { return nil }
    let who = name.map { ": \($0)" } ?? ""
    return Utterance(text: SafeText(words.map { "\($0)\(who)." }.joined(separator: " ")))
  }
}
