// What the desk tells and forgets: the link, the level, the token, who is on the panel.

import Testing

@testable import CCCore

@Suite struct DeskToldTests {
  @Test func everyChangeOfTheLinkIsTold() {
    var desk = Script()
    func told(_ effects: [Effect]) -> Bool { effects.contains(.tell(.link(desk.desk.link))) }
    desk.say(.line(.started))
    let up = desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(told(up) && desk.desk.link.isUp)
    let down = desk.say(.line(.unregistered(reason: "x", retryIn: nil, final: false)))
    #expect(told(down))
    let evicted = desk.say(.line(.evicted))
    #expect(told(evicted))
    #expect(Script.up().desk.program == "test")
  }

  @Test func signingOffIsShownAtOnceAndOnce() {
    var desk = Script.up()
    let seats = desk.say(.choose(.offline)).filter {
      if case .tell(.seat) = $0 { true } else { false }
    }
    #expect(seats.count == 1 && desk.desk.seat.seat == .offline)
    #expect(desk.desk.seat.cause == .agent)
  }

  @Test func aDeadLineHasNoLevel() {
    var desk = Script.up()
    let level = LineEvent.level(input: 0.5, output: 0.25)
    #expect(
      desk.say(.line(level)) == [.tell(.level(Desk.Level(input: 0.5, output: 0.25)))])
    #expect(desk.say(.line(level)) == [])
    desk.say(.line(.died(reason: "x", retryIn: 5)))
    #expect(desk.desk.level == nil)
  }

  /// After an eviction her password is asked for anew: the one in hand is not sent again.
  @Test func anEvictionForgetsTheToken() {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("old")))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.say(.line(.evicted))
    #expect(desk.say(.takeBack).contains(.fetchCredential))
    #expect(desk.asked == ["register"], "not with the old one")
  }

  @Test func aLineThatBeginsToKeepTheSeatEndsThePostCallOfTheDesk() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.call(.ended, id: "a")
    let effects = desk.say(.line(.seat(.idle)))
    #expect(effects.contains(.cancelTimer(.wrapUp)) && desk.desk.wrapUp == nil)
    #expect(desk.desk.seat.source == .line && desk.desk.seat.seat == .idle)
  }

  @Test func aStatusIsToldToTheLineWhenItChangesAndWhenSheChoosesIt() {
    var desk = Script.up([.dial, .setSeat])
    let first = desk.asked
    #expect(first.last == "seat 2")
    #expect(desk.does(.choose(.shortBreak)).asked == ["seat 5"], "once")
    #expect(desk.does(.choose(.shortBreak)).asked == ["seat 5"], "again, by hand")
    #expect(Script.up([.dial]).asked == ["register"])
  }

  @Test func whatThePBXWasToldAtLastIsNoLongerUntold() throws {
    var desk = Script.up([.dial, .setSeat])
    desk.say(.choose(.shortBreak))
    let first = try #require(desk.sent.last?.id)
    desk.say(.line(.result(id: first, ok: false, error: "no")))
    desk.say(.choose(.shortBreak))
    let second = try #require(desk.sent.last?.id)
    let effects = desk.say(.line(.result(id: second, ok: true, error: "")))
    #expect(desk.desk.seat.untold == nil && effects == [.tell(.seat(desk.desk.seat))])
  }

  @Test func offlineIsChosenInsteadOfWhatWasToCome() {
    var desk = Script.up()
    desk.say(.choose(.offline))
    desk.say(.line(.died(reason: "ended", retryIn: nil)))
    let effects = desk.say(.choose(.idle))
    #expect(effects.filter { $0 == .startLine }.count == 1)
    #expect(desk.said == [], "nothing more is said than that it signs in")
  }

  @Test func onlyTheCallOnThePanelIsJoined() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    _ = try desk.talking("b", "222")
    let behind = try #require(desk.desk.other?.id)
    let done = desk.does(.join(behind))
    #expect(done.asked == [] && done.said == ["warning: There are no two talking calls to join."])
    let gone = desk.does(.hangUp(Call.ID(99)))
    #expect(gone.said == ["warning: The call has changed: nothing was done."])
  }

  @Test func afterAConsultationAnotherOneCanBegin() throws {
    var desk = Script.up()
    let customer = try desk.talking("a", "111")
    for (id, number) in [("b", "1020"), ("c", "1030")] {
      #expect(
        desk.does(.transfer(customer, to: number, consult: true)).asked == ["consult a \(number)"])
      desk.say(.line(.callState(call: "a", held: true, muted: nil)))
      desk.call(.calling, number, id: id, .out)
      #expect(desk.desk.active?.isConsultation == true && desk.desk.active?.lineID == id)
      desk.call(.notEstablished, number, id: id, .out)
      #expect(desk.desk.active?.id == customer && desk.desk.other == nil)
    }
    #expect(desk.desk.recent.map(\.isConsultation) == [true, true])
  }

  @Test func aCallerWhoIsTurnedAwayLeavesThePanelAndSomebodyWhoGivesUpDoesNot() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111")
    desk.call(.ended, "111", id: "a")
    desk.say(.choose(.idle))
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.notEstablished, "222", id: "i", .in)
    #expect(desk.desk.active?.lineID == "i", "she missed it, and sees it")
  }

  @Test func aThirdCallIsOnePanelAndTwoBehind() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    _ = try desk.talking("b", "222", held: true)
    _ = try desk.talking("c", "333")
    let ids = desk.desk.openCalls.map(\.lineID)
    #expect(ids.count == 3 && Set(ids) == ["a", "b", "c"])
    desk.call(.ended, "333", id: "c")
    #expect(desk.desk.openCalls.count == 2 && Set(desk.desk.openCalls.map(\.id)).count == 2)
    #expect(desk.desk.active?.isOpen == true)
  }

  @Test func aRegisterThatIsRefusedWithoutALifeWaitsForNothing() throws {
    var desk = Script()
    desk.say(.line(.started))
    let command = try #require(desk.sent.last?.id)
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    let effects = desk.say(.line(.result(id: command, ok: false, error: "no")))
    #expect(desk.said == ["error: Not registered: line: no"] && desk.desk.link.isUp)
    #expect(!effects.contains { if case .startTimer = $0 { true } else { false } })
  }

  @Test func withoutASourceNothingIsFetched() {
    var desk = Script()
    desk.say(.line(.started))
    desk.say(.line(.registered(account: nil, expiresIn: 100, secure: nil)))
    desk.wait(80)
    desk.say(.timer(.renewal))
    desk.call(.talking, id: "a")
    desk.call(.ended, id: "a")
    desk.say(.line(.unregistered(reason: "x", retryIn: nil, final: true)))
    desk.say(.tryNow)
    #expect(!desk.log.contains(.fetchCredential) && desk.asked == ["register", "register"])
  }
}
