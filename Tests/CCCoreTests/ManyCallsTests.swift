// More than two calls: none disappears, each can be reached, each ends in one record.

import Testing

@testable import CCCore

@Suite struct ManyCallsTests {
  /// One held, one talking.
  private func two() -> Script {
    var desk = Script.up()
    desk.call(.talking, "+34612345678", id: "a", .in)
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    desk.call(.calling, "1020", id: "b", .out)
    desk.call(.talking, "1020", id: "b", .out)
    return desk
  }

  @Test(
    arguments: [
      (CallReport.Status.calling, Direction?.some(.out)), (.talking, .out), (.talking, .in),
      (.ringing, .in), (.calling, nil), (.ringing, nil), (.talking, nil),
    ])
  func aThirdCallTakesNobodysPlace(_ status: CallReport.Status, _ direction: Direction?) throws {
    var desk = two()
    desk.call(status, "2025550199", id: "c", direction)
    #expect(Set(desk.desk.openCalls.map(\.lineID)) == ["a", "b", "c"])
    #expect(desk.desk.recent.isEmpty)
    // Each comes onto the panel, and F8 ends that one.
    var reached: Set<String?> = []
    if let rings = desk.desk.openCalls.first(where: \.isRingingHere) {
      desk.say(.answer(rings.id))
      #expect(desk.sent.suffix(2).map(\.id).count == 2, "the one that talks is held first")
      desk.call(.talking, "2025550199", id: "c")
    }
    for _ in 0..<3 {
      let shown = try #require(desk.desk.active)
      reached.insert(shown.lineID)
      desk.say(.swap(shown.id))
      switch desk.sent.last {
      case .hold(_, let call?, false):
        desk.say(.line(.callState(call: call, held: false, muted: nil)))
      default: break
      }
    }
    #expect(reached == ["a", "b", "c"])
    for (id, number) in [("c", "2025550199"), ("a", "+34612345678"), ("b", "1020")] {
      desk.call(.ended, number, id: id)
    }
    #expect(desk.desk.recent.count == 3 && !desk.desk.hasOpenCall)
  }

  @Test func whatTheLineSaysOfAHeldCallStillCounts() throws {
    var desk = two()
    desk.call(.talking, "2025550199", id: "c", .in)
    desk.call(.ended, "+34612345678", id: "a")
    #expect(desk.desk.recent.map(\.number) == ["+34612345678"] && desk.desk.openCalls.count == 2)
  }

  /// Both have ids: another call that begins says nothing of the first.
  @Test func aTalkingCallIsNotOverBecauseADialledOneAppears() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "5550100", info: ""))
    desk.call(.ringing, "+34612345678", id: "L1", .in)
    desk.say(.answer(try #require(desk.desk.active?.id)))
    desk.call(.talking, "+34612345678", id: "L1", .in)
    desk.call(.calling, "5550100", id: "L2", .out)
    desk.call(.notEstablished, "5550100", id: "L2", .out, code: 486)
    #expect(desk.desk.active?.lineID == "L1" && desk.desk.active?.talk != nil)
    #expect(desk.desk.seat.seat == .busy && desk.outcomes == [.rejected])
    #expect(desk.desk.attempt == nil, "the next number can be dialled")
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    if case .hangUp(_, "L1")? = desk.sent.last {} else { Issue.record("\(desk.sent)") }
  }

  /// The seat may be wrong about a call whose line says each end itself.
  @Test func anEndIsNotInferredWhereIdsAreKnown() {
    var desk = Script.up([.dial, .hangUp, .seat])
    desk.call(.talking, id: "a")
    let effects = desk.say(.line(.seat(.idle)))
    #expect(!effects.contains(.startTimer(.inferEnd, after: 5 * Instant.second)))
    desk.say(.timer(.inferEnd))
    #expect(desk.desk.active?.isOpen == true)
  }

  @Test func aLineThatReportsCallsWithoutEndIsBounded() {
    var desk = Script.up()
    for number in 0..<1_000 { desk.call(.ringing, "\(5_550_000 + number)", id: "x\(number)", .in) }
    #expect(desk.desk.openCalls.count == Desk.Limits.openCalls)
    #expect(desk.desk.anomalies[.extraCall] == 1_000 - Desk.Limits.openCalls)
  }

  @Test func whoWaitsRingsOnWhenAnotherCallerGivesUp() throws {
    var desk = Script.up()
    desk.call(.ringing, "+34612345678", id: "a", .in)
    desk.call(.ringing, "2025550199", id: "b", .in)
    let effects = desk.call(.notEstablished, "+34612345678", id: "a", .in)
    #expect(!effects.contains(.cancelTimer(.ringBell)))
    #expect(desk.say(.timer(.ringBell)).first == .bell(.incoming))
    #expect(desk.desk.active?.lineID == "b")
    // An answer that the line refuses does not silence the call.
    desk.say(.answer(try #require(desk.desk.active?.id)))
    #expect(desk.say(.timer(.ringBell)) == [])
    let id = try #require(desk.sent.last?.id)
    desk.say(.line(.result(id: id, ok: false, error: "not now")))
    #expect(desk.log.last == .startTimer(.ringBell, after: 4 * Instant.second))
    #expect(desk.say(.timer(.ringBell)).first == .bell(.incoming))
  }

  @Test func theSoftBellOfOneThatIsStillHeldGoesOn() throws {
    var desk = two()
    desk.say(.line(.callState(call: "b", held: true, muted: nil)))
    let effects = desk.call(.ended, "1020", id: "b")
    #expect(!effects.contains(.cancelTimer(.heldBell)))
    #expect(desk.say(.timer(.heldBell)).first == .bell(.soft))
    #expect(desk.call(.ended, "+34612345678", id: "a").contains(.cancelTimer(.heldBell)))
  }

  @Test func hangingUpGoesBackToTheHeldCallAndNotToTheOneThatRings() {
    var desk = two()
    desk.call(.ringing, "2025550199", id: "c", .in)
    desk.call(.ended, "1020", id: "b")
    #expect(desk.desk.active?.lineID == "a" && desk.desk.other?.lineID == "c")
  }
}
