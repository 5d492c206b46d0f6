// A desk, as the floor is to see it.

import CCCore
import CCFeed

extension Presence {
  /// What is to be published of a desk.
  init(_ desk: Desk) {
    self.init(
      seat: desk.seat.seat ?? .unknown(0), seatSince: desk.seat.since.unix,
      call: desk.openCalls.compactMap(Call.init).min { $0.urgency < $1.urgency },
      today: DayFigures(desk.today))
  }
}

extension Presence.Call {
  /// An open call; nil for one that is over.
  fileprivate init?(_ call: CCCore.Call) {
    let status: CallReport.Status
    let name: CCCore.Call.Step.Name
    switch call.phase {
    case .calling: (status, name) = (.calling, .calling)
    case .ringing: (status, name) = (.ringing, .ringing)
    case .talking: (status, name) = (.talking, .talking)
    case .ended, .notEstablished: return nil
    }
    let since = call.talk?.since ?? call.steps.last { $0.name == name }?.since ?? call.began
    self.init(
      status: status, since: since.unix, direction: call.direction, number: call.number,
      held: call.talk?.heldSince?.unix)
  }

  /// Of two open calls the floor sees the one that talks.
  fileprivate var urgency: Int { status == .talking ? 0 : 1 }
}

extension DayFigures {
  /// The desk's own sums, rounded once.
  init(_ today: Today) {
    self.init(
      calls: today.calls, talk: Self.seconds(today.talked),
      afterCallWork: Self.seconds(today.afterCallWork), dials: today.dials,
      connected: today.connected, idle: Self.seconds(today.idle))
  }

  private static func seconds(_ nanoseconds: Int64) -> Int {
    Int(nanoseconds.plus(Instant.second / 2) / Instant.second)
  }
}
