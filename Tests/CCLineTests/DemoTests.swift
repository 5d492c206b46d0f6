// The demo's exchange: every fate, with a hand-turned clock.

import CCCore
import Testing

@testable import CCLine

private let second = Instant.second

@Suite("Demo line") struct DemoTests {
  var exchange = DemoExchange(seed: 1)
  var now: Int64 = 0

  init() {
    _ = exchange.handle(.register(id: 1, token: nil), at: 0)
    now = second
    #expect(
      exchange.tick(at: now).last == .registered(account: "demo-1001", expiresIn: nil, secure: nil))
  }

  /// Lets time pass, event by event, until `stop` or for so many seconds.
  mutating func run(seconds: Int64, until stop: (LineEvent) -> Bool = { _ in false }) -> [LineEvent]
  {
    let end = now + seconds * second
    var events: [LineEvent] = []
    while let due = exchange.deadline, due <= end {
      now = due
      let some = exchange.tick(at: now)
      events += some
      if some.contains(where: stop) { return events }
    }
    now = end
    return events
  }

  static func statuses(_ events: [LineEvent]) -> [Int] {
    events.compactMap { if case .call(let report) = $0 { report.status.rawValue } else { nil } }
  }

  mutating func dial(_ number: String) -> [LineEvent] {
    exchange.handle(.callPhone(id: 2, phone: number, info: ""), at: now)
  }

  /// Dials until somebody answers: chance refuses now and then.
  mutating func talk() throws -> String {
    for _ in 0..<50 {
      _ = dial("+442079460123")
      let events = run(seconds: 20) {
        if case .call(let r) = $0 { r.status == .talking } else { false }
      }
      if case .call(let report)? = events.last, report.status == .talking {
        return try #require(report.call)
      }
    }
    Issue.record("nobody ever answers")
    return ""
  }

  @Test("most calls are answered, some refused, all within their times") mutating func fates() {
    var answered = 0
    for _ in 0..<200 {
      let start = now
      let first = dial("13212345678")
      #expect(first.first == .result(id: 2, ok: true, error: ""))
      #expect(Self.statuses(first) == [1])
      let events = run(seconds: 200) {
        if case .call(let r) = $0 {
          r.status == .ended || r.status == .notEstablished
        } else {
          false
        }
      }
      #expect([[2, 3, 4], [2, 5], [5]].contains(Self.statuses(events)))
      #expect(now - start <= 98 * second)
      if Self.statuses(events) == [2, 3, 4] {
        answered += 1
        #expect(now - start >= 23 * second)
      }
    }
    #expect((140..<200).contains(answered))
  }

  @Test(
    "numbers that always fail",
    arguments: [
      ("100486", [5], "busy here", 486), ("404", [5], "not found", 404),
      ("12480", [2, 5], "no answer", 480),
    ] as [(String, [Int], SafeText, Int)])
  mutating func fails(_ number: String, _ statuses: [Int], _ words: SafeText, _ code: Int) throws {
    _ = dial(number)
    let events = run(seconds: 30)
    #expect(Self.statuses(events) == statuses)
    guard case .call(let report)? = events.last else {
      Issue.record("no call")
      return
    }
    #expect(report.reason == Reason(words, code: code))
    #expect(report.number == SafeText(number))
  }

  @Test("*99 loses the link for four seconds") mutating func linkLost() {
    #expect(
      dial("*99") == [
        .result(id: 2, ok: false, error: "the link was lost"),
        .unregistered(reason: "the demo lost its link, as asked", retryIn: 4, final: false),
      ])
    #expect(dial("1") == [.result(id: 2, ok: false, error: "not registered")])
    #expect(run(seconds: 5) == [.registered(account: "demo-1001", expiresIn: nil, secure: nil)])
  }

  @Test("an idle desk is called after about 45 s, and the caller gives up after 20")
  mutating
    func inbound() throws
  {
    let ring = run(seconds: 60) { if case .call = $0 { true } else { false } }
    guard case .call(let report)? = ring.last else {
      Issue.record("no call")
      return
    }
    #expect((40...52).contains(now / second))
    #expect(report.direction == .in)
    #expect(report.status == .ringing)
    #expect(report.name != nil)
    let start = now
    let gone = run(seconds: 30)
    #expect(Self.statuses(gone) == [5])
    #expect(exchange.calls.isEmpty)
    #expect(now - start >= 20 * second)
  }

  @Test("an inbound call is answered, held, muted, ended") mutating func answered() throws {
    _ = run(seconds: 60) { if case .call = $0 { true } else { false } }
    let id = try #require(exchange.calls.first?.id)
    #expect(Self.statuses(exchange.handle(.answer(id: 3, call: id), at: now)) == [3])
    #expect(
      exchange.handle(.hold(id: 4, call: id, on: true), at: now) == [
        .result(id: 4, ok: true, error: ""), .callState(call: id, held: true, muted: false),
      ])
    #expect(
      exchange.handle(.mute(id: 5, call: id, on: true), at: now) == [
        .result(id: 5, ok: true, error: ""), .callState(call: id, held: true, muted: true),
      ])
    #expect(exchange.handle(.dtmf(id: 6, call: id, digits: "1"), at: now).count == 1)
    #expect(Self.statuses(exchange.handle(.hangUp(id: 7, call: id), at: now)) == [4])
    #expect(
      exchange.handle(.hangUp(id: 8, call: id), at: now) == [
        .result(id: 8, ok: false, error: "no such call")
      ])
  }

  @Test("hanging up before the answer is a 5") mutating func cancel() {
    _ = dial("13212345678")
    #expect(Self.statuses(exchange.handle(.hangUp(id: 3, call: nil), at: now)) == [5])
    #expect(exchange.deadline.map { $0 > now + 60 * second } == true)
  }

  @Test("a blind transfer is done and ends the call, or fails and leaves it")
  mutating
    func blind() throws
  {
    let id = try talk()
    let refused = exchange.handle(.transfer(id: 3, call: id, to: "486", consult: false), at: now)
    #expect(refused.last == .transfer(call: id, state: .trying, reason: ""))
    #expect(run(seconds: 2) == [.transfer(call: id, state: .failed, reason: "busy here (486)")])
    _ = exchange.handle(.transfer(id: 4, call: id, to: "5", consult: false), at: now)
    let events = run(seconds: 2)
    #expect(events.first == .transfer(call: id, state: .done, reason: ""))
    #expect(Self.statuses(events) == [4])
  }

  @Test("a consultation holds the first call, and joining ends both") mutating func consult() throws
  {
    for _ in 0..<50 {
      let first = try talk()
      let events = exchange.handle(.transfer(id: 3, call: first, to: "55", consult: true), at: now)
      #expect(events.contains(.callState(call: first, held: true, muted: false)))
      _ = run(seconds: 9)
      if exchange.calls.count == 2, let second = exchange.calls.last, second.phase == .talking {
        #expect(exchange.calls.first?.held == true)
        let joined = exchange.handle(.join(id: 4, call: second.id, with: first), at: now)
        #expect(joined.contains(.transfer(call: second.id, state: .done, reason: "")))
        #expect(Self.statuses(joined) == [4, 4])
        return
      }
      _ = run(seconds: 200)
    }
    Issue.record("no consultation was ever answered")
  }

  @Test("the same seed gives the same day") func seeded() {
    func day(_ seed: UInt64) -> [LineEvent] {
      var exchange = DemoExchange(seed: seed)
      _ = exchange.handle(.register(id: 1, token: nil), at: 0)
      return exchange.tick(at: 3600 * second)
    }
    #expect(day(5) == day(5))
    #expect(day(5) != day(6))
    #expect(day(5).count > 20)
  }

  @Test("the line itself: start, say hello, stop") @MainActor func line() {
    let line = DemoLine(seed: 1)
    #expect(
      line.send(.ping(id: 1), at: 0) == [.result(id: 1, ok: false, error: "the demo does not run")])
    #expect(line.start(at: 0) == [.started, DemoExchange.hello])
    #expect(line.send(.ping(id: 1), at: 0) == [.result(id: 1, ok: true, error: "")])
    _ = line.send(.register(id: 2, token: nil), at: 0)
    #expect(line.deadline == 200 * Instant.millisecond)
    line.stop(at: 1)
    #expect(!line.isRunning)
    #expect(line.deadline == nil)
  }
}
