// What is over is over: its id is remembered, also where its end came first.

import Testing

@testable import CCCore

@Suite struct OverIsOverTests {
  private static let number = "13212345678"

  private func hangUps(_ desk: Script) -> [String] {
    desk.asked.filter { $0.hasPrefix("hang up") || $0.hasPrefix("reject") }
  }

  // MARK: The end before the beginning

  @Test(arguments: [CallReport.Status.ended, .notEstablished], [Self.number, nil] as [String?])
  func aDialThatEndedFirstLeavesNoGhost(_ end: CallReport.Status, _ number: String?) throws {
    for isCancelled in [true, false] { try leavesNoGhost(end, number, isCancelled: isCancelled) }
  }

  private func leavesNoGhost(
    _ end: CallReport.Status, _ number: String?, isCancelled: Bool
  ) throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.number, info: ""))
    if isCancelled { desk.say(.hangUp(try #require(desk.desk.shownCallID))) }
    desk.call(end, number, id: "c1", .out, code: 487)
    for status in [CallReport.Status.calling, .ringing] {
      desk.call(status, number, id: "c1", .out)
    }
    #expect(!desk.desk.hasOpenCall && desk.desk.attempt == nil && hangUps(desk) == [])
    #expect(desk.desk.whyNotDial == nil)
  }

  @Test(
    arguments: [CallReport.Status.ended, .notEstablished],
    [Direction.in, .out, nil] as [Direction?])
  func aCallThatEndedFirstLeavesNoGhost(_ end: CallReport.Status, _ direction: Direction?) {
    for number in [Self.number, "anonymous", nil] as [String?] {
      var desk = Script.up()
      desk.call(end, number, id: "b1", direction)
      for status in [CallReport.Status.ringing, .talking] {
        desk.call(status, number, id: "b1", direction)
      }
      #expect(!desk.desk.hasOpenCall && desk.desk.anomalies[.lateEvent] == 2)
    }
  }

  @Test func whoWasAskedAndEndedFirstLeavesNoGhost() throws {
    var desk = Script.up()
    let customer = try desk.talking("a1")
    desk.say(.transfer(customer, to: "1020", consult: true))
    desk.call(.notEstablished, "1020", id: "a2", .out, code: 486)
    desk.call(.calling, "1020", id: "a2", .out)
    #expect(desk.desk.openCalls.map(\.lineID) == ["a1"])
  }

  // MARK: A refused dial

  /// The events came before the result: refused is over.
  @Test(arguments: ["c1", nil] as [String?], [CallReport.Status.calling, .ringing])
  func aRefusedDialWhoseCallCameFirstIsOver(_ id: String?, _ word: CallReport.Status) throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.number, info: "x"))
    let command = try #require(desk.desk.attempt?.command)
    desk.call(word, Self.number, id: id, .out)
    desk.say(.line(.result(id: command, ok: false, error: "403 forbidden")))
    #expect(!desk.desk.hasOpenCall && desk.outcomes == [.refused])
    #expect(desk.desk.recent.map(\.result) == [.refused])
    #expect(desk.desk.recent.first?.reason?.words.string.contains("403 forbidden") == true)
    desk.call(.notEstablished, Self.number, id: id, .out)
    #expect(desk.desk.recent.count == 1 && desk.desk.whyNotDial == nil)
  }

  @Test func aRefusedDialThatSheHasEndedIsCancelled() throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.number, info: ""))
    let command = try #require(desk.desk.attempt?.command)
    desk.call(.calling, Self.number, id: "c1", .out)
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.say(.line(.result(id: command, ok: false, error: "no")))
    #expect(!desk.desk.hasOpenCall && desk.outcomes == [.cancelled])
  }

  /// Who talks is not over by a refusal.
  @Test func whoTalksIsNotRefused() throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.number, info: ""))
    let command = try #require(desk.desk.attempt?.command)
    desk.call(.talking, Self.number, id: "c1", .out)
    desk.say(.line(.result(id: command, ok: false, error: "no")))
    #expect(desk.desk.active?.talk != nil)
  }

  // MARK: Once more, in another form, later

  /// Whatever forms of its number the line has told are its own.
  @Test func aRepeatInAnotherFormOfTheNumberIsLate() {
    var desk = Script.up()
    for (status, number) in [
      (.ringing, "204"), (.talking, "07911123456"), (.ended, "07911123456"),
    ] as [(CallReport.Status, String)] { desk.call(status, number, id: "b1", .in) }
    desk.wait(4)
    desk.call(.talking, "07911123456", id: "b1", .in)
    desk.call(.talking, "204", id: "b1", .in)
    #expect(!desk.desk.hasOpenCall && desk.desk.anomalies[.lateEvent] == 2)
    desk.call(.talking, "2025550199", id: "b1", .in)
    #expect(desk.desk.active?.talk != nil, "of a third number it is another call")
    var dial = Script.up()
    dial.say(.dial(phone: "123456", info: ""))
    for (status, number) in [
      (.calling, "+4930123456"), (.talking, "004930123456"), (.ended, "004930123456"),
    ] as [(CallReport.Status, String)] { dial.call(status, number, id: "c1", .out) }
    dial.wait(4)
    dial.call(.talking, "004930123456", id: "c1", .out)
    #expect(!dial.desk.hasOpenCall)
  }

  /// An id may be used again 3 s after the end: a 1 or a 2 under it is another call, whoever calls.
  @Test(
    arguments: [Self.number, "anonymous", nil] as [String?], [Direction.in, nil] as [Direction?])
  func anIDIsUsedAgain(_ number: String?, _ direction: Direction?) {
    for (gap, isNew) in [(2.9, false), (3, true), (7, true)] {
      for end in [CallReport.Status.ended, .notEstablished] {
        var desk = Script.up()
        desk.call(.ringing, number, id: "1", direction)
        if end == .ended { desk.call(.talking, number, id: "1", direction) }
        desk.call(end, number, id: "1", direction)
        desk.wait(gap)
        desk.call(.talking, number, id: "1", direction)
        desk.call(end, number, id: "1", direction)
        #expect(!desk.desk.hasOpenCall)
        desk.call(.ringing, number, id: "1", direction)
        #expect((desk.desk.active?.isRingingHere == true) == isNew)
      }
    }
  }

  /// A line that has done so before: who calls again at once shows after 3 s, as without ids.
  @Test(arguments: [true, false]) func whoCallsAgainAtOnceUnderAnOldIDShows(_ isKnown: Bool) {
    var desk = Script.up()
    if isKnown {
      for status in [CallReport.Status.ringing, .notEstablished] {
        desk.call(status, Self.number, id: "1", .in)
      }
      desk.wait(5)
    }
    desk.call(.ringing, Self.number, id: "1", .in)
    desk.wait(4)
    desk.call(.notEstablished, Self.number, id: "1", .in)
    desk.wait(1)
    desk.call(.ringing, Self.number, id: "1", .in)
    desk.wait(1)
    desk.call(.talking, Self.number, id: "1", .in)
    desk.wait(1)
    desk.say(.timer(.lateReports))
    #expect((desk.desk.active?.talk != nil) == isKnown)
  }

  /// A 3 that comes long after a missed call says nothing of it any more.
  @Test(arguments: [(2.9, true), (3, false), (12, false)] as [(Double, Bool)])
  func anAnswerLongAfterTheEndCorrectsNothing(_ seconds: Double, isCorrected: Bool) {
    var desk = Script.up()
    desk.call(.ringing, Self.number, id: "b1", .in)
    desk.call(.ended, Self.number, id: "b1", .in)
    desk.wait(seconds)
    desk.call(.talking, Self.number, id: "b1", .in)
    #expect(desk.desk.recent.map(\.result) == [isCorrected ? .answered : .missed])
    #expect((desk.desk.wrapUp != nil) == isCorrected && !desk.desk.hasOpenCall)
  }

  // MARK: A cancelled dial that the line has taken

  @Test(arguments: [31.0, 120]) func itsCallIsHungUpHoweverLate(_ seconds: Double) throws {
    for isTaken in [true, false] {
      var desk = Script.up()
      desk.say(.dial(phone: Self.number, info: ""))
      if isTaken {
        desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
      }
      desk.say(.hangUp(try #require(desk.desk.shownCallID)))
      desk.wait(seconds)
      // Others are not it, nor is who may have called.
      desk.call(.calling, "2025550199", id: "x", .out)
      desk.call(.notEstablished, "2025550199", id: "x", .out)
      desk.call(.talking, Self.number, id: "y")
      desk.call(.ended, Self.number, id: "y")
      #expect(hangUps(desk) == [])
      desk.call(.calling, Self.number, id: "c1", .out)
      #expect(hangUps(desk) == (isTaken ? ["hang up c1"] : []))
    }
  }

  /// Her next dial of that number, so long after, is hers.
  @Test func theNextDialOfItsNumberIsHers() throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.number, info: ""))
    desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.wait(31)
    desk.say(.dial(phone: Self.number, info: "next"))
    desk.call(.calling, Self.number, id: "c2", .out)
    #expect(hangUps(desk) == [] && desk.desk.active?.info == "next")
  }
}
