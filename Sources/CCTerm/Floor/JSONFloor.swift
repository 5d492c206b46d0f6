// The floor as NDJSON (`--json`).

import CCCore
import CCJSON
import Glibc

/// Runs a floor for a program: a line for each agent that changed, and totals.
@MainActor final class JSONFloor: LoopClient, FloorListener {
  private let session: FloorSession
  private let signals: Signals
  private let source: String
  private let team: String?
  private let output = OutputQueue()
  private var lines = JSONLines()
  private var changed: Set<AgentKey> = []
  private var anomalies: [FloorAnomaly: Int] = [:]
  private var toldTotals: FloorTotals?
  private var toldFeed = FeedState.connecting
  private var lastTotals: Int64 = .min / 2
  private let isOnce: Bool
  private var input = InputLines()
  private var inputIsOpen = true
  private var isEnding = false

  /// `isOnce`: everybody is told once, and that is all.
  init(_ session: FloorSession, source: String, team: String?, isOnce: Bool) throws(Failure) {
    self.session = session
    self.isOnce = isOnce
    self.source = source
    self.team = team
    signals = try Signals(Signals.ends)
    session.listener = self
  }

  func hear(_ effects: [FloorEffect], _ floor: Floor, at now: Instant) {
    for effect in effects {
      switch effect {
      case .changed(let key) where team == nil || key.team == team: changed.insert(key)
      case .changed, .alert: break
      case .anomaly(let kind, let count): anomalies[kind] = count
      }
    }
  }

  func hear(_ order: SentOrder, at now: Instant) {
    output.write(lines.line("order", FloorOrders.fields(order), at: now))
  }

  private func read(at now: Instant) {
    for item in input.read(STDIN_FILENO) {
      switch item {
      case .line(let line):
        switch FloorOrders.json(line, session.floor) {
        case .order(let wish, let text, let target):
          if !session.ask(wish, text, of: target, at: now) {
            refuse("Nobody of that team is signed in.", at: now)
          }
        case .refused(let why): refuse(why, at: now)
        }
      case .tooLong: refuse("A line is longer than 64 KiB.", at: now)
      // Who only listens closes it.
      case .end: inputIsOpen = false
      }
    }
  }

  private func refuse(_ why: SafeText, at now: Instant) {
    output.write(
      lines.line("notice", [("level", "error"), ("message", .string(why.string))], at: now))
  }

  /// Tells everybody as she is, and the totals.
  func tellAll(at now: Instant) { write(at: now, totalsNow: true) }

