// The demo floor lives, repeats itself for a seed, and has its troubles.

import CCCore
import CCFeed
import Testing

/// A demo and the floor that it feeds.
private struct DemoScript {
  var feed: DemoFeed
  var now = Instant(uptime: 7_000 * Instant.second, unix: 1_763_942_400_000)
  var floor: Floor
  var seen = Set<Seat?>()
  var calls = Set<CallReport.Status>()
  var alerts = Set<String>()

  init(seed: UInt64 = 1, agents: Int) {
    feed = DemoFeed(seed: seed, agents: agents)
    floor = Floor(at: now)
    for event in feed.start(at: now) { note(floor.handle(event, at: now)) }
  }

  mutating func live(seconds: Int) {
    for _ in 0..<seconds {
      now = now.advanced(by: Instant.second)
      note(floor.handle(.time, at: now))
      for event in feed.events(upTo: now) { note(floor.handle(event, at: now)) }
    }
  }

  private mutating func note(_ effects: [FloorEffect]) {
    for effect in effects {
      switch effect {
      case .changed(let key):
        guard let row = floor.row(key) else { continue }
        seen.insert(row.shownSeat)
        if let call = row.call { calls.insert(call.status) }
      case .alert(_, let alert): alerts.insert(alert.words)
      case .anomaly: break
      }
    }
  }
}

@Suite struct DemoFeedTests {
  @Test(arguments: [1, 5, 40, 1_000])
  func thereIsAFloorAtOnce(agents: Int) {
    let script = DemoScript(agents: agents)
    #expect(script.floor.agentCount == agents && script.floor.feed == .up)
    #expect(script.floor.anomalies.isEmpty)
    #expect(script.feed.deadline != nil)
  }

  @Test func theSameSeedIsTheSameFloor() {
    let now = Instant(uptime: 5, unix: 1_763_942_400_000)
    var (one, two, other) = (
      DemoFeed(seed: 3, agents: 50), DemoFeed(seed: 3, agents: 50), DemoFeed(seed: 4, agents: 50)
    )
    let first = one.start(at: now)
    #expect(first == two.start(at: now))
    #expect(first != other.start(at: now))
    let later = now.advanced(by: 200 * Instant.second)
    #expect(one.events(upTo: later) == two.events(upTo: later))
  }

  @Test func inAnHourEverythingHappens() {
    var script = DemoScript(agents: 40)
    script.live(seconds: 3600)
    #expect(script.seen == [nil, .offline, .idle, .busy, .postCall, .shortBreak])
    #expect(script.calls == [.calling, .ringing, .talking])
    for words in ["break over", "post-call over", "ringing over", "clock off by 1:35"] {
      #expect(script.alerts.contains { $0.hasPrefix(words) }, "\(words)")
    }
    #expect(script.floor.anomalies.isEmpty, "nothing that it says is old, early or unreadable")
  }

  @Test func alertsAreThereWithinTwentySeconds() {
    var script = DemoScript(agents: 40)
    script.live(seconds: 20)
    #expect(script.floor.totals.alerts >= 3)
    #expect(script.floor.teams.count > 2)
  }

  @Test func aSleepIsNotCaughtUpStepByStep() {
    var feed = DemoFeed(agents: 100)
    let now = Instant(uptime: 0, unix: 1_763_942_400_000)
    _ = feed.start(at: now)
    #expect(feed.events(upTo: now.advanced(by: 86_400 * Instant.second)).count <= 300)
  }

  /// Two hours of forty agents: today's figures are what was seen to happen, to the second.
  @Test func figuresAreWhatHappened() throws {
    struct Ledger {
      var seat: SeatUpdate
      var call: CallUpdate?
    }
    var feed = DemoFeed(seed: 3, agents: 40)
    var now = Instant(uptime: 7_000 * Instant.second, unix: 1_763_942_400_000)
    var ledgers: [AgentKey: Ledger] = [:]
    var seen = Set<String>()
    func take(_ event: FloorEvent) {
      switch event {
      case .seat(let key, let update, _):
        if let ledger = ledgers[key] { check(ledger, update) }
        ledgers[key, default: Ledger(seat: update)].seat = update
      case .call(let key, let update, _): ledgers[key]?.call = update
      default: break
      }
    }
    func check(_ before: Ledger, _ after: SeatUpdate) {
      guard let old = before.seat.today, let new = after.today, let began = before.seat.since,
        let begins = after.since
      else {
        Issue.record("a seat without its figures")
        return
      }
      let stretch = Int((begins - began) / 1000)
      func near(_ grown: Int, _ wanted: Int, _ word: String) {
        #expect(abs(grown - wanted) <= 1, "\(word): \(grown), not \(wanted)")
        if wanted > 1 { seen.insert(word) }
      }
      let isOver = before.seat.seat != after.seat
      near(
        (new.idle ?? 0) - (old.idle ?? 0), isOver && before.seat.seat == .idle ? stretch : 0, "idle"
      )
      near(
        new.afterCallWork - old.afterCallWork,
        isOver && before.seat.seat == .postCall ? stretch : 0, "post-call")
      let talked = before.call?.status == .talking && after.seat == .postCall && isOver
      let talk = talked ? Int((begins - (before.call?.since ?? 0)) / 1000) : 0
      near(new.talk - old.talk, talk, "talk")
      #expect(new.calls - old.calls == (talked ? 1 : 0))
      let isOut = before.call?.direction == .out
      #expect((new.connected ?? 0) - (old.connected ?? 0) == (talked && isOut ? 1 : 0))
      let dials = (new.dials ?? 0) - (old.dials ?? 0)
      #expect((0...1).contains(dials) && (dials == 0 || after.seat == .busy))
      if dials == 1 { seen.insert("dials") }
      if talked { seen.insert(isOut ? "answered out" : "answered in") }
    }
    for event in feed.start(at: now) { take(event) }
    for _ in 0..<7_200 {
      now = now.advanced(by: Instant.second)
      for event in feed.events(upTo: now) { take(event) }
    }
    #expect(seen == ["idle", "post-call", "talk", "dials", "answered out", "answered in"])
  }
}
