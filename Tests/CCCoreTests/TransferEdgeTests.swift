// Handing on beside the usual way: another call's word, a line that joins by itself, a customer who goes
// before anybody was asked; and swapping with a call that does not talk.

import Testing

@testable import CCCore

@Suite struct TransferEdgeTests {
  private func say(_ desk: inout Script, _ call: String?, _ state: LineEvent.TransferState) {
    desk.say(.line(.transfer(call: call, state: state, reason: "")))
  }

  /// What the line says of a transfer is of the call that it names.
  @Test(arguments: [("a", Call.Ender.transferred(to: "1020")), ("i", .far)])
  func itsWordIsOfTheCallThatItNames(_ line: String, ender: Call.Ender) throws {
    var desk = Script.up()
    let id = try desk.talking("a", "111")
    desk.say(.transfer(id, to: "1020", consult: false))
    desk.call(.ringing, "222", id: "i", .in)
    say(&desk, line, .done)
    desk.call(.ended, "111", id: "a")
    #expect(
      desk.desk.call(id)?.end?.by ?? desk.log.lazy.compactMap { Self.end($0, id) }.last == ender)
    // That another one's failed is nothing to this one.
    var other = Script.up()
    let shown = try other.talking("a", "111")
    other.say(.transfer(shown, to: "1020", consult: false))
    other.call(.ringing, "222", id: "i", .in)
    say(&other, line, .failed)
    let again = other.does(.transfer(shown, to: "1030", consult: false))
    #expect(again.asked == (line == "a" ? ["transfer a 1030"] : []))
    #expect(again.said == (line == "a" ? [] : ["warning: A transfer is under way already."]))
  }

  private static func end(_ effect: Effect, _ id: Call.ID) -> Call.Ender? {
    if case .tell(.call(let call)) = effect, call.id == id { call.end?.by } else { nil }
  }

  /// Asking there failed before anybody was called: the next call out is another.
  @Test func aQuestionThatFailedWaitsForNobody() throws {
    var desk = Script.up()
    let id = try desk.talking("a", "111")
    desk.say(.transfer(id, to: "1020", consult: true))
    say(&desk, "a", .failed)
    #expect(desk.does(.transfer(id, to: "1030", consult: true)).asked == ["consult a 1030"])
    say(&desk, "a", .failed)
    desk.call(.calling, "2025550100", id: "b", .out)
    #expect(desk.desk.openCalls.allSatisfy { !$0.isConsultation })
  }

  /// A far end may hang up while it still rings at whom she goes to, or the agent; how that went is told
  /// later.
  @Test(arguments: [false, true], [1, 9, 100])
  func howItWentIsHeardAfterTheEnd(_ fails: Bool, _ seconds: Double) throws {
    for byAgent in [false, true] { try isHeardAfterTheEnd(fails, byAgent: byAgent, seconds) }
  }

  private func isHeardAfterTheEnd(_ fails: Bool, byAgent: Bool, _ seconds: Double) throws {
    var desk = Script.up()
    let id = try desk.talking("a", "111")
    desk.say(.transfer(id, to: "1020", consult: false))
    say(&desk, "a", .trying)
    if byAgent { desk.say(.hangUp(id)) }
    desk.call(.ended, "111", id: "a")
    #expect(desk.desk.recent.first?.result == .answered)
    desk.wait(seconds)
    let state: LineEvent.TransferState = fails ? .failed : .done
    let told = desk.say(.line(.transfer(call: "a", state: state, reason: fails ? "busy" : "")))
    #expect(told.contains(.tell(.transfer(state, fails ? "line: busy" : "", call: "a"))))
    #expect(desk.desk.recent.first?.result == (fails ? .answered : .transferred))
    // Once.
    let again = desk.say(.line(.transfer(call: "a", state: state, reason: "")))
    #expect(!again.contains { if case .tell(.transfer) = $0 { true } else { false } })
    #expect(desk.desk.recent.first?.result == (fails ? .answered : .transferred))
  }

  @Test func aSecondJoinIsSaidToBeUnderWay() throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    let shown = try desk.talking("b", "222")
    #expect(desk.does(.join(shown)).asked == ["join a b"])
    let again = desk.does(.join(shown))
    #expect(again.asked == [] && again.said == ["warning: A transfer is under way already."])
  }

  // MARK: A line that hands on by itself

  /// Of one call nobody here knows to whom; of two that talk each goes to the other.
  @Test func aLineMayHandOnByItself() throws {
    var one = Script.up()
    _ = try one.talking("a", "111")
    say(&one, nil, .done)
    one.call(.ended, "111", id: "a")
    #expect(one.desk.active?.end?.by == .transferred(to: ""))
    #expect(one.desk.recent.map(\.result) == [.transferred])
    // The second is still being called: nobody talks there to whom it could have gone.
    var calling = Script.up()
    let customer = try calling.talking("a", "111", held: true)
    calling.call(.calling, "222", id: "b", .out)
    say(&calling, "a", .done)
    calling.call(.ended, "111", id: "a")
    #expect(
      calling.log.lazy.compactMap { Self.end($0, customer) }.last == .transferred(to: ""))
  }

  /// Two callers who are joined were both calls of the day; one whom she called was asked.
  @Test(arguments: [(Direction.in, 2), (.out, 1)])
  func whoCalledIsACallOfTheDay(_ direction: Direction, calls: Int) throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    desk.call(direction == .in ? .ringing : .calling, "222", id: "b", direction)
    desk.call(.talking, "222", id: "b", direction)
    say(&desk, "a", .done)
    desk.call(.ended, "222", id: "b", direction)
    desk.call(.ended, "111", id: "a", .out)
    #expect(desk.desk.today.calls == calls)
    #expect(desk.desk.recent.map(\.result) == [.transferred, .transferred])
  }

  // MARK: Who is gone, and who is left

  /// The customer is gone before anybody was called: there is nothing to come back to.
  @Test func aCustomerWhoGoesTooEarlyIsJustGone() throws {
    var desk = Script.up()
    let id = try desk.talking("a", "111")
    desk.say(.transfer(id, to: "1020", consult: true))
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.ended, "111", id: "a")
    desk.call(.talking, "222", id: "i", .in)
    #expect(desk.desk.goneCustomer == nil)
    desk.call(.ended, "222", id: "i", .in)
    #expect(desk.desk.active?.lineID == "i")
  }

  /// A caller who gives up meanwhile leaves the question as it is; the customer's end is told as hers.
  @Test func aCallerWhoGivesUpEndsNoConsultation() throws {
    var desk = Script.up()
    let customer = try desk.talking("a", "111")
    desk.say(.transfer(customer, to: "1020", consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    desk.call(.calling, "1020", id: "b", .out)
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.notEstablished, "222", id: "i", .in)
    desk.call(.ended, "111", id: "a")
    #expect(desk.desk.goneCustomer?.id == customer)
    // And once the one who was asked is gone too, she talks with a caller: nobody is missing there.
    desk.call(.ringing, "333", id: "j", .in)
    desk.call(.notEstablished, "1020", id: "b", .out)
    desk.call(.talking, "333", id: "j", .in)
    #expect(desk.desk.active?.lineID == "j" && desk.desk.goneCustomer == nil)
  }

  /// A call that is over, handed on or not, is nothing to the next one's transfer.
  @Test(arguments: [false, true])
  func aHandoverEndsWithItsCall(isDone: Bool) throws {
    var desk = Script.up()
    desk.say(.transfer(try desk.talking("a", "111"), to: "1020", consult: false))
    desk.call(.ringing, "222", id: "i", .in)
    if isDone { say(&desk, "a", .done) }
    desk.call(.ended, "111", id: "a")
    desk.call(.talking, "222", id: "i", .in)
    let id = try #require(desk.desk.active?.id)
    #expect(desk.does(.transfer(id, to: "1030", consult: false)).asked == ["transfer i 1030"])
  }

  /// Of two that are joined the handover lasts until both are over, and no longer.
  @Test(arguments: [["a", "b"], ["b", "a"]], [false, true])
  func aJoinEndsWithBothCalls(_ order: [String], isDone: Bool) throws {
    var desk = Script.up()
    _ = try desk.talking("a", "111", held: true)
    let shown = try desk.talking("b", "222")
    desk.say(.join(shown))
    desk.call(.ringing, "333", id: "i", .in)
    if isDone { say(&desk, "a", .done) }
    for id in order { desk.call(.ended, id == "a" ? "111" : "222", id: id) }
    #expect(
      Set(desk.desk.recent.map(\.result)) == [isDone ? .transferred : .answered])
    desk.call(.talking, "333", id: "i", .in)
    let id = try #require(desk.desk.active?.id)
    #expect(desk.does(.transfer(id, to: "1030", consult: false)).asked == ["transfer i 1030"])
  }

  /// The second was hung up before the line said how it went: by its far end that may be the joining, by
  /// her it is not.
  @Test(arguments: [false, true]) func herOwnHangUpIsNoJoining(byHer: Bool) throws {
    var desk = Script.up()
    let customer = try desk.talking("a", "111")
    desk.say(.transfer(customer, to: "222", consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    let shown = try desk.talking("b", "222")
    desk.say(.join(shown))
    if byHer { desk.say(.hangUp(shown)) }
    desk.call(.ended, "222", id: "b")
    say(&desk, "a", .done)
    #expect(desk.desk.recent.first?.result == (byHer ? .answered : .transferred))
  }

  // MARK: F3

  /// F3 answers who waits, and the panel stays until she is there.
  @Test func aCallThatWaitsIsAnsweredFirst() throws {
    var desk = Script.up()
    let shown = try desk.talking("a", "111")
    desk.call(.ringing, "222", id: "i", .in)
    let done = desk.does(.swap(shown))
    #expect(done.asked == ["hold a", "answer i"] && done.said == [])
    #expect(desk.desk.active?.id == shown)
  }

  /// Who only rings beside the one that is answered is neither held nor spoken of.
  @Test func answeringLeavesTheOtherCallersAlone() throws {
    var desk = Script.up()
    desk.call(.ringing, "222", id: "i", .in)
    desk.call(.ringing, "333", id: "j", .in)
    let done = desk.does(.answer(try #require(desk.desk.active?.id)))
    #expect(done.asked == ["answer i"] && done.said == [])
  }

  /// Between two calls of which one does not talk yet only the panel goes to and fro.
  @Test func aCallThatIsBeingMadeIsOnlyShown() throws {
    var desk = Script.up()
    let first = try desk.talking("a", "111")
    desk.call(.calling, "222", id: "b", .out)
    let there = desk.does(.swap(first))
    #expect(there.asked == [] && there.said == [] && desk.desk.active?.lineID == "b")
    let second = try #require(desk.desk.active)
    #expect(desk.log.last == .tell(.call(second)))
    let back = desk.does(.swap(second.id))
    #expect(back.asked == [] && back.said == [] && desk.desk.active?.id == first)
  }

  // MARK: Tones

  @Test func whatHindersKeptTonesIsAWarning() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "1020,,5", info: ""))
    desk.call(.calling, "1020", id: "a", .out)
    let id = try #require(desk.desk.active?.id)
    #expect(desk.does(.sendKept(id)).said == ["warning: Tones need a talking call."])
    desk.call(.talking, "1020", id: "a", .out)
    #expect(desk.does(.sendKept(id)).asked == ["tones a 5"])
    #expect(
      desk.does(.sendKept(id)).said == ["warning: Nothing was dialled behind the number."])
  }

  /// The answer to a hold is older than no wish of another kind.
  @Test func aHoldOvertakesNoMute() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.say(.mute(id, true))
    let mute = try #require(desk.sent.last?.id)
    desk.say(.hold(id, true))
    desk.say(.line(.result(id: try #require(desk.sent.last?.id), ok: true, error: "")))
    desk.say(.line(.result(id: mute, ok: true, error: "")))
    #expect(desk.desk.active?.isHeld == true && desk.desk.active?.talk?.muted == true)
  }
}
