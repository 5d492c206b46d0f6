// Who talks is shown, and what the agent ends is ended: a dial that waits, a caller who comes again, a caller
// who is no dial.

import Testing

@testable import CCCore

@Suite struct UnseenCustomerTests {
  private static let number = "07911123456"
  private static let unnamed: Abilities = [.dial, .hangUp, .answer, .reject]

  private func hangUps(_ desk: Script) -> [String] {
    desk.asked.filter { $0.hasPrefix("hang up") || $0.hasPrefix("reject") }
  }

  // MARK: A dial that waits is asked first

  /// Nobody had talked before: a 3 while a dial of that number waits is that dial's answer.
  @Test(arguments: [CallReport.Status.calling, .ringing], [Self.number, nil] as [String?])
  func theAnswerOfADialIsNotTheCallBefore(_ first: CallReport.Status, _ said: String?) throws {
    for gap in [1, 2.5] { try answersADial(first, gap, said) }
  }

  private func answersADial(_ first: CallReport.Status, _ gap: Double, _ said: String?) throws {
    var desk = Script.up(Self.unnamed)
    desk.call(first, Self.number)
    desk.wait(1)
    desk.call(.ended, Self.number)
    desk.wait(gap)
    desk.say(.dial(phone: Self.number, info: "call back"))
    desk.wait(0.3)
    desk.call(.talking, said)
    #expect(desk.desk.active?.talk != nil && desk.desk.active?.info == "call back")
    #expect(desk.desk.recent.map(\.talked) == [nil] && desk.outcomes == [.answered])
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    #expect(hangUps(desk) == ["hang up -"])
  }

  /// Who had talked may have her 3 repeated: it shows after 3 s, and what she ends meanwhile is ended.
  @Test(arguments: [CallReport.Status.ringing, .talking])
  func whatMayBeARepeatIsEndedWithTheDial(_ word: CallReport.Status) throws {
    var desk = Script.up(Self.unnamed)
    desk.call(.talking, Self.number)
    desk.call(.ended, Self.number)
    desk.wait(0.5)
    desk.say(.dial(phone: Self.number, info: "x"))
    desk.wait(0.5)
    desk.call(word, Self.number)
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    #expect(hangUps(desk) == ["hang up -"])
    desk.call(.notEstablished, Self.number)
    #expect(!desk.desk.hasOpenCall && desk.desk.attempt == nil && desk.outcomes.count == 1)
  }

  /// A line whose id is its place: what it says under it while a dial of the number waits is the dial.
  @Test(arguments: [CallReport.Status.ringing, .talking], [Direction.out, nil] as [Direction?])
  func anIDThatIsUsedAgainIsTheDial(_ word: CallReport.Status, _ direction: Direction?) throws {
    for gap in [3.0, 5] { try usesAgain(word, gap, direction) }
  }

