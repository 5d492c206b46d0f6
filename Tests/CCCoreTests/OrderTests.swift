// A supervisor's orders: what the desk does with them, and what the supervisor comes to know.

import CCCore
import CCTestSupport
import Testing

@Suite struct DeskOrderTests {
  private static let epoch: Int64 = 1_763_900_000_000

  private static func instant(_ seconds: Int) -> Instant {
    Instant(
      uptime: Int64(seconds) * Instant.second, unix: epoch + Int64(seconds) * 1000)
  }

  private static func desk(_ policy: OrderPolicy = OrderPolicy()) -> Desk {
    var desk = Desk(settings: .init(obey: policy), at: instant(0))
    _ = desk.open(at: instant(0))
    _ = desk.handle(.line(.started), at: instant(0))
    _ = desk.handle(
      .line(.hello(line: "demo", abilities: [.dial, .hangUp])), at: instant(0))
    _ = desk.handle(
      .line(.registered(account: "1001", expiresIn: nil, secure: nil)), at: instant(0))
    return desk
  }

  private static func order(
    _ id: String = "a-1", _ wish: Order.Wish = .seat(.shortBreak), epoch: Int64 = epoch,
    expires: Int = 60
  ) -> Order {
    Order(
      id: id, expires: instant(expires).unix, epoch: epoch, from: "sup-red", wish: wish,
      text: wish == .message ? "break over, please" : "")
  }

  private static func replies(_ effects: [Effect]) -> [OrderAnswer] {
    effects.compactMap { if case .reply(let answer) = $0 { answer } else { nil } }
  }

  @Test func shownThenAccepted() {
    var desk = Self.desk()
    let came = desk.handle(.order(Self.order(), epoch: Self.epoch), at: Self.instant(1))
    #expect(Self.replies(came) == [OrderAnswer(id: "a-1", state: .shown)])
    #expect(came.contains(.bell(.soft)))
    #expect(desk.seat.seat == .idle)
    #expect(desk.orders.map(\.order.id) == ["a-1"])
    let decided = desk.handle(.decide("a-1", accepts: true), at: Self.instant(2))
    #expect(Self.replies(decided) == [OrderAnswer(id: "a-1", state: .done)])
    #expect(decided.contains(.cancelTimer(.orders)))
    #expect(desk.seat.seat == .shortBreak)
    #expect(desk.orders.isEmpty)
  }

