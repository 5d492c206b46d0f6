// Plain mode without a terminal: a desk, what is typed, what is said.

import CCCore
import CCView

@testable import CCTerm

/// A desk, its speaker and its commands, driven by hand.
struct Plain {
  var desk: Desk
  var now = Instant(uptime: 0, unix: 1_763_906_400_000)
  var speaker = PlainSpeaker()
  var commands = PlainCommands()
  var said: [String] = []
  var sent: [LineCommand] = []

  init() {
    desk = Desk(settings: .init(line: "sip", account: "1001"), at: Instant(uptime: 0, unix: 0))
    _ = speaker.greeting(desk, at: now, zone: .utc)
    tell(.line(.started))
    let all = Abilities(rawValue: 0xFF)
    tell(.line(.hello(line: "sip", abilities: all)))
    tell(.line(.registered(account: "1001", expiresIn: nil, secure: nil)))
    said = []
  }

  mutating func tell(_ event: DeskEvent) {
    let effects = desk.handle(event, at: now)
    sent += effects.compactMap { if case .send(let command) = $0 { command } else { nil } }
    for case .tell(let fact) in effects {
      if case .dialled = fact { commands.dialled() }
      if let utterance = speaker.say(fact, desk, at: now) { said.append(utterance.text.string) }
    }
  }

  mutating func type(_ line: String) {
    said.append("> \(line)")
    let answer = commands.obey(line, desk, &speaker, at: now, zone: .utc)
    said += answer.replies.map(\.string)
    for event in answer.events { tell(event) }
    if answer.quits { said.append("(quits)") }
  }

  mutating func call(
    _ status: CallReport.Status, _ number: SafeText = "13212345678", id: String = "a",
    _ direction: Direction? = nil, _ name: SafeText? = nil, _ reason: Reason? = nil
  ) {
    tell(
      .line(
        .call(
          CallReport(
            status, number: number, call: id, direction: direction, reason: reason, name: name))))
  }

  mutating func wait(_ seconds: Int64) { now = now.advanced(by: seconds * Instant.second) }
}
