// A floor behind a real broker: what it believes of what comes, and what it does not.

import CCCore
import CCFeed
import CCTestSupport
import Foundation
import Testing

/// A feed and the floor that it feeds.
final class FloorEar {
  let feed: FloorBusFeed
  var floor: Floor
  private(set) var news: [BusEvent] = []
  private(set) var others: [BusMessage] = []

  init(
    _ port: UInt16, team: String? = nil, filters: [String] = [],
    _ change: (inout BusClient.Settings) -> Void = { _ in }
  ) throws {
    var settings = BusClient.Settings(
      address: try BusAddress("mqtt://127.0.0.1:\(port)"), clientID: "floor-\(UUID())")
    change(&settings)
    feed = try FloorBusFeed(settings, team: team, filters: filters)
    floor = Floor(at: Self.now())
    try feed.start()
  }

  deinit { feed.stop() }

  static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(
      uptime: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec),
      unix: Int64(Date().timeIntervalSince1970 * 1000))
  }

  func pump() {
    let batch = feed.take()
    news += batch.news
    others += batch.others
    for event in batch.events { _ = floor.handle(event, at: Self.now()) }
  }

  func wait(
    for what: String, within seconds: Double = 20, _ holds: (Floor) -> Bool
  ) async throws {
    try await eventually(what, within: seconds) {
      pump()
      return holds(floor)
    }
  }

  func row(_ agent: String) -> FloorRow? {
    AgentKey(team: "red", agent: agent).flatMap { floor.row($0) }
  }
}

@Suite struct BusFloorTests {
  private func key(_ agent: String) throws -> AgentKey {
    try #require(AgentKey(team: "red", agent: agent))
  }

  private func seat(
    _ agent: String, _ seat: Seat, _ stamp: Stamp, retained: Bool = true
  ) throws -> BusMessage {
    let update = SeatUpdate(stamp: stamp, seat: seat, since: stamp.epoch, lease: 60)
    return BusMessage(
      topic: FloorTopic(try key(agent), .seat).description, payload: FloorCodec.encode(update),
      isRetained: retained)
  }

  private var epoch: Int64 { Int64(Date().timeIntervalSince1970 * 1000) - 10_000 }

  @Test func whoComesLateSeesTenThousand() async throws {
    let broker = try await Mosquitto()
    let speaker = try BusEar(broker.port, name: "speaker")
    try await speaker.up()
    let epoch = epoch
    for number in 0..<10_000 {
      let message = try seat("\(number)", .idle, Stamp(epoch: epoch, sequence: 1))
      while !speaker.client.publish(message) { try await Task.sleep(for: .milliseconds(1)) }
    }
    var last = try seat("last", .busy, Stamp(epoch: epoch, sequence: 1))
    last.tag = 1
    #expect(speaker.client.publish(last))
    try await speaker.wait(for: "all is said", within: 60) { $0.contains(.delivered(tag: 1)) }
    let floor = try FloorEar(broker.port)
    try await floor.wait(for: "10,001 agents", within: 60) { $0.agentCount == 10_001 }
    #expect(floor.floor.totals.bySeat[.idle] == 10_000)
    #expect(floor.row("7")?.freshness == .unverified, "kept by the broker, said by nobody")
    // The second reading brings the same, and nothing is counted twice.
    try await floor.wait(for: "a second reading") { _ in
      floor.news.filter { $0 == .subscribed }.count >= 2
    }
    #expect(floor.floor.agentCount == 10_001)
    await broker.stop()
  }

