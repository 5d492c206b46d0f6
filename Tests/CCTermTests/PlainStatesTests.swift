// All that the screen shows of calls, seat and link is said in plain mode too.

import CCCore
import CCView
import Testing

@testable import CCTerm

@Suite struct PlainStatesTests {
  private let maria: SafeText = "+34612345678"

  /// María talks, since some seconds.
  private func talking() -> Plain {
    var plain = Plain()
    plain.call(.ringing, maria, id: "a", .in, "María López")
    plain.type("answer")
    plain.call(.talking, maria, id: "a", .in)
    plain.wait(10)
    plain.said = []
    return plain
  }

  @Test func holdMuteAndTheirWayBack() {
    var plain = talking()
    plain.tell(.line(.callState(call: "a", held: true, muted: nil)))
    plain.tell(.line(.callState(call: "a", held: nil, muted: true)))
    plain.tell(.line(.callState(call: "a", held: false, muted: false)))
    #expect(plain.said == ["held.", "muted.", "resumed.", "unmuted."])
  }

  @Test func whoIsHeldIsRemindedOf() {
    var plain = talking()
    #expect(plain.speaker.remind(plain.desk, at: plain.now) == nil)
    plain.tell(.line(.callState(call: "a", held: true, muted: nil)))
    plain.wait(60)
    let said = plain.speaker.remind(plain.desk, at: plain.now)
    #expect(said?.text == "still held: María López, 1 minute.")
    plain.type("quiet")
    #expect(plain.speaker.remind(plain.desk, at: plain.now) == nil)
  }

