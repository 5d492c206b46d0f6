// Who is asked before a call is handed on, whatever the line says of it first; and what is kept of it.

import Testing

@testable import CCCore

@Suite struct ConsultedTests {
  /// A customer who talks, and somebody who is to be asked.
  private func asked(_ number: String = "1020") throws -> (desk: Script, customer: Call.ID) {
    var desk = Script.up()
    let customer = try desk.talking("a", "111")
    desk.say(.transfer(customer, to: number, consult: true))
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    return (desk, customer)
  }

  /// A first word that rings is of the one who is asked where its number says so: nobody rings here.
  @Test func whoIsAskedDoesNotRingHere() throws {
    var (desk, customer) = try asked()
    let effects = desk.call(.ringing, "1020", id: "b")
    let call = try #require(desk.desk.active)
    #expect(call.lineID == "b" && call.isConsultation && call.direction == .out)
    #expect(!effects.contains(.bell(.incoming)) && !call.isRingingHere)
    desk.call(.talking, "1020", id: "b")
    #expect(desk.does(.join(call.id)).asked == ["join a b"])
    #expect(desk.desk.other?.id == customer)
    // Another number that rings is a caller.
    var (other, _) = try asked()
    other.call(.ringing, "2025550100", id: "w")
    let caller = try #require(other.desk.openCalls.first { $0.lineID == "w" })
    #expect(caller.isRingingHere && !caller.isConsultation)
    #expect(other.log.contains(.bell(.incoming)))
  }

  /// Whatever the line makes of the number: a call that goes out while somebody is to be asked is hers.
  @Test func whoIsCalledMeanwhileIsTheOneAsked() throws {
    for (status, direction) in [
      (CallReport.Status.calling, Direction?.none), (.calling, .out), (.ringing, .out),
      (.talking, .out),
    ] {
      for number in [nil, "sip-7"] as [String?] {
        var (desk, _) = try asked()
        desk.call(status, number, id: "b", direction)
        #expect(desk.desk.active?.lineID == "b" && desk.desk.active?.isConsultation == true)
      }
    }
  }

  /// A transfer that failed leaves the two where they are: held, and asked.
  @Test func aTransferThatFailedEndsNoConsultation() throws {
    var (desk, customer) = try asked()
    let second = try desk.talking("b", "1020")
    desk.say(.line(.transfer(call: "a", state: .failed, reason: "busy")))
    #expect(desk.does(.join(second)).asked == ["join a b"])
    desk.say(.line(.transfer(call: "b", state: .failed, reason: "busy")))
    desk.call(.ended, "111", id: "a")
    #expect(desk.desk.goneCustomer?.id == customer && desk.desk.active?.id == second)
  }

