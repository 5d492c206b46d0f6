// How a telephone system is told what the agent's status is.

import CCCore
import CCLine

/// `seat.onChange`: nobody, by dialling feature codes, or by a command.
struct SeatOrders: Hashable {
  /// How.
  enum Way: String, Hashable { case none, dial, command }

  var way = Way.none
  /// Feature codes by the word for a status.
  var codes: [String: String] = [:]
  /// Words of a command; the status is added.
  var command: [String] = []

  /// The usual: nobody is told.
  init() {}

  /// Reads `seat.onChange`, `seat.codes` and `seat.command`.
  init(_ reader: SettingsReader) throws(Settings.Unusable) {
    way = try reader.choice("onChange", .none, as: "seat.onChange")
    for pair in (try reader.text("codes") ?? "").split(separator: " ") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, Self.words.contains(String(parts[0])),
        DialPlan.isNumber(String(parts[1]))
      else {
        throw Settings.Unusable(
          sentence: "seat.codes is a list such as break=*45 idle=*46.")
      }
      codes[String(parts[0])] = String(parts[1])
    }
    if let line = try reader.text("command") {
      guard case .success(let words) = CommandWords.split(line) else {
        throw Settings.Unusable(sentence: "seat.command is no command: a quote is not closed.")
      }
      command = words
    }
    if way == .dial, codes.isEmpty {
      throw Settings.Unusable(sentence: "seat.onChange is dial, and seat.codes names no code.")
    }
    if way == .command, command.isEmpty {
      throw Settings.Unusable(sentence: "seat.onChange is command, and seat.command is empty.")
    }
  }

  /// What tells a status: a code, or a word; nil where nothing is to be told.
  func order(for seat: Seat) -> String? {
    guard let word = Self.word(seat) else { return nil }
    switch way {
    case .none: return nil
    case .dial: return codes[word]
    case .command: return word
    }
  }

  /// The words for statuses in `seat.codes`, and what a command is told.
  static let words = ["idle", "busy", "post-call", "break", "offline"]

  /// The word for a status; nil for one that nobody knows.
  static func word(_ seat: Seat) -> String? {
    switch seat {
    case .idle: "idle"
    case .busy: "busy"
    case .postCall: "post-call"
    case .shortBreak: "break"
    case .offline: "offline"
    case .unknown: nil
    }
  }
}
