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
    let sandbox = try Sandbox()
    let folder = try TestFolder()
    let ports = (0..<3).map { _ in Int(Ports.freeEven()) }
    var options = ["--port", "\(ports[0])", "--feed", "cloud"]
    for agent in Self.agents { options += ["--agent", agent] }
    for supervisor in ["sup-blue:blue", "sup-red:red", "boss"] {
      options += ["--supervisor", supervisor]
    }
    if nats {
      options += ["--nats", "--nats-port", "\(ports[1])", "--cluster-port", "\(ports[2])"]
    }
    let made = try Running.once(["bus", "init", sandbox.path("bus")] + options, in: sandbox)
    try #require(made.code == 0, "\(made.errors)")
    let files = nats ? (1...3).map { "n\($0).conf" } : ["mosquitto.conf"]
    let brokers = try files.map {
      try Peer(nats ? "nats-server" : "mosquitto", ["-c", sandbox.path("bus/\($0)")], in: folder)
    }
    let doors = nats ? [ports[0]] : [ports[0], ports[0] + 1]
    for door in doors {
      try await eventually("door \(door)", within: 20) { Ports.answers(tcp: UInt16(door)) }
    }
    func run(_ place: String, _ arguments: [String]) throws -> Running {
      sandbox.more = [
        "XDG_CONFIG_HOME": sandbox.path("bus/\(place)"),
        "XDG_STATE_HOME": sandbox.path("state/\(place)"),
      ]
      return try Running(arguments, in: sandbox)
    }
    let floor = try run("floors/boss", ["floor", "--json"])
    var desks: [Running] = []
    for agent in Self.agents {
      desks.append(try run("desks/\(agent)", ["desk", "--json", "--line", "demo"]))
      #expect(floor.wait(seconds: 60, for: ["agent": agent, "seat": "2", "lease": "fresh"]))
    }
    // What a cluster does while it comes together is over before the thief comes.
    let seen = floor.messages.count
    func told(_ agent: String) -> [Substring] {
      (sandbox.text("state/desks/\(agent)/ccterm/log") ?? "").split(separator: "\n")
        .filter { $0.contains("bus: ") }
    }
    let before = Self.agents.map { told($0).count }

    for user in Self.agents + Self.others {
      let kind = Self.agents.contains(user) ? "desks" : user == "cloud" ? "feeds" : "floors"
      let secret = sandbox.text("bus/\(kind)/\(user)/ccterm/bus.password") ?? ""
      let password = secret.trimmingCharacters(in: .whitespacesAndNewlines)
      try #require(!password.isEmpty, "\(user)")
      // Her own desk an agent may put out: by another of her own.
      for door in doors where !(kind == "desks" && door == doors[0] && !nats) {
        for name in Self.names {
          let thief = try Peer(
            "mosquitto_pub",
            [
              "-h", "127.0.0.1", "-p", "\(door)", "--cafile", sandbox.path("bus/tls/ca.crt"), "-u",
              user, "-P", password, "-i", name, "-t", "cc/v1/x/x/cmd/x", "-m", "x",
            ], in: folder)
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
    for broker in brokers { await broker.stop() }
  }
}
