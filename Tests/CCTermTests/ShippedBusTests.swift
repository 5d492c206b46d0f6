// The sets that `ccterm bus init` writes, at work: desks and a floor over TLS with rules, orders, and
// the death of a broker while everybody changes.

import CCTestSupport
import Foundation
import Testing

/// A set and its brokers.
private final class ShippedBus {
  let sandbox: Sandbox
  let agents: [String]
  private let folder: TestFolder
  private(set) var brokers: [Peer] = []

  init(nats: Bool, agents: Int) async throws {
    sandbox = try Sandbox()
    folder = try TestFolder()
    self.agents = (0..<agents).map { "red/\(1001 + $0)" }
    let list = try sandbox.write("agents.txt", self.agents.joined(separator: "\n") + "\n")
    for attempt in 1... {
      try await start(nats: nats, list)
      // A port may be taken between the look and the start: then it is tried with others.
      if brokers.allSatisfy({ $0.exitCodeIfEnded == nil }) { return }
      try #require(attempt < 5, "a broker ended at its start")
      await stop()
      brokers = []
      try FileManager.default.removeItem(atPath: sandbox.path("bus"))
    }
  }

  private func start(nats: Bool, _ list: String) async throws {
    let ports = nats ? [Self.three(), Self.three(), Self.three()] : [Self.three()]
    var options = ["--port", "\(ports[0])", "--agents", list]
    if nats {
      options += ["--nats", "--nats-port", "\(ports[1])", "--cluster-port", "\(ports[2])"]
    }
    let made = try Running.once(["bus", "init", sandbox.path("bus")] + options, in: sandbox)
    try #require(made.code == 0, "\(made.errors)")
    if nats {
      for node in 1...3 {
        brokers.append(
          try Peer("nats-server", ["-c", sandbox.path("bus/n\(node).conf")], in: folder))
      }
    } else {
      try start()
    }
    for port in 0..<(nats ? 3 : 2) {
      try await eventually("door \(port) is open", within: 20) {
        Ports.answers(tcp: UInt16(ports[0] + port))
      }
    }
  }

  /// Starts the one broker, again after its death.
  func start() throws {
    brokers = [try Peer("mosquitto", ["-c", sandbox.path("bus/mosquitto.conf")], in: folder)]
  }

  /// Kills a broker as a crash would.
  func killBroker() async throws {
    let peer = brokers[0]
    kill(peer.pid, SIGKILL)
    try await eventually("the broker is dead", within: 10) { peer.exitCodeIfEnded != nil }
  }

  func run(_ place: String, _ arguments: [String]) throws -> Running {
    sandbox.more = [
      "XDG_CONFIG_HOME": sandbox.path("bus/\(place)"),
      "XDG_STATE_HOME": sandbox.path("state/\(place)"),
    ]
    return try Running(arguments, in: sandbox)
  }

  func desk(_ agent: String) throws -> Running {
    try run("desks/\(agent)", ["desk", "--json", "--line", "demo"])
  }

  func floor() throws -> Running { try run("floors/sup", ["floor", "--json"]) }

  func stop() async { for broker in brokers { await broker.stop() } }

  /// Three ports in a row.
  private static func three() -> Int {
    while true {
      let first = Ports.freeEven()
      if !Ports.answers(tcp: first + 1), !Ports.answers(tcp: first + 2) { return Int(first) }
    }
  }
}

@Suite(.serialized) struct ShippedBusTests {
  @Test func ordersOverTLSWithRules() async throws {
    let bus = try await ShippedBus(nats: false, agents: 2)
    let floor = try bus.floor()
    let desk = try bus.desk("red/1001")
    #expect(floor.wait(for: ["type": "agent", "agent": "red/1001", "seat": "2", "lease": "fresh"]))

    floor.send(#"{"command":"message","agent":"red/1001","text":"break over, please"}"#)
    #expect(desk.wait(for: ["type": "order", "from": "sup", "state": "asked"]))
    #expect(floor.wait(for: ["type": "order", "wish": "message", "state": "shown"]))
    desk.send(#"{"command":"accept"}"#)
    #expect(floor.wait(for: ["type": "order", "wish": "message", "state": "done"]))

    floor.send(#"{"command":"seat","agent":"red/1001","seat":5}"#)
    #expect(desk.wait(for: ["type": "order", "wish": "seat", "state": "asked"]))
    desk.send(#"{"command":"accept"}"#)
    #expect(floor.wait(for: ["type": "agent", "agent": "red/1001", "seat": "5"]))

    floor.send(#"{"command":"signOff","agent":"red/1001"}"#)
    #expect(desk.wait(for: ["type": "order", "wish": "signOff", "state": "asked"]))
    desk.send(#"{"command":"refuse"}"#)
    #expect(
      floor.wait(for: ["wish": "signOff", "state": "refused", "reason": "refused by the agent"]))

    // A desk that hangs: the broker has the order, nobody answers.
    kill(desk.pid, SIGSTOP)
    floor.send(#"{"command":"message","agent":"red/1001","text":"are you there?"}"#)
    #expect(floor.wait(for: ["type": "order", "state": "noAnswer"]))
    kill(desk.pid, SIGCONT)
    #expect(desk.wait { desk.messages.contains { $0["text"] as? String == "are you there?" } })

    // No broker: it never left.
    try await bus.killBroker()
    #expect(floor.wait(for: ["type": "link", "state": "down"]))
    floor.send(#"{"command":"message","agent":"red/1001","text":"hello"}"#)
    #expect(floor.wait(for: ["type": "order", "state": "notDelivered"]))
    await bus.stop()
  }

  @Test(arguments: [false, true])
  func theBrokerDiesWhileTwentyAgentsChange(nats: Bool) async throws {
    let bus = try await ShippedBus(nats: nats, agents: 20)
    let floor = try bus.floor()
    let desks = try bus.agents.map { try bus.desk($0) }
    for agent in bus.agents {
      try #require(floor.wait(seconds: 60, for: ["agent": agent, "seat": "2"]), "\(agent)")
    }
    var wanted: [String: Int] = [:]
    for round in 0..<6 {
      for (index, desk) in desks.enumerated() {
        let isBusy = (round + index).isMultiple(of: 2)
        desk.send(#"{"command":"status","status":"\#(isBusy ? "busy" : "break")"}"#)
        wanted[bus.agents[index]] = isBusy ? 3 : 5
      }
      if round == 3 {
        try await bus.killBroker()
        if !nats { try bus.start() }
      }
    }
    // Two leases are 120 s; who is connected again says all it knows at once.
    expectRight(floor, wanted, within: 120)
    // Whoever comes late reads the same from the brokers that are left.
    let late = try bus.floor()
    expectRight(late, wanted, within: 120)
    await bus.stop()
  }

  private func expectRight(_ floor: Running, _ wanted: [String: Int], within seconds: Double) {
    var last: [String: Int] = [:]
    var read = 0
    let isRight = floor.wait(seconds: seconds) {
      let messages = floor.messages
      for message in messages[read...] where message["type"] as? String == "agent" {
        if let agent = message["agent"] as? String { last[agent] = message["seat"] as? Int ?? 0 }
      }
      read = messages.count
      return last == wanted
    }
    #expect(isRight, "\(wanted.filter { last[$0.key] != $0.value }) but \(last)")
  }
}
