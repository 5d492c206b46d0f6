// What `ccterm bus init` writes, and the examples in packaging/ that show it.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCTerm

@Suite struct BusFilesTests {
  private static func plan() throws -> BusPlan {
    BusPlan(
      folder: "/etc/ccterm-bus", hosts: ["broker.example", "192.0.2.10"], listen: "0.0.0.0",
      port: 8883, owner: "mosquitto",
      agents: try ["red/1001", "red/1002", "blue/2001"].map { try #require(BusPlan.agent($0)) },
      supervisors: [.init(name: "sup-red", team: "red"), .init(name: "boss", team: nil)],
      feeds: [.init(name: "cloud", team: nil)])
  }

  @Test func packagedMosquitto() throws {
    let plan = try Self.plan()
    try Packaged.check("mosquitto/mosquitto.conf", MosquittoFiles.configuration(plan))
    try Packaged.check("mosquitto/desks.acl", MosquittoFiles.desks)
    try Packaged.check("mosquitto/floors.acl", MosquittoFiles.floors(plan))
    try Packaged.check(
      "mosquitto/desk-config.yaml",
      SeatFiles.desk(team: "red", agent: "1001", url: "mqtts://broker.example:8883"))
    try Packaged.check(
      "mosquitto/floor-config.yaml",
      SeatFiles.floor(user: "sup-red", url: "mqtts://broker.example:8884"))
  }

  @Test func packagedNATS() throws {
    let cluster = NATSFiles(
      plan: try Self.plan(), nodes: ["n1.example", "n2.example", "n3.example"], clientPort: 4222,
      clusterPort: 6222)
    for node in 0..<3 { try Packaged.check("nats/n\(node + 1).conf", cluster.configuration(node)) }
    try Packaged.check("nats/users.conf", cluster.users { "PASSWORD-OF-\($0)" })
  }

  @Test func threeServersOnOneMachineCountTheirPortsUp() throws {
    let cluster = NATSFiles(
      plan: try Self.plan(), nodes: ["127.0.0.1", "127.0.0.1", "127.0.0.1"], clientPort: 4222,
      clusterPort: 6222)
    #expect(cluster.doors == ["127.0.0.1:8883", "127.0.0.1:8884", "127.0.0.1:8885"])
    #expect(cluster.configuration(2).contains("listen: \"0.0.0.0:6224\""))
    #expect(cluster.configuration(2).contains("store_dir: \"/etc/ccterm-bus/data/n3\""))
  }

  @Test func agentsOfAFile() throws {
    let text = "# the floor\nred/1001\n\n  blue/2001   # new\r\n"
    let agents = try BusPlan.agents(inFile: Array(text.utf8), path: "agents.txt")
    #expect(agents.map(\.description) == ["red/1001", "blue/2001"])
    #expect(
      throws: Failure.usage(
        "agents.txt, line 2: red/10 01 is no agent; a line is TEAM/AGENT, each 1 to 64 of "
          + "A-Z a-z 0-9 _ -.")
    ) {
      _ = try BusPlan.agents(inFile: Array("red/1\nred/10 01\n".utf8), path: "agents.txt")
    }
  }

