// A supervisor's orders, from both sides of each rule: what is obeyed, what is refused and why, when
// the time is over, and what the supervisor's hand makes of the answers.

import Testing

@testable import CCCore

@Suite struct OrderRuleTests {
  private static let epoch: Int64 = 1_763_900_000_000

  private static func order(
    _ id: String = "a-1", _ wish: Order.Wish = .seat(.shortBreak), in seconds: Int = 60
  ) -> Order {
    Order(
      id: id, expires: epoch + Int64(seconds) * 1000, epoch: epoch, from: "sup", wish: wish,
      text: wish == .message ? "hello" : "")
  }

  private static func answers(_ effects: [Effect]) -> [OrderAnswer] {
    effects.compactMap { if case .reply(let answer) = $0 { answer } else { nil } }
  }

  private static func up(_ policy: OrderPolicy = OrderPolicy()) -> Script {
    Script.up(
      [.dial, .hangUp, .answer, .reject], .init(line: "test", account: "1001", obey: policy))
  }

  private static func reason(_ desk: inout Script, _ wish: Order.Wish) -> SafeText? {
    answers(desk.say(.order(order("r-\(desk.log.count)", wish), epoch: epoch))).last?.reason
  }

  @Test func whatIsShownIsAllThatHappens() {
    var desk = Self.up()
    let order = Self.order()
    #expect(
      desk.say(.order(order, epoch: Self.epoch)) == [
        .reply(OrderAnswer(id: "a-1", state: .shown)), .tell(.order(order, .asked)), .bell(.soft),
        .startTimer(.orders, after: 60_001 * Instant.millisecond),
      ])
    #expect(desk.desk.orders == [WaitingOrder(order: order, since: desk.now)])
    // The same again while it waits: the same answer, and nothing twice.
    #expect(
      desk.say(.order(order, epoch: Self.epoch)) == [
        .reply(OrderAnswer(id: "a-1", state: .shown))
      ])
    #expect(desk.desk.orders.count == 1)
  }

  @Test func theNextToExpireIsWaitedFor() {
    var desk = Self.up()
    desk.say(.order(Self.order("late", in: 60), epoch: Self.epoch))
    desk.wait(1)
    let soon = desk.say(.order(Self.order("soon", .message, in: 10), epoch: Self.epoch))
    #expect(soon.last == .startTimer(.orders, after: 9_001 * Instant.millisecond))
    desk.wait(9)
    let due = desk.say(.timer(.orders))
    #expect(
      due == [
        .reply(OrderAnswer(id: "soon", state: .refused, reason: "nobody answered in time")),
        .tell(.order(Self.order("soon", .message, in: 10), .expired)),
        .startTimer(.orders, after: 50_001 * Instant.millisecond),
      ])
    let decided = desk.say(.decide("late", accepts: false))
    #expect(decided.first == .cancelTimer(.orders))
    #expect(
      decided.last == .tell(.order(Self.order("late", in: 60), .refused("refused by the agent"))))
    // A clock that jumped: a wait is never negative.
    desk.say(.order(Self.order("x", in: 60), epoch: Self.epoch))
    desk.now.unix += 70_000
    desk.say(.decide("nobody", accepts: true))
    #expect(desk.notices.last == "Nobody waits for an answer any more.")
    #expect(desk.say(.timer(.orders)).last == .cancelTimer(.orders))
    #expect(desk.desk.orders.isEmpty)
  }

  /// Whoever asks for one status and then for another wants the second; messages wait beside it.
  @Test(arguments: [
    (Order.Wish.seat(.idle), Order.Wish.seat(.shortBreak)), (.seat(.idle), .signOff),
    (.signOff, .seat(.busy)), (.seat(.idle), .seat(.idle)),
  ])
  func aNewerStatusTakesThePlaceOfTheOlder(_ first: Order.Wish, _ second: Order.Wish) {
    var desk = Self.up()
    desk.say(.order(Self.order("hello", .message), epoch: Self.epoch))
    desk.say(.order(Self.order("one", first), epoch: Self.epoch))
    var other = Self.order("other", first)
    other.from = "somebody else"
    desk.say(.order(other, epoch: Self.epoch))
    let effects = desk.say(.order(Self.order("two", second), epoch: Self.epoch))
    #expect(
      Self.answers(effects) == [
        OrderAnswer(id: "one", state: .refused, reason: "another order came after it"),
        OrderAnswer(id: "two", state: .shown),
      ])
    #expect(desk.desk.orders.map(\.order.id) == ["hello", "other", "two"])
    desk.say(.order(Self.order("more", .message), epoch: Self.epoch))
    #expect(desk.desk.orders.map(\.order.id) == ["hello", "other", "two", "more"])
    // The older one is answered the same if it comes again.
    #expect(
      Self.answers(desk.say(.order(Self.order("one", first), epoch: Self.epoch))) == [
        OrderAnswer(id: "one", state: .refused, reason: "another order came after it")
      ])
  }

  @Test func anOrderEndsAtItsMoment() {
    for (seconds, isLate) in [(0, true), (1, false)] {
      var desk = Self.up()
      let effects = desk.say(.order(Self.order("a", in: seconds), epoch: Self.epoch))
      #expect((Self.answers(effects).first?.reason == "came too late") == isLate)
      #expect(desk.desk.orders.isEmpty == isLate)
    }
  }

  @Test func accepted() {
    var desk = Self.up()
    let order = Self.order()
    desk.say(.order(order, epoch: Self.epoch))
    let effects = desk.say(.decide("a-1", accepts: true))
    #expect(
      Array(effects.prefix(3)) == [
        .cancelTimer(.orders), .reply(OrderAnswer(id: "a-1", state: .done)),
        .tell(.order(order, .done)),
      ])
    #expect(desk.desk.seat.seat == .shortBreak)
    // A message changes nothing but that it was read; signing off is offline.
    desk.say(.order(Self.order("m", .message), epoch: Self.epoch))
    desk.say(.decide("m", accepts: true))
    #expect(desk.desk.seat.seat == .shortBreak)
    desk.say(.order(Self.order("o", .signOff), epoch: Self.epoch))
    #expect(desk.say(.decide("o", accepts: true)).contains(.stopLine))
    #expect(desk.desk.seat.seat == .offline)
  }

  @Test func eachKindHasItsOwnRule() {
    for kind in 0..<3 {
      let rules = (0..<3).map { $0 == kind ? OrderPolicy.Rule.never : .always }
      var desk = Self.up(OrderPolicy(message: rules[0], seat: rules[1], signOff: rules[2]))
      let wishes: [Order.Wish] = [.message, .seat(.shortBreak), .signOff]
      for (index, wish) in wishes.enumerated() {
        let answer = Self.answers(desk.say(.order(Self.order("\(index)", wish), epoch: Self.epoch)))
        #expect(answer.map(\.state) == [index == kind ? .refused : .done], "\(wish)")
      }
    }
    #expect(OrderPolicy() == OrderPolicy(message: .ask, seat: .ask, signOff: .ask))
  }

  @Test func whatCannotBeDoneIsRefusedByName() {
    let always = OrderPolicy(message: .always, seat: .always, signOff: .always)
    var desk = Self.up(always)
    #expect(Self.reason(&desk, .seat(.postCall)) == "that status cannot be chosen")
    #expect(Self.reason(&desk, .seat(.unknown(7))) == "that status cannot be chosen")
    #expect(desk.desk.seat.seat == .idle)
    desk.say(.choose(.offline))
    let before = desk.log.count
    #expect(Self.reason(&desk, .signOff) == "offline already")
    #expect(Self.reason(&desk, .seat(.idle)) == "the agent is offline")
    #expect(desk.log[before...].allSatisfy { $0 != .startLine })
    #expect(desk.desk.link == .off(since: desk.now))

    var evicted = Self.up(always)
    evicted.say(.line(.evicted))
    #expect(Self.reason(&evicted, .seat(.idle)) == "signed in elsewhere")
    #expect(Self.reason(&evicted, .message) == "", "a message can be read all the same")
  }

  /// A line that keeps the seat: only where it can be told is it told.
  @Test func aLineThatKeepsTheSeat() {
    let always = OrderPolicy(seat: .always)
    for (abilities, isTold) in [
      ([.dial, .seat], false), ([.dial, .seat, .setSeat], true),
    ] as [(Abilities, Bool)] {
      var desk = Script.up(abilities, .init(obey: always))
      desk.say(.line(.seat(.idle)))
      let reason = Self.reason(&desk, .seat(.shortBreak))
      #expect(reason == (isTold ? "" : "this desk's line sets the status by itself"))
      #expect(
        desk.sent.contains { if case .setSeat(_, 5) = $0 { true } else { false } } == isTold)
    }
  }

  /// What is done while that line is away is kept for its return, and told as done.
  @Test func anOrderWaitsForTheLine() {
    var desk = Script.up([.dial, .seat, .setSeat], .init(obey: OrderPolicy(seat: .always)))
    desk.say(.line(.seat(.idle)))
    desk.say(.line(.died(reason: "x", retryIn: 5)))
    #expect(Self.reason(&desk, .seat(.shortBreak)) == "")
    #expect(desk.desk.seat.pending == .shortBreak)
    // One that takes no wishes does not take them later either; signing off needs nobody.
    var alone = Script.up(
      [.dial, .seat], .init(obey: OrderPolicy(seat: .always, signOff: .always)))
    alone.say(.line(.seat(.idle)))
    let why: SafeText = "this desk's line sets the status by itself"
    #expect(Self.reason(&alone, .signOff) == why)
    alone.say(.line(.unregistered(reason: "away", retryIn: nil, final: false)))
    #expect(Self.reason(&alone, .seat(.shortBreak)) == why)
    #expect(Self.reason(&alone, .signOff) == "")
    #expect(alone.desk.link == .off(since: alone.now))
  }

  /// Nobody waits any more: that is said to her, as a warning.
  @Test func aWordThatComesTooLate() {
    var desk = Self.up()
    #expect(
      desk.does(.decide("a-1", accepts: true)).said
        == ["warning: Nobody waits for an answer any more."])
    // What has run out meanwhile is looked at at once, and what never ends once a day.
    desk.say(.order(Self.order("a", .message, in: 5), epoch: Self.epoch))
    desk.say(.order(Self.order("b", in: 60), epoch: Self.epoch))
    desk.wait(10)
    let effects = desk.say(.decide("b", accepts: false))
    #expect(effects.first == .startTimer(.orders, after: Instant.millisecond))
    for (seconds, wait) in [(86_400, 86_400_001), (86_401, 86_400_001), (86_399, 86_399_001)] {
      var endless = Self.up()
      let order = Self.order("o", in: seconds)
      #expect(
        endless.say(.order(order, epoch: Self.epoch)).last
          == .startTimer(.orders, after: Int64(wait) * Instant.millisecond))
    }
  }

  @Test func theBellIsForWhoHasNoCall() {
    var desk = Self.up()
    desk.call(.calling)
    #expect(!desk.say(.order(Self.order(), epoch: Self.epoch)).contains(.bell(.soft)))
    desk.call(.notEstablished)
    #expect(desk.say(.order(Self.order("b"), epoch: Self.epoch)).contains(.bell(.soft)))
  }

  @Test func eightWaitAndTheNextIsRefused() {
    var desk = Self.up()
    for number in 1...8 {
      let effects = desk.say(.order(Self.order("a-\(number)", .message), epoch: Self.epoch))
      #expect(Self.answers(effects).map(\.state) == [.shown])
    }
    let ninth = Self.order("a-9", .message)
    #expect(
      desk.say(.order(ninth, epoch: Self.epoch)) == [
        .reply(OrderAnswer(id: "a-9", state: .refused, reason: "too many wait already")),
        .tell(.order(ninth, .refused("too many wait already"))),
      ])
  }

  /// Sixty-four answers are remembered: of those an order that comes twice is not obeyed twice.
  @Test func theLastSixtyFourAreRemembered() {
    var desk = Self.up(OrderPolicy(message: .always))
    for number in 0..<65 {
      desk.say(.order(Self.order("a-\(number)", .message), epoch: Self.epoch))
    }
    let known = Self.order("a-1", .message)
    #expect(
      desk.say(.order(known, epoch: Self.epoch)) == [
        .reply(OrderAnswer(id: "a-1", state: .done))
      ])
    let forgotten = Self.order("a-0", .message)
    #expect(
      desk.say(.order(forgotten, epoch: Self.epoch)).contains(.tell(.order(forgotten, .done))))
  }

  @Test func inWords() {
    func words(_ wish: Order.Wish, _ text: SafeText = "") -> String {
      Order(id: "a", expires: 0, epoch: 0, from: "s", wish: wish, text: text).words
    }
    #expect(words(.message, "hello") == "hello")
    #expect(words(.seat(.idle)) == "asks for idle")
    #expect(words(.signOff, "fire drill") == "asks to sign off (fire drill)")
    #expect(
      [Order.Wish.message, .seat(.idle), .signOff].map(\.kind) == [.message, .seat, .signOff])
  }
}

