// What the agent chooses while the link is away: it waits, it is shown as waiting, and it is asked for then.

import Testing

@testable import CCCore

@Suite struct ChoiceWaitsTests {
  private func lose(_ desk: inout Script) {
    desk.say(.line(.unregistered(reason: "away", retryIn: nil, final: false)))
  }

  private func restore(_ desk: inout Script) {
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
  }

  /// A line that keeps the seat and is away: what she chooses is asked of it when it is back.
  @Test(arguments: [false, true])
  func aChoiceWaitsForTheLine(hasDied: Bool) {
    var desk = Script.up([.dial, .seat, .setSeat])
    desk.say(.line(.seat(.idle)))
    if hasDied { desk.say(.line(.died(reason: "x", retryIn: 5))) } else { lose(&desk) }
    desk.say(.choose(.busy))
    let effects = desk.say(.choose(.shortBreak))
    #expect(
      effects == [
        .tell(.seat(desk.desk.seat)),
        .tell(.notice(.info, "short break, as soon as the link is up.")),
      ])
    #expect(desk.desk.seat.pending == .shortBreak && desk.desk.seat.chosen == nil, "it is asked")
    if hasDied {
      desk.say(.line(.started))
      desk.say(.line(.hello(line: "test", abilities: [.dial, .seat, .setSeat])))
    }
    restore(&desk)
    #expect(desk.does(.line(.seat(.idle))).asked == ["seat 5"])
    #expect(desk.desk.seat.pending == nil && desk.desk.seat.chosen == .shortBreak)
  }

  /// Offline is offline where the line is away too, whoever keeps the seat.
  @Test func offlineNeedsNoLine() {
    var desk = Script.up([.dial, .seat, .setSeat])
    desk.say(.line(.seat(.idle)))
    #expect(desk.does(.choose(.offline)).asked == ["seat 1"], "it is the line's")
    desk.say(.line(.died(reason: "x", retryIn: 5)))
    #expect(desk.say(.choose(.offline)).contains(.stopLine))
    #expect(desk.desk.link == .off(since: desk.now) && desk.desk.seat.seat == .offline)
  }

  /// Chosen in a call for after it, and the line is away when it ends.
  @Test(arguments: [false, true])
  func offlineAfterACallNeedsNoLine(hasDied: Bool) throws {
    var desk = Script.up([.dial, .hangUp, .seat, .setSeat])
    desk.say(.line(.seat(.idle)))
    _ = try desk.talking("a")
    lose(&desk)
    desk.say(.choose(.offline))
    #expect(desk.desk.seat.pending == .offline && desk.desk.link.isWanted)
    if hasDied {
      desk.say(.line(.died(reason: "x", retryIn: 5)))
    } else {
      desk.call(.ended, id: "a")
    }
    #expect(desk.desk.link == .off(since: desk.now) && desk.desk.seat.seat == .offline)
    // What she comes back with is asked of the line once it is there.
    desk.say(.line(.died(reason: "", retryIn: nil)))
    #expect(desk.say(.choose(.shortBreak)).contains(.startLine))
    #expect(desk.desk.seat.pending == .shortBreak && desk.desk.seat.chosen == nil)
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "test", abilities: [.dial, .seat, .setSeat])))
    restore(&desk)
    #expect(desk.does(.line(.seat(.idle))).asked == ["seat 5"])
  }

  /// A line that takes no wishes says so without a link too, as far as it is known.
  @Test func aLineThatTakesNoWishesTakesNoneWithoutALink() {
    var desk = Script.up([.dial, .seat])
    desk.say(.line(.seat(.idle)))
    lose(&desk)
    let why = ["warning: This line sets the status by itself."]
    #expect(desk.does(.choose(.busy)).said == why && desk.desk.seat.pending == nil)
    desk.say(.line(.died(reason: "x", retryIn: 5)))
    desk.say(.choose(.busy))
    desk.say(.line(.started))
    desk.say(.line(.hello(line: "test", abilities: [.dial, .seat])))
    restore(&desk)
    #expect(desk.does(.line(.seat(.idle))).said == why && desk.desk.seat.pending == nil)
  }

  /// Where the desk keeps the seat a choice without a link waits, and is shown, in the same way.
  @Test func aChoiceWaitsForTheLinkOfADeskThatKeepsTheSeat() {
    var desk = Script.up()
    let began = desk.now
    desk.wait(5)
    lose(&desk)
    desk.say(.choose(.shortBreak))
    #expect(desk.desk.seat.pending == .shortBreak && desk.desk.seat.seat == nil)
    // Post-call that ends meanwhile changes nothing of it, and the newest choice counts.
    desk.say(.choose(.idle))
    #expect(desk.desk.seat.pending == .idle)
    restore(&desk)
    #expect(desk.desk.seat.pending == nil && desk.desk.seat.seat == .idle)
    #expect(desk.desk.seat.since == began, "it has lasted all the while")
    lose(&desk)
    desk.say(.choose(.shortBreak))
    restore(&desk)
    #expect(desk.desk.seat.seat == .shortBreak && desk.desk.seat.cause == .agent)
    #expect(desk.desk.seat.since == desk.now && desk.desk.seat.chosen == .shortBreak)
  }

  @Test func aChoiceOutlastsPostCallWithoutALink() throws {
    var desk = Script.up([.dial, .hangUp])
    _ = try desk.talking("a")
    lose(&desk)
    desk.call(.ended, id: "a")
    desk.say(.choose(.shortBreak))
    desk.wait(30)
    desk.say(.timer(.wrapUp))
    #expect(desk.desk.wrapUp == nil && desk.desk.seat.pending == .shortBreak)
    restore(&desk)
    #expect(desk.desk.seat.seat == .shortBreak && desk.desk.seat.pending == nil)
  }
}
