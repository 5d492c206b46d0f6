// Answers that come late or for another call: what was asked of the one before is not the next one's.

import Testing

@testable import CCCore

@Suite struct LateAnswerTests {
  /// A registration that the line accepts ends the row of failures.
  @Test func anAcceptedRegistrationBeginsTheWaitsAnew() throws {
    var desk = Script(.init(line: "sdk", hasCredentialSource: true))
    desk.say(.line(.started))
    for _ in 0..<3 {
      desk.say(.credentialFailed("away", final: false))
      desk.say(.timer(.credential))
    }
    desk.say(.credential(Secret("a"), expiresIn: 1000))
    desk.say(.line(.result(id: try #require(desk.sent.last?.id), ok: true, error: "")))
    desk.say(.tryNow)
    desk.say(.line(.unregistered(reason: "away", retryIn: 5, final: false)))
    desk.say(.tryNow)
    #expect(
      desk.say(.credentialFailed("away", final: false)).contains(
        .startTimer(.credential, after: 5 * Instant.second)))
  }

  /// She resumes the one behind while the other talks: the panel goes with her wish.
  @Test func thePanelGoesToTheOneThatSheResumes() throws {
    for isAsked in [true, false] {
      var desk = Script.up()
      let first = try desk.talking("a", "111", held: true)
      _ = try desk.talking("b", "222")
      if isAsked {
        desk.say(.hold(first, false))
        desk.say(.line(.result(id: try #require(desk.sent.last?.id), ok: true, error: "")))
      } else {
        desk.say(.line(.callState(call: "a", held: false, muted: nil)))
      }
      #expect(desk.desk.active?.lineID == (isAsked ? "a" : "b"))
    }
  }

  /// The line refuses to ask somebody for a customer who is gone: the next one's question stands.
  @Test func aRefusalIsOfItsOwnConsultation() throws {
    var desk = Script.up()
    desk.say(.transfer(try desk.talking("a", "111"), to: "1020", consult: true))
    let late = try #require(desk.sent.last?.id)
    desk.call(.ended, "111", id: "a")
    desk.say(.transfer(try desk.talking("b", "222"), to: "1030", consult: true))
    #expect(
      desk.does(.line(.result(id: late, ok: false, error: "no"))).said
        == ["warning: transfer failed: line: no"])
    desk.call(.calling, nil, id: "c", .out)
    #expect(desk.desk.active?.lineID == "c" && desk.desk.active?.isConsultation == true)
  }

  /// Somebody is asked already: a refusal that comes after that ends no consultation.
  @Test func aRefusalAfterItsCallChangesNothing() throws {
    var desk = Script.up()
    desk.say(.transfer(try desk.talking("a", "111"), to: "1020", consult: true))
    let command = try #require(desk.sent.last?.id)
    desk.call(.calling, "1020", id: "b", .out)
    desk.say(.line(.result(id: command, ok: false, error: "no")))
    desk.call(.ended, "111", id: "a")
    #expect(desk.desk.goneCustomer?.lineID == "a")
  }

  /// The call that was to be handed on is over, and the line says no to that: the next one is handed on.
  @Test func aRefusalIsOfItsOwnHandover() throws {
    var desk = Script.up()
    desk.say(.transfer(try desk.talking("a", "111"), to: "1020", consult: false))
    let late = try #require(desk.sent.last?.id)
    desk.call(.ended, "111", id: "a")
    desk.say(.transfer(try desk.talking("b", "222"), to: "1030", consult: false))
    desk.say(.line(.result(id: late, ok: false, error: "no")))
    desk.say(.line(.transfer(call: "b", state: .done, reason: "")))
    desk.call(.ended, "222", id: "b")
    #expect(desk.desk.active?.end?.by == .transferred(to: "1030"))
  }

  /// What was asked of a call that ended meanwhile could not be done: its end is told, and that is all.
  @Test(arguments: [true, false])
  func aRefusalOfACallThatIsOverIsNoNews(_ isIncoming: Bool) throws {
    for ask in ["hold", "mute", "hang up", "answer", "reject"] {
      var desk = Script.up([.dial, .hangUp, .answer, .reject, .hold, .mute])
      let rings = ask == "answer" || ask == "reject"
      if rings, !isIncoming { continue }
      desk.call(.ringing, "111", id: "a", isIncoming ? .in : .out)
      if !rings { desk.call(.talking, "111", id: "a", isIncoming ? .in : .out) }
      let id = try #require(desk.desk.active?.id)
      switch ask {
      case "hold": desk.say(.hold(id, true))
      case "mute": desk.say(.mute(id, true))
      case "answer": desk.say(.answer(id))
      default: desk.say(.hangUp(id))
      }
      let command = try #require(desk.sent.last?.id)
      desk.call(rings ? .notEstablished : .ended, "111", id: "a", isIncoming ? .in : .out)
      let answer = LineEvent.result(id: command, ok: false, error: "the call is over")
      #expect(desk.does(.line(answer)).said == [], "\(ask)")
    }
  }

  /// The line would not tell the PBX of the status, and says so when something else waits for its answer
  /// already: that is not a newer word of the status.
  @Test func anotherCommandIsNoNewerOne() throws {
    var desk = Script.up([.dial, .hangUp, .setSeat])
    desk.say(.choose(.shortBreak))
    let told = try #require(desk.sent.last?.id)
    desk.say(.dial(phone: "200", info: ""))
    #expect((desk.sent.last?.id ?? 0) > told)
    desk.say(.line(.result(id: told, ok: false, error: "not now")))
    #expect(desk.desk.seat.untold == "line: not now")
    // A newer one of the status is.
    var twice = Script.up([.dial, .hangUp, .setSeat])
    twice.say(.choose(.shortBreak))
    let first = try #require(twice.sent.last?.id)
    twice.say(.choose(.shortBreak))
    twice.say(.line(.result(id: first, ok: false, error: "not now")))
    #expect(twice.desk.seat.untold == nil)
  }

  /// The call is over, and only then the line says that it was handed on: panel and record say it too.
  @Test func whatIsSaidAfterTheEndIsShownOnThePanel() throws {
    var desk = Script.up()
    desk.say(.transfer(try desk.talking("a", "111"), to: "1020", consult: false))
    desk.call(.ended, "111", id: "a")
    desk.say(.line(.transfer(call: "a", state: .done, reason: "")))
    #expect(desk.desk.recent.first?.result == .transferred)
    #expect(desk.desk.active?.end?.by == .transferred(to: "1020"))
  }
}