  @Test func theNewerWinsOnTheWireToo() async throws {
    let broker = try await Mosquitto()
    let speaker = try BusEar(broker.port, name: "speaker")
    let floor = try FloorEar(broker.port)
    try await speaker.up()
    try await floor.wait(for: "the bus") { _ in floor.feed.isSubscribed }
    let epoch = epoch
    // Tagged, each is sent; untagged, only the newest of a topic would be.
    for (tag, (status, part, sequence)) in [
      (Seat.idle, Int64(0), UInt32(3)), (.busy, 0, 2), (.shortBreak, -5_000, 9), (.idle, 0, 3),
      (.postCall, 0, 4), (.postCall, 0, 4),
    ].enumerated() {
      var message = try seat("1", status, Stamp(epoch: epoch + part, sequence: sequence))
      message.tag = UInt64(tag + 1)
      #expect(speaker.client.publish(message))
    }
    try await floor.wait(for: "the newest") { _ in floor.row("1")?.seat == .postCall }
    #expect(floor.floor.anomalies[.outdated] == 2)
    // A will that comes late, of a connection that is over.
    let late = BusMessage(
      topic: "cc/v1/red/1/seat", payload: FloorCodec.will(epoch: epoch - 1), isRetained: true)
    #expect(speaker.client.publish(late))
    try await floor.wait(for: "counted") { $0.anomalies[.outdated] == 3 }
    #expect(floor.row("1")?.seat == .postCall)
    await broker.stop()
  }