  private func usesAgain(
    _ word: CallReport.Status, _ gap: Double, _ direction: Direction?
  ) throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.number, info: "1"))
    for status in [CallReport.Status.ringing, .talking, .ended] {
      desk.call(status, Self.number, id: "1", direction)
    }
    desk.wait(gap)
    desk.say(.dial(phone: Self.number, info: "2"))
    desk.call(word, Self.number, id: "1", direction)
    #expect(desk.desk.active?.info == "2" && desk.desk.active?.isOpen == true)
    desk.call(.talking, Self.number, id: "1", direction)
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    #expect(hangUps(desk) == ["hang up 1"] && desk.outcomes == [.answered, .answered])
  }

  /// Sooner than that it may be late, and shows when no more is.
  @Test func anIDThatIsUsedAgainAtOnceShowsAfterThreeSeconds() {
    var desk = Script.up()
    desk.say(.dial(phone: Self.number, info: "1"))
    for status in [CallReport.Status.ringing, .talking, .ended] {
      desk.call(status, Self.number, id: "1", .out)
    }
    desk.wait(1)
    desk.say(.dial(phone: Self.number, info: "2"))
    desk.call(.talking, Self.number, id: "1", .out)
    desk.wait(2)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.active?.info == "2" && desk.desk.active?.talk != nil)
  }

  /// The same of one that she has cancelled meanwhile: it is hung up when it appears.
  @Test(arguments: [CallReport.Status.calling, .ringing, .talking])
  func aCancelledDialUnderAnOldIDIsHungUp(_ word: CallReport.Status) throws {
    var desk = Script.up()
    desk.say(.dial(phone: Self.number, info: ""))
    for status in [CallReport.Status.calling, .talking, .ended] {
      desk.call(status, Self.number, id: "1", .out)
    }
    desk.wait(5)
    desk.say(.dial(phone: Self.number, info: ""))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.call(word, Self.number, id: "1", .out)
    #expect(hangUps(desk) == ["hang up 1"])
  }

  // MARK: She calls again

  /// Missed, and she rings again and is answered: she is shown talking, with both times.
  @Test(arguments: [CallReport.Status.ended, .notEstablished], [Self.number, nil] as [String?])
  func whoRingsAgainAndIsAnsweredIsShown(_ end: CallReport.Status, _ said: String?) throws {
    var desk = Script.up(Self.unnamed, .init(line: "test", account: "1001", wrapUpSeconds: 0))
    desk.call(.ringing, Self.number)
    desk.wait(5)
    desk.call(end, Self.number)
    desk.wait(1)
    desk.call(.ringing, Self.number)
    desk.wait(1)
    desk.call(.talking, said)
    #expect(desk.desk.recent.map(\.result) == [.missed] && desk.desk.seat.seat == .idle)
    desk.wait(1)
    desk.say(.timer(.lateReports))
    let call = try #require(desk.desk.active)
    #expect(call.talked(at: desk.now) == Instant.second && call.direction == .in)
    desk.say(.hangUp(call.id))
    #expect(hangUps(desk) == ["hang up -"])
  }

  /// The first rang too shortly to tell: its end later gives the second its record.
  @Test func whoRangShortlyHasARecordOfEach() {
    var desk = Script.up(Self.unnamed)
    desk.call(.ringing, Self.number)
    desk.wait(1)
    desk.call(.ended, Self.number)
    desk.wait(0.5)
    desk.call(.ringing, Self.number)
    desk.wait(1)
    desk.call(.talking, Self.number)
    desk.wait(1.5)
    desk.say(.timer(.lateReports))
    desk.wait(3)
    desk.call(.ended, Self.number)
    #expect(desk.desk.recent.first?.talked == 9 * Instant.second / 2)
    #expect(desk.desk.recent.count == 2)
  }

  /// A second call that begins and ends within those 3 s has its record.
  @Test(arguments: [nil, "2025550100"] as [String?]) func aShortSecondCallHasItsRecord(
    _ next: String?
  ) {
    var desk = Script.up(Self.unnamed)
    desk.call(.ringing, Self.number)
    desk.wait(4)
    desk.call(.notEstablished, Self.number)
    desk.wait(0.5)
    desk.call(.ringing, Self.number)
    desk.wait(2)
    desk.call(.notEstablished, Self.number)
    desk.wait(0.5)
    if let next { desk.call(.ringing, next) } else { desk.say(.timer(.lateReports)) }
    #expect(desk.desk.recent.map(\.result) == [.missed, .missed])
    #expect(desk.desk.recent.first?.began.unix == desk.now.unix - 2500)
    #expect(desk.desk.recent.first?.ended.unix == desk.now.unix - 500)
    #expect(desk.desk.openCalls.map(\.number.string) == [next].compactMap { $0 })
  }

  @Test func aShortSecondTalkHasItsRecord() {
    var desk = Script.up(Self.unnamed)
    for (pause, status) in [
      (0, .ringing), (4, .talking), (4, .ended), (0.5, .ringing), (0.8, .talking), (1.2, .ended),
    ] as [(Double, CallReport.Status)] {
      desk.wait(pause)
      desk.call(status, Self.number)
    }
    desk.wait(0.5)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.recent.map(\.result) == [.answered, .answered] && !desk.desk.hasOpenCall)
    #expect(desk.desk.recent.first?.talked == 1_200_000_000 && desk.desk.today.calls == 2)
    // Said once more it is late, and no third one.
    desk.call(.ended, Self.number)
    #expect(desk.desk.recent.count == 2)
  }

  /// The end of the first once more, and then an answer: the second goes on.
  @Test func anEndOnceMoreDoesNotEndTheSecond() {
    var desk = Script.up(Self.unnamed)
    for (pause, status) in [
      (0, .ringing), (4, .talking), (4, .ended), (0.5, .ringing), (0.5, .ended), (1, .talking),
    ] as [(Double, CallReport.Status)] {
      desk.wait(pause)
      desk.call(status, Self.number)
    }
    desk.wait(1)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.active?.talk != nil && desk.desk.recent.count == 1)
  }

  // MARK: What names no direction is not known to be a dial

  /// A caller whose first word is 3 is not hung up for a dial that was cancelled.
  @Test(arguments: [nil, "b1"] as [String?], ["+442079460123", "anonymous"])
  func aCallerIsNotHungUpForACancelledDial(_ id: String?, _ number: String) throws {
    for isTaken in [true, false] { try isNotHungUp(id, number, isTaken: isTaken) }
  }

  private func isNotHungUp(_ id: String?, _ number: String, isTaken: Bool) throws {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    if isTaken {
      desk.say(.line(.result(id: try #require(desk.desk.attempt?.command), ok: true, error: "")))
    }
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.wait(12)
    desk.call(.talking, number, id: id)
    #expect(hangUps(desk) == [] && desk.desk.active?.talk != nil)
    // Nor one who comes while the next dial waits, nor is she that.
    var next = Script.up()
    next.say(.dial(phone: "13212345678", info: ""))
    next.say(.line(.result(id: try #require(next.desk.attempt?.command), ok: true, error: "")))
    next.say(.hangUp(try #require(next.desk.shownCallID)))
    next.say(.dial(phone: "2025550199", info: ""))
    next.call(.talking, number, id: id)
    #expect(hangUps(next) == [] && next.desk.attempt?.seen == false)
    #expect(next.desk.openCalls.map(\.attempt) == [nil])
  }

  /// Nor is she the dial that waits, or the one who is asked.
  @Test func aCallerIsNotTheDialThatWaits() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: "x"))
    desk.call(.talking, "+442079460123", id: "b1")
    desk.call(.talking, "13212345678", id: "c1")
    #expect(desk.outcomes == [.answered])
    #expect(desk.desk.openCalls.first { $0.lineID == "c1" }?.info == "x")
    #expect(desk.desk.openCalls.first { $0.lineID == "b1" }?.attempt == nil)
    var asks = Script.up()
    let customer = try asks.talking("a", "111")
    asks.say(.transfer(customer, to: "1020", consult: true))
    asks.call(.talking, "+442079460123", id: "b1")
    #expect(asks.desk.openCalls.allSatisfy { !$0.isConsultation })
    asks.call(.talking, "1020", id: "a2")
    #expect(asks.desk.openCalls.first { $0.lineID == "a2" }?.isConsultation == true)
  }

  // MARK: An end ends

  /// A redial soon after a talk: its end once she has asked for it, and its 4 after 3 s where nothing
  /// contradicts it.
  @Test func theEndOfARedialEndsIt() throws {
    for isAsked in [true, false] {
      var desk = Script.up(Self.unnamed, .init(line: "test", account: "1001", wrapUpSeconds: 0))
      for status in [CallReport.Status.calling, .talking, .ended] {
        desk.call(status, Self.number)
      }
      desk.wait(0.6)
      desk.say(.dial(phone: Self.number, info: ""))
      desk.call(.calling, Self.number)
      if isAsked { desk.say(.hangUp(try #require(desk.desk.shownCallID))) }
      desk.wait(0.4)
      let effects = desk.call(.ended, Self.number)
      #expect(desk.desk.hasOpenCall == !isAsked)
      if !isAsked {
        #expect(effects.contains(.startTimer(.lateReports, after: 2 * Instant.second)))
      }
      desk.wait(2)
      desk.say(.timer(.lateReports))
      #expect(!desk.desk.hasOpenCall && desk.desk.attempt == nil)
      #expect(desk.outcomes == [isAsked ? .cancelled : .unanswered])
    }
  }

  /// It goes on meanwhile: the 4 was the end of the call before, once more.
  @Test(arguments: [CallReport.Status.ringing, .talking])
  func anEndThatIsContradictedWasARepeat(_ word: CallReport.Status) {
    var desk = Script.up(Self.unnamed)
    for status in [CallReport.Status.calling, .talking, .ended] { desk.call(status, Self.number) }
    desk.wait(0.5)
    desk.say(.dial(phone: Self.number, info: ""))
    for status in [CallReport.Status.calling, .ended, word] { desk.call(status, Self.number) }
    desk.wait(2.5)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.active?.isOpen == true)
  }

  /// A dial whose first word is 4 is over: nobody answered.
  @Test(arguments: [Self.number, nil] as [String?], [true, false])
  func aDialWhoseFirstWordIsFourIsOver(_ said: String?, isSoon: Bool) {
    var desk = Script.up(Self.unnamed)
    if isSoon {
      for status in [CallReport.Status.talking, .ended] { desk.call(status, Self.number) }
      desk.wait(1)
    }
    desk.say(.dial(phone: Self.number, info: ""))
    desk.call(.ended, said)
    #expect(desk.desk.attempt == nil || isSoon)
    desk.wait(2)
    desk.say(.timer(.lateReports))
    #expect(desk.outcomes == [.unanswered] && desk.desk.failed?.reason == nil)
  }
}
