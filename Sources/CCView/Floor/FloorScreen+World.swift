// What the world does to the supervisor's screen: effects, and time.

import CCCore

extension FloorScreen {
  /// Takes note of what happened on the floor.
  public mutating func observe(_ effect: FloorEffect, at now: Instant) {
    switch effect {
    case .changed: frozen?.changes += 1
    case .alert: break
    case .anomaly(let kind, let count):
      if let words = kind.words(count) { say(words, isWarning: true, at: now) }
    }
  }

  /// Lets time pass: a letter has stood alone, the order is let go, a frozen picture thaws, messages go.
  public mutating func tick(at now: Instant) -> [FloorRequest] {
    if let held, now.uptime >= held.until { self.held = nil }
    if let frozen, now.uptime >= frozen.since.uptime.plus(Self.thawsAfter) {
      self.frozen = nil
      say("Live again after 60 s.", at: now)
    }
    if let gone = messageGoes, now.uptime >= gone { message = nil }
    return answerDue(at: now)
  }

  /// The uptime of the next change that time alone brings: the next second that is shown.
  public func deadline(at now: Instant) -> Int64? {
    let rest = now.unix % 1000
    let second = now.uptime.plus((1000 - (rest < 0 ? rest + 1000 : rest)) * Instant.millisecond)
    return [
      second, held?.until, frozen.map { $0.since.uptime.plus(Self.thawsAfter) }, messageGoes,
      letter?.until,
    ].compactMap(\.self).min()
  }

  private var messageGoes: Int64? {
    message.map { $0.since.uptime.plus(($0.isWarning ? 30 : 10) * Instant.second) }
  }
}

extension FloorAnomaly {
  /// What a supervisor should know of it; nil for what is normal on a bus.
  func words(_ count: Int) -> String? {
    let messages = "\(count) \(count == 1 ? "message" : "messages")"
    return switch self {
    case .outdated: nil
    case .futureEpoch: "A desk's clock is minutes ahead; not taken: \(messages)."
    case .tooMany: "More agents than a floor holds; not taken: \(messages)."
    case .foreignTopic: "Under topics that are not the floor's: \(messages)."
    case .badPayload: "Could not be read: \(messages)."
    case .wrongVersion: "Of another version of the contract: \(messages)."
    }
  }
}
