// What the people of the demo floor do: the order of a working day, and how long each part of it takes.

import CCCore
import Testing

@testable import CCFeed

@Suite struct DemoLifeTests {
  /// How an agent stands.
  private enum Stand: String {
    case offline, idle, calling, ringingOut, ringingIn, talking, postCall, onBreak, busy
  }

  /// An agent as a floor would know her.
  private struct Life {
    var seat: SeatUpdate
    var call: CallUpdate?
    var stand: Stand?
    var since: Int64
    /// When her desk spoke last.
    var spoke: Int64

    /// What seat and call say together.
    var told: Stand? {
      switch (seat.seat, call?.status) {
      case (.offline, nil): .offline
      case (.idle, nil): .idle
      case (.postCall, nil): .postCall
      case (.shortBreak, nil): .onBreak
      case (.busy, nil): .busy
      case (.busy, .calling): .calling
      case (.busy, .ringing): call?.direction == .out ? .ringingOut : .ringingIn
      case (.busy, .talking): .talking
      default: nil
      }
    }
  }

  private struct Step: Hashable { var from, to: Stand }

  /// A floor that is followed from one deadline to the next: nothing is seen late.
  private struct Chronicle {
    var feed: DemoFeed
    var now = Instant(uptime: 90_000 * Instant.second, unix: 1_763_942_400_000)
    let began: Instant
    var lives: [String: Life] = [:]
    var steps: [Step: Int] = [:]
    /// Seconds that each stand lasted, of those who are like all others.
    var lasted: [Stand: [Double]] = [:]
    /// The same of those who are not, by agent.
    var odd: [String: [(stand: Stand, seconds: Double)]] = [:]
    /// Seconds between two words of a desk.
    var silences: [String: [Double]] = [:]

    static let oddOnes = ["1003", "1005", "1007"]

    init(agents: Int) {
      feed = DemoFeed(seed: 5, agents: agents)
      began = now
      take(feed.start(at: now))
    }

    mutating func live(seconds: Int64) {
      let end = now.uptime + seconds * Instant.second
      while let next = feed.deadline, next <= end {
        #expect(next > now.uptime, "time goes on")
        now = began.advanced(by: next - began.uptime)
        take(feed.events(upTo: now))
      }
    }

    private mutating func take(_ events: [FloorEvent]) {
      var touched: [String] = []
      for event in events {
        switch event {
        case .seat(let key, let update, let retained):
          #expect(!retained && update.lease == DemoFeed.lease)
          var life =
            lives[key.agent]
            ?? Life(
              seat: update, stand: nil, since: now.uptime, spoke: now.uptime)
          #expect(life.seat.name == update.name)
          #expect(life.stand == nil || update.stamp > life.seat.stamp, "later than her last word")
          silences[key.agent, default: []].append(Self.seconds(life.spoke, now.uptime))
          life.seat = update
          life.spoke = now.uptime
          lives[key.agent] = life
          touched.append(key.agent)
        case .call(let key, let update, let retained):
          #expect(!retained)
          if let before = lives[key.agent]?.call, before.status != nil, update.status != nil {
            #expect(before.number == update.number && before.direction == update.direction)
          }
          #expect(lives[key.agent]?.call.map { update.stamp > $0.stamp } ?? true)
          lives[key.agent]?.call = update
          lives[key.agent]?.spoke = now.uptime
          touched.append(key.agent)
        case .feed(.up): #expect(lives.isEmpty)
        default: Issue.record("\(event)")
        }
      }
      for agent in Set(touched) { settle(agent) }
    }

    private mutating func settle(_ agent: String) {
      guard var life = lives[agent] else { return }
      guard let stand = life.told else {
        Issue.record("\(agent) stands at \(life.seat.seat) with \(String(describing: life.call))")
        return
      }
      if let before = life.stand, before != stand {
        steps[Step(from: before, to: stand), default: 0] += 1
        if life.since > began.uptime {
          let seconds = Self.seconds(life.since, now.uptime)
          if Self.oddOnes.contains(agent) {
            odd[agent, default: []].append((before, seconds))
          } else {
            lasted[before, default: []].append(seconds)
          }
        }
        life.since = now.uptime
      }
      life.stand = stand
      lives[agent] = life
    }

