// One invented agent: what she does, and what comes next.

import CCCore

/// An agent of the demo floor.
struct DemoAgent: Sendable {
  /// What is odd about her; a floor of any size has one of each that fits.
  enum Oddity: Sendable {
    case none
    /// On a break for longer than anyone allows.
    case longBreak
    /// Forgets to end her post-call.
    case longPostCall
    /// Her desk falls silent now and then: nobody says goodbye, the lease runs out.
    case vanishing
    /// Her clock is behind.
    case clockOff
  }

  /// Where she is in her round.
  enum Phase: Hashable, Sendable {
    case offline
    case idle
    case calling
    case ringing(isOutbound: Bool)
    case talking
    case postCall
    case onBreak
    case busy

    var seat: Seat {
      switch self {
      case .offline: .offline
      case .idle: .idle
      case .calling, .ringing, .talking, .busy: .busy
      case .postCall: .postCall
      case .onBreak: .shortBreak
      }
    }

    var call: CallReport.Status? {
      switch self {
      case .calling: .calling
      case .ringing: .ringing
      case .talking: .talking
      case .offline, .idle, .postCall, .onBreak, .busy: nil
      }
    }
  }

  let key: AgentKey
  let name: SafeText
  let oddity: Oddity
  var phase: Phase
  /// Monotonic nanoseconds since when.
  var since: Int64
  /// When her phase ends.
  var ends: Int64
  /// When she says again how she is; `.max` while she is away without a word.
  var speaks: Int64
  var stamp: Stamp
  var today: DayFigures
  var number: SafeText?
  var isOutbound = true

  /// When something happens next.
  var next: Int64 { min(ends, speaks) }

  /// How far her clock is behind, in milliseconds.
  var behind: Int64 { oddity == .clockOff ? 95_000 : 0 }

  /// The seconds that a phase lasts; `rush` above 1: more calls, shorter waits.
  static func length(_ phase: Phase, _ oddity: Oddity, rush: Double, _ random: inout SplitMix)
    -> Double
  {
    switch phase {
    case .offline: Double.random(in: 600...7200, using: &random)
    case .idle: Double.random(in: 4...120, using: &random) / rush
    case .calling: Double.random(in: 1...4, using: &random)
    case .ringing: Double.random(in: 2...26, using: &random)
    case .talking:
      // Most calls are short, some are very long.
      15 + 120 * Double.random(in: 0...1, using: &random)
        / Double.random(in: 0.2...1, using: &random)
    case .postCall:
      oddity == .longPostCall
        ? Double.random(in: 200...900, using: &random)
        : Double.random(in: 5...90, using: &random) / rush
    case .onBreak:
      oddity == .longBreak
        ? Double.random(in: 1_900...4_000, using: &random)
        : Double.random(in: 60...900, using: &random)
    case .busy: Double.random(in: 30...600, using: &random)
    }
  }

  /// What comes after this phase.
  func following(_ random: inout SplitMix) -> Phase {
    let chance = Int.random(in: 0..<100, using: &random)
    switch phase {
    case .offline: return .idle
    case .idle:
      if oddity == .longBreak { return .onBreak }
      switch chance {
      case 0..<6: return .onBreak
      case 6..<9: return .busy
      case 9: return .offline
      case 10..<35: return .ringing(isOutbound: false)
      default: return .calling
      }
    case .calling: return .ringing(isOutbound: true)
    case .ringing: return chance < 70 ? .talking : .idle
    case .talking: return .postCall
    case .postCall, .onBreak, .busy: return .idle
    }
  }
}
