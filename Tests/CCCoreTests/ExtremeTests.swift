// No figure from outside ends a desk or a floor: every field of every event, at every end.

import CCTestSupport
import Testing

@testable import CCCore

@Suite struct DeskExtremeTests {
  private static let ints = Extremes.integers.map { Int($0) }

  /// Every event that carries a figure, at every figure.
  private static let events: [DeskEvent] = {
    var events: [DeskEvent] = []
    for number in Extremes.integers {
      let int = Int(number)
      events += [
        .line(.registered(account: "1001", expiresIn: int, secure: nil)),
        .line(.died(reason: "gone", retryIn: number)),
        .line(.seat(Seat(code: int))),
        .line(.call(CallReport(.ringing, number: "1020", direction: .in))),
        .line(
          .call(
            CallReport(
              .notEstablished, number: "1020", direction: .in, reason: Reason("busy", code: int)))),
        .line(.result(id: int, ok: false, error: "no")),
        .credential(Secret("t"), expiresIn: int),
        .choose(Seat(code: int)),
        .hangUp(Call.ID(int)), .answer(Call.ID(int)), .note(Call.ID(int), "n"),
        .order(order(expires: number, epoch: number), epoch: number),
        .order(order(expires: number, epoch: 0), epoch: 0),
      ]
    }
    for number in Extremes.doubles {
      events += [
        .line(.unregistered(reason: "away", retryIn: number, final: false)),
        .line(.level(input: number, output: number)),
      ]
    }
    return events
  }()

  private static func order(expires: Int64, epoch: Int64) -> Order {
    Order(
      id: "o\(expires)-\(epoch)".replacing("-", with: "_"), expires: expires, epoch: epoch,
      from: "sup", wish: .message, text: "look")
  }

  @Test("every figure in every event, in every state of the link", arguments: [false, true])
  func everyFigure(hasSource: Bool) {
    var script = Script.up(
      [.dial, .hangUp, .seat, .setSeat], .init(hasCredentialSource: hasSource))
    for event in Self.events {
      for effect in script.say(event) {
        if case .startTimer(_, let after) = effect {
          #expect(after >= 0 && after <= 366 * 86_400 * Instant.second, "\(event)")
        }
      }
      script.wait(0.5)
      for timer: TimerID in [.orders, .renewal, .credential, .anomalies] {
        script.say(.timer(timer))
      }
      script.say(.line(.started))
      script.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
      _ = script.desk.explain(at: script.now) { String($0) }
    }
  }

  @Test("an order that never ends is asked, and does not end the desk (2^53)")
  func endlessOrder() {
    var script = Script.up()
    let effects = script.say(.order(Self.order(expires: 1 << 53, epoch: 7), epoch: 7))
    #expect(script.desk.orders.count == 1)
    #expect(effects.contains { if case .startTimer(.orders, _) = $0 { true } else { false } })
    script.wait(86_401)
    // The day's look finds it where it was, and looks again.
    let looked = script.say(.timer(.orders))
    #expect(script.desk.orders.count == 1)
    #expect(looked.contains { if case .startTimer(.orders, _) = $0 { true } else { false } })
  }

  @Test("what is no number of a wait is no wait, and what is endless is a day")
  func waits() {
    for (told, seconds) in [
      (Double.nan, 0), (-1, 0), (-.infinity, 0), (5, 5), (.infinity, 86_400), (1e308, 86_400),
    ] as [(Double, Int)] {
      var script = Script.up()
      script.say(.line(.unregistered(reason: "away", retryIn: told, final: false)))
      guard case .down(_, _, let retry?) = script.desk.link else {
        Issue.record("not down: \(script.desk.link)")
        continue
      }
      #expect(retry.seconds(since: script.now) == seconds, "\(told)")
    }
  }

  @Test("a loudness that is no number is silence")
  func loudness() {
    var script = Script.up()
    script.say(.line(.level(input: .nan, output: .infinity)))
    #expect(script.desk.level == Desk.Level(input: 0, output: 1))
  }

  @Test("every length of post-call that a configuration could hold")
  func wrapUp() {
    for seconds in Self.ints {
      var script = Script.up([.dial, .hangUp], .init(wrapUpSeconds: seconds))
      script.call(.talking, "1020", id: "a", .in)
      script.call(.ended, "1020", id: "a")
      #expect(script.desk.seat.seat == (seconds > 0 ? .postCall : .idle), "\(seconds)")
      for _ in 0..<3 { script.say(.extendWrapUp) }
      _ = script.desk.wrapUp?.secondsLeft(at: script.now)
    }
  }