  /// The one who was asked is gone before the line says that the two were joined: both were handed on,
  /// and to each other.
  @Test func whoWasAskedMayGoBeforeTheLineSaysThatItIsDone() throws {
    var (desk, customer) = try asked()
    let second = try desk.talking("b", "1020")
    desk.say(.join(second))
    desk.call(.ended, "1020", id: "b", words: "the far end hung up")
    desk.say(.line(.transfer(call: "a", state: .done, reason: "")))
    desk.call(.ended, "111", id: "a")
    #expect(desk.desk.recent.map(\.result) == [.transferred, .transferred])
    #expect(desk.desk.recent.allSatisfy { $0.reason == nil })
    #expect(desk.desk.active?.id == customer)
    #expect(desk.desk.active?.end?.by == .transferred(to: "1020"))
    #expect(
      desk.log.contains {
        if case .tell(.record(let record)) = $0 {
          record.id == second && record.result == .transferred
        } else {
          false
        }
      })
  }

  /// Where they were not joined she had only hung up, and the customer can be handed on again.
  @Test func whoWasAskedMayOnlyHaveHungUp() throws {
    for fails in [true, false] {
      var (desk, customer) = try asked()
      let second = try desk.talking("b", "1020")
      desk.say(.join(second))
      desk.call(.ended, "1020", id: "b")
      desk.say(.line(.callState(call: "a", held: false, muted: nil)))
      if !fails {
        #expect(desk.does(.transfer(customer, to: "1021", consult: true)).asked.isEmpty)
        desk.wait(10)
      } else {
        desk.say(.line(.transfer(call: "a", state: .failed, reason: "gone")))
      }
      #expect(desk.does(.transfer(customer, to: "1021", consult: true)).asked == ["consult a 1021"])
      #expect(desk.desk.recent.map(\.result) == [.answered])
    }
  }

  // MARK: What is kept

  /// The note that is written after the end is the one that counts.
  @Test func theNewestNoteOfACallIsItsNote() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.say(.note(id, "first"))
    #expect(desk.desk.note(of: id) == "first")
    desk.call(.ended, id: "a")
    #expect(desk.desk.note(of: id) == "first" && desk.desk.recent.first?.note == "first")
    desk.say(.note(id, "second"))
    #expect(desk.desk.note(of: id) == "second" && desk.desk.recent.first?.note == "second")
  }

  @Test func tonesThatWereNotSentAreToldWithTheirCall() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "2025550100,,5,,6", info: ""))
    desk.call(.calling, "2025550100", id: "a", .out)
    desk.call(.talking, "2025550100", id: "a", .out)
    let sent = desk.say(.sendKept(try #require(desk.desk.active?.id)))
    #expect(sent.contains(.tell(.call(try #require(desk.desk.active)))))
    let command = try #require(desk.sent.last?.id)
    let effects = desk.say(.line(.result(id: command, ok: false, error: "no")))
    #expect(desk.desk.active?.tones == "5,6" && desk.said.last == "warning: tones failed: line: no")
    #expect(effects.contains(.tell(.call(try #require(desk.desk.active)))))
  }

  /// Post-call began while the link was away: it is shown since the link is up, from where it began.
  @Test func aPostCallThatBeganWithoutALinkIsShownWithIt() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.say(.line(.unregistered(reason: "no network", retryIn: 5, final: false)))
    desk.call(.ended, id: "a")
    let end = desk.now
    desk.wait(3)
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.seat == .postCall && desk.desk.seat.since == end)
    #expect(desk.desk.seat.cause == .link)
  }

  /// The call that made her busy ended without a link: the next one's busy begins with the link.
  @Test func anotherCallWithoutALinkIsAnotherBusy() throws {
    var desk = Script.up()
    _ = try desk.talking("a")
    desk.wait(10)
    desk.say(.line(.unregistered(reason: "no network", retryIn: 5, final: false)))
    desk.wait(10)
    desk.call(.ended, id: "a")
    desk.wait(30)
    desk.say(.timer(.wrapUp))
    _ = try desk.talking("b", "222")
    desk.wait(10)
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.seat.seat == .busy && desk.desk.seat.since == desk.now)
  }

  /// A sign-in that was put off for a call and is not needed any more hinders no renewal.
  @Test func aSignInThatIsNotNeededAnyMoreHindersNothing() {
    var desk = Script(.init(line: "sdk", account: "1001", hasCredentialSource: true))
    desk.say(.line(.started))
    desk.say(.credential(Secret("a"), expiresIn: 1000))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    desk.call(.talking, id: "a")
    desk.say(.line(.unregistered(reason: "no network", retryIn: 5, final: false)))
    #expect(
      desk.does(.tryNow).said == ["info: The call goes on; signing in waits for its end."])
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(!desk.call(.ended, id: "a").contains(.fetchCredential))
    desk.wait(800)
    #expect(desk.say(.timer(.renewal)).contains(.fetchCredential))
  }

  /// The line says twice that it holds: that is newer than all that was asked.
  @Test func aWordThatIsRepeatedIsNewerThanWhatWasAsked() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    for on in [true, false, true] { desk.say(.hold(id, on)) }
    let commands = desk.sent.suffix(3).compactMap(\.id)
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    #expect(desk.desk.asked(of: id).hold == true)
    desk.say(.line(.callState(call: "a", held: true, muted: nil)))
    #expect(desk.desk.asked(of: id).hold == nil)
    for command in commands { desk.say(.line(.result(id: command, ok: true, error: ""))) }
    #expect(desk.desk.active?.isHeld == true)
  }
}
