// The feed whole: the vendor's stand-in on one side, a real broker on the other.

import CCCore
import CCFeed
import CCTestSupport
import FakeVendor
import Foundation
import Testing

@Suite struct FeedProgramTests {
  /// What a floor sees on the bus.
  private final class Floor {
    let client: BusClient
    private var known: [String: SeatUpdate] = [:]

    init(_ broker: Mosquitto) throws {
      var settings = BusClient.Settings(
        address: try BusAddress("mqtt://127.0.0.1:\(broker.port)"), clientID: "floor")
      settings.filters = [BusTopic.seats(of: nil)]
      client = try BusClient(settings)
      try client.start()
    }

    var seats: [String: SeatUpdate] {
      for case .message(let message) in client.take() {
        let event = FloorCodec.event(
          topic: message.topic, payload: message.payload, retained: message.isRetained)
        if case .seat(let key, let update, _) = event { known[key.description] = update }
      }
      return known
    }

    func code(_ key: String) -> Int? { seats[key]?.seat.code }
  }

  private func start(
    _ vendor: FakeServer, _ broker: Mosquitto, in folder: TestFolder
  ) throws -> CloudProgram {
    let settings = """
      {"cloud":{"api":"\(vendor.base)","key":"\(FakeCloud.key)","secret":"\(FakeCloud.secret)",
      "team":"sales","pollSeconds":1,"topics":{"li@red":"red/li"}}}
      """
    return try CloudProgram(
      ["feed", "--to", "mqtt://127.0.0.1:\(broker.port)"], name: "feed", settings: settings,
      in: folder)
  }

  @Test("seats are seen on the floor, and their changes; a vendor's trouble is named and heals")
  func whole() async throws {
    let folder = try TestFolder()
    let broker = try await Mosquitto()
    let cloud = FakeCloud(seats: [
      .init("0705C245_001", name: "Li Wei", status: 2), .init("li@red", status: 3),
      .init("not a topic", status: 2),
    ])
    let vendor = try await FakeServer(cloud)
    let floor = try Floor(broker)
    let run = try start(vendor, broker, in: folder)
    try await eventually("both are seen", within: 30) {
      floor.code("sales/0705C245_001") == 2 && floor.code("red/li") == 3
    }
    #expect(floor.seats["sales/0705C245_001"]?.name == "Li Wei")
    #expect(floor.seats["sales/0705C245_001"]?.lease == 30)
    #expect(floor.seats.count == 2)
    await cloud.set { $0.seats[0].status = 5 }
    try await eventually("the break is seen", within: 15) { floor.code("sales/0705C245_001") == 5 }
    #expect(floor.seats["sales/0705C245_001"]?.since != nil)
    for (mood, words) in [
      (FakeCloud.Mood.refuse(-18), "(-18"), (.page, "web page"), (.refuse(-16), "-16"),
    ] {
      await cloud.set { $0.mood = mood }
      try await eventually("\(words) is named", within: 30) { run.errors.contains(words) }
      await cloud.set {
        $0.mood = .normal
        $0.seats[0].status = $0.seats[0].status == 5 ? 2 : 5
      }
      let expected = await cloud.seats[0].status
      try await eventually("it heals", within: 30) {
        floor.code("sales/0705C245_001") == expected
      }
    }
    #expect(run.errors.contains("not a topic does not fit"))
    #expect(!run.errors.contains("passw0rd") && !run.out.contains("passw0rd"))
    await run.child.stop()
    await vendor.stop()
    floor.client.stop()
    await broker.stop()
  }

  @Test("a desk's own word stands")
  func desk() async throws {
    let folder = try TestFolder()
    let broker = try await Mosquitto()
    let cloud = FakeCloud(seats: [.init("li", status: 2), .init("ana", status: 2)])
    let vendor = try await FakeServer(cloud)
    let floor = try Floor(broker)
    let run = try start(vendor, broker, in: folder)
    try await eventually("li is idle", within: 30) { floor.code("sales/li") == 2 }
    let payload = FloorCodec.encode(
      SeatUpdate(
        stamp: Stamp(epoch: Int64(Date().timeIntervalSince1970 * 1000), sequence: 1), seat: .busy,
        lease: 60), desk: 1)
    try await eventually("the desk publishes", within: 10) {
      floor.client.publish(
        BusMessage(topic: "cc/v1/sales/li/seat", payload: payload, isRetained: true))
    }
    try await eventually("the desk is seen", within: 10) { floor.code("sales/li") == 3 }
    await cloud.set {
      $0.seats[0].status = 4
      $0.seats[1].status = 4
    }
    try await eventually("ana's change is seen", within: 15) { floor.code("sales/ana") == 4 }
    #expect(floor.code("sales/li") == 3)
    await run.child.stop()
    await vendor.stop()
    floor.client.stop()
    await broker.stop()
  }
}