  @Test func tonesAreSaidAsTheyAreSent() {
    var plain = talking()
    plain.type("keypad 12#")
    plain.type("keypad x")
    #expect(
      plain.said == [
        "> keypad 12#", "sent 1 2 #.", "> keypad x", "Tones are 0 to 9, *, # and A to D.",
      ]
    )
  }

  /// Lines tell the two ends in either order.
  @Test(arguments: [["a", "b"], ["b", "a"]])
  func askingSomebodyAndJoining(_ order: [String]) {
    var plain = talking()
    plain.type("consult 1020")
    plain.tell(.line(.callState(call: "a", held: true, muted: nil)))
    plain.call(.calling, "1020", id: "b", .out)
    plain.type("join")
    plain.call(.talking, "1020", id: "b", .out)
    plain.wait(5)
    plain.type("join")
    plain.tell(.line(.transfer(call: "a", state: .trying, reason: "")))
    plain.tell(.line(.transfer(call: "a", state: .done, reason: "")))
    for id in order { plain.call(.ended, id == "a" ? maria : "1020", id: id) }
    let ends =
      order[0] == "b"
      ? ["handed on to 1020, 15 seconds. post-call, 30 seconds, then idle."]
      : ["handed on to 1020, 15 seconds.", "post-call, 30 seconds, then idle."]
    #expect(
      plain.said == [
        "> consult 1020", "held.", "calling 1020.", "> join", "1020 has not answered yet.",
        "talking to 1020.", "> join", "Transferring.", "Transferred.",
      ] + ends)
  }

  @Test func askingSomebodyAndComingBack() {
    var plain = talking()
    plain.type("ask 1020")
    plain.tell(.line(.callState(call: "a", held: true, muted: nil)))
    plain.call(.calling, "1020", id: "b", .out)
    plain.call(.talking, "1020", id: "b", .out)
    plain.type("swap")
    let asked = plain.sent.suffix(2).compactMap { command in
      if case .hold(_, let call, let on) = command {
        "\(on ? "hold" : "resume") \(call ?? "-")"
      } else {
        nil
      }
    }
    #expect(asked == ["hold b", "resume a"])
    plain.tell(.line(.callState(call: "b", held: true, muted: nil)))
    plain.tell(.line(.callState(call: "a", held: false, muted: nil)))
    plain.wait(5)
    plain.call(.ended, "1020", id: "b")
    #expect(
      plain.said.suffix(4) == [
        "> swap", "held: 1020.", "resumed: María López.",
        "ended: 1020, 5 seconds. Back to María López.",
      ])
  }

  @Test func aBlindTransferThatFails() {
    var plain = talking()
    plain.type("transfer 1020")
    plain.type("y")
    plain.tell(.line(.transfer(call: "a", state: .trying, reason: "")))
    plain.tell(.line(.transfer(call: "a", state: .failed, reason: "busy here")))
    #expect(
      plain.said == [
        "> transfer 1020", "transfer María López to 1 0 2 0 without asking there? y or n", "> y",
        "Transferring.", "Transfer failed: line: busy here.",
      ])
  }

  @Test func aBlindTransferIsAskedAsOnTheScreen() {
    for word in ["n", "no", "yes please", "1020", ""] {
      var plain = talking()
      plain.type("transfer 1020")
      plain.type(word)
      #expect(plain.said.last == "not transferred.")
      #expect(!plain.sent.contains { if case .transfer = $0 { true } else { false } })
    }
    // Another command is no answer, and is done.
    var other = talking()
    other.type("transfer 1020")
    other.type("hang up")
    #expect(other.said.contains("not transferred."))
    #expect(other.sent.last.map { if case .hangUp = $0 { true } else { false } } == true)
    var refused = talking()
    refused.type("transfer abc")
    #expect(refused.said.last?.contains("is not part of a number") == true)
  }

  @Test func rejectIsTheCallThatRingsAndNotTheOneThatTalks() throws {
    var plain = talking()
    plain.type("reject")
    plain.call(.ringing, "200", id: "w", .in)
    let waiting = try #require(plain.desk.other?.id)
    let events = plain.commands.obey(
      "reject", plain.desk, &plain.speaker, at: plain.now, zone: .utc
    ).events
    #expect(events == [.hangUp(waiting)])
    plain.type("reject")
    plain.call(.notEstablished, "200", id: "w", .in)
    #expect(
      plain.said == [
        "> reject", "No call rings here.", "Incoming: 200. answer or reject?", "> reject",
        "rejected.",
      ])
    #expect(plain.desk.active?.talk != nil)
  }

  @Test func aWaitingCallerWhoGoesTakesNothingAway() {
    var plain = talking()
    plain.call(.ringing, "200", id: "w", .in)
    plain.wait(4)
    plain.call(.notEstablished, "200", id: "w", .in)
    #expect(plain.said.last == "missed: 200, rang 4 seconds.")
    plain.type("consult 1020")
    plain.tell(.line(.callState(call: "a", held: true, muted: nil)))
    plain.call(.calling, "1020", id: "b", .out)
    plain.type("hang up")
    plain.call(.notEstablished, "1020", id: "b", .out)
    #expect(plain.said.last == "cancelled. Back to María López, held.")
  }

  @Test func callsThatAreTurnedAway() {
    var plain = Plain()
    plain.type("break")
    plain.call(.ringing, maria, id: "a", .in, "María López")
    plain.call(.notEstablished, maria, id: "a", .in, nil, Reason("short break", code: 480))
    plain.type("recent")
    #expect(
      plain.said == [
        "> break", "short break.", "Turned away: María López, +34612345678.",
        "> recent", "14:00 in, María López, +34 612 34 56 78, turned away.",
      ])
  }

  @Test func whatTheLineWarnsOfAndTakesBack() {
    var plain = talking()
    plain.tell(.line(.log(.info, "nobody needs to hear this")))
    plain.tell(
      .line(.log(.warning, "you hear nothing: no sound has come from the far end for 3 s")))
    plain.tell(.line(.log(.cleared, "sound comes from the far end again")))
    plain.tell(.line(.log(.info, "nor this")))
    #expect(
      plain.said == [
        "line: you hear nothing: no sound has come from the far end for 3 s",
        "line: sound comes from the far end again",
      ])
  }

  @Test func whatTheCallIsProtectedBy() {
    var plain = Plain()
    plain.tell(.line(.registered(account: nil, expiresIn: nil, secure: "TLS")))
    plain.tell(.line(.registered(account: nil, expiresIn: nil, secure: "TLS, sound clear")))
    plain.tell(.line(.registered(account: nil, expiresIn: nil, secure: "TLS, sound clear")))
    #expect(plain.said == ["Now TLS.", "Now TLS, sound clear."])
  }

  @Test func aStatusThatThePBXWasNotTold() throws {
    var plain = Plain()
    plain.tell(.line(.hello(line: "sip", abilities: [.dial, .hangUp, .setSeat])))
    var id = 0
    for case .send(.setSeat(let command, _)) in plain.desk.handle(
      .choose(.shortBreak), at: plain.now)
    {
      id = command
    }
    plain.tell(.line(.result(id: id, ok: false, error: "not found (404)")))
    #expect(plain.said.first == "The PBX was not told of short break: line: not found (404)")
    plain.type("status")
    #expect(plain.said.last?.contains("The PBX was not told: line: not found (404).") == true)
    plain.type("why")
    #expect(
      plain.said.last
        == "short break since 14:00, by you, kept by this desk; the PBX was not told: line: not found (404)."
    )
  }

  @Test func anEmergencyNumberIsAskedOnce() {
    var plain = Plain()
    plain.type("dial 112")
    plain.tell(
      .line(
        .result(
          id: plain.desk.attempt?.command ?? 0, ok: false,
          error: "112 is an emergency number: dial it again to call it")))
    #expect(
      plain.said == [
        "> dial 112", "not dialled: line: 112 is an emergency number: dial it again to call it.",
      ])
  }

  @Test func theLineKeepsTheSeat() {
    var plain = Plain()
    plain.tell(.line(.hello(line: "sdk", abilities: [.dial, .seat])))
    for seat in [Seat.idle, .postCall, .offline, .shortBreak] { plain.tell(.line(.seat(seat))) }
    #expect(plain.said == ["post-call.", "offline.", "short break."])
  }

  @Test func aLinkThatStaysAwayIsToldOnce() {
    var plain = talking()
    for retry in [4.0, 8, 16] {
      plain.tell(.line(.unregistered(reason: "no answer", retryIn: retry, final: false)))
    }
    #expect(
      plain.said == [
        "Link down: line: no answer. Again in 4 seconds. The call goes on. The status is unknown."
      ])
  }

  @Test func statusSaysAllThatThePanelsShow() {
    var plain = talking()
    plain.tell(.line(.level(input: 0.5, output: 0.25)))
    plain.tell(.line(.callState(call: "a", held: nil, muted: true)))
    plain.type("status short break")
    plain.type("status")
    #expect(
      plain.said.last
        == "busy, 10 seconds. Next: short break. Link up."
        + " Talking to María López, +34 612 34 56 78, 10 seconds, muted."
        + " Loudness: you 0 percent, far end 25 percent. 0 calls today, 0 seconds of talk.")
    plain.wait(50)
    plain.call(.ended, maria, id: "a")
    plain.wait(12)
    plain.type("status")
    #expect(
      plain.said.last
        == "post-call, 18 seconds, then short break. Link up. 1 call today, 1 minute of talk.")
  }

  @Test func helpSaysWhatIsPossibleNow() {
    var plain = talking()
    plain.type("help")
    #expect(
      plain.said[1]
        == "possible now: hang up, hold, mute, keypad, transfer, consult, status, info, check, note, "
        + "why, quit.")
    var idle = Plain()
    idle.type("help")
    #expect(idle.said[1] == "possible now: dial, status, info, check, why, quit.")
  }

  /// Nobody who hears it has keys, fields or a menu.
  @Test func helpSpeaksToWhoHasNoScreen() {
    var plain = Plain()
    plain.type("help")
    let screen = #/\bF[0-9]|\^|Enter|\bEsc\b|\bDial\b|\bInfo\b|\bNote\b|by letter|message row/#
    #expect(plain.said.count > 30)
    for said in plain.said { #expect(said.firstMatch(of: screen) == nil, "\(said)") }
    for row in CommandTable.rows where !row.words.isEmpty {
      plain.type("help \(row.words[0])")
      #expect(plain.said.last?.firstMatch(of: screen) == nil)
      #expect(plain.said.last == "\(row.words.joined(separator: " or ")): \(row.spoken).")
    }
  }

  /// A wish that changes nothing is answered all the same.
  @Test func whatIsSoAlreadyIsSaid() {
    var plain = Plain()
    for word in ["idle", "status idle"] {
      plain.type(word)
      #expect(plain.said.last == "idle already.")
    }
    plain.type("status short break")
    #expect(plain.said.last == "short break.")
    plain.type("status short break")
    #expect(plain.said.last == "short break already.")
    var busy = talking()
    busy.type("status short break")
    #expect(busy.said.last == "next: short break.")
    busy.type("status short break")
    #expect(busy.said.last == "next: short break already.")
    busy.call(.ended, maria, id: "a")
    busy.type("status short break")
    #expect(busy.said.last == "next: short break already.")
  }

  /// Her word is on what was said last, and what still waits is said again.
  @Test func acceptAnswersWhatWasSaidLast() {
    let order = { (id: String, from: SafeText, wish: Order.Wish, text: SafeText) in
      Order(
        id: id, expires: 1_863_906_400_000, epoch: 1, from: from, wish: wish, text: text)
    }
    for (word, outcome) in [
      ("accept", "accepted: sup: asks for short break."),
      ("refuse", "sup: asks for short break: refused by the agent."),
    ] {
      var plain = Plain()
      plain.tell(.order(order("1", "sup", .message, "hello"), epoch: 1))
      plain.tell(.order(order("2", "sup", .seat(.idle), ""), epoch: 1))
      plain.tell(.order(order("3", "sup", .seat(.shortBreak), ""), epoch: 1))
      #expect(
        Array(plain.said.suffix(2)) == [
          "sup: asks for idle: another order came after it.",
          "sup: asks for short break. accept or refuse?",
        ])
      plain.type(word)
      #expect(plain.said.contains("\(outcome) Still: sup: hello. accept or refuse?"))
      #expect(plain.desk.seat.chosen == (word == "accept" ? .shortBreak : nil))
      plain.type("accept")
      #expect(plain.said.last == "accepted: sup: hello.")
      plain.type("accept")
      #expect(plain.said.last == "No supervisor asks anything of you.")
    }
  }

  @Test func aNoteIsReadBack() {
    var plain = talking()
    plain.type("note")
    plain.type("note asks for the March invoice")
    plain.type("note")
    plain.call(.ended, maria, id: "a")
    plain.type("note")
    #expect(
      plain.said.filter { $0.hasPrefix("note:") || $0.hasPrefix("no note") } == [
        "no note.", "note: 26 of 1000.", "note: asks for the March invoice",
        "note: asks for the March invoice",
      ])
  }

  @Test func warningsTakeALineOfTheirOwn() {
    var speaker = PlainSpeaker()
    let plain = talking()
    let said = speaker.say(.log(.warning, "they do not hear you"), plain.desk, at: plain.now)
    #expect(said?.isUrgent == true)
    #expect(speaker.say(.notice(.info, "calm"), plain.desk, at: plain.now)?.isUrgent == false)
  }
}
