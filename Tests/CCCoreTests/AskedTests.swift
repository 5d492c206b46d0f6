// What was asked is shown as asked until it is answered, and the line's newest word wins.

import Testing

@testable import CCCore

@Suite struct AskedTests {
  private func talking() throws -> (Script, Call.ID) {
    var desk = Script.up()
    desk.call(.talking, "1020", id: "a", .out)
    return (desk, try #require(desk.desk.active?.id))
  }

  private func lastID(_ desk: Script) throws -> Int { try #require(desk.sent.last?.id) }

  @Test func holdAndMuteAreAskedUntilTheyAreDone() throws {
    var (desk, id) = try talking()
    desk.say(.hold(id, true))
    #expect(desk.desk.asked(of: id).hold == true && desk.desk.active?.isHeld == false)
    desk.say(.line(.result(id: try lastID(desk), ok: true, error: "")))
    #expect(desk.desk.asked(of: id).hold == nil && desk.desk.active?.isHeld == true)
    desk.say(.mute(id, true))
    #expect(desk.desk.asked(of: id).mute == true)
    desk.say(.line(.callState(call: "a", held: nil, muted: true)))
    #expect(desk.desk.asked(of: id) == Asked() && desk.desk.active?.talk?.muted == true)
    desk.say(.hold(id, false))
    desk.say(.line(.result(id: try lastID(desk), ok: false, error: "491")))
    #expect(desk.desk.active?.isHeld == true && desk.desk.asked(of: id).hold == nil)
    #expect(desk.notices.last == "resume failed: line: 491")
  }

  @Test func aLateOkDoesNotOverruleWhatTheLineSaidSince() throws {
    var (desk, id) = try talking()
    desk.say(.mute(id, true))
    let command = try lastID(desk)
    desk.say(.line(.callState(call: "a", held: nil, muted: true)))
    desk.say(.line(.callState(call: "a", held: nil, muted: false)))
    desk.say(.line(.result(id: command, ok: true, error: "")))
    #expect(desk.desk.active?.talk?.muted == false, "the microphone is open")
    desk.say(.hold(id, true))
    let hold = try lastID(desk)
    desk.say(.line(.callState(call: "a", held: false, muted: nil)))
    desk.say(.line(.result(id: hold, ok: true, error: "")))
    #expect(desk.desk.active?.isHeld == false)
  }

  @Test func ofTwoCommandsTheLaterOneCounts() throws {
    var (desk, id) = try talking()
    desk.say(.mute(id, true))
    let on = try lastID(desk)
    desk.say(.mute(id, false))
    let off = try lastID(desk)
    #expect(desk.desk.asked(of: id).mute == false)
    // The word that answers the first leaves the second asked.
    desk.say(.line(.callState(call: "a", held: nil, muted: true)))
    desk.say(.line(.result(id: on, ok: true, error: "")))
    #expect(desk.desk.active?.talk?.muted == true && desk.desk.asked(of: id).mute == false)
    desk.say(.line(.result(id: off, ok: true, error: "")))
    #expect(desk.desk.active?.talk?.muted == false)
    // Answers that come in the wrong order.
    desk.say(.mute(id, true))
    let first = try lastID(desk)
    desk.say(.mute(id, false))
    desk.say(.line(.result(id: try lastID(desk), ok: true, error: "")))
    desk.say(.line(.result(id: first, ok: true, error: "")))
    #expect(desk.desk.active?.talk?.muted == false)
  }

  /// A customer held while 1020 talks.
  private func two() throws -> (Script, Call.ID, Call.ID) {
    var desk = Script.up()
    desk.call(.talking, "+34612345678", id: "a", .in)
    let customer = try #require(desk.desk.active?.id)
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    desk.call(.talking, "1020", id: "b", .out)
    return (desk, customer, try #require(desk.desk.active?.id))
  }

  @Test func aSwapHoldsTheOneAndResumesTheOther() throws {
    var (desk, customer, second) = try two()
    let before = desk.sent.count
    desk.say(.swap(second))
    let sent = desk.sent.dropFirst(before).map { $0 }
    guard case .hold(let hold, "b", true) = sent.first,
      case .hold(let resume, "a", false) = sent.last, sent.count == 2
    else {
      Issue.record("\(sent)")
      return
    }
    #expect(desk.desk.active?.id == second, "the voice is still there")
    #expect(desk.desk.asked(of: customer).hold == false)
    desk.say(.line(.result(id: hold, ok: true, error: "")))
    #expect(desk.desk.active?.id == second && desk.desk.active?.isHeld == true)
    desk.say(.line(.result(id: resume, ok: true, error: "")))
    #expect(desk.desk.active?.id == customer && desk.desk.other?.id == second)
    #expect(desk.desk.active?.isHeld == false && desk.desk.other?.isHeld == true)
  }

  @Test func aSwapThatTheLineRefusesChangesNothing() throws {
    var (desk, customer, second) = try two()
    desk.say(.swap(second))
    for command in desk.sent.suffix(2) {
      desk.say(.line(.result(id: command.id ?? 0, ok: false, error: "491")))
    }
    #expect(desk.desk.active?.id == second && desk.desk.active?.isHeld == false)
    #expect(desk.desk.other?.id == customer && desk.desk.other?.isHeld == true)
    desk.say(.hangUp(try #require(desk.desk.shownCallID)))
    if case .hangUp(_, "b")? = desk.sent.last {} else { Issue.record("\(desk.sent)") }
  }

  /// Whose hang-up was refused goes on, and whoever ends it later has ended it.
  @Test func aRefusedHangUpIsForgotten() throws {
    var (desk, id) = try talking()
    desk.say(.hangUp(id))
    #expect(desk.desk.asked(of: id).end)
    desk.say(.line(.result(id: try lastID(desk), ok: false, error: "no answer")))
    #expect(!desk.desk.asked(of: id).end && desk.notices.last == "hang up failed: line: no answer")
    desk.call(.ended, "1020", id: "a")
    #expect(desk.desk.active?.end?.by == .far)

    var rings = Script.up()
    rings.call(.ringing, "300", id: "i", .in)
    rings.say(.hangUp(try #require(rings.desk.active?.id)))
    rings.say(.line(.result(id: try lastID(rings), ok: false, error: "gone")))
    rings.call(.notEstablished, "300", id: "i", .in)
    #expect(rings.desk.recent.first?.result == .missed)
  }

  // MARK: Transfers

  /// An answer is asked of who rings: once they talk it is no news, also before the line's yes.
  @Test func anAnswerIsAskedWhileItRings() throws {
    var desk = Script.up()
    desk.call(.ringing, "222", id: "i", .in)
    let id = try #require(desk.desk.active?.id)
    desk.say(.answer(id))
    #expect(desk.desk.asked(of: id).answer)
    desk.call(.talking, "222", id: "i", .in)
    #expect(!desk.desk.asked(of: id).answer)
    // Calls are numbered from 1, one after the other.
    desk.call(.ringing, "333", id: "j", .in)
    #expect(desk.desk.openCalls.map(\.id.value) == [1, 2])
  }

  @Test func askingTwiceSendsOnce() throws {
    var (desk, id) = try talking()
    for consult in [true, false] {
      desk.say(.transfer(id, to: "2020", consult: true))
      desk.say(.transfer(id, to: "3030", consult: consult))
    }
    let sent = desk.sent.filter { if case .transfer = $0 { true } else { false } }
    #expect(sent.count == 1 && desk.notices.last == "A transfer is under way already.")
    // Refused, it may be asked for again; so it may where the line never says a word of it.
    desk.say(.line(.result(id: try #require(sent.first?.id), ok: false, error: "no route")))
    desk.say(.transfer(id, to: "3030", consult: true))
    desk.wait(10)
    desk.say(.transfer(id, to: "4040", consult: true))
    #expect(desk.sent.filter { if case .transfer = $0 { true } else { false } }.count == 3)
  }

  @Test func aTransferThatIsDoneBelongsToItsCall() throws {
    var (desk, customer, second) = try two()
    desk.say(.join(second))
    desk.say(.line(.transfer(call: "zz", state: .done, reason: "")))
    #expect(desk.desk.anomalies[.lateEvent] == 1)
    desk.call(.ended, "1020", id: "b")
    #expect(desk.desk.recent.first?.result == .answered, "nothing was handed on")
    _ = customer
  }

  /// The customer hangs up while somebody is asked: her call keeps record, note and post-call.
  @Test func aCustomerWhoHangsUpDuringAConsultationIsNotForgotten() throws {
    var desk = Script.up()
    desk.call(.talking, "+34612345678", id: "a", .in)
    let customer = try #require(desk.desk.active?.id)
    desk.say(.note(customer, "wants the invoice"))
    desk.wait(20)
    desk.say(.transfer(customer, to: "1020", consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    desk.call(.calling, "1020", id: "b", .out)
    desk.call(.talking, "1020", id: "b", .out)
    desk.wait(5)
    desk.call(.ended, "+34612345678", id: "a")
    #expect(desk.desk.goneCustomer?.id == customer && desk.desk.active?.lineID == "b")
    #expect(desk.desk.recent.first?.note == "wants the invoice")
    desk.say(.note(customer, "will call again"))
    #expect(desk.desk.recent.first?.note == "will call again")
    desk.wait(5)
    desk.call(.ended, "1020", id: "b")
    #expect(desk.desk.active?.id == customer, "hers is the call of the note and of post-call")
    #expect(desk.desk.seat.seat == .postCall && desk.desk.wrapUp != nil)
    #expect(desk.desk.today.calls == 1 && desk.desk.goneCustomer == nil)
  }

  @Test func aConsultationThatWasNeverAnsweredLeavesPostCallToo() throws {
    var desk = Script.up()
    desk.call(.talking, "+34612345678", id: "a", .in)
    let customer = try #require(desk.desk.active?.id)
    desk.say(.transfer(customer, to: "1020", consult: true))
    desk.call(.calling, "1020", id: "b", .out)
    desk.call(.ended, "+34612345678", id: "a")
    desk.call(.notEstablished, "1020", id: "b", code: 486)
    #expect(desk.desk.seat.seat == .postCall && desk.desk.active?.id == customer)
  }
}
