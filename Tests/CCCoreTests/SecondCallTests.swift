// A call that begins soon after the end of another, of the same number or of nobody's, on a line without ids.

import Testing

@testable import CCCore

@Suite struct SecondCallTests {
  /// A line that names no call, and a caller who rang, talked for a while and is gone.
  private func after(
    _ number: String, ring: Double = 4, talk: Double = 20, _ end: CallReport.Status = .ended,
    _ abilities: Abilities = [.dial, .hangUp, .answer, .reject, .seat]
  ) -> Script {
    var desk = Script.up(abilities)
    if abilities.contains(.seat) { desk.say(.line(.seat(.idle))) }
    desk.call(.ringing, number)
    desk.wait(ring)
    if end == .ended {
      desk.call(.talking, number)
      desk.wait(talk)
    }
    desk.call(end, number)
    return desk
  }

  private static let keepsNoSeat: Abilities = [.dial, .hangUp, .answer]

  /// Two who are withheld are two people.
  @Test(arguments: ["anonymous", "", "Private", "unknown", nil] as [String?])
  func aSecondWithheldCallerRingsAtOnce(_ number: String?) {
    for end in [CallReport.Status.ended, .notEstablished] {
      var desk = Script.up(Self.keepsNoSeat)
      for status in end == .ended ? [.ringing, .talking, end] : [.ringing, end] {
        desk.call(status, number)
        desk.wait(0.1)
      }
      desk.wait(0.4)
      let effects = desk.call(.ringing, number)
      #expect(desk.desk.active?.isRingingHere == true && effects.contains(.bell(.incoming)))
      #expect(desk.desk.anomalies[.lateEvent] == nil)
      desk.wait(5)
      desk.call(.notEstablished, number)
      #expect(desk.desk.recent.map(\.result) == [.missed, end == .ended ? .answered : .missed])
    }
  }

  /// The end of the first once more does not end the second who rings.
  @Test(arguments: ["anonymous", ""])
  func theEndOfTheWithheldOneBeforeIsNotItsOwn(_ number: String) {
    var desk = after(number)
    desk.wait(0.5)
    desk.call(.ringing, number)
    desk.call(.ended, number)
    #expect(desk.desk.active?.isRingingHere == true)
    desk.call(.talking, number)
    desk.wait(5)
    desk.call(.ended, number)
    #expect(desk.desk.recent.map(\.result) == [.answered, .answered])
  }

  /// What else is said of a withheld caller within those 3 s is late, as of a number.
  @Test func anAnswerOfAWithheldOneAloneIsLate() {
    var desk = after("anonymous")
    desk.wait(0.5)
    desk.call(.talking, "anonymous")
    desk.call(.notEstablished, "anonymous")
    #expect(!desk.desk.hasOpenCall && desk.desk.anomalies[.lateEvent] == 2)
  }

  /// She rings again: what comes so long after its time is no repeat, and shows when no more is late.
  @Test func aSecondRingOfTheSameNumberShowsAfterThreeSeconds() throws {
    for end in [CallReport.Status.ended, .notEstablished] {
      var desk = after("5550100", ring: 10, end)
      desk.wait(0.5)
      let effects = desk.call(.ringing, "5550100")
      #expect(effects.contains(.startTimer(.lateReports, after: 2_500_000_000)))
      #expect(!desk.desk.hasOpenCall)
      desk.wait(2.5)
      let later = desk.say(.timer(.lateReports))
      #expect(desk.desk.active?.isRingingHere == true && later.contains(.bell(.incoming)))
      #expect(desk.now.seconds(since: try #require(desk.desk.active?.began)) == 2)
      desk.call(.notEstablished, "5550100")
      #expect(desk.desk.recent.first?.result == .missed && desk.desk.recent.count == 2)
    }
  }

  /// A 2 and then a 3, in order: a call that came in and was answered, with both its times.
  @Test(arguments: [true, false])
  func aSecondCallOfTheSameNumberIsShownAsIncoming(_ keepsSeat: Bool) throws {
    var desk = after(
      "5550100", .ended, keepsSeat ? [.dial, .hangUp, .answer, .seat] : Self.keepsNoSeat)
    if keepsSeat { desk.say(.line(.seat(.postCall))) }
    desk.wait(0.5)
    desk.call(.ringing, "5550100")
    desk.wait(1)
    desk.call(.talking, "+15550100")
    if keepsSeat { desk.say(.line(.seat(.busy))) }
    desk.wait(1.5)
    desk.say(.timer(.lateReports))
    let call = try #require(desk.desk.active)
    #expect(call.direction == .in && call.talk?.witnessed == true)
    #expect(call.talked(at: desk.now) == 1_500_000_000 && call.steps.count == 2)
    #expect(desk.now.seconds(since: call.began) == 2)
    desk.wait(10)
    desk.say(.hangUp(call.id))
    #expect(desk.asked.last == "hang up -")
    desk.call(.ended, "5550100")
    #expect(desk.desk.recent.map(\.direction) == [.in, .in] && desk.desk.today.calls == 2)
  }

