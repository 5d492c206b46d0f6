// Dials that were given up and whose calls come late, under other numbers, or end without one.

import Testing

@testable import CCCore

@Suite struct GivenUpStoryTests {
  private static let other = "+4930123456"
  private static let (first, second) = ("5550100", "2025550199")

  private func hangUps(_ desk: Script) -> [String?] {
    desk.sent.compactMap { if case .hangUp(_, let call) = $0 { .some(call) } else { nil } }
  }

  /// She dialled, cancelled, dialled again, and the line has taken the second dial.
  private func redial() throws -> (Script, Call.ID) {
    var desk = Script.up()
    desk.say(.dial(phone: Self.first, info: "the first"))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.wait(1)
    desk.say(.dial(phone: Self.second, info: "the second"))
    desk.say(.line(.result(id: 3, ok: true, error: "")))
    return (desk, try #require(desk.desk.unseenAttempt?.callID))
  }

  // MARK: The late call comes first, under another number

  @Test(arguments: [Optional(Self.other), "NaN", nil], [CallReport.Status.calling, .ringing])
  func theExactNumberTakesItsDialBack(_ number: String?, _ status: CallReport.Status) throws {
    var (desk, hers) = try redial()
    desk.call(.calling, number, id: "a", .out)
    if status == .ringing { desk.call(.ringing, number, id: "a", .out) }
    desk.call(status, Self.second, id: "b", .out)
    #expect(hangUps(desk) == ["a"])
    let call = try #require(desk.desk.active)
    #expect(call.lineID == "b" && call.id == hers && call.info == "the second")
    #expect(desk.desk.openCalls.first { $0.lineID == "a" }?.attempt == nil)
    desk.call(.notEstablished, number, id: "a", .out, code: 487)
    desk.call(.talking, Self.second, id: "b", .out)
    #expect(desk.outcomes == [.cancelled, .answered] && desk.desk.openCalls.map(\.id) == [hers])
    desk.say(.hangUp(hers))
    #expect(hangUps(desk) == ["a", "b"])
    desk.call(.ended, Self.second, id: "b", .out)
    #expect(desk.desk.recent.first?.number.string == Self.second)
    #expect(desk.desk.recent.first?.info == "the second")
  }

  /// The first was answered before the second appeared: she talks, and is told with whom.
  @Test func aCallThatTalksIsNotHungUpAndGetsItsOwnNumber() throws {
    var (desk, hers) = try redial()
    desk.call(.calling, Self.other, id: "a", .out)
    desk.call(.talking, Self.other, id: "a", .out)
    #expect(desk.outcomes == [.cancelled, .answered])
    desk.call(.calling, Self.second, id: "b", .out)
    #expect(hangUps(desk) == [])
    let wrong = try #require(desk.desk.openCalls.first { $0.lineID == "a" })
    #expect(wrong.number.string == Self.other && wrong.info.isEmpty && wrong.attempt == nil)
    #expect(wrong.id == hers, "the note that she writes is of whom she talks to")
    let own = try #require(desk.desk.openCalls.first { $0.lineID == "b" })
    #expect(own.number.string == Self.second && own.info == "the second" && own.attempt != nil)
    desk.call(.talking, Self.second, id: "b", .out)
    #expect(desk.outcomes == [.cancelled, .answered])
  }

  /// It was over before the second appeared, by itself or by her wish.
  @Test(arguments: [false, true]) func whatEndedBeforeItTakesNothingFromIt(_ byHer: Bool) throws {
    var (desk, _) = try redial()
    desk.call(.calling, Self.other, id: "a", .out)
    if byHer { desk.say(.hangUp(try #require(desk.desk.shownCallID))) }
    desk.call(.notEstablished, Self.other, id: "a", .out, code: 486)
    desk.call(.calling, Self.second, id: "b", .out)
    let own = try #require(desk.desk.openCalls.first { $0.lineID == "b" })
    // What she cancelled is cancelled; what she still wants goes on, and is her dial.
    #expect(hangUps(desk) == (byHer ? ["a", "b"] : []))
    #expect(byHer || own.attempt != nil && own.info == "the second")
    #expect(desk.outcomes == [.cancelled, byHer ? .cancelled : .rejected])
  }

  /// She ends what stands on the panel as her second dial: both go.
  @Test func whoIsCancelledAfterTheMistakeIsCancelled() throws {
    var (desk, _) = try redial()
    desk.call(.calling, Self.other, id: "a", .out)
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    let command = try #require(desk.sent.last?.id)
    let effects = desk.call(.calling, Self.second, id: "b", .out)
    #expect(hangUps(desk) == ["a", "b"])
    let stranger = try #require(desk.desk.openCalls.first { $0.lineID == "a" })
    #expect(effects.contains { if case .tell(.call(stranger)) = $0 { true } else { false } })
    // A line that will not end the one goes on with that one.
    var refuses = desk
    refuses.say(.line(.result(id: command, ok: false, error: "no")))
    let asked = refuses.desk.openCalls.map { ($0.lineID, $0.endAskedBy) }
    #expect(asked.first { $0.0 == "a" }?.1 == nil && asked.first { $0.0 == "b" }?.1 == .agent)
    desk.call(.notEstablished, Self.other, id: "a", .out, code: 487)
    desk.call(.notEstablished, Self.second, id: "b", .out, code: 487)
    #expect(desk.outcomes == [.cancelled, .cancelled] && !desk.desk.hasOpenCall)
  }

  /// Where nothing was given up, a second call of her number is not hers, and takes nothing.
  @Test func withoutAGivenUpDialNothingIsTakenBack() throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.second, info: ""))
    let hers = try #require(desk.desk.shownCallID)
    desk.call(.calling, Self.other, id: "a", .out)
    desk.call(.calling, Self.second, id: "b", .out)
    #expect(hangUps(desk) == [] && desk.desk.active?.id == hers && desk.desk.active?.lineID == "a")
    desk.call(.notEstablished, Self.other, id: "a", .out, code: 486)
    desk.call(.notEstablished, Self.second, id: "b", .out, code: 486)
    desk.call(.calling, Self.second, id: "c", .out)
    #expect(desk.desk.openCalls.map(\.attempt) == [nil], "nor after their end")
    // Nor where it was so long ago that its call does not come any more.
    var (old, own) = try redial()
    old.wait(30)
    old.call(.calling, Self.other, id: "a", .out)
    old.call(.calling, Self.second, id: "b", .out)
    #expect(hangUps(old) == [] && old.desk.call(own)?.lineID == "a")
  }

  /// A caller from that number is a caller, and takes nothing.
  @Test func aCallerOfTheSameNumberTakesNothing() throws {
    var (desk, hers) = try redial()
    desk.call(.calling, Self.other, id: "a", .out)
    desk.call(.ringing, Self.second, id: "b", .in)
    #expect(hangUps(desk) == [] && desk.desk.call(hers)?.lineID == "a")
    #expect(desk.desk.call(hers)?.info == "the second")
    #expect(desk.desk.openCalls.first { $0.lineID == "b" }?.isRingingHere == true)
  }

  /// A dial that had its own number owes nothing: a later call of it is a stranger's.
  @Test func whatHadItsOwnNumberOwesNothing() throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.first, info: "the first"))
    desk.wait(10)
    desk.say(.timer(.dialSilence))
    desk.say(.dial(phone: Self.second, info: "the second"))
    desk.call(.calling, Self.second, id: "b", .out)
    desk.call(.notEstablished, Self.second, id: "b", .out, code: 486)
    desk.call(.calling, Self.second, id: "c", .out)
    let stranger = try #require(desk.desk.openCalls.first { $0.lineID == "c" })
    #expect(stranger.attempt == nil && stranger.info.isEmpty && hangUps(desk) == [])
  }

  /// Nothing was heard of the first in time: its call stands alone, and is not hung up.
  @Test func aDialThatStandsAloneIsNotHungUp() throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.first, info: "the first"))
    desk.wait(10)
    desk.say(.timer(.dialSilence))
    desk.say(.dial(phone: Self.second, info: "the second"))
    let hers = try #require(desk.desk.shownCallID)
    desk.call(.calling, Self.other, id: "a", .out)
    desk.call(.calling, Self.second, id: "b", .out)
    #expect(hangUps(desk) == [] && desk.desk.call(hers)?.lineID == "b")
    #expect(Set(desk.desk.openCalls.map(\.lineID)) == ["a", "b"])
  }

  /// A call of neither number takes nothing.
  @Test func aCallOfAnotherNumberTakesNothing() throws {
    var (desk, hers) = try redial()
    desk.call(.calling, Self.other, id: "a", .out)
    desk.call(.calling, "333444555", id: "c", .out)
    #expect(desk.desk.call(hers)?.lineID == "a" && desk.desk.call(hers)?.info == "the second")
  }

  /// She dials the same number once more: the next call is that dial's.
  @Test func aCallIsOfTheNewestDialOfItsNumber() throws {
    var (desk, _) = try redial()
    desk.call(.calling, Self.other, id: "a", .out)
    desk.call(.notEstablished, Self.other, id: "a", .out, code: 486)
    desk.say(.dial(phone: Self.second, info: "the third"))
    desk.call(.calling, Self.second, id: "c", .out)
    #expect(desk.desk.active?.lineID == "c" && desk.desk.active?.info == "the third")
    #expect(hangUps(desk) == [])
  }

  /// What was taken back once is over: a later call of the first number is a stranger's.
  @Test func whatIsTakenBackIsOver() throws {
    var (desk, _) = try redial()
    desk.call(.calling, Self.other, id: "a", .out)
    desk.call(.calling, Self.second, id: "b", .out)
    desk.call(.calling, Self.first, id: "c", .out)
    #expect(hangUps(desk) == ["a"])
  }

  /// A dial that rings without a number or a direction is the dial that waits.
  @Test func aRingThatNamesNobodyIsTheDials() throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.first, info: ""))
    desk.call(.ringing, nil, id: "a")
    #expect(desk.desk.active?.direction == .out && desk.desk.attempt?.seen == true)
  }

  // MARK: The end of a dial that names nobody

  /// A dial that was given up long ago has ended long ago.
  @Test func anOldDialTakesNoEndFromTheNext() throws {
    var (desk, _) = try redial()
    desk.wait(Double(Desk.Limits.givenUp))
    desk.call(.notEstablished, nil, code: 486)
    #expect(desk.outcomes == [.cancelled, .rejected])
  }

  @Test func anEndOfNobodyIsCounted() {
    var desk = Script.up()
    desk.call(.notEstablished, nil, id: "x", code: 486)
    #expect(desk.desk.anomalies == [.endWithoutCall: 1])
  }

  @Test(arguments: [nil, "x"] as [String?], [nil, "NaN", "anonymous"] as [String?])
  func anEndWithoutANumberEndsTheGivenUpDial(_ id: String?, _ number: String?) throws {
    for isTaken in [true, false] {
      var desk = Script.up()
      desk.say(.dial(phone: Self.first, info: ""))
      desk.say(.hangUp(try #require(desk.desk.shownCallID)))
      if isTaken { desk.say(.line(.result(id: 2, ok: true, error: ""))) }
      desk.call(.notEstablished, number, id: id, code: 487)
      desk.wait(1)
      desk.say(.dial(phone: Self.second, info: "hers"))
      // The line writes numbers as it likes: this is hers, since the other one is over.
      desk.call(.calling, Self.other, id: "b", .out)
      #expect(hangUps(desk) == [], "\(id ?? "-") \(number ?? "-") \(isTaken)")
      #expect(desk.desk.active?.info == "hers")
    }
  }

  /// Both wait: the earlier one ends first.
  @Test func ofTwoTheEarlierEnds() throws {
    var (desk, hers) = try redial()
    desk.call(.notEstablished, nil, code: 487)
    #expect(desk.outcomes == [.cancelled] && desk.desk.unseenAttempt?.callID == hers)
    #expect(desk.desk.anomalies == [.endWithoutCall: 1])
    desk.call(.calling, Self.other, id: "b", .out)
    #expect(hangUps(desk) == [] && desk.desk.active?.id == hers)
    var (both, _) = try redial()
    both.call(.notEstablished, nil, code: 487)
    both.call(.notEstablished, nil, code: 486)
    #expect(both.outcomes == [.cancelled, .rejected] && both.desk.unseenAttempt == nil)
  }

  @Test(arguments: [nil, "x"] as [String?])
  func theOnlyDialThatWaitsEndsWithoutANumber(_ id: String?) throws {
    for number in [nil, "NaN"] as [String?] {
      var desk = Script.up()
      desk.say(.dial(phone: Self.first, info: ""))
      desk.call(.notEstablished, number, id: id, code: 486)
      #expect(desk.outcomes == [.rejected] && desk.desk.failed?.reason?.code == 486)
      #expect(desk.desk.anomalies.isEmpty)
    }
    // A caller who was turned away before he rang, or another number, is not her dial.
    for (number, direction) in [(nil, Direction.in), ("222333444", nil)] as [(String?, Direction?)]
    {
      var desk = Script.up()
      desk.say(.dial(phone: Self.first, info: ""))
      desk.call(.notEstablished, number, id: id, direction, code: 486)
      #expect(desk.outcomes.isEmpty && desk.desk.unseenAttempt != nil, "\(number ?? "-")")
    }
  }

  /// A call that was talked on ended a moment ago, with a 4: a 5 does not say so once more.
  @Test func theEndOfADialIsNoEchoOfTheCallBefore() throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.first, info: ""))
    desk.call(.calling, Self.first)
    desk.call(.talking, Self.first)
    desk.call(.ended, Self.first)
    desk.wait(1)
    desk.say(.dial(phone: Self.second, info: ""))
    desk.call(.notEstablished, nil, code: 486)
    #expect(desk.outcomes == [.answered, .rejected])
    // A 4 may say so: it is late, and the dial goes on.
    var echo = Script.up()
    echo.say(.dial(phone: Self.first, info: ""))
    for status in [CallReport.Status.calling, .talking, .ended] { echo.call(status, Self.first) }
    echo.say(.dial(phone: Self.second, info: ""))
    echo.call(.ended, nil)
    #expect(echo.outcomes == [.answered] && echo.desk.unseenAttempt != nil)
    #expect(echo.desk.anomalies == [.lateEvent: 1])
    // So is a 5 by the number, or by the id, of the call that is over.
    for (number, id) in [(Self.first, nil), (nil, "a")] as [(String?, String?)] {
      var named = Script.up()
      named.say(.dial(phone: Self.first, info: ""))
      for status in [CallReport.Status.calling, .talking, .ended] {
        named.call(status, Self.first, id: id)
      }
      named.say(.dial(phone: Self.second, info: ""))
      named.call(.notEstablished, number, id: id, code: 486)
      #expect(named.outcomes == [.answered] && named.desk.unseenAttempt != nil)
      #expect(named.desk.anomalies == [.lateEvent: 1])
    }
    // Nothing was dialled since: late, whatever it says.
    var late = Script.up()
    late.say(.dial(phone: Self.first, info: ""))
    late.call(.calling, Self.first)
    late.call(.talking, Self.first)
    late.call(.ended, Self.first)
    late.wait(1)
    late.call(.notEstablished, nil, code: 486)
    #expect(late.outcomes == [.answered] && late.desk.anomalies == [.lateEvent: 1])
  }

  /// A consultation that nobody took ends without a number too.
  @Test func aConsultationEndsWithoutANumber() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.say(.transfer(id, to: Self.second, consult: true))
    desk.call(.notEstablished, nil, id: "b", code: 486)
    #expect(desk.said.last == "warning: transfer failed: 486")
    #expect(desk.desk.openCalls.map(\.lineID) == ["a"] && desk.desk.anomalies.isEmpty)
    // Once somebody is called there, the end of nobody is nothing to it.
    desk.say(.transfer(id, to: Self.second, consult: true))
    desk.call(.calling, Self.second, id: "c", .out)
    let effects = desk.call(.notEstablished, nil, id: "x", code: 486)
    #expect(effects.contains(.tell(.anomaly(.endWithoutCall, count: 1))))
    #expect(desk.said.count == 1)
  }
}
