// A living floor that needs nothing: the feed of `ccterm floor` without a broker.

import CCCore

/// Invents a floor of any size: calls come and go, breaks are taken, rush hours pass.
///
/// Pure: told the time, it returns what would have been published by then. The same seed and the same
/// moments give the same floor. It always has its troubles, as far as there are agents for them: a
/// break that is too long, a post-call that never ends, a desk that falls silent, a clock that is off.
public struct DemoFeed: Sendable {
  /// Seconds for which an agent's state holds; it is said anew after two thirds of them.
  static let lease = 60
  /// The most agents of one.
  public static let most = Floor.Limits.agents

  private var random: SplitMix
  private var agents: [DemoAgent] = []
  private var moments = DeadlineHeap()
  private let count: Int

  /// A floor of `agents`, at least one and at most `most`.
  public init(seed: UInt64 = 1, agents: Int = 40) {
    random = SplitMix(seed: seed)
    count = min(max(1, agents), Self.most)
  }

  /// The uptime at which the next thing happens; nil before the start.
  public var deadline: Int64? { moments.first }

  /// Opens the floor: everybody as she is in the middle of a day.
  public mutating func start(at now: Instant) -> [FloorEvent] {
    agents = []
    agents.reserveCapacity(count)
    moments = DeadlineHeap()
    var events: [FloorEvent] = [.feed(.up)]
    events.reserveCapacity(2 * count + 1)
    for index in 0..<count {
      guard let agent = invent(index, at: now) else { continue }
      agents.append(agent)
      moments.set(Int32(agents.count - 1), to: agent.next)
      events.append(seat(agents.count - 1, at: now))
      if agent.phase.call != nil { events.append(call(agents.count - 1, at: now)) }
    }
    return events
  }

  /// What happened until `now`, in its order.
  public mutating func events(upTo now: Instant) -> [FloorEvent] {
    var events: [FloorEvent] = []
    while let slot = moments.take(notAfter: now.uptime) {
      let index = Int(slot)
      if agents[index].ends <= now.uptime {
        events += change(index, at: now)
      } else {
        speak(index, at: now)
        events.append(seat(index, at: now))
        if agents[index].phase.call != nil { events.append(call(index, at: now)) }
      }
      moments.set(slot, to: agents[index].next)
    }
    return events
  }

  // MARK: - Inside

  private mutating func invent(_ index: Int, at now: Instant) -> DemoAgent? {
    let oddity: DemoAgent.Oddity =
      switch index {
      case 2: .longBreak
      case 4: .longPostCall
      case 6: .vanishing
      case 8: .clockOff
      default: .none
      }
    let teams = DemoNames.teams.prefix(max(1, min(DemoNames.teams.count, count / 12 + 1)))
    let team = teams[Int.random(in: 0..<teams.count, using: &random)]
    guard let key = AgentKey(team: team, agent: "\(1001 + index)") else { return nil }
    let phase = Self.phase(for: oddity, index, &random)
    let length = DemoAgent.length(phase, oddity, rush: rush(at: now), &random)
    // In the middle of it: some of it is over, the rest is to come.
    let done =
      switch oddity {
      case .longBreak: 1_810.0
      case .longPostCall: 290.0
      default: length * Double.random(in: 0...1, using: &random)
      }
    let left =
      switch oddity {
      case .longBreak: 400.0
      case .longPostCall: 200.0
      default: max(3, length - done)
      }
    let calls = Int.random(in: 0...30, using: &random)
    return DemoAgent(
      key: key, name: DemoNames.name(&random), oddity: oddity, phase: phase,
      since: now.uptime - Self.nanoseconds(done), ends: now.uptime + Self.nanoseconds(left),
      speaks: now.uptime + Self.nanoseconds(Double.random(in: 1...40, using: &random)),
      stamp: Stamp(epoch: now.unix - Int64.random(in: 1...3_600_000, using: &random), sequence: 1),
      today: DayFigures(
        calls: calls, talk: calls * Int.random(in: 60...280, using: &random),
        afterCallWork: calls * Int.random(in: 10...60, using: &random),
        dials: calls + Int.random(in: 0...20, using: &random), connected: calls,
        idle: calls * Int.random(in: 20...120, using: &random)),
      number: phase.call == nil ? nil : DemoNames.number(&random))
  }

