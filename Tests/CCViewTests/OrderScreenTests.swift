// A supervisor's orders on both screens: the message row, the keys, and what they are deaf to.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct OrderScreenTests {
  private static func order(_ stage: Stage, _ id: String = "a-1", _ wish: Order.Wish = .message)
    -> DeskEvent
  {
    let order = Order(
      id: id, expires: stage.now.unix + 60_000, epoch: 1, from: "sup-red", wish: wish,
      text: "break over, please")
    return .order(order, epoch: 1)
  }

  @Test func anOrderStandsInTheMessageRowAndMovesNothing() {
    var stage = Story.idleForLong
    stage.press("132 1234")
    stage.tell(Self.order(stage))
    #expect(stage.screen.focus == .dial && stage.screen.dial.text == "132 1234")
    Story.check("order", stage, file: #filePath)
    // What is typed is text; only ^X y accepts.
    stage.press("yn<Enter>")
    #expect(stage.desk.orders.count == 1)
    stage.wait(40)
    stage.press("<C-x>y")
    #expect(stage.desk.orders.isEmpty)
  }

  @Test func duringACallItIsShownToo() {
    var stage = Story.talking
    stage.tell(Self.order(stage, "a-1", .seat(.idle)))
    Story.check("order-in-call", stage, file: #filePath)
    stage.draw()
    stage.press("<C-x>n")
    #expect(stage.desk.orders.isEmpty && stage.desk.hasOpenCall)
  }

  @Test func herWordIsForTheOrderThatSheSaw() {
    var stage = Story.idleForLong
    stage.tell(Self.order(stage))
    stage.draw()
    stage.tell(Self.order(stage, "a-2", .signOff))
    _ = stage.desk.handle(.decide("a-1", accepts: true), at: stage.now)
    _ = stage.screen.press(.control("x"), stage.desk, at: stage.now)
    let requests = stage.screen.press(.character("y"), stage.desk, at: stage.now)
    #expect(requests.isEmpty)
    #expect(stage.desk.orders.map(\.order.id) == ["a-2"])
  }

  @Test func withoutAnOrderTheKeysSayWhy() {
    var stage = Story.idleForLong
    stage.press("<C-x>y")
    guard case .text(let text)? = stage.screen.message?.content else {
      Issue.record("nothing is said")
      return
    }
    #expect(text.string == "No supervisor asks anything of you.")
  }

  // MARK: The floor

  @Test func aMessageNamesItsTarget() {
    var stage = FloorStage.busy
    stage.press("m")
    #expect(stage.row(22).contains("Choose an agent"))
    stage.press("<Down>m")
    stage.press("break over, please")
    stage.check("floor-message")
    stage.press("<Enter>")
    guard case .order(.message, "break over, please", .agent(let key))? = stage.asked.last else {
      Issue.record("\(stage.asked)")
      return
    }
    #expect(key == stage.screen.selection)
  }

  @Test func aStatusIsAskedForOnceMore() {
    var stage = FloorStage.busy
    stage.press("<Down>u")
    stage.check("floor-ask")
    stage.press("o")
    stage.check("floor-sign-off")
    // Deaf at first, and to everything but y and n.
    stage.press("y")
    stage.wait(0.4)
    stage.press("<Enter>q")
    #expect(stage.asked.isEmpty)
    stage.wait(1)
    stage.press("y")
    stage.wait(0.3)
    #expect(stage.asked.count == 1)
    stage.press("ui")
    stage.wait(0.4)
    stage.press("n")
    stage.wait(0.3)
    #expect(stage.asked.count == 1)
  }

  @Test func toATeamItIsAskedWithItsSize() {
    var stage = FloorStage.busy
    stage.press("t<Down><Enter>m")
    stage.press("meeting at three<Enter>")
    stage.wait(0.4)
    #expect(stage.row(22).contains("to all 2 of blue? y/n"))
    stage.press("y")
    stage.wait(0.3)
    #expect(stage.asked == [.order(.message, "meeting at three", to: .team("blue"))])
  }

  @Test func howItStandsIsSaid() throws {
    var stage = FloorStage.busy
    let key = FloorStage.key("red/1006")
    var hand = Hand(from: "sup", seed: "x")
    for effect in hand.ask(.signOff, "", of: .agent(key), on: stage.floor, at: stage.now) {
      if case .tell(let sent) = effect { stage.screen.observe(sent, at: stage.now) }
    }
    #expect(stage.row(22) == " Li Wei, asks to sign off: sending.")
    _ = hand.delivered(1)
    stage.wait(3)
    for effect in hand.letTimePass(at: stage.now) {
      if case .tell(let sent) = effect { stage.screen.observe(sent, at: stage.now) }
    }
    #expect(stage.row(22) == " ! Li Wei, asks to sign off: delivered, no answer after 3 s.")
  }
}