  @Test func whatCannotBeReadIsCountedAndNamed() async throws {
    var setup = Mosquitto.Setup()
    setup.longestPacket = nil
    let broker = try await Mosquitto(setup)
    let floor = try FloorEar(broker.port, filters: ["cc/v1/#"])
    try await floor.wait(for: "the bus") { _ in floor.feed.isSubscribed }
    let folder = try TestFolder()
    let large = try folder.write("large", String(repeating: "x", count: 1 << 20))
    let future = Int64(Date().timeIntervalSince1970 * 1000) + 31_536_000_000
    let payloads: [(topic: String, arguments: [String])] = [
      ("cc/v1/red/1/seat", ["-m", "garbage"]),
      ("cc/v1/red/1/seat", ["-m", #"{"v":2,"e":1,"n":1,"seat":2}"#]),
      ("cc/v1/red/1/seat", ["-f", large]),
      ("cc/v1/red/1/nose", ["-m", "{}"]),
      ("cc/v1/red/a b/seat", ["-m", #"{"v":1,"e":1,"n":1,"seat":2}"#]),
      ("cc/v1/red/1/seat", ["-m", "{\"v\":1,\"e\":\(future),\"n\":1,\"seat\":2}"]),
    ]
    for (topic, arguments) in payloads {
      let peer = try Peer(
        "mosquitto_pub", ["-p", "\(broker.port)", "-t", topic] + arguments, in: folder)
      #expect(await peer.exitCode() == 0)
    }
    try await floor.wait(for: "all counted") { floor in
      floor.anomalies[.badPayload, default: 0] >= 2 && floor.anomalies[.wrongVersion] == 1
        && floor.anomalies[.foreignTopic] == 2 && floor.anomalies[.futureEpoch] == 1
    }
    #expect(floor.floor.agentCount == 0)
    let tooLong = floor.news.contains {
      if case .tooLong(let topic) = $0 { topic == "cc/v1/red/1/seat" } else { false }
    }
    #expect(tooLong)
    await broker.stop()
  }

  @Test func aZombieIsNeverFreshAndRunsOut() async throws {
    let broker = try await Mosquitto()
    let speaker = try BusEar(broker.port, name: "speaker")
    try await speaker.up()
    // Its agent is gone and no will tells it.
    var ghost = try seat("1", .idle, Stamp(epoch: epoch, sequence: 5))
    ghost.tag = 1
    #expect(speaker.client.publish(ghost))
    try await speaker.wait(for: "kept") { $0.contains(.delivered(tag: 1)) }
    let floor = try FloorEar(broker.port)
    try await floor.wait(for: "the ghost") { $0.agentCount == 1 }
    #expect(floor.row("1")?.freshness == .unverified)
    try await floor.wait(for: "a second reading") { _ in
      floor.news.filter { $0 == .subscribed }.count >= 2
    }
    #expect(floor.row("1")?.freshness == .unverified)
    let later = FloorEar.now().advanced(by: 61 * Instant.second)
    _ = floor.floor.handle(.time, at: later)
    #expect(floor.row("1")?.shownSeat == nil, "its lease ran out")
    await broker.stop()
  }

  @Test func aForgedWordIsDroppedAndSeenInTheLog() async throws {
    var setup = Mosquitto.Setup()
    setup.users = ["red/1": "one", "red/2": "two", "sup": "watch"]
    setup.acl = ["user sup", "topic read cc/v1/red/+/seat", "topic write cc/v1/red/+/cmd/+"]
    let broker = try await Mosquitto(setup)
    let as_ = { (user: String, password: String) in
      { (settings: inout BusClient.Settings) in
        settings.user = user
        settings.password = Secret(password)
      }
    }
    let floor = try FloorEar(broker.port, as_("sup", "watch"))
    try await floor.wait(for: "the bus") { _ in floor.feed.isSubscribed }
    let forger = try BusEar(broker.port, name: "forger", as_("red/2", "two"))
    try await forger.up()
    let epoch = epoch
    var forged = try seat("1", .shortBreak, Stamp(epoch: epoch, sequence: 9))
    forged.tag = 1
    #expect(forger.client.publish(forged))
    #expect(forger.client.publish(try seat("2", .idle, Stamp(epoch: epoch, sequence: 1))))
    try await floor.wait(for: "the honest word") { _ in floor.row("2")?.seat == .idle }
    #expect(floor.row("1") == nil, "the forged one was not passed on")
    try await eventually("the log names it") {
      broker.log.contains("Denied PUBLISH from forger")
        && broker.log.contains("cc/v1/red/1/seat")
    }
    // Nor may a supervisor say how an agent is, nor an agent hear another's commands.
    let spy = try BusEar(
      broker.port, name: "spy", filters: ["cc/v1/red/1/cmd/+"], as_("red/2", "two"))
    try await spy.up()
    let owner = try BusEar(
      broker.port, name: "owner", filters: ["cc/v1/red/1/cmd/+"], as_("red/1", "one"))
    try await owner.up()
    let word = BusMessage(
      topic: "cc/v1/red/1/cmd/message", payload: Array("{}".utf8), isRetained: false)
    #expect(floor.feed.publish(word))
    try await owner.wait(for: "the command") { _ in owner.messages.count == 1 }
    spy.client.reread()
    try await spy.wait(for: "an answer to the spy") { $0.filter { $0 == .subscribed }.count >= 2 }
    #expect(spy.messages.isEmpty)
    await broker.stop()
  }

  @Test func aBrokerThatDiesAndComesBackIsReadAnew() async throws {
    let broker = try await Mosquitto()
    let speaker = try BusEar(broker.port, name: "speaker") {
      $0.will = AgentKey(team: "red", agent: "1")
    }
    try await speaker.up()
    let floor = try FloorEar(broker.port)
    #expect(speaker.client.publish(try seat("1", .idle, Stamp(epoch: epoch, sequence: 5))))
    try await floor.wait(for: "her") { $0.agentCount == 1 }
    await broker.kill()
    try await floor.wait(for: "not live") { if case .down = $0.feed { true } else { false } }
    try await broker.start()
    try await floor.wait(for: "live again", within: 30) { $0.feed == .up }
    #expect(floor.row("1")?.freshness == .unverified, "nobody has said it since")
    try await speaker.up(times: 2)
    let ups = speaker.events.compactMap { event -> Int64? in
      if case .up(let epoch, _) = event { epoch } else { nil }
    }
    #expect(ups.count == 2 && ups[0] < ups[1], "each connection has a later epoch")
    #expect(speaker.client.publish(try seat("1", .busy, Stamp(epoch: ups[1], sequence: 1))))
    try await floor.wait(for: "fresh") { _ in floor.row("1")?.freshness == .fresh }
    await broker.stop()
  }
}