  /// The seat's word in whatever order with the 2 and the 3: it rang, so it came in.
  @Test(arguments: [["2", "busy", "3"], ["2", "3", "busy"], ["busy", "2", "3"]])
  func theSeatShowsThatItCameIn(_ order: [String]) {
    var desk = after("5550100", ring: 0.1, talk: 0.1)
    desk.say(.line(.seat(.postCall)))
    desk.say(.line(.seat(.idle)))
    for word in order {
      desk.wait(0.5)
      switch word {
      case "2": desk.call(.ringing, "5550100")
      case "3": desk.call(.talking, "5550100")
      default: desk.say(.line(.seat(.busy)))
      }
    }
    desk.wait(1.5)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.active?.direction == .in && desk.desk.active?.talk != nil)
  }

  /// It rang within the 3 s and was answered after them, though it may have been a repeat till then.
  @Test func aRingWithinAndAnAnswerAfterIsIncoming() throws {
    var desk = after("5550100", ring: 0.1, talk: 0.1)
    desk.wait(0.9)
    desk.call(.ringing, "5550100")
    desk.wait(2.1)
    desk.say(.timer(.lateReports))
    #expect(!desk.desk.hasOpenCall)
    desk.wait(2)
    desk.call(.talking, "5550100")
    let call = try #require(desk.desk.active)
    #expect(call.direction == .in && call.talk?.witnessed == true)
    #expect(desk.now.seconds(since: call.began) == 4)
    // A ring of another number, or of long ago, tells nothing of it.
    var other = after("5550100", ring: 0.1, talk: 0.1)
    other.wait(0.9)
    other.call(.ringing, "5550100")
    other.wait(2.1)
    other.say(.timer(.lateReports))
    other.wait(90)
    other.call(.talking, "5550100")
    #expect(other.desk.active?.direction == .out)
  }

  /// A word of the other direction goes on with nothing that rang.
  @Test func aWordOfTheOtherDirectionIsOfAnotherCall() throws {
    for isOver in [false, true] {
      var desk = after("5550100", ring: 0.1, talk: 0.1)
      desk.wait(0.9)
      desk.call(.ringing, "5550100", .in)
      desk.wait(2.1)
      desk.say(.timer(.lateReports))
      desk.wait(2)
      if isOver {
        desk.call(.notEstablished, "5550100", .out)
        #expect(!desk.desk.hasOpenCall && desk.desk.recent.count == 1)
      } else {
        desk.call(.talking, "5550100", .out)
        let call = try #require(desk.desk.active)
        #expect(call.began == desk.now && call.steps.map(\.name) == [.talking])
      }
    }
  }

  /// Whatever it was taken for, a call that ends after the 3 s has its record.
  @Test func aCallThatWasNeverShownHasItsRecord() {
    var desk = after("5550100", ring: 0.1, talk: 0.1, .ended, Self.keepsNoSeat)
    desk.wait(0.5)
    desk.call(.ringing, "5550100")
    desk.wait(1)
    desk.call(.talking, "5550100")
    desk.wait(1.5)
    desk.say(.timer(.lateReports))
    desk.wait(3.5)
    desk.call(.ended, "5550100")
    #expect(!desk.desk.hasOpenCall)
    #expect(desk.desk.recent.map(\.result) == [.answered, .answered])
    #expect(desk.desk.recent.map(\.direction) == [.in, .in])
    #expect(desk.desk.recent.first?.talked == 5 * Instant.second && desk.desk.today.calls == 2)
    #expect(desk.desk.anomalies[.endWithoutCall] == nil)
    // One that only rang is missed; it rings for nobody any more.
    var rang = after("5550100", ring: 0.1, .notEstablished, Self.keepsNoSeat)
    rang.wait(0.5)
    rang.call(.ringing, "5550100")
    rang.wait(2.5)
    rang.say(.timer(.lateReports))
    #expect(!rang.desk.hasOpenCall)
    rang.wait(5)
    let effects = rang.call(.notEstablished, "5550100")
    #expect(rang.desk.recent.map(\.result) == [.missed, .missed])
    #expect(!effects.contains(.bell(.incoming)))
    #expect(rang.call(.notEstablished, "5550100").isEmpty || rang.desk.recent.count == 2)
    rang.wait(4)
    rang.call(.notEstablished, "5550100")
    #expect(rang.desk.recent.count == 2, "it has one record")
  }

  /// Who never talked was never answered: a 3 after that is of another call.
  @Test func anAnswerAfterOneThatWasNotAnsweredIsANewCalls() {
    var desk = after("5550100", ring: 1, .notEstablished, Self.keepsNoSeat)
    desk.wait(0.5)
    desk.call(.ringing, "5550100")
    desk.wait(1)
    desk.call(.talking, "5550100")
    desk.wait(1.5)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.active?.talk != nil && desk.desk.active?.direction == .in)
  }

  /// What may be a repeat, or has ended already, or came in another order, opens nothing; what can be no
  /// repeat and has ended has its record.
  @Test(arguments: [["2"], ["2", "3"], ["3"], ["3", "2"], ["2", "3", "5"], ["2", "4"]])
  func whatMayBeARepeatOpensNothing(_ order: [String]) {
    for (ring, talk) in [(0.1, 0.1), (60, 60)] {
      // Long after its time only a 2, and a 3 behind it, are no repeats.
      if ring == 60, order == ["2"] || order == ["2", "3"] { continue }
      var desk = after("5550100", ring: ring, talk: talk, .ended, Self.keepsNoSeat)
      for word in order {
        desk.wait(0.5)
        desk.call(CallReport.Status(rawValue: Int(word) ?? 0) ?? .ended, "5550100")
      }
      desk.wait(3)
      desk.say(.timer(.lateReports))
      // One of half a second may be late words, whatever their order.
      let isCall = ring == 60 && order == ["2", "3", "5"]
      #expect(!desk.desk.hasOpenCall && desk.desk.recent.count == (isCall ? 2 : 1))
      #expect(desk.desk.anomalies[.lateEvent] == order.count)
      // Nor has it a record by an end that is said after those 3 s.
      if order == ["2"] || order == ["2", "3"] { continue }
      desk.wait(1)
      desk.call(.ended, "5550100")
      #expect(desk.desk.recent.count == (isCall ? 2 : 1))
    }
  }

  // MARK: At the bounds

  /// Three seconds after the 2, or the 3, of the call before nothing is its repeat.
  @Test func whatComesThreeSecondsLaterIsNew() {
    for (wait, isNew) in [(0.5, true), (0.25, false)] {
      var rings = after("5550100", ring: 1, talk: 1.5, .ended, Self.keepsNoSeat)
      rings.wait(wait)
      rings.call(.ringing, "5550100")
      rings.wait(3)
      rings.say(.timer(.lateReports))
      #expect(rings.desk.hasOpenCall == isNew)
      var talks = after("5550100", ring: 0.25, talk: 2, .ended, Self.keepsNoSeat)
      talks.wait(0.5)
      talks.call(.ringing, "5550100")
      talks.wait(wait)
      talks.call(.talking, "5550100")
      talks.wait(2)
      talks.say(.timer(.lateReports))
      #expect(talks.desk.hasOpenCall == isNew)
    }
  }

  /// Its ring once more changes nothing of an answered call.
  @Test func aRingThatIsRepeatedChangesNothing() {
    var desk = after("5550100", ring: 10, .ended, Self.keepsNoSeat)
    for status in [CallReport.Status.ringing, .talking, .ringing] {
      desk.wait(0.5)
      desk.call(status, "5550100")
    }
    desk.wait(1.5)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.active?.talk != nil && desk.desk.active?.direction == .in)
  }

  /// A ring is of the answer that comes after it: of its number or of none, without an id, and not too
  /// long after it.
  @Test(
    arguments: [
      ("5550100", nil, 5, true), (nil, nil, 5, true), ("5550199", nil, 5, false),
      ("5550100", "x", 5, false), ("5550100", nil, Double(Desk.Limits.longestRing) - 0.5, true),
      ("5550100", nil, Double(Desk.Limits.longestRing), false),
    ] as [(String?, String?, Double, Bool)])
  func aRingIsOfTheAnswerAfterIt(
    _ number: String?, _ id: String?, _ seconds: Double, isOfIt: Bool
  ) {
    var desk = after("5550100", ring: 0.25, talk: 0.25, .ended, Self.keepsNoSeat)
    desk.wait(1)
    desk.call(.ringing, "5550100")
    let rang = desk.now
    desk.wait(2)
    desk.say(.timer(.lateReports))
    desk.wait(seconds - 2)
    desk.call(.talking, number, id: id)
    #expect(desk.desk.active?.began == (isOfIt ? rang : desk.now))
    #expect(desk.desk.active?.direction == (isOfIt ? .in : .out))
    // The end of another number is not its end.
    var other = after("5550100", ring: 0.25, .notEstablished, Self.keepsNoSeat)
    other.wait(1)
    other.call(.ringing, "5550100")
    other.wait(3)
    other.call(.notEstablished, "5550199")
    #expect(other.desk.recent.count == 1)
  }

  /// While another call is open nothing of the one before is judged.
  @Test func anOpenCallIsNotJoinedByWhatWasLate() {
    var desk = after("5550100", ring: 10, .ended, Self.keepsNoSeat)
    desk.call(.ringing, "222", id: "i", .in)
    desk.wait(0.5)
    desk.call(.ringing, "5550100", .in)
    desk.wait(2.5)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.openCalls.map(\.lineID) == ["i"])
  }
}