  @Test func refusedByTheAgent() {
    var desk = Self.desk()
    _ = desk.handle(.order(Self.order(), epoch: Self.epoch), at: Self.instant(1))
    let decided = desk.handle(.decide("a-1", accepts: false), at: Self.instant(2))
    #expect(
      Self.replies(decided)
        == [OrderAnswer(id: "a-1", state: .refused, reason: "refused by the agent")])
    #expect(desk.seat.seat == .idle)
  }

  @Test func silentDuringACallAndKeptForAfterIt() {
    var desk = Self.desk()
    _ = desk.handle(.dial(phone: "13212345678", info: ""), at: Self.instant(1))
    let came = desk.handle(.order(Self.order(), epoch: Self.epoch), at: Self.instant(2))
    #expect(!came.contains(.bell(.soft)))
    #expect(Self.replies(came) == [OrderAnswer(id: "a-1", state: .shown)])
    _ = desk.handle(.decide("a-1", accepts: true), at: Self.instant(3))
    #expect(desk.seat.pending == .shortBreak)
  }

  /// Its newest answer is repeated, not that it was shown once.
  @Test func whatComesAgainAfterHerWordGetsHerWord() {
    for (accepts, state, reason) in [
      (true, OrderAnswer.State.done, ""), (false, .refused, "refused by the agent"),
    ] as [(Bool, OrderAnswer.State, SafeText)] {
      var desk = Self.desk()
      _ = desk.handle(.order(Self.order(), epoch: Self.epoch), at: Self.instant(1))
      _ = desk.handle(.decide("a-1", accepts: accepts), at: Self.instant(2))
      let again = desk.handle(.order(Self.order(), epoch: Self.epoch), at: Self.instant(3))
      #expect(again == [.reply(OrderAnswer(id: "a-1", state: state, reason: reason))])
      #expect(desk.orders.isEmpty)
    }
  }

  @Test func whatComesTwiceIsObeyedOnceAndAnsweredTheSame() {
    var desk = Self.desk(OrderPolicy(seat: .always))
    let first = desk.handle(.order(Self.order(), epoch: Self.epoch), at: Self.instant(1))
    #expect(Self.replies(first) == [OrderAnswer(id: "a-1", state: .done)])
    _ = desk.handle(.choose(.idle), at: Self.instant(2))
    let again = desk.handle(.order(Self.order(), epoch: Self.epoch), at: Self.instant(3))
    #expect(again == [.reply(OrderAnswer(id: "a-1", state: .done))])
    #expect(desk.seat.seat == .idle)
  }

  @Test func lateOrForAnotherConnectionIsRefusedByName() {
    var desk = Self.desk()
    let late = desk.handle(
      .order(Self.order("a-1", expires: 1), epoch: Self.epoch), at: Self.instant(1))
    #expect(
      Self.replies(late) == [OrderAnswer(id: "a-1", state: .refused, reason: "came too late")])
    let other = desk.handle(
      .order(Self.order("a-2", epoch: Self.epoch - 1), epoch: Self.epoch), at: Self.instant(1))
    #expect(Self.replies(other).first?.reason == "meant for an earlier sign-in of this desk")
    #expect(desk.orders.isEmpty)
  }

  @Test func policyRefusesAndALineThatSetsTheStatusDoesToo() {
    var desk = Self.desk(OrderPolicy(message: .never))
    let message = desk.handle(
      .order(Self.order("a-1", .message), epoch: Self.epoch), at: Self.instant(1))
    #expect(Self.replies(message).first?.reason == "this desk takes no such orders")
    _ = desk.handle(.line(.seat(.busy)), at: Self.instant(2))
    _ = desk.handle(.order(Self.order("a-2"), epoch: Self.epoch), at: Self.instant(3))
    let decided = desk.handle(.decide("a-2", accepts: true), at: Self.instant(4))
    #expect(Self.replies(decided).first?.state == .refused)
    #expect(desk.seat.seat == .busy)
  }

  @Test func whoDoesNotDecideInTimeHasRefused() {
    var desk = Self.desk()
    _ = desk.handle(.order(Self.order("a-1", expires: 10), epoch: Self.epoch), at: Self.instant(1))
    _ = desk.handle(
      .order(Self.order("a-2", .message, expires: 60), epoch: Self.epoch), at: Self.instant(1))
    let early = desk.handle(.timer(.orders), at: Self.instant(9))
    #expect(Self.replies(early).isEmpty)
    let due = desk.handle(.timer(.orders), at: Self.instant(11))
    #expect(
      Self.replies(due)
        == [OrderAnswer(id: "a-1", state: .refused, reason: "nobody answered in time")])
    #expect(desk.orders.map(\.order.id) == ["a-2"])
    #expect(Self.replies(desk.handle(.decide("a-1", accepts: true), at: Self.instant(12))).isEmpty)
  }

  @Test func aFloodOfOrdersIsBounded() {
    var desk = Self.desk()
    for number in 0..<200 {
      _ = desk.handle(
        .order(Self.order("a-\(number)", .message), epoch: Self.epoch), at: Self.instant(1))
    }
    #expect(desk.orders.count == 8)
  }
}

@Suite struct HandTests {
  private static let key = AgentKey(team: "red", agent: "1001")

  private static func now(_ milliseconds: Int64 = 0) -> Instant {
    Instant(uptime: milliseconds * Instant.millisecond, unix: 1_763_900_100_000 + milliseconds)
  }

