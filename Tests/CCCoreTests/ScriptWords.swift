// What a desk that is driven by hand asked and said, as words that a test can compare.

import Testing

@testable import CCCore

extension Script {
  /// The notices with their levels.
  var said: [String] {
    log.compactMap {
      if case .tell(.notice(let level, let text)) = $0 { "\(level.rawValue): \(text)" } else { nil }
    }
  }

  /// What was asked of the line, without the commands' ids.
  var asked: [String] {
    sent.map { command in
      switch command {
      case .register: "register"
      case .callPhone(_, let phone, _): "dial \(phone)"
      case .hangUp(_, let call): "hang up \(call ?? "-")"
      case .answer(_, let call): "answer \(call ?? "-")"
      case .reject(_, let call): "reject \(call ?? "-")"
      case .hold(_, let call, let on): "\(on ? "hold" : "resume") \(call ?? "-")"
      case .mute(_, let call, let on): "\(on ? "mute" : "unmute") \(call ?? "-")"
      case .dtmf(_, let call, let digits): "tones \(call ?? "-") \(digits)"
      case .transfer(_, let call, let to, let consult):
        "\(consult ? "consult" : "transfer") \(call ?? "-") \(to)"
      case .join(_, let call, let with): "join \(call ?? "-") \(with ?? "-")"
      case .setSeat(_, let status): "seat \(status)"
      case .ping: "ping"
      case .quit: "quit"
      }
    }
  }

  /// What one event asked of the line and said.
  mutating func does(_ event: DeskEvent) -> (asked: [String], said: [String]) {
    let before = (asked.count, said.count)
    say(event)
    return (Array(asked[before.0...]), Array(said[before.1...]))
  }

  /// The ways of a call that is talking, held or ringing; its id.
  mutating func talking(
    _ id: String, _ number: String = "13212345678", held: Bool = false
  ) throws -> Call.ID {
    call(.calling, number, id: id, .out)
    call(.talking, number, id: id, .out)
    if held { say(.line(.callState(call: id, held: true, muted: nil))) }
    return try #require([desk.active, desk.other].compactMap { $0 }.first { $0.lineID == id }?.id)
  }
}