@Suite struct HandRuleTests {
  private static func now(_ milliseconds: Int64 = 0) -> Instant {
    Instant(uptime: milliseconds * Instant.millisecond, unix: 1_763_900_100_000 + milliseconds)
  }

  /// 1 and 2 are idle, 3 is offline, 4 is of another team, 5 is not known any more.
  private static func floor() throws -> Floor {
    var floor = Floor(at: now())
    _ = floor.handle(.feed(.up), at: now())
    for (agent, team, seat, lease) in [
      ("1", "red", .idle, 60), ("2", "red", .busy, 60), ("3", "red", .offline, 60),
      ("4", "blue", .idle, 60), ("5", "red", .idle, 1),
    ] as [(String, String, Seat, Int)] {
      let update = SeatUpdate(
        stamp: Stamp(epoch: 1_763_900_000_000, sequence: 1), seat: seat, lease: lease)
      _ = floor.handle(.seat(try floorKey(agent, team), update, retained: false), at: now())
    }
    _ = floor.handle(.time, at: now(1_000))
    return floor
  }

  @Test func aTeamIsWhoIsSignedInAndKnown() throws {
    var hand = Hand(from: "sup", seed: "x")
    let asked = hand.ask(.message, "hello", of: .team("red"), on: try Self.floor(), at: Self.now())
    let to = asked.compactMap { effect -> String? in
      if case .send(let key, _, _) = effect { key.agent } else { nil }
    }
    #expect(Set(to) == ["1", "2"] && asked.count == 4)
    #expect(Set(hand.orders.map(\.order.id)) == ["x-1", "x-2"])
    #expect(hand.orders.allSatisfy { $0.state == .sending && $0.name == SafeText($0.key.agent) })
    #expect(hand.ask(.message, "", of: .team("green"), on: try Self.floor(), at: Self.now()) == [])
    let nobody = HandTarget.agent(try floorKey("9"))
    #expect(hand.ask(.message, "", of: nobody, on: try Self.floor(), at: Self.now()) == [])
    // Without a clock that is known the desk's is taken to be ours: a minute.
    #expect(hand.orders.first?.order.expires == Self.now().unix + 60_000)
  }

