// What is said of a call: its state, how far it came, how it ended.

import CCCore

/// Words for a call, apart from where they stand.
struct CallWords {
  let picture: Picture
  let call: Call

  /// The sign and the word of its state, with the role they have.
  var state: (sign: String, word: String, role: Role) {
    let glyphs = picture.glyphs
    switch call.phase {
    case .calling: return (glyphs.ringing, "CALLING", picture.accent(.ringing))
    case .ringing: return (glyphs.ringing, "RINGING", picture.accent(.ringing))
    case .talking(let talk):
      let sign = talk.heldSince == nil ? glyphs.busy : glyphs.held
      return (sign, "TALKING", picture.accent(.talking))
    case .ended(let end): return ("", "ENDED, \(how(end))", picture.accent(.ended))
    case .notEstablished(let end):
      return (glyphs.refused, notEstablished(end), picture.accent(.refused))
    }
  }

  /// MUTED, HELD (by the agent) and ON HOLD (by the far end), which stand in reverse beside the state
  /// word; where there is room the holds have their own clocks.
  var marks: [String] {
    guard let talk = call.talk else { return [] }
    let held = talk.heldSince.map { since in
      let seconds = picture.now.seconds(since: since)
      return picture.layout.shape == .full ? "HELD \(Durations.small(seconds))" : "HELD"
    }
    let farHeld = talk.farHeldSince.map { since in
      let seconds = picture.now.seconds(since: since)
      return picture.layout.shape == .full ? "ON HOLD \(Durations.small(seconds))" : "ON HOLD"
    }
    return [held, farHeld, talk.muted ? "MUTED" : nil].compactMap { $0 }
  }

  /// What was asked of it and is not done yet: `holding`, `hanging up`; nil where nothing is.
  var asked: String? {
    guard call.isOpen else { return nil }
    let asked = picture.desk.asked(of: call.id)
    if asked.end { return call.isRingingHere ? "rejecting" : "hanging up" }
    if asked.answer { return "answering" }
    if let hold = asked.hold { return hold ? "holding" : "resuming" }
    return asked.mute.map { $0 ? "muting" : "unmuting" }
  }

  /// How long the present phase lasts, or the talk lasted; empty where nothing can be said.
  func duration(_ format: (Int) -> String, ended: (Int) -> String = Durations.small) -> String {
    switch call.phase {
    case .calling, .ringing: return format(picture.now.seconds(since: call.shownSince))
    case .talking(let talk):
      return picture.atLeast(talk.witnessed, format(picture.now.seconds(since: talk.since)))
    case .ended(let end):
      guard let talked = end.talked else { return "" }
      return picture.atLeast(end.witnessed, ended(Int(talked / Instant.second)))
    case .notEstablished: return ""
    }
  }

  /// `calling 2 s › ringing 6 s › talking 01:23`.
  var path: String {
    var parts: [String] = []
    for (index, step) in call.steps.enumerated() {
      let until =
        index + 1 < call.steps.count ? call.steps[index + 1].since : call.end?.at ?? picture.now
      let seconds = until.seconds(since: step.since)
      let long = step.name == .talking ? Durations.small(seconds) : Durations.step(seconds)
      let known = step.name != .talking || call.isWitnessed
      parts.append("\(step.name.rawValue) \(picture.atLeast(known, long))")
    }
    if case .notEstablished(let end) = call.phase { parts.append(stopped(end)) }
    return parts.joined(separator: " \(picture.glyphs.step) ")
  }

  /// `132 1234 5678`, or that the line does not say.
  var number: String {
    call.number.isEmpty
      ? Withheld.words(call.direction).string : picture.desk.grouped(call.number.string)
  }

  /// `then 5: F6`, what was dialled behind the number; without the key where it cannot be sent now.
  var then: String {
    guard let tones = call.nextTones else { return "" }
    let canSend = picture.desk.active?.id == call.id && call.talk != nil
    let key = canSend && CommandTable.whyNot(.then, picture.desk) == nil
    return "then \(picture.cut(tones, to: 12))"
      + (key ? ": \(CommandTable.row(.keypad).keyLabel)" : "")
  }

  /// `+1 held`, `+1 waits`: the second call, where it has no row of its own.
  var beside: String? {
    guard call.isOpen else { return nil }
    let others = picture.desk.others
    if let other = others.first {
      let word = other.isRingingHere ? "waits" : other.isHeld ? "held" : "calls"
      return others.count == 1 ? "+1 \(word)" : "+\(others.count)"
    }
    return picture.desk.unseenAttempt == nil ? nil : "+1 calls"
  }

  /// The last row: why it ended, or what went with it.
  var tail: String {
    switch call.phase {
    case .ended(let end):
      switch end.by {
      case .lineLost: return "line lost \(picture.clock(end.at.unix))"
      case .inferred: return "nobody said it ended; the status says so"
      case .unseen: return "another call came before its end was seen"
      case .transferred(let to): return to.isEmpty ? sent : "handed on to \(to)"
      case .far: return end.cut?.text ?? sent
      case .agent, .desk: return sent
      }
    case .notEstablished(let end): return EndWords.why(end)
    case .calling, .ringing, .talking:
      if !picture.desk.link.isUp { return "the call goes on; the registrar is away" }
      return handedOver ?? (sent.isEmpty ? wanted : sent)
    }
  }

  /// The number or queue that the caller wanted, as in `for Sales, 1800`; empty where it is this desk.
  var wanted: String {
    guard let called = call.called else { return "" }
    let who = picture.desk.words(for: called)
    return who.isEmpty ? "" : "for \(who)"
  }

  /// Who was there before, where it is somebody else now.
  private var handedOver: String? {
    guard let first = call.first else { return nil }
    let who = picture.desk.words(for: first)
    return who.isEmpty ? nil : "before: \(who)"
  }

  private var sent: String {
    let line = call.info.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.isEmpty ? "" : "sent: \(line)"
  }

  private func how(_ end: Call.End) -> String {
    switch end.by {
    case .lineLost: "line lost"
    case .inferred: "inferred"
    case .unseen: "end not seen"
    case .transferred: "transferred"
    case .far where end.cut != nil: "cut off"
    case .agent, .desk, .far: "answered"
    }
  }

  private func notEstablished(_ end: Call.End) -> String {
    if call.direction == .out { return "NOT ESTABLISHED" }
    switch end.by {
    case .agent: return "REJECTED"
    case .desk: return "TURNED AWAY"
    case .far: return EndWords.state(end.kind)
    case .transferred, .lineLost, .inferred, .unseen: return "MISSED"
    }
  }

  private func stopped(_ end: Call.End) -> String {
    switch end.by {
    case .lineLost: return "line lost"
    case .unseen: return "end not seen"
    case .agent: return call.direction == .in ? "rejected" : "cancelled"
    case .desk: return "turned away"
    case .transferred: return "transferred"
    case .far, .inferred: break
    }
    if call.direction == .in { return EndWords.step(end.kind) }
    return end.outcome == .unanswered ? "no answer" : "refused"
  }
}

extension Call {
  /// The moment the present phase began, whose duration is shown.
  var shownSince: Instant { talk?.since ?? steps.last?.since ?? began }

  /// Whether the talk was seen from its beginning.
  var isWitnessed: Bool { talk?.witnessed ?? end?.witnessed ?? true }

  /// `out` or `in`.
  var directionWord: String { direction == .out ? "out" : "in" }
}

extension Desk {
  /// The call that the panel shows, where it shows one: not while a dial waits for its call.
  var shownCall: Call? { unseenAttempt == nil || active?.isOpen == true ? active : nil }
}