  private func write(at now: Instant, totalsNow: Bool = false) {
    // A reader that is slow gets the newest state of each agent, not every one in between.
    guard !output.isFull || totalsNow else { return }
    if session.floor.feed != toldFeed {
      toldFeed = session.floor.feed
      output.write(lines.line("link", Self.fields(toldFeed, source), at: now))
    }
    for key in changed.sorted() {
      guard let row = session.floor.row(key) else { continue }
      output.write(lines.line("agent", Self.fields(row, source, at: now), at: now))
    }
    changed = []
    for (kind, count) in anomalies.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      output.write(
        lines.line(
          "anomaly", [("what", .string(kind.rawValue)), ("count", .int(Int64(count)))], at: now))
    }
    anomalies = [:]
    let totals = self.totals
    guard totals != toldTotals, totalsNow || now.uptime - lastTotals >= Instant.second else {
      return
    }
    toldTotals = totals
    lastTotals = now.uptime
    output.write(lines.line("totals", Self.fields(totals, team: team), at: now))
  }

  private var totals: FloorTotals {
    team.map { session.floor.teams[$0] ?? FloorTotals() } ?? session.floor.totals
  }

  static func fields(_ row: FloorRow, _ source: String, at now: Instant) -> JSONLines.Fields {
    let lease =
      switch row.freshness {
      case .fresh: "fresh"
      case .stale: "stale"
      case .unverified: "unverified"
      }
    let began = now.unix.minus(now.uptime.minus(row.start.uptime) / Instant.millisecond)
    return [
      ("agent", .string("\(row.key)")), ("name", .string(row.name.string)),
      ("seat", row.shownSeat.map { .int(Int64($0.code)) } ?? .null),
      ("call", .int(Int64(row.call?.status.rawValue ?? 0))), ("source", .string(source)),
      ("lease", .string(lease)),
      ("since", row.shownSeat == nil ? .null : .string(Timestamp.text(began))),
      ("witnessed", .bool(row.start.isExact)),
      ("number", row.call?.number.map { .string($0.string) }),
      ("direction", row.call?.direction.map { .string($0 == .out ? "out" : "in") }),
      ("alert", row.alert.map { .string($0.words) }),
      ("calls", row.today.map { .int(Int64($0.calls)) }),
      ("talkSeconds", row.today.map { .int(Int64($0.talk)) }),
      ("acwSeconds", row.today.map { .int(Int64($0.afterCallWork)) }),
      ("idleSeconds", row.today?.idle.map { .int(Int64($0)) }),
      ("dials", row.today?.dials.map { .int(Int64($0)) }),
      ("connected", row.today?.connected.map { .int(Int64($0)) }),
      ("held", row.call.map { .bool($0.held != nil) }),
    ]
  }

  static func fields(_ feed: FeedState, _ source: String) -> JSONLines.Fields {
    let (state, reason): (String, SafeText?) =
      switch feed {
      case .connecting: ("connecting", nil)
      case .up: ("up", nil)
      case .down(let reason): ("down", reason)
      }
    return [
      ("state", .string(state)), ("line", .string(source)),
      ("reason", reason.map { .string($0.string) }),
    ]
  }

  static func fields(_ totals: FloorTotals, team: String?) -> JSONLines.Fields {
    var bySeat = JSONObject()
    for (seat, count) in totals.bySeat.sorted(by: { $0.key.code < $1.key.code }) {
      bySeat["\(seat.code)"] = .int(Int64(count))
    }
    return [
      ("team", team.map { .string($0) }), ("agents", .int(Int64(totals.agents))),
      ("bySeat", .object(bySeat)), ("unknown", .int(Int64(totals.unknown))),
      ("inCall", .int(Int64(totals.inCall))), ("alerts", .int(Int64(totals.alerts))),
      ("calls", .int(Int64(totals.today.calls))),
      ("talkSeconds", .int(Int64(totals.today.talk))),
      ("acwSeconds", .int(Int64(totals.today.afterCallWork))),
      ("ahtSeconds", totals.averageHandling.map { .double($0) } ?? .null),
      ("occupancy", totals.occupancy.map { .double($0) } ?? .null),
      ("connectRate", totals.connectRate.map { .double($0) } ?? .null),
    ]
  }

  // MARK: The loop

  var watches: [Watch] {
    var watches: [Watch] = [
      .reading(signals.descriptor) { [unowned self] _ in
        if !signals.take().isEmpty { isEnding = true }
      }
    ]
    if let watch = output.watch { watches.append(watch) }
    if isOnce { return watches }
    if inputIsOpen, !output.isFull {
      watches.append(.reading(STDIN_FILENO) { [unowned self] in read(at: $0) })
    }
    return watches + session.watches
  }

  var deadline: Int64? {
    if isOnce { return nil }
    // While nobody reads nothing is told: a moment that is over would be one that always comes.
    let totals =
      output.isFull || toldTotals == self.totals ? nil : lastTotals + Instant.second
    return [session.deadline, totals].compactMap(\.self).min()
  }

  func woke(at now: Instant) { session.feed.woke(at: now) }

  func turn(at now: Instant) {
    if !isOnce {
      session.turn(at: now)
      write(at: now)
    }
    output.flush()
    if isOnce, !output.isWaiting { isEnding = true }
  }

  var ending: Result<Void, Failure>? {
    if output.isLost { return .failure(.failed(output.trouble)) }
    guard isEnding else { return nil }
    output.drain()
    return .success(())
  }
}
