// A set that `ccterm bus init` wrote, and its brokers at work: one Mosquitto, or three NATS servers.

import CCTestSupport
import Foundation
import Testing

/// A set and its brokers.
final class ShippedBus {
  let sandbox: Sandbox
  /// The options of `ccterm bus init` that say who is who.
  private let people: [String]
  private let isCluster: Bool
  private let folder: TestFolder
  private(set) var brokers: [Peer] = []
  /// The ports of desks and, beside one Mosquitto, of floors and feeds.
  private(set) var doors: [Int] = []

  /// A set of three NATS servers, or of one Mosquitto, that lets its people in.
  init(nats: Bool, people: [String]) async throws {
    sandbox = try Sandbox()
    folder = try TestFolder()
    isCluster = nats
    self.people = people
    for attempt in 1... {
      try await begin()
      // A port may be taken between the look and the start: then it is tried with others.
      if try await isReady() { return }
      let output = outputs
      try #require(attempt < 4, "the brokers let nobody in: \(output)")
      await stop()
      try FileManager.default.removeItem(atPath: sandbox.path("bus"))
    }
  }

  /// What the brokers said.
  var outputs: String { folder.read(isCluster ? "nats-server.out" : "mosquitto.out") }

  private func begin() async throws {
    let ports = (0..<3).map { _ in Int(Ports.freeEven()) }
    var options = ["--port", "\(ports[0])"] + people
    if isCluster {
      options += ["--nats", "--nats-port", "\(ports[1])", "--cluster-port", "\(ports[2])"]
    }
    let made = try Running.once(["bus", "init", sandbox.path("bus")] + options, in: sandbox)
    try #require(made.code == 0, "\(made.errors)")
    doors = isCluster ? [ports[0]] : [ports[0], ports[0] + 1]
    try start()
  }

  /// Starts the brokers, again after the death of the only one.
  func start() throws {
    let files = isCluster ? (1...3).map { "n\($0).conf" } : ["mosquitto.conf"]
    brokers = try files.map {
      try Peer(
        isCluster ? "nats-server" : "mosquitto", ["-c", sandbox.path("bus/\($0)")], in: folder)
    }
  }

  /// Whether all of them live and a supervisor is let in; servers that have to agree first take
  /// some seconds.
  private func isReady() async throws -> Bool {
    let users = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("bus/floors"))
    let user = try #require(users.min())
    var isLetIn = false
    try? await eventually("\(user) is let in", within: 30) {
      guard brokers.allSatisfy({ $0.exitCodeIfEnded == nil }) else { return true }
      let client = try client("floors/\(user)", "~floor-ready", door: doors[doors.count - 1])
      isLetIn = await client.exitCode() == 0
      await client.stop()
      return isLetIn
    }
    return isLetIn && brokers.allSatisfy { $0.exitCodeIfEnded == nil }
  }

  /// Starts a client of somebody's at a door, under a name; it says one word and goes.
  func client(_ place: String, _ name: String, door: Int) throws -> Peer {
    let secret = try #require(sandbox.text("bus/\(place)/ccterm/bus.password"))
    let user = place.split(separator: "/").dropFirst().joined(separator: "/")
    return try Peer(
      "mosquitto_pub",
      [
        "-h", "127.0.0.1", "-p", "\(door)", "--cafile", sandbox.path("bus/tls/ca.crt"), "-u", user,
        "-P", secret.trimmingCharacters(in: .whitespacesAndNewlines), "-i", name, "-t",
        "cc/v1/x/x/cmd/x", "-m", "x",
      ], in: folder)
  }

  /// Runs the program with the configuration that the set holds for somebody.
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

  func floor(_ supervisor: String = "sup") throws -> Running {
    try run("floors/\(supervisor)", ["floor", "--json"])
  }

  func stop() async { for broker in brokers { await broker.stop() } }

  /// Kills a broker as a crash would.
  func killBroker() async throws {
    let peer = brokers[0]
    kill(peer.pid, SIGKILL)
    try await eventually("the broker is dead", within: 10) { peer.exitCodeIfEnded != nil }
  }
}