  @Test("a clock at any moment, and from each to the next")
  func clocks() {
    for unix in Extremes.integers {
      var script = Script.up()
      for uptime in Extremes.integers {
        script.now = Instant(uptime: uptime, unix: unix)
        script.say(.line(.registered(account: nil, expiresIn: 60, secure: nil)))
        script.say(.line(.unregistered(reason: "away", retryIn: 3, final: false)))
        script.say(.line(.registered(account: nil, expiresIn: 60, secure: nil)))
        script.call(.talking, "1020", id: "a\(uptime)", .in)
        script.say(.order(Self.order(expires: unix, epoch: uptime), epoch: uptime))
        script.call(.ended, "1020", id: "a\(uptime)")
        script.say(.timer(.wrapUpWarning))
        script.say(.timer(.wrapUp))
        script.say(.newDay)
        _ = script.desk.explain(at: script.now) { String($0) }
        #expect(script.now.advanced(by: .max).uptime == max(uptime, uptime.plus(.max)))
      }
    }
  }
}

@Suite struct FloorExtremeTests {
  private static let now = Instant(uptime: 1_000 * Instant.second, unix: 1_763_900_000_000)
  private static let key = AgentKey(team: "red", agent: "1001")

  @Test("every figure in every update") func updates() throws {
    let key = try #require(Self.key)
    for number in Extremes.integers {
      var floor = Floor(at: Self.now)
      let int = Int(number)
      let figures = DayFigures(
        calls: int, talk: int, afterCallWork: int, dials: int, connected: int, idle: int)
      let seat = SeatUpdate(
        stamp: Stamp(epoch: min(number, Self.now.unix), sequence: .max - 1), seat: Seat(code: int),
        since: number, lease: int, today: figures, sent: number)
      let call = CallUpdate(
        stamp: Stamp(epoch: number, sequence: 0), status: .ringing, since: number, held: number)
      for retained in [true, false] {
        _ = floor.handle(.seat(key, seat, retained: retained), at: Self.now)
        _ = floor.handle(.call(key, call, retained: retained), at: Self.now)
      }
      for sort in FloorSort.allCases { _ = floor.handle(.sort(sort), at: Self.now) }
      _ = floor.handle(.time, at: Self.now.advanced(by: 100 * Instant.second))
      _ = floor.row(key)?.alert?.words
      _ = (floor.totals.occupancy, floor.totals.averageHandling, floor.totals.connectRate)
      var hand = Hand(from: "sup", seed: "s")
      _ = hand.ask(.message, "look", of: .agent(key), on: floor, at: Self.now)
      #expect(floor.agentCount == 1)
    }
  }

  @Test("every threshold, and every clock") func thresholds() throws {
    let key = try #require(Self.key)
    for number in Extremes.integers {
      let int = Int(number)
      let limits = Floor.Thresholds(
        shortBreak: int, postCall: int, idle: int, ringing: int, held: int)
      for clock in Extremes.integers {
        let now = Instant(uptime: clock, unix: number)
        var floor = Floor(thresholds: limits, at: now)
        let seat = SeatUpdate(
          stamp: Stamp(epoch: number, sequence: 1), seat: .idle, since: 5, sent: clock)
        let call = CallUpdate(
          stamp: Stamp(epoch: number, sequence: 2), status: .ringing, since: 5, held: 5)
        _ = floor.handle(.seat(key, seat, retained: false), at: now)
        _ = floor.handle(.call(key, call, retained: false), at: now)
        _ = floor.handle(.feed(.up), at: now)
        _ = floor.handle(.time, at: now.advanced(by: .max))
        _ = floor.row(key)?.alert?.words
        var hand = Hand(from: "sup", seed: "s")
        _ = hand.ask(.message, "look", of: .agent(key), on: floor, at: now)
        _ = (hand.deadline, hand.letTimePass(at: now))
      }
    }
  }

  @Test("an alert says any skew") func skew() {
    #expect(FloorAlert.skew(seconds: .min).words.hasPrefix("clock off by "))
    #expect(FloorAlert.skew(seconds: -90).words == "clock off by 1:30")
  }
}

@Suite struct SaturationTests {
  @Test("arithmetic stops at the ends, and is exact between them") func ends() {
    for one in Extremes.integers {
      for two in Extremes.integers {
        #expect(
          one.plus(two) == Self.clamped(Double(one) + Double(two), one.addingReportingOverflow(two))
        )
        #expect(
          one.minus(two)
            == Self.clamped(Double(one) - Double(two), one.subtractingReportingOverflow(two)))
        #expect(
          one.times(two)
            == Self.clamped(Double(one) * Double(two), one.multipliedReportingOverflow(by: two)))
      }
    }
  }

  private static func clamped(_ value: Double, _ exact: (Int64, overflow: Bool)) -> Int64 {
    exact.overflow ? (value < 0 ? .min : .max) : exact.0
  }

  @Test("the whole part of any double") func doubles() {
    #expect(Int64(nearest: .nan) == 0)
    #expect(Int64(nearest: .infinity) == .max)
    #expect(Int64(nearest: -1e308) == .min)
    #expect(Int64(nearest: 0x1p63) == .max)
    #expect(Int64(nearest: -0x1p63) == .min)
    #expect(Int64(nearest: -1.9) == -1)
    for value in Extremes.doubles { _ = Int64(nearest: value) }
  }
}
