// What the line says of a call, of the seat and of who comes next, and what is made of it.

import Testing

@testable import CCCore

@Suite struct WhatWasSaidTests {
  private static let unnamed: Abilities = [.dial, .hangUp, .answer, .reject]
  private static let (first, second) = ("07911123456", "+442079460123")

  // MARK: Who is withheld

  /// A withheld caller who talks does not become the next one who calls.
  @Test(arguments: ["anonymous", nil] as [String?], [CallReport.Status.ringing, .calling])
  func whoIsWithheldDoesNotBecomeTheNext(_ number: String?, _ word: CallReport.Status) {
    for id in [nil, "b2"] as [String?] {
      var desk = Script.up(Self.unnamed)
      desk.call(.ringing, number)
      desk.call(.talking, number)
      desk.wait(2)
      desk.say(.line(.call(CallReport(word, number: SafeText(Self.first), call: id, name: "Nora"))))
      let next = desk.desk.openCalls.first { $0.number.string == Self.first }
      #expect(next?.name == "Nora" && next?.talk == nil)
      #expect(
        desk.log.contains(.bell(.incoming))
          && desk.desk.openCalls.allSatisfy { $0.talk == nil || $0.name == nil })
    }
  }

  /// Her number may come later, with her answer.
  @Test(arguments: ["anonymous", nil] as [String?]) func herOwnNumberMayComeLater(_ number: String?)
  {
    var desk = Script.up(Self.unnamed)
    desk.call(.ringing, number)
    desk.call(.talking, Self.first)
    #expect(desk.desk.openCalls.count == 1 && desk.desk.active?.number.string == Self.first)
  }

  // MARK: Turned away

  @Test func aSecondCallerIsTurnedAwayToo() {
    var desk = Script.up()
    desk.say(.choose(.shortBreak))
    desk.call(.ringing, Self.first, id: "b1", .in)
    desk.call(.ringing, Self.second, id: "b2", .in)
    desk.call(.ringing, "5550100", id: "b3", .in)
    #expect(desk.asked == ["register", "reject b1", "reject b2", "reject b3"])
    for id in ["b1", "b2", "b3"] { desk.call(.notEstablished, nil, id: id, .in) }
    #expect(desk.desk.recent.map(\.result) == [.turnedAway, .turnedAway, .turnedAway])
    // Beside a call that she has, one waits.
    var busy = Script.up()
    busy.call(.talking, Self.first, id: "a", .in)
    busy.say(.choose(.shortBreak))
    busy.call(.ringing, Self.second, id: "b", .in)
    #expect(busy.asked == ["register"])
  }

  /// Who calls after she went offline, while the line says good-bye, is turned away.
  @Test(arguments: [DeskEvent.choose(.offline), .quit]) func whoCallsAtTheEndIsTurnedAway(
    _ event: DeskEvent
  ) {
    var desk = Script.up()
    desk.say(event)
    desk.call(.ringing, Self.first, id: "b1", .in)
    #expect(desk.asked.last == "reject b1" && !desk.log.contains(.bell(.incoming)))
    desk.say(.line(.died(reason: "", retryIn: nil)))
    #expect(desk.desk.recent.map(\.result) == [.turnedAway])
  }

  // MARK: One at a time

  /// A caller who waits closes the call before for the desk; that one's own end does not end hers.
  @Test func theEndOfTheOneBeforeDoesNotEndTheNext() throws {
    for hasSeat in [true, false] {
      var desk = Script.up(hasSeat ? Self.unnamed.union(.seat) : Self.unnamed)
      if hasSeat { desk.say(.line(.seat(.busy))) }
      desk.call(.ringing, Self.first)
      desk.call(.talking, Self.first)
      desk.wait(2)
      desk.call(.ringing, Self.second)
      #expect(desk.desk.active?.isRingingHere == true && desk.desk.wrapUp == nil)
      #expect(!desk.asked.contains { $0.hasPrefix("reject") })
      desk.wait(4)
      desk.call(.ended, Self.first)
      #expect(desk.desk.active?.isRingingHere == true && desk.desk.anomalies[.lateEvent] == 1)
      desk.say(.answer(try #require(desk.desk.active?.id)))
      desk.call(.talking, Self.second)
      desk.wait(5)
      desk.call(.ended, Self.second)
      #expect(desk.desk.recent.map(\.result) == [.answered, .answered])
      if !hasSeat { #expect(desk.desk.seat.seat == .postCall) }
      // Its end is said once: one more ends whatever is there.
      desk.wait(3)
      desk.call(.ringing, "5550100")
      desk.call(.ended, Self.first)
      #expect(!desk.desk.hasOpenCall)
    }
  }

  /// The seat is said once more while she talks: that ends it as a change would.
  @Test func theSeatSaidOnceMoreEndsTheCall() {
    var desk = Script.up([.dial, .hangUp, .seat])
    desk.say(.line(.seat(.idle)))
    desk.wait(1)
    desk.call(.calling)
    desk.call(.talking)
    desk.wait(2)
    #expect(
      desk.say(.line(.seat(.idle))).contains(.startTimer(.inferEnd, after: 5 * Instant.second)))
    desk.wait(5)
    desk.say(.timer(.inferEnd))
    #expect(!desk.desk.hasOpenCall)
    // Said before she talked it says nothing of it, nor where it has an id.
    for id in [nil, "a"] as [String?] {
      var other = Script.up([.dial, .hangUp, .seat])
      other.say(.line(.seat(.idle)))
      other.wait(1)
      other.call(.calling, id: id)
      other.wait(1)
      other.say(.line(.seat(.idle)))
      other.wait(1)
      other.call(.talking, id: id)
      if id != nil { other.say(.line(.seat(.idle))) }
      other.say(.timer(.inferEnd))
      #expect(other.desk.hasOpenCall)
    }
  }

  // MARK: Hold and mute

  /// What is said of hold and mute just before the 3 holds when she talks; the newest word counts.
  @Test func whatIsSaidBeforeTheAnswerHoldsAfterIt() {
    var desk = Script.up()
    desk.call(.ringing, Self.first, id: "b1", .in)
    desk.say(.line(.callState(call: "b1", held: true, muted: true)))
    desk.say(.line(.callState(call: "b1", held: false, muted: nil)))
    desk.say(.line(.farHold(call: "b1", true)))
    #expect(desk.desk.active?.isHeld == false && desk.desk.anomalies.isEmpty)
    desk.wait(1)
    desk.call(.talking, Self.first, id: "b1", .in)
    let talk = desk.desk.active?.talk
    #expect(talk?.muted == true && talk?.heldSince == nil && talk?.farHeldSince == desk.now)
    // Of a call that is over it is late.
    desk.call(.ended, Self.first, id: "b1", .in)
    desk.say(.line(.callState(call: "b1", held: true, muted: nil)))
    #expect(desk.desk.anomalies == [.lateEvent: 1])
  }

  // MARK: Tones

  /// Tones that the line would not send come back in their order.
  @Test(arguments: [[3, 4], [4, 3], [4], [3]]) func refusedTonesComeBackInOrder(_ refused: [Int])
    throws
  {
    var desk = Script.up()
    desk.say(.dial(phone: "+12015550123,12,34,56", info: ""))
    desk.call(.calling, "+12015550123", id: "c1", .out)
    desk.call(.talking, "+12015550123", id: "c1", .out)
    let id = try #require(desk.desk.active?.id)
    for _ in 0..<2 { desk.say(.sendKept(id)) }
    for id in refused { desk.say(.line(.result(id: id, ok: false, error: "busy"))) }
    let back = [3: "12", 4: "34"].filter { refused.contains($0.key) }.sorted { $0.key < $1.key }
    #expect(desk.desk.active?.tones == (back.map(\.value) + ["56"]).joined(separator: ","))
    desk.say(.sendKept(id))
    #expect(desk.asked.last == "tones c1 \(back[0].value)")
  }
}
