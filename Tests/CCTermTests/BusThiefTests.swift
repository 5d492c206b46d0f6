// A thief at the broker: with every user that there is, at every door, under every name that can be
// thought of, against the sets that `ccterm bus init` writes. No desk may notice.

import CCTestSupport
import Foundation
import Testing

@Suite(.serialized) struct BusThiefTests {
  private static let agents = ["red/1001", "red/1002", "blue/2001"]
  private static let others = ["sup-blue", "sup-red", "cloud"]

  /// Names that a desk, a floor or a feed had once, has, or might have.
  private static let names =
    agents + agents.map { "~\($0)" }
    + [
      "~", "~desk", "~desk-", "~desk-red/1001", "desk-red/1001", "1001", "red-1001", "red.1001",
      "~floor-", "floor-1", "ccterm-feed-cloud", "~feed-", "~feed-cloud", "sup-red", "boss",
      "cloud",
    ]

  @Test(arguments: [false, true])
  func nobodyIsPutOut(nats: Bool) async throws {
    var people = ["--feed", "cloud"]
    for agent in Self.agents { people += ["--agent", agent] }
    for supervisor in ["sup-blue:blue", "sup-red:red", "boss"] {
      people += ["--supervisor", supervisor]
    }
    let bus = try await ShippedBus(nats: nats, people: people)
    func told(_ agent: String) -> [Substring] {
      (bus.sandbox.text("state/desks/\(agent)/ccterm/log") ?? "").split(separator: "\n")
        .filter { $0.contains("bus: ") }
    }
    let floor = try bus.floor("boss")
    var desks: [Running] = []
    for agent in Self.agents {
      desks.append(try bus.desk(agent))
      let isSeen = floor.wait(seconds: 60, for: ["agent": agent, "seat": "2", "lease": "fresh"])
      try #require(isSeen, "\(agent): \(told(agent)), \(floor.messages), \(bus.outputs)")
    }
    // What a cluster does while it comes together is over before the thief comes.
    let seen = floor.messages.count
    let before = Self.agents.map { told($0).count }

    for user in Self.agents + Self.others {
      let kind = Self.agents.contains(user) ? "desks" : user == "cloud" ? "feeds" : "floors"
      // Her own desk an agent may put out: by another of her own.
      for door in bus.doors where !(kind == "desks" && door == bus.doors[0] && !nats) {
        for name in Self.names {
          let thief = try bus.client("\(kind)/\(user)", name, door: door)
          _ = await thief.exitCode()
        }
      }
    }
    // Each desk says its next status on the connection that it has had from the beginning.
    for (index, agent) in Self.agents.enumerated() {
      desks[index].send(#"{"command":"status","status":"break"}"#)
      #expect(floor.wait(seconds: 20, for: ["agent": agent, "seat": "5"]), "\(agent)")
      #expect(told(agent).count == before[index], "\(agent): \(told(agent))")
    }
    let states = floor.messages[seen...].filter { $0["type"] as? String == "agent" }
    #expect(states.allSatisfy { $0["seat"] as? Int != 1 && $0["lease"] as? String == "fresh" })
    #expect(floor.messages[seen...].allSatisfy { $0["state"] as? String != "down" })
    await bus.stop()
  }
}
