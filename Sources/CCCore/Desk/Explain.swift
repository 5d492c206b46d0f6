// Why the state is what it is, in one sentence or two (F9).

extension Desk {
  /// Says why the desk is in the state it is in, from which source, how old.
  ///
  /// `clock` turns Unix milliseconds into a time of day: the zone belongs to whoever draws.
  public func explain(at now: Instant, clock: (Int64) -> String) -> SafeText {
    let state = whyLink(now, clock) ?? whyCall(now, clock) ?? whySeat(now, clock)
    return SafeText(state + whatWasUnreadable(now))
  }

  /// What the line could not read is no part of the state, but whoever asks may have missed a call by it.
  private func whatWasUnreadable(_ now: Instant) -> String {
    guard let unreadable else { return "" }
    let messages = unreadable.total == 1 ? "1 message" : "\(unreadable.total) messages"
    let ago = Self.age(now.seconds(since: unreadable.at))
    return " The line could not read \(messages) of the telephone system, the last \(ago) ago: "
      + "\(unreadable.last)."
  }

  private func whyLink(_ now: Instant, _ clock: (Int64) -> String) -> String? {
    let since = clock(link.since.unix)
    let goesOn = hasOpenCall ? " The call goes on." : ""
    switch link {
    case .up: return nil
    case .connecting(let start):
      return
        "Signing in for \(Self.age(now.seconds(since: start))): the line has not registered yet."
    case .down(_, let reason, let retryAt):
      let again = retryAt.map { ", again in \(Self.age($0.seconds(since: now)))" } ?? ""
      return "No link since \(since): \(reason)\(again). The status is unknown until then.\(goesOn)"
    case .stopped(_, let reason):
      return "No link since \(since): \(reason). It is not tried again by itself.\(goesOn)"
    case .evicted: return "Signed in elsewhere at \(since): this desk lost the seat."
    case .off: return "Offline since \(since), by you."
    }
  }

  private func whyCall(_ now: Instant, _ clock: (Int64) -> String) -> String? {
    if let attempt = unseenAttempt, active?.isOpen != true {
      return
        "Sent \(Self.age(now.seconds(since: attempt.at))) ago, no word from the line yet;"
        + " unanswered after \(Limits.dialSilence) s."
    }
    guard let active else { return whyFailed(now) }
    let since = clock((active.steps.last?.since ?? active.began).unix)
    switch active.phase {
    case .calling: return "Calling since \(since): no sign of ringing yet.\(whyOther(clock))"
    case .ringing where active.direction == .in:
      return "Rings here since \(since).\(whyOther(clock))"
    case .ringing: return "Ringing at the far end since \(since).\(whyOther(clock))"
    case .talking(let talk):
      let start = talk.witnessed ? "answered" : "first seen, its start was not,"
      let held = talk.heldSince.map { ", held since \(clock($0.unix))" } ?? ""
      let muted = talk.muted ? ", muted" : ""
      let farHeld =
        talk.farHeldSince.map { ", on hold at the far end since \(clock($0.unix))" } ?? ""
      return
        "Talking: \(start) at \(clock(talk.since.unix))\(held)\(farHeld)\(muted).\(whyOther(clock))"
    case .ended(let end), .notEstablished(let end): return whyEnded(end, now)
    }
  }

  private func whyOther(_ clock: (Int64) -> String) -> String {
    var sentences = others.map { other in
      let since = clock(other.began.unix)
      if other.isRingingHere { return " \(other.party) waits since \(since)." }
      if let held = other.talk?.heldSince {
        return " \(other.party) is held since \(clock(held.unix))."
      }
      return other.talk == nil
        ? " \(other.party) is being called since \(since)." : " \(other.party) is there too."
    }
    if let attempt = unseenAttempt {
      let party = DialNumber.grouped(attempt.phone)
      sentences.append(" \(party) is dialled since \(clock(attempt.at.unix)), no word of it yet.")
    }
    return sentences.joined()
  }

  private func whyFailed(_ now: Instant) -> String? {
    guard let failed, isFresh(failed.at, now) else { return nil }
    let word =
      switch failed.outcome {
      case .answered, .rejected, .unanswered: "Not established"
      case .refused: "Not dialled"
      case .lineLost: "Lost with the line"
      case .cancelled: "Cancelled"
      }
    let reason = failed.reason.map { ": \($0.text)" } ?? ""
    return "\(word) \(Self.age(now.seconds(since: failed.at))) ago\(reason)."
  }

  private func whyEnded(_ end: Call.End, _ now: Instant) -> String? {
    guard isFresh(end.at, now) else { return nil }
    let ago = Self.age(now.seconds(since: end.at))
    let what = end.talked == nil ? "Not established" : "Ended"
    let how: String
    switch end.by {
    case .agent: how = "\(what) \(ago) ago, by you"
    case .desk: how = "Turned away \(ago) ago, since the status takes no calls"
    case .transferred(let to): how = "Handed on \(ago) ago\(to.isEmpty ? "" : ", to \(to)")"
    case .far: how = "\(what) \(ago) ago, \(end.reason?.text ?? "by the far end")"
    case .lineLost: how = "\(what) \(ago) ago, the line was lost"
    case .inferred: how = "\(what) \(ago) ago, inferred from the status"
    case .unseen: how = "\(what) \(ago) ago, its end was not seen"
    }
    return "\(how): \(whySeatNow(now))."
  }

  /// Whether an end still explains the state: later the status does.
  private func isFresh(_ end: Instant, _ now: Instant) -> Bool {
    seat.seat == .postCall || now.seconds(since: end) < 60
  }

  private func whySeatNow(_ now: Instant) -> String {
    let next = seat.pending ?? seat.chosen ?? .idle
    if let wrapUp {
      let left = wrapUp.secondsLeft(at: now)
      let length = wrapUp.length / Instant.second
      return "post-call for \(left) s more of \(length), then \(next.name)"
    }
    return seat.seat?.name ?? "the status is unknown"
  }

  private func whySeat(_ now: Instant, _ clock: (Int64) -> String) -> String {
    guard case .known(let known, let since, let witnessed) = seat.shown else {
      return "The status is unknown: the line has not told it since \(clock(seat.since.unix))."
    }
    let who =
      switch seat.cause {
      case .agent: "by you, "
      case .line: ""
      case .call: "after a call, "
      case .wrapUp: "post-call ran out, "
      case .link: "since the link is up, "
      }
    let start = witnessed ? "since" : "first seen at"
    let source = seat.source == .desk ? "kept by this desk" : "told by the line"
    let untold = seat.untold.map { "; the PBX was not told: \($0)" } ?? ""
    return "\(known.name) \(start) \(clock(since.unix)), \(who)\(source)\(untold)."
  }

  /// `12 s`, `5 min`, `2 h`.
  private static func age(_ seconds: Int) -> String {
    switch max(0, seconds) {
    case let seconds where seconds < 60: "\(seconds) s"
    case let seconds where seconds < 7200: "\(seconds / 60) min"
    case let seconds: "\(seconds / 3600) h"
    }
  }
}
