// What still comes of calls that are over: by id however late, without one for three seconds.

import Testing

@testable import CCCore

@Suite struct EndedEdgeTests {
  private func late(_ desk: Script) -> Int { desk.desk.anomalies[.lateEvent] ?? 0 }
  private func waits(_ effects: [Effect]) -> Bool {
    effects.contains { if case .startTimer(.lateReports, _) = $0 { true } else { false } }
  }

  /// Sixteen calls that are over are known by their ids; the one before them is not any more.
  @Test func sixteenAreRemembered() {
    for (kept, isLate) in [(1, false), (2, true)] {
      var desk = Script.up()
      for number in 1...17 {
        desk.call(.ringing, "\(2_025_550_100 + number)", id: "i\(number)", .in)
        desk.call(.notEstablished, "\(2_025_550_100 + number)", id: "i\(number)", .in)
      }
      desk.call(.ringing, "\(2_025_550_100 + kept)", id: "i\(kept)", .in)
      #expect(desk.desk.hasOpenCall == !isLate)
    }
  }

  /// A report by the id of a call that is over: late, unless the line uses the id for another call: of
  /// the other direction, or, three seconds after the end, of whatever begins anew.
  @Test(
    arguments: [
      (.in, "222", 0, true), (.in, "222", 2.9, true), (.in, "222", 3, false),
      (.out, "222", 0, false), (.in, "333", 2.9, true),
      (.in, "333", 3, false), (.in, "anonymous", 10, false), (.in, nil, 10, false),
      (nil, "222", 2.9, true), (nil, "222", 10, false),
    ] as [(Direction?, String?, Double, Bool)])
  func whatAnIdMeansAfterItsEnd(
    _ direction: Direction?, _ number: String?, _ seconds: Double, isLate: Bool
  ) {
    var desk = Script.up()
    desk.call(.ringing, "222", id: "a", .in)
    desk.call(.notEstablished, "222", id: "a", .in)
    desk.wait(seconds)
    desk.call(.ringing, number, id: "a", direction)
    #expect(desk.desk.hasOpenCall == !isLate && late(desk) == (isLate ? 1 : 0))
  }

  /// Of a call whose number was withheld a number says nothing.
  @Test func aWithheldNumberContradictsNothing() {
    var desk = Script.up()
    desk.call(.ringing, "anonymous", id: "a", .in)
    desk.call(.notEstablished, "anonymous", id: "a", .in)
    desk.wait(10)
    desk.call(.talking, "222", id: "a", .in)
    #expect(!desk.desk.hasOpenCall && late(desk) == 1)
  }

  /// An end by the id of a call that is over is that end once more, whatever it carries.
  @Test func anEndOnceMoreIsLate() {
    var desk = Script.up()
    desk.call(.ringing, "222", id: "a", .in)
    desk.call(.notEstablished, "222", id: "a", .in)
    desk.wait(10)
    #expect(!waits(desk.call(.notEstablished, "333", id: "a", .out)))
    #expect(desk.desk.anomalies == [.lateEvent: 1])
  }

  /// Only a late word that may begin a call is kept in mind, and only where there are no ids.
  @Test func whatMayBeginACallIsKeptInMind() {
    for (status, id, isKept) in [
      (CallReport.Status.talking, nil, true), (.ringing, nil, true), (.ended, nil, false),
      (.notEstablished, nil, false), (.talking, "a", false), (.ringing, "a", false),
    ] as [(CallReport.Status, String?, Bool)] {
      var desk = Script.up()
      desk.call(.talking, "222", id: id, .in)
      desk.call(.ended, "222", id: id, .in)
      desk.wait(1)
      let effects = desk.call(status, "222", id: id, .in)
      #expect(waits(effects) == isKept && late(desk) == 1, "\(status)")
    }
  }

  /// A late ring does not say that the call was answered.
  @Test func onlyALateAnswerCorrects() {
    for (status, result) in [
      (CallReport.Status.ringing, Record.Result.unanswered), (.talking, .answered),
    ] {
      var desk = Script.up()
      desk.call(.calling, "222", id: nil, .out)
      desk.call(.ended, "222", id: nil, .out)
      desk.wait(1)
      desk.call(status, "222", id: nil, .out)
      #expect(desk.desk.recent.map(\.result) == [result])
    }
  }

  /// What is on the panel is corrected with its record; another call that is there is left alone.
  @Test func thePanelIsCorrectedWithItsRecord() throws {
    var desk = Script.up()
    desk.call(.calling, "222", id: nil, .out)
    desk.call(.ended, "222", id: nil, .out)
    desk.wait(1)
    desk.call(.talking, "222", id: nil, .out)
    guard case .ended(let end)? = desk.desk.active?.phase else {
      Issue.record("\(String(describing: desk.desk.active?.phase))")
      return
    }
    #expect(end.talked == 0 && !end.witnessed)
    #expect(desk.desk.seat.seat == .postCall)
    var other = Script.up()
    other.call(.calling, "222", id: nil, .out)
    other.call(.ended, "222", id: nil, .out)
    other.call(.calling, "333", id: "b", .out)
    other.call(.notEstablished, "333", id: "b", .out)
    let shown = try #require(other.desk.active)
    other.call(.talking, "222", id: nil, .out)
    #expect(other.desk.recent.map(\.result) == [.rejected, .answered])
    #expect(other.desk.active == shown)
  }

  /// She is busy by her own choice: that confirms no call.
  @Test func herOwnBusyConfirmsNoCall() {
    var desk = Script.up([.dial], .init(line: "test", account: "1001", wrapUpSeconds: 0))
    desk.call(.talking)
    desk.call(.ended)
    desk.wait(1)
    desk.call(.talking)
    desk.say(.choose(.busy))
    #expect(desk.desk.seat.seat == .busy)
    desk.wait(2)
    desk.say(.timer(.lateReports))
    #expect(!desk.desk.hasOpenCall)
  }

  /// A dial of the number that has just hung up, whose first word is its answer; judged once.
  @Test func aDialIsConfirmedByItself() {
    var desk = Script.up()
    desk.call(.talking)
    desk.call(.ended)
    desk.say(.dial(phone: "13212345678", info: ""))
    #expect(waits(desk.call(.talking)))
    desk.wait(3)
    desk.say(.timer(.lateReports))
    #expect(desk.outcomes == [.answered] && desk.desk.active?.talk != nil)
    // A dial that was made after the late word is none of its.
    var after = Script.up()
    after.call(.talking)
    after.call(.ended)
    after.call(.talking)
    after.wait(1)
    after.say(.dial(phone: "13212345678", info: ""))
    after.wait(2)
    after.say(.timer(.lateReports))
    #expect(!after.desk.hasOpenCall && after.desk.attempt?.seen == false)
  }
}
