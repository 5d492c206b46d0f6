// The floor behind a broker, beside mosquitto_sub: late join, cost of a message, a change on its way.

import Glibc

/// Agents who say how they are.
private struct Crowd {
  let writer: BusWriter
  let count: Int
  private let epoch: Int64
  private var said = 0

  init(_ broker: Broker, count: Int) throws {
    writer = try BusWriter(port: broker.port)
    self.count = count
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    epoch = Int64(time.tv_sec) * 1_000 - 1_000
  }

  /// The next agent says something: idle and busy in turns, as a desk does.
  mutating func speak() {
    let agent = said % count
    let (round, team) = (said / count, ["red", "blue", "green"][agent % 3])
    said += 1
    writer.publish(
      "cc/v1/\(team)/\(agent)/seat",
      """
      {"v":1,"e":\(epoch),"n":\(round + 1),"seat":\(2 + round % 2),"since":\(epoch + Int64(round)),\
      "name":"Agent \(agent)","lease":60,"today":{"calls":14,"talk":3120,"acw":420,"dials":20,"connected":15,"idle":900},\
      "sent":\(epoch)}
      """)
  }

  /// Everybody says something, and the broker has it.
  mutating func allSpeak() throws {
    for _ in 0..<count { speak() }
    try writer.settle()
  }
}

func measureBus(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  try measureJoin(house, plan, &table)
  try measureMessages(house, plan, &table)
  try measureWay(house, plan, &table)
  try measureBusAtRest(house, plan, &table)
}

private func subscriber(_ broker: Broker, more: String = "") throws -> Program {
  try Program.onPipes([
    "/bin/sh", "-c",
    "exec mosquitto_sub -p \(broker.port) -t cc/v1/+/+/seat -t cc/v1/+/+/call \(more) >/dev/null",
  ])
}

/// Everything that the broker keeps of 100,000 agents, until it is there, and drawn.
private func measureJoin(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let broker = try Broker(house)
  defer { broker.stop() }
  let count = plan.crowd
  var crowd = try Crowd(broker, count: count)
  try crowd.allSpeak()
  var (ours, peers) = (Rounds(), Rounds())
  var share = 0.0
  for _ in 0..<min(3, plan.rounds) {
    let peer = try subscriber(broker, more: "-C \(count)")
    while waitpid(peer.pid, nil, WNOHANG) == 0 { pause(millisecond / 2) }
    peers.add(Sample(nanoseconds: now() - peer.started))
    let floor = try Program.onTerminal(
      [house.ccterm, "floor", "--from", broker.url], environment: house.environment)
    defer { floor.stop() }
    guard let shown = floor.wait(forText: "\(count) agents", atMost: 60 * second) else {
      throw BenchError("the floor does not show \(count) agents")
    }
    ours.add(Sample(nanoseconds: shown - floor.started))
    floor.settle(quiet: 500 * millisecond, atMost: 3 * second)
    share = memory(of: floor.pid)
  }
  let ratio = ours.ratio(to: peers, at: 0.5)
  table.row(
    "\(count) kept, until drawn", ours, goals: [.atMost(1.1, ratio, "ratio ")], peer: peers)
  table.row("floor of \(count) on a bus: MB PSS", share, goals: [.atMost(60, share)])
}

/// What a message costs its reader at 20,000 a second, drawing.
private func measureMessages(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let broker = try Broker(house)
  defer { broker.stop() }
  var crowd = try Crowd(broker, count: 10_000)
  try crowd.allSpeak()
  var (ours, peers) = (Rounds(), Rounds())
  for _ in 0..<min(3, plan.rounds) {
    let peer = try subscriber(broker)
    pause(500 * millisecond)
    peers.add(Sample(cost(of: peer, &crowd, seconds: plan.floodSeconds)))
    peer.stop()
    let floor = try Program.onTerminal(
      [house.ccterm, "floor", "--from", broker.url], environment: house.environment)
    defer { floor.stop() }
    guard floor.wait(forText: "\(crowd.count) agents", atMost: 20 * second) != nil else {
      throw BenchError("the floor does not show \(crowd.count) agents")
    }
    floor.settle(quiet: 300 * millisecond, atMost: second)
    ours.add(Sample(cost(of: floor, &crowd, seconds: plan.floodSeconds)))
  }
  let ratio = ours.ratio(to: peers, at: 0.5)
  table.row(
    "20,000 messages a second, us CPU each", ours, goals: [.atMost(1, ratio, "ratio ")],
    peer: peers, unit: "")
}

/// Microseconds of processor that a program uses for each message of a steady flood.
private func cost(of program: Program, _ crowd: inout Crowd, seconds: Int) -> Double {
  let before = Usage(of: program.pid)
  let start = now()
  for tick in 0..<seconds * 100 {
    for _ in 0..<200 { crowd.speak() }
    crowd.writer.flush()
    let left = start + Int64(tick + 1) * 10 * millisecond - now()
    if left > 0 { program.listen(for: left) }
  }
  program.listen(for: 100 * millisecond)
  let after = Usage(of: program.pid)
  return Double(after.processor - before.processor) / 1e3 / Double(seconds * 20_000)
}

/// A change at a desk, to its sign on the wall.
private func measureWay(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let broker = try Broker(house)
  defer { broker.stop() }
  let desk = try BenchDesk(house, named: "bus", options: busOptions(broker))
  defer { desk.close() }
  let floor = try Program.onTerminal(
    [house.ccterm, "floor", "--from", broker.url], environment: house.environment)
  defer { floor.stop() }
  guard floor.wait(forText: "Bench Desk", atMost: 10 * second) != nil else {
    throw BenchError("the desk is not on the wall")
  }
  var rounds = Rounds()
  var isBusy = false
  for _ in 0..<plan.rounds {
    var sample = Sample()
    for _ in 0..<plan.events {
      isBusy.toggle()
      desk.program.settle(quiet: 5 * millisecond, atMost: 20 * millisecond)
      floor.settle(quiet: 40 * millisecond, atMost: 200 * millisecond)
      let said = now()
      desk.seat(isBusy ? 3 : 2)
      guard let shown = floor.wait(forGlyph: isBusy ? "●" : "○", atMost: 2 * second) else {
        throw BenchError("a change is never on the wall")
      }
      sample.add(nanoseconds: shown - said)
    }
    rounds.add(sample)
  }
  table.row("desk's change to the wall", rounds, goals: [.atMost(5, rounds.p50, "p50 ")])
}

/// What a bus costs a desk at which nothing happens.
private func measureBusAtRest(_ house: House, _ plan: Plan, _ table: inout Table) throws {
  let broker = try Broker(house)
  defer { broker.stop() }
  let plain = try BenchDesk(house, named: "plain")
  let without = Rest(of: plain.program, seconds: plan.restSeconds)
  let small = memory(of: plain.program.pid)
  plain.close()
  let desk = try BenchDesk(house, named: "bus", options: busOptions(broker))
  defer { desk.close() }
  pause(500 * millisecond)
  let with = Rest(of: desk.program, seconds: plan.restSeconds)
  let more = with.processor - without.processor
  table.row("idle: desk on a bus, % CPU more", more, goals: [.atMost(0.05, more)])
  table.row("idle: desk on a bus, wake-ups more", with.wakeUps - without.wakeUps)
  table.row("memory: desk on a bus, MB PSS more", memory(of: desk.program.pid) - small)
}

private func busOptions(_ broker: Broker) -> [String] {
  ["bus.url=\(broker.url)", "bus.team=red", "bus.agent=1001", "bus.name=Bench Desk"]
    .flatMap { ["-c", $0] }
}
