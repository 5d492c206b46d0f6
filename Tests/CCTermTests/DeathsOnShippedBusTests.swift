// The set that `ccterm bus init` writes, at work: TLS, a user a desk, rules, wills, and what dies.

import CCTestSupport
import Foundation
import Glibc
import Testing

@Suite struct DeathsOnShippedBusTests {
  /// A set and its broker.
  private final class House {
    let sandbox: Sandbox
    let port: UInt16
    private let logs: TestFolder
    private var broker: Peer

    init() async throws {
      sandbox = try Sandbox()
      logs = try TestFolder()
      port = Ports.freeEven()
      let run = try Running.once(
        [
          "bus", "init", sandbox.path("bus"), "--agent", "red/1001", "--agent", "red/1002",
          "--agent", "blue/2001", "--supervisor", "sup-red:red", "--supervisor", "boss", "--port",
          "\(port)",
        ], in: sandbox)
      guard run.code == 0 else { throw NotInTime("bus init: \(run.errors)") }
      // What the rules turn away is named at this level, as its own comment says.
      let path = sandbox.path("bus/mosquitto.conf")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("log_type error", with: "log_type debug\nlog_type error")
        .write(toFile: path, atomically: false, encoding: .utf8)
      broker = try Peer("mosquitto", ["-c", path], in: logs)
      try await listens()
    }

    private func listens() async throws {
      try await eventually("mosquitto listens", within: 20) {
        if let code = broker.exitCodeIfEnded {
          throw NotInTime("mosquitto ended with \(code): \(log.suffix(500))")
        }
        return Ports.answers(tcp: port) && Ports.answers(tcp: port + 1)
      }
    }

    var log: String { logs.read("mosquitto.out") }

    func kill() async {
      Glibc.kill(broker.pid, SIGKILL)
      _ = await broker.exitCode()
    }

    func start() async throws {
      broker = try Peer("mosquitto", ["-c", sandbox.path("bus/mosquitto.conf")], in: logs)
      try await listens()
    }

    func stop() async { await broker.stop() }

    /// A program with the configuration that the set holds for somebody.
    func run(_ arguments: [String], as who: String) throws -> Running {
      let home = try Sandbox()
      home.more["XDG_CONFIG_HOME"] = sandbox.path("bus/\(who)")
      homes.append(home)
      let folder = sandbox.path("bus/\(who)/ccterm")
      let files = ["bus.passwordFile=\(folder)/bus.password", "bus.caFile=\(folder)/bus-ca.crt"]
      return try Running(arguments + files.flatMap { ["-c", $0] }, in: home)
    }

    private var homes: [Sandbox] = []

    func desk(_ agent: String) throws -> Running {
      try run(["--json", "--line", "demo", "-c", "bus.keepalive=5"], as: "desks/\(agent)")
    }
  }

  private func isTold(
    _ floor: Running, after before: Int = 0, seconds: Double = 40, _ agent: String,
    _ fields: [String: String]
  ) -> Bool {
    let wanted = fields.merging(["type": "agent", "agent": agent]) { $1 }
    return floor.wait(seconds: seconds) {
      floor.messages.dropFirst(before).contains { Running.matches($0, wanted) }
    }
  }

  @Test func threeDesksAndAFloorWhateverDies() async throws {
    let house = try await House()
    let floor = try house.run(["floor", "--json"], as: "floors/sup-red")
    let boss = try house.run(["floor", "--json"], as: "floors/boss")
    // What was said before a floor listened is not fresh until it is said again.
    for listening in [floor, boss] {
      #expect(listening.wait(for: ["type": "link", "state": "up"]))
    }
    let one = try house.desk("red/1001")
    let two = try house.desk("red/1002")
    let three = try house.desk("blue/2001")
    for agent in ["red/1001", "red/1002"] {
      #expect(isTold(floor, agent, ["seat": "2", "lease": "fresh"]), "\(agent)")
    }
    #expect(isTold(boss, "blue/2001", ["seat": "2", "lease": "fresh"]))
    one.send(#"{"command":"dial","phone":"13212345678","info":"x"}"#)
    #expect(isTold(floor, "red/1001", ["seat": "3", "call": "3", "lease": "fresh"]))
    #expect(
      !floor.messages.contains { ($0["agent"] as? String)?.hasPrefix("blue/") == true },
      "a team's supervisor sees her team")

    // A desk dies: its will tells it, its call does not count, and a new one is believed.
    kill(two.pid, SIGKILL)
    #expect(isTold(floor, "red/1002", ["seat": "1", "call": "0"]))
    var before = floor.messages.count
    let again = try house.desk("red/1002")
    #expect(isTold(floor, after: before, "red/1002", ["seat": "2", "lease": "fresh"]))

    // The broker dies: it says so at once, and within two leases everything is right again.
    before = floor.messages.count
    await house.kill()
    #expect(floor.wait(for: ["type": "link", "state": "down"]))
    again.send(#"{"command":"dial","phone":"13212345678","info":"x"}"#)
    #expect(again.wait(for: ["type": "call", "phase": "talking"]))
    kill(three.pid, SIGKILL)
    try await house.start()
    #expect(isTold(floor, after: before, "red/1002", ["seat": "3", "call": "3"]))
    #expect(isTold(floor, after: before, seconds: 90, "red/1001", ["lease": "fresh"]))
    // Nobody said of the third that it died: it is unknown once its lease is over, never idle.
    #expect(isTold(boss, seconds: 90, "blue/2001", ["lease": "stale"]))
    await house.stop()
  }

  @Test func aForgedWordIsDroppedAndNamed() async throws {
    let house = try await House()
    let floor = try house.run(["floor", "--json"], as: "floors/sup-red")
    let honest = try house.desk("red/1001")
    #expect(isTold(floor, "red/1001", ["seat": "2", "lease": "fresh"]))
    let password = try #require(house.sandbox.text("bus/desks/red/1002/ccterm/bus.password"))
      .trimmingCharacters(in: .newlines)
    let folder = try TestFolder()
    let forger = try Peer(
      "mosquitto_pub",
      [
        "-h", "localhost", "-p", "\(house.port)", "--cafile",
        house.sandbox.path("bus/tls/ca.crt"), "-u", "red/1002", "-P", password, "-t",
        "cc/v1/red/1001/seat", "-m",
        #"{"v":1,"e":\#(Int64(Date().timeIntervalSince1970 * 1000)),"n":9,"seat":5}"#,
      ], in: folder)
    #expect(await forger.exitCode() == 0, "\(folder.read("mosquitto_pub.out"))")
    try await eventually("the log names it") {
      house.log.contains("Denied PUBLISH from red/1002")
        && house.log.contains("'cc/v1/red/1001/seat'")
    }
    honest.send(#"{"command":"dial","phone":"13212345678","info":"x"}"#)
    #expect(isTold(floor, "red/1001", ["seat": "3", "call": "1"]))
    #expect(!floor.has(["type": "agent", "agent": "red/1001", "seat": "5"]))
    await house.stop()
  }
}
