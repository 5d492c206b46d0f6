// What plain mode says of seat, link and calls: all that the panels show, in words.

import CCCore
import CCView

/// Sentences for the ear.
enum PlainWords {
  /// Everything that the panels show.
  static func standing(_ desk: Desk, at now: Instant) -> String {
    var sentences = [seat(desk, at: now)]
    if let pending = desk.seat.pending, desk.wrapUp == nil {
      sentences.append("Next: \(pending.name).")
    }
    if let why = desk.seat.untold { sentences.append("The PBX was not told: \(why).") }
    sentences.append(link(desk, at: now))
    if let life = desk.credential {
      sentences.append("The sign-in lasts \(Spoken.age(seconds: life.secondsLeft(at: now))).")
    }
    sentences += desk.openCalls.map { open($0, desk, at: now) }
    if let gone = desk.goneCustomer, let end = gone.end {
      let ago = Spoken.duration(seconds: now.seconds(since: end.at))
      sentences.append("\(desk.party(of: gone)) hung up \(ago) ago.")
    }
    if let attempt = desk.unseenAttempt {
      sentences.append(
        "Dialling \(desk.grouped(attempt.phone))\(then(attempt.tones)): no sign of it yet.")
    }
    if let level = desk.level, let talk = desk.active?.talk, talk.heldSince == nil {
      let mine = talk.muted ? 0 : level.input
      sentences.append("Loudness: you \(percent(mine)), far end \(percent(level.output)).")
    }
    let talked = Spoken.age(seconds: Int(desk.today.talked / Instant.second))
    sentences.append("\(Spoken.count(desk.today.calls, "call")) today, \(talked) of talk.")
    return sentences.joined(separator: " ")
  }

  private static func percent(_ loudness: Double) -> String { "\(Int(loudness * 100)) percent" }

  /// What stands now, as in `idle, 2 minutes`.
  static func seat(_ desk: Desk, at now: Instant) -> String {
    let words = wrapUp(desk, at: now)
    if !words.isEmpty { return words }
    let word = desk.seat.seat?.name ?? "status unknown"
    let atLeast = desk.seat.witnessed ? "" : "at least "
    let seconds = now.seconds(since: desk.seat.since)
    return "\(word)\(seconds > 0 ? ", \(atLeast)\(Spoken.age(seconds: seconds))" : "")."
  }

  /// What comes after the end of a call, as in `post-call, 30 seconds, then short break`.
  static func wrapUp(_ desk: Desk, at now: Instant) -> String {
    guard let wrapUp = desk.wrapUp, !desk.hasOpenCall else { return "" }
    let left = Spoken.duration(seconds: wrapUp.secondsLeft(at: now))
    let next = desk.seat.pending ?? desk.seat.chosen ?? .idle
    return "post-call, \(left), then \(next.name)."
  }

  static func link(_ desk: Desk, at now: Instant) -> String {
    let goesOn = desk.hasOpenCall ? " The call goes on." : ""
    switch desk.link {
    case .connecting: return "Connecting."
    case .up: return "Link up\(desk.secure.map { ", \($0)" } ?? "")."
    case .down(_, let reason, let retryAt):
      let again =
        retryAt.map { " Again in \(Spoken.duration(seconds: $0.seconds(since: now)))." } ?? ""
      return sentence("Link down", Reason(reason)) + again + goesOn
    case .stopped(_, let reason):
      return sentence("Link down", Reason(reason)) + " Not tried again by itself: try tries once."
        + goesOn
    case .evicted: return "Signed in elsewhere."
    case .off: return "Offline: the line is closed."
    }
  }

  // MARK: Calls

  /// An open call, as in `Talking to 1020, 21 seconds, muted`.
  private static func open(_ call: Call, _ desk: Desk, at now: Instant) -> String {
    let asked = asked(desk.asked(of: call.id), call)
    let caller = caller(call, desk)
    func age(_ since: Instant) -> String { Spoken.duration(seconds: now.seconds(since: since)) }
    let began = call.steps.last?.since ?? call.began
    switch call.phase {
    case .calling: return "Calling \(caller)\(then(call.tones)), \(age(began))\(asked)."
    case .ringing where call.direction == .in:
      return "\(caller) rings here, \(age(began))\(asked). answer or reject?"
    case .ringing: return "Ringing at \(caller)\(then(call.tones)), \(age(began))\(asked)."
    case .talking(let talk):
      let length = Spoken.duration(
        seconds: now.seconds(since: talk.since), witnessed: talk.witnessed)
      let held = talk.heldSince.map { ", held for \(age($0))" } ?? ""
      let farHeld = talk.farHeldSince.map { ", on hold there for \(age($0))" } ?? ""
      let muted = talk.muted ? ", muted" : ""
      let state = "Talking to \(caller), \(length)\(held)\(farHeld)\(muted)\(asked)."
      return call.nextTones == nil ? state : "\(state) \(kept(call))"
    case .ended, .notEstablished: return ""
    }
  }

  /// What was asked of a call and is not done yet, as in `, hold is asked`.
  private static func asked(_ asked: Asked, _ call: Call) -> String {
    var words: [String] = []
    if asked.end { words.append(call.isRingingHere ? "reject" : "hang up") }
    if asked.answer { words.append("answer") }
    if let hold = asked.hold { words.append(hold ? "hold" : "resume") }
    if let mute = asked.mute { words.append(mute ? "mute" : "unmute") }
    return words.map { ", \($0) is asked" }.joined()
  }