  private static func two() throws -> Hand {
    var hand = Hand(from: "sup", seed: "x")
    for agent in ["1", "2"] {
      _ = hand.ask(
        .message, "hello", of: .agent(try floorKey(agent)), on: try floor(), at: now())
    }
    return hand
  }

  /// Of two orders under way only the one that is named changes.
  @Test func anotherOrderIsLeftAlone() throws {
    var hand = try Self.two()
    #expect(hand.undelivered(1, why: "full").count == 1)
    #expect(hand.orders.map(\.state) == [.notDelivered("full"), .sending])
    #expect(hand.delivered(1) == [] && hand.undelivered(1, why: "again") == [])
    #expect(hand.delivered(2).count == 1 && hand.delivered(2) == [] && hand.delivered(3) == [])
    #expect(hand.undelivered(2, why: "late") == [])
    #expect(hand.orders.map(\.state) == [.notDelivered("full"), .sent])

    hand = try Self.two()
    _ = hand.delivered(1)
    _ = hand.delivered(2)
    let first = try floorKey("1")
    let refused = OrderAnswer(id: "x-1", state: .refused, reason: "no")
    #expect(hand.hear(OrderAnswer(id: "x-2", state: .done), from: first) == [])
    #expect(hand.hear(refused, from: first).count == 1)
    #expect(hand.hear(refused, from: first) == [])
    #expect(hand.orders.map(\.state) == [.refused("no"), .sent])
    #expect(hand.deadline == Self.now(3_000).uptime)
  }

