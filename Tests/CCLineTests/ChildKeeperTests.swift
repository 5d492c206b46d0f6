// When a child is pinged, given up and started again.

import CCCore
import Testing

@testable import CCLine

private let second = Instant.second
private let hello = LineEvent.hello(line: "x", abilities: .dial)
private let up = LineEvent.registered(account: nil, expiresIn: nil, secure: nil)

@Suite("Child keeper") struct ChildKeeperTests {
  var keeper = ChildKeeper(seed: 1)

  @Test("a line that prints nothing is given up after 10 s, once") mutating func silence() {
    keeper.started(at: 0)
    #expect(keeper.deadline == 10 * second)
    #expect(keeper.tick(at: 10 * second - 1, drained: true) == nil)
    #expect(
      keeper.tick(at: 10 * second, drained: true)
        == .kill(reason: "the line program printed nothing within 10 s"))
    #expect(keeper.deadline == nil)
    #expect(keeper.tick(at: 11 * second, drained: true) == nil)
  }

  @Test("anything printed counts, and what waits to be read might") mutating func notSilent() {
    keeper.started(at: 0)
    #expect(keeper.tick(at: 10 * second, drained: false) == nil)
    keeper.heard()
    #expect(keeper.deadline == nil)
    #expect(keeper.tick(at: 100 * second, drained: true) == nil)
  }

  @Test("a child that slept with the machine has its whole time again") mutating func slept() {
    let hour = 3600 * second
    keeper.started(at: 0)
    keeper.woke(at: hour)
    #expect(keeper.tick(at: hour, drained: true) == nil)
    #expect(keeper.deadline == hour + 10 * second)
    keeper.heard()
    _ = keeper.saw(hello, at: hour)
    #expect(keeper.tick(at: hour + 15 * second, drained: true) == .ping(id: -1))
    // The machine is shut while the answer is under way.
    keeper.woke(at: 2 * hour)
    #expect(keeper.tick(at: 2 * hour, drained: true) == nil)
    #expect(
      keeper.tick(at: 2 * hour + 5 * second, drained: true)
        == .kill(reason: "the line program hangs: no answer within 5 s"))
    keeper.stop(at: 2 * hour)
    keeper.woke(at: 3 * hour)
    #expect(keeper.tick(at: 3 * hour, drained: true) == nil)
    #expect(keeper.tick(at: 3 * hour + second, drained: true) == .kill(reason: ""))
  }

  @Test("no hello, no pings; hello, a ping every 15 s") mutating func pings() {
    keeper.started(at: 0)
    keeper.heard()
    #expect(keeper.saw(up, at: 0) == true)
    #expect(keeper.deadline == nil)
    #expect(keeper.saw(hello, at: second) == true)
    #expect(keeper.deadline == 16 * second)
    #expect(keeper.tick(at: 16 * second, drained: true) == .ping(id: -1))
    #expect(keeper.deadline == 21 * second)
    #expect(keeper.saw(.result(id: -1, ok: true, error: ""), at: 17 * second) == false)
    #expect(keeper.deadline == 31 * second)
    #expect(keeper.tick(at: 31 * second, drained: true) == .ping(id: -2))
  }

  @Test("a ping without an answer within 5 s ends it") mutating func hangs() {
    keeper.started(at: 0)
    keeper.heard()
    _ = keeper.saw(hello, at: 0)
    #expect(keeper.tick(at: 15 * second, drained: true) == .ping(id: -1))
    // Neither another's result, nor an old one of ours, nor other events are an answer.
    #expect(keeper.saw(.result(id: 1, ok: true, error: ""), at: 16 * second) == true)
    #expect(keeper.saw(.result(id: -7, ok: true, error: ""), at: 16 * second) == false)
    #expect(keeper.tick(at: 20 * second, drained: false) == nil)
    #expect(
      keeper.tick(at: 20 * second, drained: true)
        == .kill(reason: "the line program hangs: no answer within 5 s"))
  }

  @Test("a closed output gets a moment to be an end") mutating func closed() {
    keeper.started(at: 0)
    keeper.heard()
    keeper.closed(at: 2 * second)
    keeper.closed(at: 2 * second + 5)
    #expect(keeper.deadline == 3 * second)
    #expect(
      keeper.tick(at: 3 * second, drained: true)
        == .kill(reason: "the line program closed its output"))
  }

  @Test("waits double from 0.2 s to 10 s, each shorter by a quarter at most")
  mutating func backOff() {
    for (death, ideal) in [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10].enumerated() {
      keeper.started(at: 0)
      let wait = Double(keeper.ended(at: 0)) / 1e9
      #expect((ideal * 0.75 - 1e-9...ideal + 1e-9).contains(wait), "death \(death)")
    }
    let many = (0..<100).map { _ in
      keeper.ended(at: 0)
    }
    #expect(many.allSatisfy { $0 <= 10 * second })
    #expect(Set(many).count > 10)
  }

  @Test("two desks do not return in step") func jitter() {
    var (one, two) = (ChildKeeper(seed: 1), ChildKeeper(seed: 2))
    #expect(one.ended(at: 0) != two.ended(at: 0))
  }

  @Test(
    "only a line that registered and lived 30 s starts the waits anew",
    arguments: [
      (true, 30, 0.2), (true, 29, 2.0), (false, 3000, 2.0),
    ] as [(Bool, Int64, Double)])
  mutating func recovers(_ registered: Bool, _ lived: Int64, _ below: Double) {
    for _ in 0..<3 {
      keeper.started(at: 0)
      _ = keeper.ended(at: 0)
    }
    keeper.started(at: 0)
    if registered { _ = keeper.saw(up, at: second) }
    let wait = Double(keeper.ended(at: lived * second)) / 1e9
    #expect(wait <= below)
    #expect(below < 1 || wait >= 1.2)
  }

  @Test("starts again when the wait is over") mutating func restart() {
    keeper.started(at: 0)
    let wait = keeper.ended(at: 5)
    #expect(keeper.deadline == 5 + wait)
    #expect(keeper.tick(at: 4 + wait, drained: true) == nil)
    #expect(keeper.tick(at: 5 + wait, drained: true) == .start)
  }

  @Test("stop leaves a second, rest asks for nothing") mutating func stop() {
    keeper.started(at: 0)
    keeper.stop(at: second)
    #expect(keeper.isStopping)
    #expect(keeper.deadline == 2 * second)
    #expect(keeper.tick(at: 2 * second - 1, drained: true) == nil)
    #expect(keeper.tick(at: 2 * second, drained: true) == .kill(reason: ""))
    #expect(keeper.deadline == nil)
    #expect(keeper.tick(at: 3 * second, drained: true) == nil)
    #expect(keeper.isStopping)
    keeper.rest()
    #expect(keeper.deadline == nil)
    #expect(!keeper.isStopping)
    #expect(keeper.tick(at: 100 * second, drained: true) == nil)
  }

  @Test(
    "a line that carried a call and lived 5 s is started anew at once; one that crashes over it is not"
  )
  mutating func carried() {
    let call = LineEvent.call(
      CallReport(.talking, number: "1", call: "a", direction: .out))
    for _ in 1...6 {
      keeper.started(at: 0)
      _ = keeper.ended(at: 0)
    }
    keeper.started(at: 0)
    #expect(keeper.saw(call, at: second) == true)
    #expect(keeper.ended(at: 5 * second) <= 200 * Instant.millisecond)
    for _ in 1...6 {
      keeper.started(at: 0)
      _ = keeper.saw(call, at: 0)
      _ = keeper.ended(at: second)
    }
    keeper.started(at: 0)
    _ = keeper.saw(call, at: 0)
    #expect(keeper.ended(at: second) > 2 * second)
  }
}
