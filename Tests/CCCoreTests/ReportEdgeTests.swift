// Reports beside the usual ones: late by its id, of a caller and not of the dial, of a number that is
// learned, of a second call of the same number.

import Testing

@testable import CCCore

@Suite struct ReportEdgeTests {
  // MARK: Late or new

  /// A line may use an id again at once only for a dial that waits; later for another number.
  @Test func anIdUsedAgainAtOnceIsLateWhereNobodyDials() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111")
    desk.call(.ended, "111", id: "a")
    desk.call(.calling, "2025550100", id: "a")
    #expect(desk.desk.anomalies == [.lateEvent: 1] && !desk.desk.hasOpenCall)
    desk.wait(3)
    desk.call(.calling, "2025550100", id: "a")
    #expect(desk.desk.active?.number == "2025550100" && desk.desk.active?.isOpen == true)
  }

  /// A dial whose call has the id of an earlier one and names no number is that dial.
  @Test func aDialTakesAnIdThatIsUsedAgainWithoutANumber() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111")
    desk.call(.ended, "111", id: "a")
    desk.say(.dial(phone: "2025550100", info: ""))
    desk.call(.calling, nil, id: "a")
    #expect(desk.desk.attempt?.seen == true && desk.desk.active?.number == "2025550100")
  }

  /// An id is of the call that had it last: of the one before it nothing is late any more.
  @Test func anIdIsOfItsLastCall() throws {
    var desk = Script.up()
    for number in ["111", "222"] {
      desk.say(.dial(phone: number, info: ""))
      desk.call(.calling, SafeText(number).string, id: "a")
      desk.call(.notEstablished, number, id: "a", code: 486)
      desk.wait(3)
    }
    desk.say(.dial(phone: "333", info: ""))
    desk.call(.calling, "111", id: "a")
    #expect(desk.desk.attempt?.seen == true && desk.desk.anomalies.isEmpty)
    // And it is by its id that a report is late, not by another call's number.
    var other = Script.up()
    for (id, number) in [("a", "111"), ("b", "222")] {
      _ = try other.talking(id, number)
      other.call(.ended, number, id: id)
    }
    other.say(.dial(phone: "333", info: ""))
    other.call(.calling, "222", id: "a")
    #expect(other.desk.attempt?.seen == true && other.desk.anomalies.isEmpty)
  }

  /// She calls back at once whoever has just given up: what is said of the caller is not her dial.
  @Test func aLateRingOfTheCallerIsNotTheDialToHer() {
    var desk = Script.up()
    desk.call(.ringing, "111222333", id: nil, .in)
    desk.call(.notEstablished, "111222333", id: nil, .in)
    desk.say(.dial(phone: "111222333", info: ""))
    desk.call(.ringing, "111222333", id: nil, .in)
    #expect(desk.desk.anomalies == [.lateEvent: 1] && !desk.desk.hasOpenCall)
    #expect(desk.desk.attempt?.seen == false)
    desk.call(.ringing, "111222333", id: nil, nil)
    #expect(desk.desk.attempt?.seen == true && desk.desk.active?.direction == .out)
  }

  /// The end of a dial that never became a call is its outcome, and nothing odd.
  @Test func theEndOfAnUnseenDialIsNotCounted() {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    desk.call(.notEstablished, "1020", id: nil, code: 486)
    #expect(desk.outcomes == [.rejected] && desk.desk.anomalies.isEmpty)
  }

  /// The end of a call that had no id, once more under one, is late; under another id it is nobody's.
  @Test func anEndOnceMoreUnderAnIdIsLate() {
    for (first, kind) in [(nil, Anomaly.lateEvent), ("a", .endWithoutCall)] as [(String?, Anomaly)]
    {
      var desk = Script.up()
      desk.call(.talking, "111", id: first)
      desk.call(.ended, "111", id: first)
      desk.wait(10)
      desk.call(.ended, "111", id: "x")
      #expect(desk.desk.anomalies == [kind: 1])
    }
  }

  /// A second call of the same number that was answered ends with its own 4.
  @Test func aFourEndsTheSecondCallOfANumberOnceItTalks() {
    for isAnswered in [true, false] {
      var desk = Script.up()
      desk.call(.talking)
      desk.call(.ended)
      desk.wait(1)
      desk.call(.calling)
      if isAnswered { desk.call(.talking) }
      desk.call(.ended)
      #expect(desk.desk.hasOpenCall == !isAnswered, "before its answer it is the first one's again")
      #expect(desk.desk.recent.count == (isAnswered ? 2 : 1))
    }
  }

  // MARK: Whose a report is on a line without ids

  /// A direction that was only read from a ring speaks against nothing; one that was told does.
  @Test func aGuessedDirectionIsCorrected() {
    var desk = Script.up()
    desk.call(.ringing, "111222333", id: nil, nil)
    desk.call(.ringing, "111222333", id: nil, .out)
    #expect(desk.desk.openCalls.map(\.direction) == [.out] && desk.desk.recent.isEmpty)
  }

  /// A number that comes later is the call's; a third one is another call's.
  @Test func aNumberThatIsLearnedIsTheCalls() {
    var desk = Script.up()
    desk.call(.ringing, nil, id: nil, .in)
    desk.call(.ringing, "111222333", id: nil, .in)
    #expect(desk.desk.openCalls.map(\.number) == ["111222333"] && desk.desk.recent.isEmpty)
    desk.call(.ringing, "2025550100", id: nil, .in)
    #expect(desk.desk.openCalls.map(\.number) == ["2025550100"])
    #expect(desk.desk.recent.map(\.number) == ["111222333"])
  }

  // MARK: Its place

  /// More than sixteen calls are not followed, but for the one that she dialled.
  @Test func theSeventeenthCallIsFollowedIfSheDialledIt() {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    for number in 1...17 { desk.call(.ringing, "\(2_025_550_100 + number)", id: "i\(number)", .in) }
    #expect(desk.desk.openCalls.count == 16 && desk.desk.anomalies == [.extraCall: 1])
    desk.call(.calling, "1020", id: "a", .out)
    #expect(desk.desk.openCalls.count == 17 && desk.desk.attempt?.seen == true)
    #expect(desk.desk.anomalies == [.extraCall: 1])
  }

  @Test func aCallerLeavesTheHeldCallOnThePanel() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    desk.call(.ringing, "222", id: "i", .in)
    #expect(desk.desk.openCalls.map(\.lineID) == ["a", "i"])
    // And waits behind who is there already.
    desk.call(.ringing, "333", id: "j", .in)
    #expect(desk.desk.openCalls.map(\.lineID) == ["a", "i", "j"])
  }

  /// Two callers who are turned away leave the panel as it was before the first.
  @Test func whoIsTurnedAwayLeavesThePanelAsItWas() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111")
    desk.call(.ended, "111", id: "a")
    desk.say(.timer(.wrapUp))
    desk.say(.choose(.shortBreak))
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.ringing, "333", id: "j", .in)
    #expect(desk.asked.suffix(2) == ["reject i", "reject j"])
    desk.call(.notEstablished, "333", id: "j", .in)
    desk.call(.notEstablished, "222", id: "i", .in)
    #expect(desk.desk.active?.lineID == "a")
    #expect(desk.desk.recent.map(\.result) == [.turnedAway, .turnedAway, .answered])
  }

  /// In a call that she made in her break a caller waits; after it the next is turned away.
  @Test func aCallerDuringACallOfTheBreakWaits() throws {
    for status in [Seat.shortBreak, .busy] {
      var desk = Script.up()
      desk.say(.choose(status))
      desk.say(.dial(phone: "1020", info: ""))
      desk.call(.calling, "1020", id: "a", .out)
      desk.call(.talking, "1020", id: "a", .out)
      #expect(desk.call(.ringing, "222", id: "i", .in).contains(.bell(.incoming)))
      #expect(!desk.asked.contains("reject i"))
      desk.call(.notEstablished, "222", id: "i", .in)
      desk.call(.ended, "1020", id: "a", .out)
      desk.wait(30)
      desk.say(.timer(.wrapUp))
      #expect(desk.desk.seat.seat == status)
      desk.call(.ringing, "333", id: "j", .in)
      #expect(desk.asked.last == "reject j")
    }
  }

  /// A new call is neither held nor muted, and wipes the dial that came to nothing off the panel.
  @Test func aNewCallBeginsAfresh() {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    desk.wait(10)
    desk.say(.timer(.dialSilence))
    #expect(desk.desk.failed?.outcome == .unanswered)
    desk.call(.talking, "222", id: "b", .in)
    #expect(desk.desk.failed == nil)
    #expect(desk.desk.active?.talk?.muted == false && desk.desk.active?.isHeld == false)
  }
}