  @Test func whatTheBrokerNeverTookIsSaid() throws {
    var hand = try Self.two()
    #expect(hand.deadline == Self.now(3_000).uptime, "while they are on their way")
    _ = hand.delivered(2)
    _ = hand.hear(OrderAnswer(id: "x-2", state: .shown), from: try floorKey("2"))
    #expect(hand.letTimePass(at: Self.now(2_999)) == [])
    let late = hand.letTimePass(at: Self.now(3_000))
    #expect(late.count == 1)
    #expect(hand.orders.map(\.state) == [.notDelivered("the broker did not take it"), .shown])
    #expect(hand.deadline == nil && hand.letTimePass(at: Self.now(9_000)) == [])
    #expect(Hand.patience == 3 * Instant.second && Hand.holdsFor == 60)
  }

  @Test func aThousandOrdersAreRemembered() throws {
    var hand = Hand(from: "sup", seed: "x")
    let floor = try Self.floor()
    let target = HandTarget.agent(try floorKey("1"))
    for _ in 0..<1_025 { _ = hand.ask(.message, "hello", of: target, on: floor, at: Self.now()) }
    #expect(hand.orders.count == 1_024)
    #expect(hand.orders.first?.order.id == "x-2" && hand.orders.last?.order.id == "x-1025")
    #expect(hand.orders.last?.tag == 1_025)
  }

  @Test func nothingMoreIsExpectedOfWhatIsFinal() {
    let open: [HandState] = [.sending, .sent, .noAnswer, .shown]
    #expect(open.allSatisfy { !$0.isFinal })
    let over: [HandState] = [.done, .refused(""), .notDelivered("")]
    #expect(over.allSatisfy { $0.isFinal })
  }

  @Test func aTextIsCutAtTwoHundredCells() throws {
    var hand = Hand(from: "sup", seed: "x")
    let long = SafeText(String(repeating: "a", count: 201))
    _ = hand.ask(
      .message, long, of: .agent(try floorKey("1")), on: try Self.floor(), at: Self.now())
    #expect(hand.orders.last?.order.text.string == String(repeating: "a", count: 199) + "…")
  }
}