  private static func phase(
    for oddity: DemoAgent.Oddity, _ index: Int, _ random: inout SplitMix
  ) -> DemoAgent.Phase {
    switch oddity {
    case .longBreak: return .onBreak
    case .longPostCall: return .postCall
    case .vanishing, .clockOff: return .talking
    case .none: break
    }
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<28: return .idle
    case 28..<32: return .calling
    case 32..<40: return .ringing(isOutbound: true)
    case 40..<72: return .talking
    case 72..<85: return .postCall
    case 85..<91: return .onBreak
    case 91..<95: return .busy
    default: return .offline
    }
  }

  /// How busy it is: rush hours come and go within minutes, since nobody watches a demo for a day.
  private func rush(at now: Instant) -> Double {
    let minute = Double((now.unix / 1000) % 600) / 600
    return 0.6 + 2.4 * (minute < 0.5 ? minute * 2 : 2 - minute * 2)
  }

  private static func nanoseconds(_ seconds: Double) -> Int64 {
    Int64(seconds * Double(Instant.second))
  }

  private mutating func change(_ index: Int, at now: Instant) -> [FloorEvent] {
    let before = agents[index]
    if before.oddity == .vanishing, before.phase == .idle, before.speaks != .max {
      return vanish(index, at: now)
    }
    let phase = before.speaks == .max ? .idle : before.following(&random)
    if before.speaks == .max {
      // Back after the silence: a new connection, a new epoch.
      agents[index].stamp = Stamp(epoch: now.unix - before.behind, sequence: 0)
    }
    let length = DemoAgent.length(phase, before.oddity, rush: rush(at: now), &random)
    let seconds = Int((now.uptime - before.since) / Instant.second)
    if before.phase == .talking {
      agents[index].today.calls += 1
      agents[index].today.talk += seconds
      if before.isOutbound {
        agents[index].today.connected = (before.today.connected ?? 0) + 1
      }
    }
    // One who was silent for a while goes on being idle: the stretch counts once, when it is over.
    if before.phase == .idle, phase != .idle {
      agents[index].today.idle = (before.today.idle ?? 0) + seconds
    }
    if before.phase == .postCall { agents[index].today.afterCallWork += seconds }
    if phase == .calling { agents[index].today.dials = (before.today.dials ?? 0) + 1 }
    switch phase {
    case .calling, .ringing(isOutbound: false):
      agents[index].number = DemoNames.number(&random)
      agents[index].isOutbound = phase == .calling
    default: break
    }
    agents[index].phase = phase
    if before.phase.seat != phase.seat || before.phase.call != phase.call {
      agents[index].since = now.uptime
    }
    agents[index].ends = now.uptime + Self.nanoseconds(length)
    speak(index, at: now)
    var events: [FloorEvent] = []
    if before.phase.seat != phase.seat || before.phase.call == nil {
      events.append(seat(index, at: now))
    }
    if before.phase.call != phase.call { events.append(call(index, at: now)) }
    return events
  }

  /// Falls silent: no goodbye, and nothing more until it is back.
  private mutating func vanish(_ index: Int, at now: Instant) -> [FloorEvent] {
    agents[index].speaks = .max
    agents[index].ends = now.uptime + Self.nanoseconds(.random(in: 100...200, using: &random))
    return []
  }

  private mutating func speak(_ index: Int, at now: Instant) {
    agents[index].stamp.sequence += 1
    agents[index].speaks =
      now.uptime + Self.nanoseconds(Double(Self.lease) * .random(in: 0.6...0.7, using: &random))
  }

  private func unix(_ uptime: Int64, of agent: DemoAgent, at now: Instant) -> Int64 {
    now.unix - (now.uptime - uptime) / Instant.millisecond - agent.behind
  }

  private func seat(_ index: Int, at now: Instant) -> FloorEvent {
    let agent = agents[index]
    return .seat(
      agent.key,
      SeatUpdate(
        stamp: agent.stamp, seat: agent.phase.seat, since: unix(agent.since, of: agent, at: now),
        name: agent.name, lease: Self.lease, today: agent.today, sent: now.unix - agent.behind),
      retained: false)
  }

  private func call(_ index: Int, at now: Instant) -> FloorEvent {
    let agent = agents[index]
    return .call(
      agent.key,
      CallUpdate(
        stamp: agent.stamp, status: agent.phase.call, since: unix(agent.since, of: agent, at: now),
        direction: agent.phase.call == nil ? nil : agent.isOutbound ? .out : .in,
        number: agent.number), retained: false)
  }
}
