// Why the state is what it is, in one line (F9).

extension Desk {
  /// One sentence that says why the desk is in the state it is in, from which source, how old.
  ///
  /// `clock` turns Unix milliseconds into a time of day: the zone belongs to whoever draws.
  public func explain(at now: Instant, clock: (Int64) -> String) -> SafeText {
    SafeText(whyLink(now, clock) ?? whyCall(now, clock) ?? whySeat(now, clock))
  }

  private func whyLink(_ now: Instant, _ clock: (Int64) -> String) -> String? {
    let since = clock(link.since.unix)
    switch link {
    case .up: return nil
    case .connecting(let start):
      return
        "Signing in for \(now.seconds(since: start)) s: the line has not registered yet. (line)"
    case .down(_, let reason, let retryAt):
      let again = retryAt.map { ", again in \($0.seconds(since: now)) s" } ?? ""
      return "No link since \(since): \(reason)\(again). The seat is unknown until then. (line)"
    case .stopped(_, let reason):
      return
        "No link since \(since): \(reason). It is not tried again by itself. (line)"
    case .evicted: return "Signed in elsewhere at \(since): this desk lost the seat. (line)"
    case .off: return "Offline since \(since), by you. (desk)"
    }
  }

  private func whyCall(_ now: Instant, _ clock: (Int64) -> String) -> String? {
    if let attempt, !attempt.seen {
      return
        "Sent \(now.seconds(since: attempt.at)) s ago, no word from the line yet; unanswered after \(Limits.dialSilence) s. (desk)"
    }
    guard let active else { return whyFailed(now) }
    switch active.phase {
    case .calling:
      return "Calling since \(clock(active.began.unix)): no sign of ringing yet. (line)"
    case .ringing where active.direction == .in:
      return "Rings here since \(clock(active.began.unix)). (line)"
    case .ringing: return "Ringing at the far end. (line)"
    case .talking(let talk):
      let start = talk.witnessed ? "answered" : "first seen, its start was not,"
      return "Talking: \(start) at \(clock(talk.since.unix)). (line)"
    case .ended(let end), .notEstablished(let end): return whyEnded(active, end, now)
    }
  }

  private func whyFailed(_ now: Instant) -> String? {
    failed.map {
      let reason = $0.reason.map { ": \($0.text)" } ?? ""
      return "\($0.outcome.rawValue) \(now.seconds(since: $0.at)) s ago\(reason). (desk)"
    }
  }

  private func whyEnded(_ call: Call, _ end: Call.End, _ now: Instant) -> String {
    let ago = now.seconds(since: end.at)
    let what = end.talked == nil ? "Not established" : "Ended"
    let who =
      switch end.by {
      case .agent: ", by you"
      case .far: end.reason.map { ", \($0.text)" } ?? ", by the far end"
      case .lineLost: ", the line was lost"
      case .inferred: ", inferred from the seat"
      case .unseen: ", its end was not seen"
      }
    return "\(what) \(ago) s ago\(who): \(whySeatNow(now)). (\(sourceWord))"
  }

  private func whySeatNow(_ now: Instant) -> String {
    let next = seat.pending ?? seat.chosen ?? .idle
    if let wrapUp {
      let left = wrapUp.secondsLeft(at: now)
      let length = wrapUp.length / Instant.second
      return "post-call for \(left) s more of \(length), then \(next.name)"
    }
    return seat.seat?.name ?? "the seat is unknown"
  }

  private func whySeat(_ now: Instant, _ clock: (Int64) -> String) -> String {
    guard case .known(let known, let since, let witnessed) = seat.shown else {
      return "The seat is unknown: the line has not said it since \(clock(seat.since.unix))."
    }
    let who =
      switch seat.cause {
      case .agent: "by you"
      case .line: "the line says so"
      case .call: "on a call"
      case .wrapUp: "post-call ran out"
      case .link: "since the link is up"
      }
    let start = witnessed ? "since" : "first seen at"
    return "\(known.name) \(start) \(clock(since.unix)), \(who). (\(sourceWord))"
  }

  private var sourceWord: String { seat.source == .desk ? "desk" : "line" }
}
