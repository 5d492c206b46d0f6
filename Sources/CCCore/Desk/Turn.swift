// One turn of the machine: the moment it happens at, and what it asks for.

/// What one `handle` collects while it runs.
struct Turn {
  /// The moment of the event.
  let now: Instant
  /// What was asked for so far, in order.
  var effects: [Effect] = []

  init(_ now: Instant) {
    self.now = now
  }

  mutating func ask(_ effect: Effect) {
    effects.append(effect)
  }

  mutating func tell(_ fact: Fact) {
    effects.append(.tell(fact))
  }

  mutating func notice(_ level: NoticeLevel, _ text: String) {
    effects.append(.tell(.notice(level, SafeText(text))))
  }

  mutating func start(_ timer: TimerID, seconds: Int) {
    effects.append(.startTimer(timer, after: .seconds(seconds)))
  }

  mutating func cancel(_ timer: TimerID) {
    effects.append(.cancelTimer(timer))
  }
}
