// Late and repeated reports of a call that has ended open no ghost, and a real new call heals.

import Testing

@testable import CCCore

@Suite struct LateReportTests {
  /// A line that names no call, and one of its calls that has just ended.
  private func ended(_ abilities: Abilities = [.dial, .seat]) -> Script {
    var desk = Script.up(abilities)
    desk.say(.line(.seat(.idle)))
    desk.call(.calling)
    desk.call(.talking)
    desk.say(.line(.seat(.busy)))
    desk.wait(5)
    desk.call(.ended)
    desk.say(.line(.seat(.postCall)))
    return desk
  }

  @Test(arguments: ["13212345678", "+8613212345678", nil] as [String?])
  func whatComesWithinThreeSecondsOfTheEndIsLate(_ number: String?) {
    for order in [[5, 3, 2], [2, 3, 5], [3, 2, 4], [4, 5, 3]] {
      var desk = ended()
      let before = (desk.desk.recent, desk.desk.active)
      for (step, code) in order.enumerated() {
        desk.wait(0.9)
        desk.call(CallReport.Status(rawValue: code) ?? .ended, number)
        #expect(desk.desk.anomalies[.lateEvent] == step + 1)
      }
      #expect(!desk.desk.hasOpenCall && !desk.log.contains(.bell(.incoming)))
      desk.wait(0.3)
      desk.say(.timer(.lateReports))
      // A 2 so long after the 3 is no repeat: it was a call, and has its record.
      #expect(desk.desk.recent.suffix(1) == before.0 && desk.desk.active == before.1)
      #expect(desk.desk.recent.count == (order == [2, 3, 5] ? 2 : 1))
    }
  }

  @Test func anotherNumberOrAnotherDirectionIsNotLate() {
    for (number, direction) in [("2025550100", Direction?.none), ("13212345678", .in)] {
      var desk = ended()
      desk.wait(1)
      desk.call(.ringing, number, id: nil, direction)
      #expect(desk.desk.active?.isRingingHere == true)
    }
  }

  @Test func aCallingIsANewCallAtOnce() {
    var desk = ended()
    desk.wait(0.1)
    desk.call(.calling)
    #expect(desk.desk.active?.phase == .calling && desk.desk.anomalies.isEmpty)
    // The end of the first once more is not its own.
    desk.wait(0.5)
    desk.call(.ended)
    #expect(desk.desk.active?.phase == .calling && desk.desk.anomalies[.lateEvent] == 1)
    // A refusal is: she dialled a number that is busy again.
    desk.call(.notEstablished, code: 486)
    #expect(desk.desk.recent.map(\.result) == [.rejected, .answered])
  }

  @Test func theEndOfTheCallBeforeDoesNotEndTheNextOne() {
    var desk = ended()
    desk.wait(1)
    desk.call(.calling, "2025550100")
    desk.call(.talking, "2025550100")
    for status in [CallReport.Status.ended, .notEstablished] { desk.call(status, "13212345678") }
    #expect(desk.desk.active?.talk != nil && desk.desk.anomalies[.lateEvent] == 2)
    // Later than that a line without ids ends its one call, whatever number it says.
    desk.wait(3)
    desk.call(.ended, "13212345678")
    #expect(!desk.desk.hasOpenCall)
  }

  @Test func afterThreeSecondsItIsANewCall() {
    var desk = ended()
    desk.wait(3)
    desk.call(.ringing)
    #expect(desk.desk.active?.isRingingHere == true && desk.log.contains(.bell(.incoming)))
    var talks = ended()
    talks.wait(3)
    talks.call(.talking)
    #expect(talks.desk.active?.talk?.witnessed == false)
  }

  /// A 3 that was taken for late began a call: the seat says so.
  @Test func theSeatShowsThatACallWasReal() throws {
    var desk = ended()
    desk.wait(1)
    let effects = desk.call(.talking)
    #expect(effects.contains(.startTimer(.lateReports, after: 2 * Instant.second)))
    desk.wait(0.5)
    desk.say(.line(.seat(.busy)))
    desk.wait(1.5)
    desk.say(.timer(.lateReports))
    let call = try #require(desk.desk.active)
    #expect(call.isOpen && call.talk?.witnessed == false)
    #expect(call.talked(at: desk.now) == 2 * Instant.second)
    desk.call(.ended)
    #expect(desk.desk.recent.count == 2)
    // A seat that was busy all the time tells nothing of a new call.
    var still = Script.up([.dial, .seat])
    still.say(.line(.seat(.busy)))
    still.call(.talking)
    still.call(.ended)
    still.wait(1)
    still.call(.talking)
    still.wait(2)
    still.say(.timer(.lateReports))
    #expect(!still.desk.hasOpenCall)
  }

  @Test func aDialThatWaitsShowsItToo() throws {
    var desk = ended()
    desk.wait(0.5)
    desk.say(.dial(phone: "13212345678", info: "x"))
    desk.wait(0.5)
    desk.call(.talking)
    #expect(desk.desk.attempt?.seen == false, "it may be of the call before")
    desk.wait(2)
    desk.say(.timer(.lateReports))
    #expect(desk.desk.active?.talk != nil && desk.desk.active?.info == "x")
    #expect(desk.outcomes == [.answered])
    // Its ringing is its own at once.
    var rings = ended()
    rings.say(.dial(phone: "13212345678", info: ""))
    rings.call(.ringing)
    #expect(rings.desk.attempt?.seen == true && rings.desk.active?.direction == .out)
  }

  /// 1, 2, 4 and then the 3: the two had talked, and the record says so.
  @Test func anAnswerThatComesAfterTheEndCorrectsTheRecord() {
    for id in [nil, "a"] as [String?] {
      var desk = Script.up()
      desk.say(.dial(phone: "13212345678", info: ""))
      desk.call(.calling, id: id)
      desk.call(.ringing, id: id)
      desk.call(.ended, id: id)
      #expect(desk.desk.recent.first?.result == .unanswered)
      desk.wait(1)
      desk.call(.talking, id: id)
      #expect(desk.desk.recent.map(\.result) == [.answered])
      #expect(desk.desk.recent.first?.witnessed == false && desk.desk.today.calls == 1)
      #expect(desk.desk.today.connected == 1 && desk.desk.seat.seat == .postCall)
      #expect(desk.desk.anomalies[.lateEvent] == 1 && !desk.desk.hasOpenCall)
      desk.call(.talking, id: id)
      #expect(desk.desk.today.calls == 1, "once")
    }
    // What was refused was not answered.
    var refused = Script.up()
    refused.call(.calling)
    refused.call(.notEstablished, code: 486)
    refused.call(.talking)
    #expect(refused.desk.recent.map(\.result) == [.rejected])
  }

  /// 2 before 1, without a direction: it was no caller.
  @Test func aCallingAfterTheRingingShowsWhoCalled() {
    var desk = Script.up()
    desk.call(.ringing)
    #expect(desk.desk.active?.isRingingHere == true)
    let effects = desk.call(.calling)
    #expect(desk.desk.active?.direction == .out && desk.desk.seat.seat == .busy)
    #expect(effects.contains(.cancelTimer(.ringBell)))
    desk.call(.notEstablished, code: 486)
    #expect(desk.desk.recent.map(\.result) == [.rejected])
    // One that the line calls incoming stays it.
    var told = Script.up()
    told.call(.ringing, id: nil, .in)
    told.call(.calling)
    #expect(told.desk.recent.isEmpty && told.desk.openCalls.contains { $0.direction == .in })
  }
}