  /// `María López, +34 612 34 56 78`.
  static func caller(_ call: Call, _ desk: Desk) -> String {
    let number =
      call.number.isEmpty
      ? Withheld.words(call.direction).string : desk.grouped(call.number.string)
    return [call.name?.string, number].compactMap { $0 }.joined(separator: ", ")
  }

  /// What was dialled behind a number, as in `, then 5`; empty where nothing was.
  static func then(_ tones: String) -> String {
    tones.isEmpty ? "" : ", then \(tones.split(separator: ",").joined(separator: ", then "))"
  }

  /// What waits to be sent, as in `then sends 5.`; empty where nothing does.
  static func kept(_ call: Call) -> String {
    call.nextTones.map { "then sends \($0.map(String.init).joined(separator: " "))." } ?? ""
  }

  /// Who is held, as in `still held: 1020, 1 minute`; empty where nobody is.
  static func stillHeld(_ desk: Desk, at now: Instant) -> String {
    let held = desk.openCalls.compactMap { call in
      call.talk?.heldSince.map { since in
        "still held: \(desk.party(of: call)), \(Spoken.duration(seconds: now.seconds(since: since)))."
      }
    }
    return held.joined(separator: " ")
  }

  /// How a call ended; empty where something else says it.
  static func farewell(_ call: Call, _ end: Call.End, _ desk: Desk) -> String {
    let words = end.talked.map { ended(call, end, $0, desk) } ?? notEstablished(call, end, desk)
    guard !words.isEmpty, leavesAnother(call, end), let back = desk.active, back.isOpen else {
      return words
    }
    let held = back.talk?.heldSince == nil ? "" : ", held"
    return "\(words) Back to \(desk.party(of: back))\(held)."
  }

  /// Whether the agent was with this call, and is with the other one now.
  private static func leavesAnother(_ call: Call, _ end: Call.End) -> Bool {
    switch end.by {
    // After a join the other one ends too; after an end that nobody saw it is a new one.
    case .transferred, .unseen: false
    case .agent, .desk, .far, .lineLost, .inferred: call.direction == .out || end.talked != nil
    }
  }

  private static func ended(
    _ call: Call, _ end: Call.End, _ talked: Int64, _ desk: Desk
  ) -> String {
    let atLeast = end.witnessed ? "" : " at least"
    let length = "\(atLeast) \(Spoken.duration(seconds: Int(talked / Instant.second)))."
    switch end.by {
    case .lineLost: return "line lost, talked\(length)"
    case .inferred: return "ended,\(length) The end is inferred from the status."
    case .unseen: return "end not seen, talked\(length)"
    // The customer's call says to whom it went.
    case .transferred where call.isConsultation: return ""
    case .transferred(let to): return "handed on\(to.isEmpty ? "" : " to \(to)"),\(length)"
    case .agent, .desk, .far:
      let why = end.cut.map { " \(sentence("It was cut off", $0))" } ?? ""
      return (desk.hasOpenCall ? "ended: \(desk.party(of: call)),\(length)" : "ended,\(length)")
        + why
    }
  }

  private static func notEstablished(_ call: Call, _ end: Call.End, _ desk: Desk) -> String {
    switch (call.direction, end.by) {
    // Its notice has said it.
    case (_, .desk): return ""
    case (_, .lineLost): return "line lost."
    case (.out, .agent): return "cancelled."
    case (.out, _): return sentence("not established", end.reason)
    case (.in, .agent): return "rejected."
    case (.in, _):
      let rang = Spoken.duration(seconds: end.at.seconds(since: call.began))
      let who = "\(caller(call, desk)), rang \(rang)"
      switch end.kind {
      case .answeredElsewhere: return "answered by a colleague: \(who)."
      case .stoppedRinging: return "stopped ringing: \(who)."
      case .notTaken: return sentence("could not be taken: \(who)", end.reason)
      case .rangOut: return "missed: \(who): it rang out here and went on."
      case .callerGaveUp: return "missed: \(who): the caller hung up."
      case .unanswered, .rejected, nil: return "missed: \(who)."
      }
    }
  }

  /// A call that is over, as in `13:58 out, 132 1234 5678, answered, 3 minutes 12`.
  static func record(_ record: Record, _ desk: Desk, _ zone: Zone, at now: Instant) -> String {
    let number =
      record.number.isEmpty
      ? Withheld.words(record.direction).string : desk.grouped(record.number.string)
    let who = [record.name?.string ?? "", number].filter { !$0.isEmpty }.joined(separator: ", ")
    let talked = record.talked.map {
      ", \(Spoken.duration(seconds: Int($0 / Instant.second), witnessed: record.witnessed))"
    }
    let direction = record.direction == .out ? "out" : "in"
    return
      "\(zone.minute(record.began.unix, seenAt: now.unix)) \(direction), \(who), \(RecordWords.result(record))"
      + "\(talked ?? "")."
  }

  /// What happened and why, as in `not established: busy here (486)`.
  static func sentence(_ what: String, _ reason: Reason?) -> String {
    guard let reason, !reason.text.isEmpty else { return "\(what)." }
    let words = reason.text
    return "\(what): \(words)\(words.hasSuffix(".") ? "" : ".")"
  }
}