    static func seconds(_ from: Int64, _ to: Int64) -> Double {
      Double(to - from) / Double(Instant.second)
    }
  }

  @Test func aDayHasItsOrder() throws {
    var chronicle = Chronicle(agents: 120)
    chronicle.live(seconds: 3 * 3_600)
    let ways: [Stand: [Stand]] = [
      .offline: [.idle], .idle: [.onBreak, .busy, .offline, .ringingIn, .calling],
      .calling: [.ringingOut], .ringingOut: [.talking, .idle], .ringingIn: [.talking, .idle],
      .talking: [.postCall], .postCall: [.idle], .onBreak: [.idle], .busy: [.idle],
    ]
    let usual = Set(ways.flatMap { from, all in all.map { Step(from: from, to: $0) } })
    #expect(Set(chronicle.steps.keys) == usual)
    // Most of the calls are answered, and more go out than come in.
    func count(_ from: Stand, _ to: Stand) -> Int { chronicle.steps[Step(from: from, to: to)] ?? 0 }
    #expect(count(.ringingOut, .talking) > count(.ringingOut, .idle))
    #expect(count(.ringingIn, .talking) > count(.ringingIn, .idle))
    #expect(count(.idle, .calling) > count(.idle, .ringingIn))
    #expect(count(.idle, .ringingIn) > count(.idle, .onBreak))
  }

