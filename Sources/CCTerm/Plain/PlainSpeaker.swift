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
  private var linkWasUp = false
  private var linkReason: SafeText?
  private var talks: [Call.ID: Call.Talk] = [:]

  /// The first line: where things stand, and what can be said.
  mutating func greeting(_ desk: Desk, at now: Instant, zone: Zone) -> SafeText {
    seat = desk.seat
    linkWasUp = desk.link.isUp
    return SafeText(
      "\(zone.minute(now.unix)) \(Self.standing(desk, at: now)) Commands: dial, info, check, answer,"
        + " hang up, status, why, help.")
  }

  /// What stands now, as in `idle, 2 minutes`.
  static func standing(_ desk: Desk, at now: Instant) -> String {
    let word = desk.seat.seat?.name ?? "status unknown"
    let atLeast = desk.seat.witnessed ? "" : "at least "
    let seconds = now.seconds(since: desk.seat.since)
    let age = seconds > 0 ? ", \(atLeast)\(Spoken.age(seconds: seconds))" : ""
    return "\(word)\(age). \(linkWords(desk.link, at: now))"
  }

  /// What there is to say of a fact; nil if nothing.
  mutating func say(_ fact: Fact, _ desk: Desk, at now: Instant) -> Utterance? {
    guard let said = utterance(fact, desk, at: now), !said.text.isEmpty else { return nil }
    if isQuiet, !said.asks { return nil }
    last = said.text
    return said
  }

  private mutating func utterance(_ fact: Fact, _ desk: Desk, at now: Instant) -> Utterance? {
    switch fact {
    case .link(let link): return say(link, at: now)
    case .seat(let state): return say(state, desk)
    case .call(let call): return say(call, desk, at: now)
    case .outcome(attempt: nil, _, let reason, _):
      return Utterance(text: SafeText("not dialled: \(reason?.text ?? "refused")"))
    case .outcome(_, let outcome, let reason, _):
      // Once a call was seen it speaks for itself.
      guard desk.failed?.outcome == outcome else { return nil }
      return Utterance(text: SafeText(Self.sentence(OutcomeWords.text(outcome), reason)))
    case .notice(let level, let text):
      // The link's sentence has said it already.
      if text == linkReason { return nil }
      return Utterance(text: text, isUrgent: level == .error)
    case .order(let order, let outcome): return Self.say(order, outcome, desk)
    case .tones(let digits):
      return Utterance(text: SafeText("sent \(digits.map(String.init).joined(separator: " "))."))
    case .dialled, .anomaly, .record: return nil
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
    case .done: return Utterance(text: SafeText("accepted: \(words)."))
    case .refused(let why) where desk.settings.obey.rule(of: order.wish) != .never:
      return Utterance(text: SafeText("\(words): \(why)."))
    case .refused: return nil
    case .expired: return Utterance(text: SafeText("no longer asked: \(words)."))
    }
  }

  // MARK: The link and the seat

  private mutating func say(_ link: Link, at now: Instant) -> Utterance? {
    defer { linkWasUp = link.isUp }
    switch link {
    case .down(_, let reason, _), .stopped(_, let reason): linkReason = reason
    default: linkReason = nil
    }
    switch link {
    case .connecting: return linkWasUp ? Utterance(text: "Connecting.") : nil
    case .evicted:
      return Utterance(
        text: "Signed in elsewhere: this desk lost its seat. take back or quit?", isUrgent: true,
        asks: true)
    case .up, .down, .stopped, .off:
      return Utterance(text: SafeText(Self.linkWords(link, at: now)), isUrgent: true)
    }
  }

  private static func linkWords(_ link: Link, at now: Instant) -> String {
    switch link {
    case .connecting: return "Connecting."
    case .up: return "Link up."
    case .down(_, let reason, let retryAt):
      let again =
        retryAt.map { " Again in \(Spoken.duration(seconds: $0.seconds(since: now)))." } ?? ""
      return sentence("Link down", Reason(reason)) + again
    case .stopped(_, let reason):
      return sentence("Link down", Reason(reason)) + " Not tried again by itself: try tries once."
    case .evicted: return "Signed in elsewhere."
    case .off: return "Offline: the line is closed."
    }
  }

  private mutating func say(_ state: SeatState, _ desk: Desk) -> Utterance? {
    let before = seat
    seat = state
    if let pending = state.pending, pending != before?.pending {
      return Utterance(text: SafeText("next: \(pending.name)."))
    }
    // The link's sentence says that the status is unknown; a call says that it makes busy.
    guard let known = state.seat, known != before?.seat, !desk.hasOpenCall, known != .postCall,
      known != .offline
    else { return nil }
    return Utterance(text: SafeText("\(known.name)."))
  }

  // MARK: Calls

  private mutating func say(_ call: Call, _ desk: Desk, at now: Instant) -> Utterance? {
    switch call.phase {
    case .calling:
      return Utterance(text: SafeText("calling \(DialNumber.grouped(call.number.string))."))
    case .ringing where call.direction == .out: return Utterance(text: "ringing.")
    case .ringing:
      // One that is turned away is told by its notice.
      if desk.call(call.id)?.hangUpAsked != false { return nil }
      return Utterance(
        text: SafeText("Incoming: \(Self.caller(call)). answer or reject?"), isUrgent: true,
        asks: true)
    case .talking(let talk):
      defer { talks[call.id] = talk }
      return say(talk, before: talks[call.id])
    case .ended(let end), .notEstablished(let end):
      talks[call.id] = nil
      return Utterance(
        text: SafeText(Self.farewell(call, end) + Self.after(desk, at: now)), isUrgent: true)
    }
  }

  private func say(_ talk: Call.Talk, before: Call.Talk?) -> Utterance? {
    guard let before else {
      return Utterance(
        text: talk.witnessed ? "talking." : "talking; its beginning was not seen.", isUrgent: true)
    }
    var words: [String] = []
    if (before.heldSince == nil) != (talk.heldSince == nil) {
      words.append(talk.heldSince == nil ? "resumed." : "held.")
    }
    if before.muted != talk.muted { words.append(talk.muted ? "muted." : "unmuted.") }
    return words.isEmpty ? nil : Utterance(text: SafeText(words.joined(separator: " ")))
  }

  private static func caller(_ call: Call) -> String {
    let number = call.number.isEmpty ? "number withheld" : DialNumber.grouped(call.number.string)
    return [call.name?.string, number].compactMap { $0 }.joined(separator: ", ")
  }

  private static func farewell(_ call: Call, _ end: Call.End) -> String {
    if let talked = end.talked {
      let how = end.by == .lineLost ? "line lost, talked" : "ended,"
      let atLeast = end.witnessed ? "" : " at least"
      let inferred = end.by == .inferred ? " The end is inferred from the status." : ""
      return
        "\(how)\(atLeast) \(Spoken.duration(seconds: Int(talked / Instant.second))).\(inferred)"
    }
    switch (call.direction, end.by) {
    case (_, .lineLost): return "line lost."
    case (.out, .agent): return "cancelled."
    case (.out, _): return sentence("not established", end.reason)
    case (.in, .agent): return "rejected."
    case (.in, _):
      let rang = end.at.seconds(since: call.began)
      return "missed: \(call.name?.string ?? caller(call)), rang \(Spoken.duration(seconds: rang))."
    }
  }

  /// What comes after the end of a call, as in `post-call, 30 seconds, then short break`.
  private static func after(_ desk: Desk, at now: Instant) -> String {
    guard let wrapUp = desk.wrapUp, !desk.hasOpenCall else { return "" }
    let left = Spoken.duration(seconds: wrapUp.secondsLeft(at: now))
    let next = desk.seat.pending ?? desk.seat.chosen ?? .idle
    return " post-call, \(left), then \(next.name)."
  }

  private static func sentence(_ what: String, _ reason: Reason?) -> String {
    guard let reason, !reason.text.isEmpty else { return "\(what)." }
    let words = reason.text
    return "\(what): \(words)\(words.hasSuffix(".") ? "" : ".")"
  }
}
