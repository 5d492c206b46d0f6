// Which call is the dialled one: whatever the line makes of its number, and never one given up before.

import Testing

@testable import CCCore

@Suite struct AttemptStoryTests {
  private func hangUps(_ desk: Script) -> [String?] {
    desk.sent.compactMap { if case .hangUp(_, let call) = $0 { .some(call) } else { nil } }
  }

  /// Forms of the number that share too few digits, or none, with what was dialled.
  @Test(
    arguments: [
      "+4930123456", "132****5678", "NaN", "anonymous", "0034999888777", "1", "*", nil, "",
    ] as [String?])
  func anOutgoingCallThatBeginsWhileADialWaitsIsThatDial(_ number: String?) throws {
    for (first, direction) in [
      (CallReport.Status.calling, Direction?.none), (.calling, .out), (.ringing, .out),
      (.talking, nil), (.talking, .out),
    ] {
      // A 3 that names no direction and somebody else's number is not known to be outgoing.
      if first == .talking, direction == nil, let number, number != "NaN", number != "*" {
        continue
      }
      for id in [nil, "c1"] as [String?] {
        var desk = Script.up()
        desk.say(.dial(phone: "123456", info: "John Doe"))
        let mine = try #require(desk.desk.shownCallID)
        desk.say(.note(mine, "asks for March"))
        desk.call(first, number, id: id, direction)
        let call = try #require(desk.desk.active)
        #expect(call.id == mine && call.number == "123456" && call.info == "John Doe")
        #expect(call.direction == .out && desk.desk.attempt?.seen != false)
        desk.call(.ringing, number, id: id, direction)
        desk.call(.talking, number, id: id, direction)
        #expect(desk.outcomes == [.answered] && desk.desk.openCalls.count == 1)
        desk.say(.hangUp(mine))
        #expect(hangUps(desk) == [id])
        desk.wait(4)
        desk.call(.ended, number, id: id, direction)
        #expect(desk.desk.recent.map(\.result) == [.answered])
        #expect(desk.desk.recent.first?.note == "asks for March")
        #expect(desk.desk.recent.first?.number == "123456")
      }
    }
  }

