// A desk driven by hand: a clock that is turned, events that are said, effects that are compared.

import Testing

@testable import CCCore

/// A desk and its clock, for tests that tell a story.
struct Script {
  var desk: Desk
  var now = Instant(uptime: 0, unix: 1_763_900_000_000)
  /// Every effect so far.
  var log: [Effect] = []

  init(_ settings: Desk.Settings = .init(line: "test", account: "1001")) {
    desk = Desk(settings: settings, at: Instant(uptime: 0, unix: 1_763_900_000_000))
    log += desk.open(at: now)
  }

  /// A desk whose line is up and keeps no seat.
  static func up(
    _ abilities: Abilities = [.dial, .hangUp, .answer, .reject, .hold, .mute, .dtmf, .transfer],
    _ settings: Desk.Settings = .init(line: "test", account: "1001")
  ) -> Script {
    var script = Script(settings)
    script.say(.line(.started))
    script.say(.line(.hello(line: "test", abilities: abilities)))
    script.say(.line(.registered(account: "1001", expiresIn: nil, secure: nil)))
    return script
  }

  @discardableResult
  mutating func say(_ event: DeskEvent) -> [Effect] {
    let effects = desk.handle(event, at: now)
    log += effects
    return effects
  }

  @discardableResult
  mutating func call(
    _ status: CallReport.Status, _ number: String? = "13212345678", id: String? = nil,
    _ direction: Direction? = nil, code: Int? = nil, words: SafeText = ""
  ) -> [Effect] {
    say(
      .line(
        .call(
          CallReport(
            status, number: number.map { SafeText($0) }, call: id, direction: direction,
            reason: code == nil && words.isEmpty ? nil : Reason(words, code: code)))))
  }

  mutating func wait(_ seconds: Double) {
    now = now.advanced(by: Int64(seconds * 1e9))
  }

  /// The one outcome that was told since the beginning.
  var outcomes: [Outcome] {
    log.compactMap {
      if case .tell(.outcome(_, let outcome, _, _)) = $0 { outcome } else { nil }
    }
  }

  var notices: [String] {
    log.compactMap {
      if case .tell(.notice(_, let text)) = $0 { text.string } else { nil }
    }
  }

  var sent: [LineCommand] {
    log.compactMap { if case .send(let command) = $0 { command } else { nil } }
  }
}
