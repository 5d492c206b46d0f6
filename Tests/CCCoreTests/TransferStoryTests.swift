// Calls that are handed on: which one stays on the panel, what the day counts, how it is told.

import Testing

@testable import CCCore

@Suite struct TransferStoryTests {
  private func clock(_ unix: Int64) -> String { "12:00" }

  /// A customer held, and 1020 asked for some seconds.
  private func consultation() throws -> Script {
    var desk = Script.up()
    desk.call(.ringing, "+34612345678", id: "a", .in)
    desk.call(.talking, "+34612345678", id: "a", .in)
    desk.wait(10)
    desk.say(.transfer(try #require(desk.desk.active?.id), to: "1020", consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    desk.call(.calling, "1020", id: "b", .out)
    desk.call(.talking, "1020", id: "b", .out)
    desk.wait(5)
    return desk
  }

  /// Lines tell the two ends in either order.
  @Test(arguments: [["a", "b"], ["b", "a"]])
  func ofTwoJoinedCallsTheCustomersStaysAndCounts(_ order: [String]) throws {
    var desk = try consultation()
    desk.say(.join(try #require(desk.desk.active?.id)))
    desk.say(.line(.transfer(call: "a", state: .trying, reason: "")))
    desk.say(.line(.transfer(call: "a", state: .done, reason: "")))
    for id in order { desk.call(.ended, id == "a" ? "+34612345678" : "1020", id: id) }
    let active = try #require(desk.desk.active)
    #expect(active.lineID == "a" && active.end?.by == .transferred(to: "1020"))
    #expect(desk.desk.other == nil && desk.desk.seat.seat == .postCall)
    #expect(desk.desk.today.calls == 1 && desk.desk.today.talked == 15 * Instant.second)
    let record = try #require(desk.desk.recent.first { !$0.isConsultation })
    #expect(record.result == .transferred && record.number == "+34612345678")
    #expect(desk.desk.recent.count == 2)
    desk.wait(3)
    #expect(
      desk.desk.explain(at: desk.now, clock: clock).string
        == "Handed on 3 s ago, to 1020: post-call for 27 s more of 30, then idle.")
  }

  @Test func aConsultationThatLeadsNowhereIsNoCallOfTheDay() throws {
    var desk = try consultation()
    desk.say(.hangUp(try #require(desk.desk.active?.id)))
    desk.call(.ended, "1020", id: "b")
    #expect(desk.desk.active?.lineID == "a" && desk.desk.today.calls == 0)
    desk.call(.ended, "+34612345678", id: "a")
    #expect(desk.desk.today.calls == 1 && desk.desk.today.talked == 15 * Instant.second)
    #expect(desk.desk.active?.end?.by == .far)
  }

  @Test(arguments: [["a", "b"], ["b", "a"]])
  func afterASwapTheJoinIsStillTheCustomers(_ order: [String]) throws {
    var desk = try consultation()
    desk.say(.swap(try #require(desk.desk.active?.id)))
    #expect(desk.desk.active?.lineID == "b", "not before the line has done it")
    desk.say(.line(.callState(call: "b", held: true, muted: nil)))
    desk.say(.line(.callState(call: "a", held: false, muted: nil)))
    #expect(desk.desk.active?.lineID == "a")
    desk.say(.join(try #require(desk.desk.active?.id)))
    desk.say(.line(.transfer(call: "b", state: .done, reason: "")))
    for id in order { desk.call(.ended, id == "a" ? "+34612345678" : "1020", id: id) }
    #expect(desk.desk.active?.lineID == "a")
    #expect(desk.desk.active?.end?.by == .transferred(to: "1020"))
    #expect(desk.desk.today.calls == 1)
  }

  @Test func aBlindTransferNamesItsNumberAndAFailedOneNothing() throws {
    for fails in [false, true] {
      var desk = Script.up()
      desk.call(.talking, id: "a")
      desk.say(.transfer(try #require(desk.desk.active?.id), to: "1020", consult: false))
      let told = desk.say(
        .line(.transfer(call: "a", state: fails ? .failed : .done, reason: fails ? "busy" : "")))
      #expect(
        told == [.tell(.transfer(fails ? .failed : .done, fails ? "line: busy" : "", call: "a"))])
      desk.call(.ended, id: "a")
      #expect(desk.desk.active?.end?.by == (fails ? .far : .transferred(to: "1020")))
    }
  }

  @Test func aLineThatJoinsByItselfIsUnderstood() {
    var desk = Script.up()
    desk.call(.talking, "+34612345678", id: "a", .in)
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    desk.call(.talking, "1020", id: "b", .out)
    desk.say(.line(.transfer(call: "a", state: .done, reason: "")))
    desk.call(.ended, "+34612345678", id: "a")
    desk.call(.ended, "1020", id: "b")
    #expect(desk.desk.active?.lineID == "a" && desk.desk.today.calls == 1)
  }

  @Test func aCallTurnedAwayIsNotTheAgentsDoing() {
    var desk = Script.up()
    desk.say(.choose(.shortBreak))
    desk.call(.ringing, "200", id: "i", .in)
    desk.call(.notEstablished, "200", id: "i", code: 480, words: "short break")
    #expect(desk.desk.active?.end?.by == .desk)
    #expect(
      desk.desk.explain(at: desk.now, clock: clock).string
        == "Turned away 0 s ago, since the status takes no calls: short break.")
    // And one that she rejects is not turned away.
    desk.say(.choose(.idle))
    desk.call(.ringing, "300", id: "j", .in)
    if let id = desk.desk.active?.id { desk.say(.hangUp(id)) }
    desk.call(.notEstablished, "300", id: "j")
    #expect(desk.desk.recent.first?.result == .declined)
  }

  @Test func laterTheStatusIsWhatIsExplained() {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: ""))
    desk.call(.calling, "1020")
    desk.call(.notEstablished, "1020", code: 486, words: "busy here")
    desk.wait(59)
    #expect(
      desk.desk.explain(at: desk.now, clock: clock).string
        == "Not established 59 s ago, busy here (486): idle.")
    desk.wait(1)
    #expect(
      desk.desk.explain(at: desk.now, clock: clock).string
        == "idle since 12:00, after a call, kept by this desk.")
  }
}