  @Test(arguments: ["", "red", "red/", "/1", "red/1/2", "re d/1", "red/#", "r\u{e9}d/1", "+/1"])
  func noAgent(_ text: String) { #expect(BusPlan.agent(text) == nil) }

  @Test(arguments: ["", "sup:", ":red", "sup:red:blue", "red/1", "s p"])
  func noUser(_ text: String) { #expect(BusPlan.user(text) == nil) }

  @Test(arguments: ["", "a b", "-x", "a\nb", "a:1", "\"", "a,b"])
  func noHost(_ text: String) { #expect(!BusPlan.isHost(text)) }
}

@Suite struct BusInitTests {
  @Test func makesASetForItsOwnerOnly() throws {
    let sandbox = try Sandbox()
    let agents = try sandbox.write("agents.txt", "red/1001\nred/1002\n")
    let run = try Running.once(
      [
        "bus", "init", sandbox.path("bus"), "--agents", agents, "--supervisor", "sup-red:red",
        "--feed", "cloud", "--host", "localhost", "--host", "127.0.0.1",
      ], in: sandbox)
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.out.first?.contains("2 agents, 1 supervisor, 1 feed") == true)
    let names = try FileManager.default.subpathsOfDirectory(atPath: sandbox.path("bus")).sorted()
    #expect(
      names.filter { !$0.contains("ccterm") } == [
        "README", "desks", "desks.acl", "desks.passwd", "desks/red", "desks/red/1001",
        "desks/red/1002", "feeds", "feeds/cloud", "floors", "floors.acl", "floors.passwd",
        "floors/sup-red", "mosquitto.conf", "tls", "tls/ca.crt", "tls/ca.key", "tls/openssl.cnf",
        "tls/server.crt", "tls/server.key",
      ])
    for name in names {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(
        atPath: sandbox.path("bus/\(name)"), isDirectory: &isFolder)
      #expect(sandbox.mode("bus/\(name)") == (isFolder.boolValue ? 0o700 : 0o600), "\(name)")
    }
    // Hashed where the broker reads it, plain only where its owner does, printed nowhere.
    let password = try #require(sandbox.text("bus/desks/red/1001/ccterm/bus.password"))
      .trimmingCharacters(in: .newlines)
    #expect(password.count == 32)
    let hashes = try #require(sandbox.text("bus/desks.passwd"))
    #expect(hashes.contains("red/1001:$7$"))
    for text in [hashes, run.out.joined(), run.errors, sandbox.text("bus/README") ?? ""] {
      #expect(!text.contains(password))
    }
  }

  @Test func neverOverwrites() throws {
    let sandbox = try Sandbox()
    try sandbox.write("bus/mine", "precious")
    let run = try Running.once(["bus", "init", sandbox.path("bus")], in: sandbox)
    #expect(run.code == 1)
    #expect(run.errors.contains("is not empty; a set goes into a new folder."))
    #expect(sandbox.text("bus/mine") == "precious")
    let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.folder.path)
    #expect(names == ["bus"])
  }

  @Test func leavesNothingWhereAToolIsMissingOrFails() throws {
    let sandbox = try Sandbox()
    // Stands in for openssl and refuses.
    try sandbox.write("bin/openssl", "#!/bin/sh\necho no entropy today >&2\nexit 1\n", mode: 0o755)
    sandbox.more["PATH"] = sandbox.path("bin") + ":/usr/bin:/bin"
    let run = try Running.once(["bus", "init", sandbox.path("bus")], in: sandbox)
    #expect(run.code == 1)
    #expect(run.errors.contains("openssl failed: no entropy today"))
    let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.folder.path)
    #expect(names == ["bin"])
  }

  @Test(arguments: [
    ["--agent", "red"], ["--agent", "red/1", "--agent", "red/1"], ["--supervisor", "a/b"],
    ["--host", "a b"], ["--listen", "nowhere"], ["--port", "0"], ["--nats", "--node", "n1"],
    ["--agents", "/nowhere"],
  ])
  func refusesWithASentence(_ options: [String]) throws {
    let sandbox = try Sandbox()
    let run = try Running.once(["bus", "init", sandbox.path("bus")] + options, in: sandbox)
    #expect(run.code == 2)
    #expect(run.errors.hasPrefix("ccterm: ") && run.errors.count > 20)
    #expect(!FileManager.default.fileExists(atPath: sandbox.path("bus")))
  }
}

/// Holds a file of `packaging/` against what is generated.
private enum Packaged {
  static func check(_ name: String, _ text: String) throws {
    let place = Repository.path("packaging/\(name)")
    if ProcessInfo.processInfo.environment["CCTERM_UPDATE_GOLDENS"] == "1" {
      try Data(text.utf8).write(to: URL(filePath: place))
    }
    let written = try String(contentsOfFile: place, encoding: .utf8)
    #expect(written == text, "packaging/\(name) is not what bus init writes; make goldens")
  }
}