  /// Seconds, at the quietest and the busiest hour.
  @Test func nothingTakesForEver() throws {
    var chronicle = Chronicle(agents: 120)
    chronicle.live(seconds: 3 * 3_600)
    for (stand, least, most) in [
      (.calling, 1, 4), (.ringingOut, 2, 26), (.ringingIn, 2, 26), (.talking, 15, 615),
      (.idle, 1.3, 200), (.postCall, 1.6, 150), (.onBreak, 60, 900), (.busy, 30, 600),
      (.offline, 600, 7_200),
    ] as [(Stand, Double, Double)] {
      let all = try #require(chronicle.lasted[stand], "\(stand)")
      for seconds in all {
        #expect(seconds >= least && seconds <= most, "\(stand) for \(seconds) s")
        if seconds < least || seconds > most { break }
      }
    }
    for (agent, stand, least, most) in [
      ("1003", .onBreak, 1_900, 4_000), ("1005", .postCall, 200, 900),
    ] as [(String, Stand, Double, Double)] {
      let all = (chronicle.odd[agent] ?? []).filter { $0.stand == stand }
      #expect(
        !all.isEmpty && all.allSatisfy { $0.seconds >= least && $0.seconds <= most }, "\(agent)")
    }
    // Her break is over now and then, and the next thing that she does is another one.
    #expect(Set((chronicle.odd["1003"] ?? []).map(\.stand)) == [.onBreak, .idle])
  }

  /// Everybody is heard of again before the lease of her last word is over, but for the one who goes
  /// silent without a word, and comes back.
  @Test func leasesAreKept() throws {
    var chronicle = Chronicle(agents: 40)
    chronicle.live(seconds: 3_600)
    #expect(chronicle.silences.count == 40)
    for (agent, silences) in chronicle.silences where agent != "1007" {
      // The first one of all is the birth. A call that rings or talks counts by its own words.
      #expect(silences.dropFirst().allSatisfy { $0 < Double(DemoFeed.lease) }, "\(agent)")
      #expect(silences.count > 60, "\(agent) is heard of")
    }
    let gone = (chronicle.silences["1007"] ?? []).filter { $0 > Double(DemoFeed.lease) }
    #expect(gone.count > 3 && gone.allSatisfy { $0 >= 100 && $0 < 260 }, "\(gone)")
  }

  @Test func theTroublesAreThereAtTheStart() throws {
    let now = Instant(uptime: 90_000 * Instant.second, unix: 1_763_942_400_000)
    var feed = DemoFeed(seed: 9, agents: 40)
    var seats: [String: SeatUpdate] = [:]
    var calls: [String: CallUpdate] = [:]
    for event in feed.start(at: now) {
      if case .seat(let key, let update, _) = event { seats[key.agent] = update }
      if case .call(let key, let update, _) = event { calls[key.agent] = update }
    }
    func seconds(_ agent: String, _ clock: Int64) -> Int64 {
      (clock - (seats[agent]?.since ?? 0)) / 1_000
    }
    #expect(seats["1003"]?.seat == .shortBreak && seconds("1003", now.unix) == 1_810)
    #expect(seats["1005"]?.seat == .postCall && seconds("1005", now.unix) == 290)
    for agent in ["1007", "1009"] { #expect(calls[agent]?.status == .talking, "\(agent)") }
    // Her clock is 95 s behind, in all that she says.
    for (agent, seat) in seats {
      let clock = now.unix - (agent == "1009" ? 95_000 : 0)
      #expect(seat.sent == clock && (seat.since ?? .max) <= clock, "\(agent)")
      #expect((calls[agent]?.status != nil) == (seat.seat == .busy && calls[agent] != nil))
      #expect(calls[agent] == nil || calls[agent]?.since == seat.since)
      #expect(seat.stamp.epoch < now.unix && seat.stamp.epoch >= now.unix - 3_600_000)
      let today = try #require(seat.today)
      #expect((0...30).contains(today.calls) && today.connected == today.calls)
      #expect((today.calls...today.calls + 20).contains(try #require(today.dials)))
      #expect((today.calls * 60...today.calls * 280).contains(today.talk))
      #expect((today.calls * 10...today.calls * 60).contains(today.afterCallWork))
      #expect((today.calls * 20...today.calls * 120).contains(try #require(today.idle)))
    }
    // And they end: the break after 400 s more, the post-call after 200.
    var ended: [String: Int64] = [:]
    for second in 1...420 as ClosedRange<Int64> {
      for event in feed.events(upTo: now.advanced(by: second * Instant.second)) {
        guard case .seat(let key, let update, _) = event, ended[key.agent] == nil,
          update.seat != seats[key.agent]?.seat
        else { continue }
        ended[key.agent] = second
      }
    }
    #expect(ended["1003"] == 400 && ended["1005"] == 200)
    #expect(ended.values.allSatisfy { $0 >= 3 }, "nobody changes before she was seen")
  }

  /// In the middle of a day there is somebody at everything, most of them on the telephone or waiting.
  @Test func aFloorIsInTheMiddleOfItsDay() throws {
    let chronicle = Chronicle(agents: 1_000)
    var stands: [Stand: Int] = [:]
    for life in chronicle.lives.values { stands[try #require(life.told), default: 0] += 1 }
    let order: [(Stand, ClosedRange<Int>)] = [
      (.talking, 250...390), (.idle, 210...350), (.postCall, 90...170), (.ringingOut, 50...110),
      (.onBreak, 35...90), (.offline, 25...80), (.calling, 20...70), (.busy, 20...70),
    ]
    for (stand, share) in order { #expect(share.contains(stands[stand] ?? 0), "\(stand)") }
    #expect(stands.count == order.count, "whoever is called has been called already")
  }

  /// Who comes back after a silence is idle under a new connection.
  @Test func whoWasSilentComesBackAnew() throws {
    var feed = DemoFeed(seed: 2, agents: 7)
    let began = Instant(uptime: 90_000 * Instant.second, unix: 1_763_942_400_000)
    _ = feed.start(at: began)
    var last: (seat: SeatUpdate, at: Int64)?
    var returns = 0
    while let next = feed.deadline, next < 97_200 * Instant.second {
      let now = began.advanced(by: next - began.uptime)
      for case .seat(let key, let update, _) in feed.events(upTo: now) where key.agent == "1007" {
        if let last, now.uptime - last.at > 60 * Instant.second {
          returns += 1
          #expect(last.seat.seat == .idle && update.seat == .idle)
          #expect(update.stamp.epoch > last.seat.stamp.epoch && update.stamp.epoch <= now.unix)
          // To the millisecond in which both are rounded.
          let moved = (update.since ?? 0) - (last.seat.since ?? 0)
          #expect(abs(moved) <= 1, "she was idle all the time")
        } else if let last {
          #expect(update.stamp.epoch == last.seat.stamp.epoch)
          #expect(update.stamp.sequence > last.seat.stamp.sequence)
        }
        last = (update, now.uptime)
      }
    }
    #expect(returns > 3)
  }
}
