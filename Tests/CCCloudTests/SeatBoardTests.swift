// From lists of seats to what the floor is told.

import CCCloud
import CCCore
import Testing

@Suite struct SeatBoardTests {
  private static let team = SeatBoard.Names(
    team: "sales", table: ["li@red": "red/li", "bo!": "bo"])

  /// A board, its clock and what it said last.
  private struct Desk {
    var board = SeatBoard(SeatBoardTests.team, interval: 10)
    var now = Instant(uptime: 1_000 * Instant.second, unix: 1_763_942_400_000)
    var said: [String] = []
    var updates: [AgentKey: SeatUpdate] = [:]

    mutating func poll(_ seats: [(String, Seat)], whole: Bool = true) -> [String] {
      let seats = seats.map { CloudSeat(account: $0.0, seat: $0.1) }
      let news = board.take(SeatPoll(seats: seats, isWhole: whole), at: now)
      tell()
      return news
    }

    mutating func tell(room: Int = .max) {
      var left = room
      said = []
      board.tell(at: now) { key, update in
        guard left > 0 else { return false }
        left -= 1
        said.append("\(key) \(update.seat.code)")
        updates[key] = update
        return true
      }
      said.sort()
    }

    mutating func wait(_ seconds: Double) { now = now.advanced(by: Int64(seconds * 1e9)) }
  }

  @Test("accounts become topics by themselves or by the table; what does not fit is named once")
  func names() throws {
    var desk = Desk()
    desk.board.up(epoch: 5)
    let list: [(String, Seat)] = [
      ("0705C245_001", .idle), ("li@red", .busy), ("bo!", .postCall), ("x y", .idle),
    ]
    let news = desk.poll(list)
    #expect(desk.said == ["red/li 3", "sales/0705C245_001 2", "sales/bo 4"])
    #expect(news.count == 1 && news[0].hasPrefix("x y does not fit"))
    #expect(desk.poll(list).isEmpty)
    let other = SeatBoard.Names(team: "a", table: ["x": "a/b/c", "y": "/z"])
    #expect(other.key("x") == nil && other.key("y") == nil)
  }

  @Test("only what changes is told, dated by the reading that saw it, until half a lease is over")
  func changes() throws {
    var desk = Desk()
    #expect(desk.board.lease == 30)
    desk.board.up(epoch: 5)
    _ = desk.poll([("a", .idle), ("b", .idle)])
    let a = try #require(AgentKey(team: "sales", agent: "a"))
    #expect(desk.updates[a]?.since == nil)
    #expect(desk.updates[a]?.lease == 30)
    desk.wait(10)
    _ = desk.poll([("a", .busy), ("b", .idle)])
    #expect(desk.said == ["sales/a 3"])
    #expect(desk.updates[a]?.since == desk.now.unix)
    #expect(desk.updates[a]?.stamp == Stamp(epoch: 5, sequence: 3))
    desk.wait(10)
    _ = desk.poll([("a", .busy), ("b", .idle)])
    #expect(desk.said == ["sales/b 2"])
  }

  @Test("without a reading nothing is said again: leases run out")
  func silence() {
    var desk = Desk()
    desk.board.up(epoch: 5)
    _ = desk.poll([("a", .idle)])
    desk.wait(100)
    desk.tell()
    #expect(desk.said.isEmpty)
  }

  @Test("a seat that is missing once may have moved; missing from two whole lists it is gone")
  func absence() {
    var desk = Desk()
    desk.board.up(epoch: 5)
    _ = desk.poll([("a", .idle), ("b", .idle)])
    for whole in [false, true] {
      _ = desk.poll([("a", .idle)], whole: whole)
      #expect(desk.said.isEmpty)
    }
    _ = desk.poll([("a", .idle)])
    #expect(desk.said == ["sales/b 1"])
    _ = desk.poll([("a", .idle)])
    #expect(desk.said.isEmpty)
    #expect(desk.board.count == 1)
    _ = desk.poll([("a", .idle), ("b", .busy)])
    #expect(desk.said == ["sales/b 3"])
  }

  @Test("a new connection is told everything, without one nothing; what found no room comes later")
  func connections() {
    var desk = Desk()
    _ = desk.poll([("a", .idle), ("b", .idle)])
    #expect(desk.said.isEmpty)
    desk.board.up(epoch: 5)
    desk.tell(room: 1)
    #expect(desk.said.count == 1)
    desk.tell()
    #expect(desk.said.count == 1)
    desk.board.down()
    desk.tell()
    #expect(desk.said.isEmpty)
    desk.board.up(epoch: 6)
    desk.tell()
    #expect(desk.said.count == 2)
    #expect(desk.updates.values.allSatisfy { $0.stamp.epoch == 6 })
  }

  @Test("a desk's own word is not contradicted, until it says good-bye or falls silent")
  func desks() throws {
    var desk = Desk()
    desk.board.up(epoch: 5)
    _ = desk.poll([("a", .idle)])
    let a = try #require(AgentKey(team: "sales", agent: "a"))
    func hear(_ seat: Seat, _ epoch: Int64 = 9) {
      desk.board.hear(
        a, SeatUpdate(stamp: Stamp(epoch: epoch, sequence: 1), seat: seat, lease: 60), isDesk: true,
        at: desk.now)
    }
    hear(.busy)
    _ = desk.poll([("a", .postCall)])
    #expect(desk.said.isEmpty)
    hear(.offline)
    desk.tell()
    #expect(desk.said == ["sales/a 4"])
    hear(.busy)
    desk.wait(151)
    _ = desk.poll([("a", .idle)])
    #expect(desk.said == ["sales/a 2"])
    // Its own echo, and another feed, are no desk.
    hear(.busy, 5)
    desk.board.hear(
      a, SeatUpdate(stamp: Stamp(epoch: 9, sequence: 1), seat: .busy), isDesk: false, at: desk.now)
    _ = desk.poll([("a", .postCall)])
    #expect(desk.said == ["sales/a 4"])
  }

  @Test("disabled seats are offline")
  func disabled() {
    var desk = Desk()
    desk.board.up(epoch: 5)
    let seat = CloudSeat(account: "a", seat: .idle, isEnabled: false)
    _ = desk.board.take(SeatPoll(seats: [seat], isWhole: true), at: desk.now)
    desk.tell()
    #expect(desk.said == ["sales/a 1"])
  }

  @Test("waits grow while the vendor fails, and what cannot pass is asked the slowest")
  func pace() {
    var pace = PollPace(interval: 15)
    #expect(pace.succeeded() == 15)
    #expect([1, 1, 1].map { pace.failed(mayPass: true, chance: $0) } == [30, 60, 120])
    #expect(pace.failed(mayPass: false, chance: 1) == 300)
    #expect(pace.failed(mayPass: true, chance: 0) == 225)
    #expect(pace.succeeded() == 15 && pace.failures == 0)
  }
}
