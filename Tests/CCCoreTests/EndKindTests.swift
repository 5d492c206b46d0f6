// How a call came to its end before the answer: a colleague took it, it rang out, it could not be taken.

import Testing

@testable import CCCore

@Suite struct EndKindTests {
  private static let nora = SafeText("+442079460123")

  private func rings(_ id: String = "b1") -> Script {
    var desk = Script.up()
    desk.say(
      .line(
        .call(
          CallReport(.ringing, number: Self.nora, call: id, direction: .in, name: "Nora"))))
    desk.wait(5)
    return desk
  }

  private func end(
    _ kind: EndKind?, _ reason: Reason? = nil, id: String = "b1", _ direction: Direction = .in,
    count: Int = 1, number: SafeText = Self.nora, name: SafeText? = "Nora"
  ) -> DeskEvent {
    .line(
      .call(
        CallReport(
          .notEstablished, number: number, call: id, direction: direction, reason: reason,
          name: name, kind: kind, count: count)))
  }

  @Test(
    arguments: [
      (.answeredElsewhere, .answeredElsewhere), (.callerGaveUp, .missed), (.rangOut, .missed),
      (.stoppedRinging, .missed), (.notTaken, .notTaken), (nil, .missed),
    ] as [(EndKind?, Record.Result)])
  func aCallThatRangHere(_ kind: EndKind?, _ result: Record.Result) {
    var desk = rings()
    desk.say(end(kind))
    #expect(desk.desk.recent.first?.result == result)
    #expect(desk.desk.recent.first?.kind == kind)
    #expect(desk.desk.active?.end?.kind == kind)
    #expect(desk.desk.recent.first?.lineID == "b1")
  }

  /// A kind of the other direction, or of a call that was answered, says nothing.
  @Test func aKindThatCannotBe() {
    var desk = rings()
    desk.say(end(.rejected))
    #expect(desk.desk.recent.first?.kind == nil && desk.desk.recent.first?.result == .missed)
    var talking = rings()
    talking.call(.talking, Self.nora.string, id: "b1", .in)
    talking.say(end(.answeredElsewhere))
    #expect(talking.desk.recent.first?.result == .answered)
    #expect(talking.desk.recent.first?.kind == nil)
  }

  /// Who pressed F8 has refused it, whatever the line says of it.
  @Test func theAgentsOwnRefusalStands() throws {
    var desk = rings()
    desk.say(.hangUp(try #require(desk.desk.active?.id)))
    desk.say(end(.answeredElsewhere))
    #expect(desk.desk.recent.first?.result == .declined)
  }

  @Test(
    arguments: [
      (.unanswered, 603, .unanswered), (.rejected, 480, .rejected), (nil, 603, .rejected),
      (nil, 480, .unanswered), (.answeredElsewhere, 603, .rejected),
    ] as [(EndKind?, Int, Outcome)])
  func theKindDecidesTheOutcomeOfADial(_ kind: EndKind?, _ code: Int, _ outcome: Outcome) {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.call(.calling, id: "c1", .out)
    desk.say(
      end(kind, Reason("x", code: code), id: "c1", .out, number: "13212345678", name: nil))
    #expect(desk.outcomes == [outcome])
    // The first word of it may be its end.
    var unseen = Script.up()
    unseen.say(.dial(phone: "13212345678", info: ""))
    unseen.say(
      end(kind, Reason("x", code: code), id: "c1", .out, number: "13212345678", name: nil))
    #expect(unseen.outcomes == [outcome])
  }

  // MARK: Turned away, and not taken

  /// The line reports ringing and end at once; the desk's own `reject` then finds nothing.
  @Test func aRefusalThatComesTooLateIsNoNews() {
    var desk = Script.up()
    desk.say(.choose(.shortBreak))
    desk.say(.line(.call(CallReport(.ringing, number: Self.nora, call: "b1", direction: .in))))
    desk.say(end(nil, Reason("short break", code: 480)))
    guard case .reject(let id, "b1")? = desk.sent.last else {
      Issue.record("no reject: \(desk.asked)")
      return
    }
    let said = desk.said
    desk.say(.line(.result(id: id, ok: false, error: "no such call rings")))
    #expect(desk.said == said)
    #expect(desk.desk.recent.map(\.result) == [.turnedAway])
    // One that still rings does ring on, and that is said.
    var ringing = rings()
    if let call = ringing.desk.active?.id { ringing.say(.hangUp(call)) }
    guard case .reject(let other, _)? = ringing.sent.last else { return }
    ringing.say(.line(.result(id: other, ok: false, error: "no")))
    #expect(ringing.said.last == "warning: reject failed: line: no")
  }

  @Test func severalThatCouldNotBeTakenAreOneLine() throws {
    var desk = Script.up()
    let why = Reason("no common sound", code: 488)
    desk.say(end(.notTaken, why, id: "r1"))
    #expect(
      desk.said == ["warning: Could not be taken: no common sound (488), Nora, +442079460123."])
    #expect(!desk.desk.hasOpenCall && desk.desk.active == nil)
    desk.wait(20)
    desk.say(end(.notTaken, Reason("busy", code: 486), id: "r2", number: "300", name: "Bob"))
    desk.wait(20)
    desk.say(end(.notTaken, why, id: "r3", count: 7, number: "", name: nil))
    #expect(desk.said.count == 1)
    let record = try #require(desk.desk.recent.first)
    #expect(desk.desk.recent.count == 1)
    #expect(record.count == 9 && record.number == "" && record.name == nil && record.reason == why)
    desk.wait(20)
    desk.say(.timer(.notTaken))
    #expect(
      desk.said.last
        == "warning: Could not be taken: 9 calls in a minute, the last: no common sound (488), number withheld."
    )
    // The next one is the first of its own minute.
    desk.say(end(.notTaken, why, id: "r4"))
    #expect(desk.desk.recent.map(\.count) == [1, 9] && desk.said.count == 3)
    desk.wait(60)
    desk.say(.timer(.notTaken))
    #expect(desk.said.count == 3)
    // What is late of it opens nothing.
    desk.call(.talking, Self.nora.string, id: "r4", .in)
    #expect(!desk.desk.hasOpenCall)
  }

