// Dialling, told step by step: exact effects, exactly one outcome.

import Testing

@testable import CCCore

@Suite struct DialStoryTests {
  @Test func aCallFromEnterToTheEndOfPostCall() throws {
    var desk = Script.up()
    #expect(desk.desk.seat.seat == .idle)
    let sent = desk.say(.dial(phone: "132 1234 5678", info: "John Doe"))
    let attempt = try #require(desk.desk.attempt)
    #expect(attempt.phone == "13212345678")
    #expect(
      sent == [
        .tell(.dialled(attempt)),
        .send(.callPhone(id: 2, phone: "13212345678", info: "John Doe")),
        .startTimer(.dialSilence, after: 10 * Instant.second),
      ])

    desk.wait(0.2)
    let calling = desk.call(.calling, id: "a1")
    let call = try #require(desk.desk.active)
    #expect(call.id == attempt.callID && call.info == "John Doe" && call.direction == .out)
    #expect(
      calling == [
        .cancelTimer(.dialSilence), .tell(.call(call)), .tell(.seat(desk.desk.seat)),
      ])
    #expect(desk.desk.seat.seat == .busy)

    desk.wait(2)
    #expect(desk.call(.ringing, id: "a1") == [.tell(.call(try #require(desk.desk.active)))])
    desk.wait(6)
    let talking = desk.call(.talking, id: "a1")
    #expect(
      talking == [
        .tell(.call(try #require(desk.desk.active))),
        .tell(.outcome(attempt: 1, .answered, nil, phone: "13212345678")),
      ])

    desk.wait(83)
    desk.call(.ended, id: "a1")
    #expect(desk.outcomes == [.answered])
    #expect(desk.desk.active?.end?.talked == 83 * Instant.second)
    #expect(desk.desk.active?.steps.map(\.name) == [.calling, .ringing, .talking])
    #expect(desk.desk.seat.seat == .postCall)
    #expect(desk.desk.wrapUp?.secondsLeft(at: desk.now) == 30)
    let today = desk.desk.today
    #expect(today.calls == 1 && today.talked == 83 * Instant.second && today.afterCallWork == 0)
    #expect(today.dials == 1 && today.connected == 1)

    desk.wait(30)
    desk.say(.timer(.wrapUp))
    #expect(desk.desk.seat.seat == .idle)
    #expect(desk.desk.today.afterCallWork == 30 * Instant.second)
    #expect(desk.desk.recent.map(\.result) == [.answered])
  }

  /// What comes after a dial, and the one outcome it makes (design section 5).
  @Test(
    arguments: [
      ([(.calling, nil), (.ringing, nil), (.talking, nil), (.ended, nil)], Outcome.answered),
      ([(.calling, nil), (.talking, nil), (.ended, nil)], .answered),
      ([(.talking, nil)], .answered),
      ([(.calling, nil), (.talking, nil), (.notEstablished, 486)], .answered),
      ([(.calling, nil), (.ringing, nil), (.notEstablished, 486)], .rejected),
      ([(.calling, nil), (.notEstablished, 603)], .rejected),
      ([(.calling, nil), (.notEstablished, nil)], .rejected),
      ([(.calling, nil), (.ringing, nil), (.notEstablished, 408)], .unanswered),
      ([(.calling, nil), (.notEstablished, 480)], .unanswered),
      ([(.calling, nil), (.notEstablished, 487)], .unanswered),
      ([(.calling, nil), (.ringing, nil), (.ended, nil)], .unanswered),
    ] as [([(CallReport.Status, Int?)], Outcome)])
  func hasOneOutcome(reports: [(CallReport.Status, Int?)], outcome: Outcome) {
    for id in [nil, "x"] as [String?] {
      var desk = Script.up()
      desk.say(.dial(phone: "13212345678", info: ""))
      for (status, code) in reports {
        desk.wait(1)
        desk.call(status, id: id, code: code)
      }
      desk.call(.notEstablished, id: id, code: 486)
      desk.call(.ended, id: id)
      desk.wait(20)
      desk.say(.timer(.dialSilence))
      desk.say(.line(.died(reason: "gone", retryIn: nil)))
      #expect(desk.outcomes == [outcome])
    }
  }

  @Test func silenceIsUnansweredAndALateCallStandsAlone() {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: "x"))
    desk.wait(10)
    desk.say(.timer(.dialSilence))
    #expect(desk.outcomes == [.unanswered])
    #expect(desk.desk.failed?.outcome == .unanswered)
    desk.call(.ringing, nil, id: nil, .out)
    #expect(desk.desk.active?.attempt == nil)
    #expect(desk.outcomes == [.unanswered])
  }

  @Test func theLineRefuses() {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    let id = desk.desk.attempt?.command ?? 0
    desk.say(.line(.result(id: id, ok: false, error: "no such route")))
    #expect(desk.outcomes == [.refused])
    #expect(desk.desk.failed?.reason?.text == "line: no such route")
    #expect(desk.desk.recent.first?.result == .refused)
  }

  @Test func whatIsRefusedBeforeItGoesOut() {
    var desk = Script.up()
    for typed in ["", "12x", "sip:bob@example.com"] {
      desk.say(.dial(phone: typed, info: ""))
    }
    #expect(desk.outcomes == [.refused, .refused, .refused])
    desk.say(.dial(phone: "1020", info: ""))
    desk.say(.dial(phone: "1021", info: ""))
    #expect(desk.outcomes.count == 4 && desk.desk.attempt?.phone == "1020")
    #expect(desk.sent.filter { if case .callPhone = $0 { true } else { false } }.count == 1)

    var down = Script()
    down.say(.dial(phone: "1020", info: ""))
    #expect(down.outcomes == [.refused] && down.desk.attempt == nil)
  }

  @Test func hangUpBeforeAnyWordCancelsAndHangsUpWhatStillComes() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    let id = try #require(desk.desk.shownCallID)
    desk.say(.hangUp(id))
    #expect(desk.outcomes == [.cancelled])
    desk.wait(1)
    let effects = desk.call(.calling, id: "a1")
    #expect(effects.contains { if case .send(.hangUp(_, "a1")) = $0 { true } else { false } })
    desk.call(.notEstablished, id: "a1", code: 487)
    #expect(desk.outcomes == [.cancelled])
    #expect(desk.desk.recent.map(\.result) == [.cancelled, .cancelled])
  }

  @Test(arguments: [CallReport.Status.notEstablished, .ended])
  func hangUpWhileRingingIsCancelled(status: CallReport.Status) throws {
    var desk = Script.up()
    desk.say(.dial(phone: "13212345678", info: ""))
    desk.call(.calling, id: "a")
    desk.call(.ringing, id: "a")
    desk.say(.hangUp(try #require(desk.desk.active?.id)))
    desk.call(status, id: "a", code: 487)
    #expect(desk.outcomes == [.cancelled])
    #expect(desk.desk.seat.seat == .idle, "no post-call after a call that was not established")
  }

  @Test func theLineDiesFirst() {
    for reports in [[], [CallReport.Status.calling]] {
      var desk = Script.up()
      desk.say(.dial(phone: "13212345678", info: ""))
      for status in reports { desk.call(status) }
      desk.say(.line(.died(reason: "killed", retryIn: Instant.second)))
      #expect(desk.outcomes == [.lineLost])
      #expect(desk.desk.recent.map(\.result) == [.lineLost])
      #expect(!desk.desk.hasOpenCall && desk.desk.attempt == nil)
    }
  }

  @Test func dialledNumberIsShownWhateverTheLineMadeOfIt() {
    var desk = Script.up()
    desk.say(.dial(phone: "0075999123", info: ""))
    desk.say(.line(.call(CallReport(.calling, number: "75999123", exact: false))))
    #expect(desk.desk.active?.number == "0075999123")
    #expect(desk.desk.attempt?.seen == true)
  }

  @Test func infoIsCutToAThousandUnits() {
    var desk = Script.up()
    desk.say(.dial(phone: "1020", info: String(repeating: "语", count: 1001)))
    #expect(desk.desk.attempt?.info.utf16.count == 1000)
  }

  @Test func accountAndProtectionGoWithADeadLine() {
    var desk = Script.up()
    desk.say(.line(.registered(account: "1001@pbx", expiresIn: nil, secure: "TLS, SRTP")))
    #expect(desk.desk.account == "1001@pbx" && desk.desk.secure == "TLS, SRTP")
    desk.say(.line(.unregistered(reason: "away", retryIn: 1, final: false)))
    #expect(desk.desk.account == "1001@pbx" && desk.desk.secure == nil)
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: "TLS, SRTP")))
    desk.say(.line(.died(reason: "killed", retryIn: Instant.second)))
    #expect(desk.desk.account == "1001" && desk.desk.secure == nil)
    // A line that says neither is shown with neither.
    desk.say(.line(.started))
    desk.say(.line(.registered(account: nil, expiresIn: nil, secure: nil)))
    #expect(desk.desk.account == "1001" && desk.desk.secure == nil)
  }
}
