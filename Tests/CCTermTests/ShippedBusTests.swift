// The sets that `ccterm bus init` writes, at work: desks and a floor over TLS with rules, orders, and
// the death of a broker while everybody changes.

import CCTestSupport
import Foundation
import Testing

@Suite(.serialized) struct ShippedBusTests {
  private func agents(_ count: Int) -> [String] { (0..<count).map { "red/\(1001 + $0)" } }

  private func people(_ agents: [String]) -> [String] {
    agents.flatMap { ["--agent", $0] } + ["--supervisor", "sup"]
  }

  @Test func ordersOverTLSWithRules() async throws {
    let bus = try await ShippedBus(nats: false, people: people(agents(2)))
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
    let agents = agents(20)
    let bus = try await ShippedBus(nats: nats, people: people(agents))
    let floor = try bus.floor()
    let desks = try agents.map { try bus.desk($0) }
    for agent in agents {
      try #require(floor.wait(seconds: 60, for: ["agent": agent, "seat": "2"]), "\(agent)")
    }
    var wanted: [String: Int] = [:]
    for round in 0..<6 {
      for (index, desk) in desks.enumerated() {
        let isBusy = (round + index).isMultiple(of: 2)
        desk.send(#"{"command":"status","status":"\#(isBusy ? "busy" : "break")"}"#)
        wanted[agents[index]] = isBusy ? 3 : 5
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
