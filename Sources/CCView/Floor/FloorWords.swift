// The words and signs of a row: what is known of an agent, and how sure it is.

import CCCore

/// One agent's row in words.
struct FloorWords {
  let row: FloorRow
  let picture: FloorPicture

  /// How far a row is on its way to an alert.
  enum Tier { case usual, nearing, alert, unknown }

  var tier: Tier {
    if row.alert != nil { return .alert }
    guard let seat = row.shownSeat else { return .unknown }
    guard let limit = picture.floor.thresholds.limit(of: seat) else { return .usual }
    return row.start.seconds(at: picture.then) * 4 >= limit * 3 ? .nearing : .usual
  }

  /// The sign that stands beside the colour.
  var sign: String {
    switch tier {
    case .alert: row.isSeen ? picture.glyphs.seen : picture.glyphs.alert
    case .nearing: picture.glyphs.nearing
    case .unknown: picture.glyphs.unknown
    case .usual: ""
    }
  }

  /// `○ idle`; with a question mark where nobody has said it since we listen.
  var status: String {
    let seat = row.shownSeat
    let isSure = row.freshness != .unverified && picture.isLive
    let word = seat.map(\.shortName) ?? "unknown"
    return "\(picture.glyphs.sign(seat)) \(word)\(isSure || seat == nil ? "" : "?")"
  }

  var statusRole: Role {
    guard isSure else { return .dim }
    switch row.shownSeat {
    case .idle: return .calm
    case .busy: return row.call == nil ? .plain : callRole
    case .postCall, .shortBreak: return .plain
    case .offline, .unknown, nil: return .dim
    }
  }

  /// How the time in state looks.
  var timeRole: Role {
    guard isSure else { return .dim }
    switch tier {
    case .alert: return row.isSeen ? .warning : .lost
    case .nearing: return .warning
    case .usual, .unknown: return row.seat == .offline ? .dim : .plain
    }
  }

  private var isSure: Bool { picture.isLive && row.freshness == .fresh }

  /// `00:04:12`; `≥` where the beginning was not seen, and for who has not been heard of.
  var time: String {
    guard row.shownSeat != nil else {
      let silent = Int(max(0, picture.then.uptime.minus(row.heard)) / Instant.second)
      return picture.atLeast(false, Durations.panel(silent))
    }
    return picture.atLeast(row.start.isExact, Durations.panel(row.start.seconds(at: picture.then)))
  }

  /// The same where there is little room.
  var shortTime: String {
    guard row.shownSeat != nil else { return "\(picture.glyphs.atLeast) \(heard)" }
    return picture.atLeast(row.start.isExact, Durations.small(row.start.seconds(at: picture.then)))
  }

  var call: String {
    switch row.call?.status {
    case .calling: "calling"
    case .ringing: "ringing"
    case .talking: row.call?.held == nil ? "talking" : "held"
    case .ended, .notEstablished, nil: ""
    }
  }

  /// The call and since when; of one on hold: since when it is.
  var callAndTime: String {
    guard let start = row.call?.held ?? row.call?.start else { return "" }
    return "\(call) "
      + picture.atLeast(start.isExact, Durations.small(start.seconds(at: picture.then)))
  }

  var callRole: Role {
    guard isSure else { return .dim }
    switch row.call?.status {
    case .talking: return .talking
    case .calling, .ringing: return .ringing
    case .ended, .notEstablished, nil: return .plain
    }
  }

  /// The number, `hidden` where a call's is not shared, `withheld` where there is none to share.
  var number: String {
    guard let call = row.call else { return "" }
    guard let number = call.number else { return "hidden" }
    return number.isEmpty ? "withheld" : picture.look.numbering.grouped(number.string)
  }

  /// How long ago it was last said.
  var heard: String {
    "\(Durations.step(Int(max(0, picture.then.uptime.minus(row.heard)) / Instant.second)))"
  }

  /// A figure of today; without figures, or without what it is divided by: n/a.
  func figure(_ text: (DayFigures) -> String?) -> String {
    row.today.flatMap(text) ?? (row.today == nil ? "" : "n/a")
  }
}

extension Seat {
  /// The name in a table: `break` for `short break`.
  var shortName: String { self == .shortBreak ? "break" : name }
}

extension DayFigures {
  /// Average handling time in seconds, hold inside talk; nil without a call.
  var averageHandling: Int? {
    calls == 0 ? nil : Int((Double(talk + afterCallWork) / Double(calls)).rounded())
  }

  /// Dials that were answered, in percent of all; nil without dials.
  var connectRate: Int? {
    guard let dials, let connected, dials > 0 else { return nil }
    return Int((Double(min(connected, dials)) * 100 / Double(dials)).rounded())
  }

  /// Talk and after-call work in percent of them and idle; nil where idle is not counted.
  var occupancy: Int? {
    guard let idle, talk + afterCallWork + idle > 0 else { return nil }
    let handling = Double(talk + afterCallWork)
    return Int((handling * 100 / (handling + Double(idle))).rounded())
  }
}