  /// Without the timer the next minute tells of the one before.
  @Test func aLateTimerLosesNothing() {
    var desk = Script.up()
    desk.say(end(.notTaken, id: "r1"))
    desk.say(end(.notTaken, id: "r2"))
    desk.wait(61)
    desk.say(end(.notTaken, id: "r3"))
    #expect(desk.desk.recent.map(\.count) == [1, 2])
    #expect(desk.said.count == 3 && desk.said[1].contains("2 calls in a minute"))
  }

  @Test(
    arguments: [
      (
        .answeredElsewhere, .answeredElsewhere,
        "info: Answered by a colleague: Nora, +442079460123."
      ),
      (.callerGaveUp, .missed, "info: Missed: Nora, +442079460123."),
      (nil, .turnedAway, "info: Turned away: Nora, +442079460123."),
      (.rejected, .turnedAway, "info: Turned away: Nora, +442079460123."),
    ] as [(EndKind?, Record.Result, String)])
  func oneThatNeverRang(_ kind: EndKind?, _ result: Record.Result, _ said: String) {
    var desk = Script.up()
    desk.say(end(kind, id: "r1"))
    #expect(desk.desk.recent.map(\.result) == [result] && desk.said == [said])
  }

  // MARK: What the line says of a call

  @Test func aWarningGoesWithItsCall() throws {
    var desk = rings()
    desk.call(.talking, Self.nora.string, id: "b1", .in)
    let id = try #require(desk.desk.active?.id)
    #expect(
      desk.say(.line(.remark(call: "b1", .warning, "you hear nothing")))
        == [.tell(.remark(id, .warning, "you hear nothing"))])
    desk.call(.ended, Self.nora.string, id: "b1", .in)
    desk.say(.line(.remark(call: "b1", .warning, "you hear nothing")))
    #expect(desk.desk.anomalies[.lateEvent] == 1)
    // What is only for the log is kept.
    #expect(
      desk.say(.line(.remark(call: "b1", .info, "200 packets")))
        == [.tell(.log(.info, "200 packets"))])
  }

  @Test func theFarEndHoldsTheCall() throws {
    var desk = rings()
    desk.say(.line(.farHold(call: "b1", true)))
    #expect(desk.desk.anomalies.isEmpty, "it may come just before the 3")
    desk.say(.line(.farHold(call: "b1", false)))
    desk.call(.talking, Self.nora.string, id: "b1", .in)
    let effects = desk.say(.line(.farHold(call: "b1", true)))
    #expect(desk.desk.active?.talk?.farHeldSince == desk.now)
    #expect(effects.contains { if case .tell(.call) = $0 { true } else { false } })
    // Held by both, each ends for itself.
    desk.say(.line(.callState(call: "b1", held: true, muted: nil)))
    desk.wait(3)
    #expect(desk.say(.line(.farHold(call: "b1", true))).isEmpty)
    let why = desk.desk.explain(at: desk.now) { "\($0 / 1000 % 60)" }.string
    #expect(why.contains("on hold at the far end since"))
    desk.say(.line(.farHold(call: nil, false)))
    #expect(desk.desk.active?.talk?.farHeldSince == nil && desk.desk.active?.isHeld == true)
  }
}