  @Test func aCallerIsNoDial() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "5550100", info: ""))
    let dial = try #require(desk.desk.shownCallID)
    desk.call(.ringing, "+442079460123", id: "b1", .in)
    #expect(desk.desk.active?.lineID == "b1" && desk.desk.active?.isRingingHere == true)
    #expect(desk.desk.unseenAttempt?.callID == dial)
    let caller = try #require(desk.desk.shownCallID)
    #expect(caller == desk.desk.active?.id, "the keys act on what is shown")
    // Without a direction a ringing of another number is a caller too.
    var plain = Script.up()
    plain.say(.dial(phone: "5550100", info: ""))
    plain.call(.ringing, "+442079460123")
    #expect(plain.desk.active?.isRingingHere == true && plain.desk.unseenAttempt != nil)

    // She takes him; the dialled call begins after that: both are there, and the dial has its outcome.
    desk.say(.answer(caller))
    desk.call(.talking, "+442079460123", id: "b1", .in)
    desk.call(.calling, "5550100", id: "c1", .out)
    #expect(desk.desk.active?.lineID == "b1" && desk.desk.other?.id == dial)
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    #expect(hangUps(desk) == ["b1"] && desk.outcomes.isEmpty)
    desk.call(.ended, id: "b1")
    #expect(desk.desk.active?.id == dial && desk.desk.active?.phase == .calling)
    desk.call(.talking, "5550100", id: "c1", .out)
    #expect(desk.outcomes == [.answered])
  }

  // MARK: Dials that were given up

  /// Dials, hangs up before a word, and dials again.
  private func redial(_ first: String, _ second: String) throws -> Script {
    var desk = Script.up()
    desk.say(.dial(phone: first, info: ""))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.wait(1)
    desk.say(.dial(phone: second, info: ""))
    return desk
  }

  @Test func aCancelledDialIsHungUpAlsoWhenTheNextOneWaits() throws {
    var desk = try redial("5550100", "2025550199")
    let second = try #require(desk.desk.shownCallID)
    desk.call(.calling, "5550100", id: "a", .out)
    #expect(hangUps(desk) == ["a"])
    #expect(desk.desk.shownCallID == second, "the dial that waits keeps the panel")
    desk.call(.calling, "2025550199", id: "b", .out)
    desk.call(.ringing, "5550100", id: "a", .out)
    desk.call(.talking, "5550100", id: "a", .out)
    #expect(hangUps(desk) == ["a"])
    desk.call(.ended, "5550100", id: "a")
    desk.call(.talking, "2025550199", id: "b", .out)
    #expect(desk.desk.active?.id == second && desk.outcomes == [.cancelled, .answered])
  }

  @Test func ofTwoDialsOfOneNumberExactlyOneLives() throws {
    // The line never said whether it makes the first: the first call it reports is hers.
    var desk = try redial("5550100", "5550100")
    desk.call(.calling, "5550100", id: "a", .out)
    #expect(hangUps(desk) == [] && desk.desk.attempt?.seen == true)
    desk.call(.calling, "5550100", id: "b", .out)
    #expect(hangUps(desk) == ["b"])
    // It said that it makes it: its call comes first, and goes.
    var told = try redial("5550100", "5550100")
    told.say(.line(.result(id: 2, ok: true, error: "")))
    told.call(.calling, "5550100", id: "a", .out)
    told.call(.calling, "5550100", id: "b", .out)
    #expect(hangUps(told) == ["a"] && told.desk.attempt?.seen == true)
    // It would not make it: no call of it comes, and nothing of hers is hung up.
    var refused = try redial("5550100", "5550100")
    refused.say(.line(.result(id: 2, ok: false, error: "busy")))
    refused.call(.calling, "5550100", id: "b", .out)
    refused.call(.talking, "5550100", id: "b", .out)
    #expect(hangUps(refused) == [] && refused.outcomes == [.cancelled, .answered])
  }

  @Test(arguments: [nil, "a"] as [String?])
  func aCancelledDialIsHungUpUnderAnyFormOfItsNumber(_ id: String?) throws {
    for (status, number) in [
      (CallReport.Status.calling, "+4930123456"), (.calling, "NaN"), (.talking, "5550100"),
      (.ringing, "5550100"),
    ] {
      var desk = Script.up()
      desk.say(.dial(phone: "5550100", info: ""))
      desk.say(.hangUp(try #require(desk.desk.shownCallID)))
      desk.wait(2)
      desk.call(status, number, id: id)
      #expect(hangUps(desk) == [id], "\(status) \(number)")
      #expect(!desk.log.contains(.bell(.incoming)))
    }
  }

  @Test func aDialNobodyHeardOfIsNotTheNextOne() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "5550100", info: ""))
    desk.wait(10)
    desk.say(.timer(.dialSilence))
    desk.say(.dial(phone: "2025550199", info: ""))
    desk.call(.calling, "5550100", id: "a", .out)
    #expect(desk.desk.attempt?.seen == false && desk.desk.active?.attempt == nil)
    #expect(hangUps(desk) == [], "she is told of it, and ends it or talks")
    desk.call(.calling, "2025550199", id: "b", .out)
    #expect(desk.desk.attempt?.seen == true)
  }

  @Test func afterHalfAMinuteACallOfThatNumberIsAnother() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "5550100", info: ""))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.wait(30)
    desk.call(.calling, "5550100", id: "a", .out)
    #expect(hangUps(desk) == [])
  }

  @Test func aCallerWithTheCancelledNumberRings() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "5550100", info: ""))
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    desk.call(.ringing, "5550100", id: "i", .in)
    #expect(hangUps(desk) == [] && desk.log.contains(.bell(.incoming)))
  }

  /// What waits for its call while the first one's is being ended can be cancelled, and ends alone.
  @Test func theKeysActOnTheDialThatWaits() throws {
    var desk = try redial("5550100", "2025550199")
    desk.call(.calling, "5550100", id: "a", .out)
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    #expect(desk.outcomes == [.cancelled, .cancelled])
    #expect(desk.desk.active?.lineID == "a", "the one that is still there comes onto the panel")
    desk.call(.notEstablished, "5550100", id: "a")
    #expect(!desk.desk.isOnCall)
  }
}