  private static func floor(_ key: AgentKey, seat: Seat = .idle) -> Floor {
    var floor = Floor(at: now())
    _ = floor.handle(.feed(.up), at: now())
    let update = SeatUpdate(
      stamp: Stamp(epoch: 1_763_900_000_000, sequence: 1), seat: seat, name: "Li Wei",
      sent: 1_763_900_040_000)
    _ = floor.handle(.seat(key, update, retained: false), at: now())
    return floor
  }

  @Test func fromTheKeyToTheAgentsWord() throws {
    let key = try #require(Self.key)
    var hand = Hand(from: "sup", seed: "x")
    let floor = Self.floor(key)
    let asked = hand.ask(.message, "hello", of: .agent(key), on: floor, at: Self.now())
    guard case .send(key, let order, let tag)? = asked.first else {
      Issue.record("nothing is sent: \(asked)")
      return
    }
    #expect(order.id == "x-1" && order.epoch == 1_763_900_000_000 && order.from == "sup")
    // The desk's clock is a minute behind: by it the order holds a minute all the same.
    #expect(order.expires == 1_763_900_100_000)
    #expect(hand.delivered(tag).count == 1)
    #expect(hand.orders.last?.state == .sent)
    #expect(hand.hear(OrderAnswer(id: "x-1", state: .shown), from: key).count == 1)
    #expect(hand.deadline == nil)
    #expect(hand.hear(OrderAnswer(id: "x-1", state: .shown), from: key).isEmpty)
    #expect(hand.hear(OrderAnswer(id: "x-1", state: .done), from: key).count == 1)
    #expect(hand.hear(OrderAnswer(id: "x-1", state: .refused), from: key).isEmpty)
  }

  @Test func notDeliveredIsNotTheSameAsNoAnswer() throws {
    let key = try #require(Self.key)
    var hand = Hand(from: "sup", seed: "x")
    let floor = Self.floor(key)
    _ = hand.ask(.signOff, "", of: .agent(key), on: floor, at: Self.now())
    _ = hand.ask(.signOff, "", of: .agent(key), on: floor, at: Self.now())
    _ = hand.delivered(1)
    _ = hand.undelivered(2, why: "the broker went away")
    #expect(hand.deadline == Self.now(3000).uptime)
    #expect(hand.letTimePass(at: Self.now(2999)).isEmpty)
    #expect(hand.letTimePass(at: Self.now(3000)).count == 1)
    #expect(
      hand.orders.map(\.state) == [.noAnswer, .notDelivered("the broker went away")])
    // A word that comes late is still taken; what never left is at its end.
    #expect(hand.hear(OrderAnswer(id: "x-1", state: .done), from: key).count == 1)
    #expect(hand.hear(OrderAnswer(id: "x-2", state: .done), from: key).isEmpty)
  }

  @Test func nobodyElseAnswersForHer() throws {
    let key = try #require(Self.key)
    let other = try #require(AgentKey(team: "red", agent: "1002"))
    var hand = Hand(from: "sup", seed: "x")
    _ = hand.ask(.message, "hello", of: .agent(key), on: Self.floor(key), at: Self.now())
    #expect(hand.hear(OrderAnswer(id: "x-1", state: .done), from: other).isEmpty)
    #expect(hand.hear(OrderAnswer(id: "y-1", state: .done), from: key).isEmpty)
  }

  @Test func whoIsOfflineAndAFeedThatIsGoneAreSaidAtOnce() throws {
    let key = try #require(Self.key)
    var hand = Hand(from: "sup", seed: "x")
    var floor = Self.floor(key, seat: .offline)
    let offline = hand.ask(.message, "hello", of: .agent(key), on: floor, at: Self.now())
    #expect(offline.count == 1)
    #expect(hand.orders.last?.state == .notDelivered("her desk is offline"))
    #expect(hand.ask(.message, "hello", of: .team("red"), on: floor, at: Self.now()).isEmpty)
    floor = Self.floor(key)
    _ = floor.handle(.feed(.down(reason: "no broker")), at: Self.now())
    _ = hand.ask(.message, "hello", of: .team("red"), on: floor, at: Self.now())
    #expect(hand.orders.last?.state == .notDelivered("no broker"))
  }
}
