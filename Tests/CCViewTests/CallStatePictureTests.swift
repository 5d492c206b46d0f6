// The states of a call that are easily lost: a second one, one handed on, one refused, one not heard.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct CallStatePictureTests {
  @Test func aSecondCallerWaits() {
    var stage = Story.talking
    stage.call(.ringing, "+34612345678", id: "w", .in, name: "María López")
    stage.wait(4)
    Story.check("waiting", stage)
  }

  @Test func theOneThatIsAskedHasNotAnswered() {
    var stage = asking()
    stage.wait(6)
    Story.check("asking", stage)
  }

  @Test func swappedBackToTheCustomer() {
    var stage = Story.consultation
    stage.press("<F3>")
    let asked = stage.sent.suffix(2).compactMap { command in
      if case .hold(_, let call, let on) = command {
        "\(on ? "hold" : "resume") \(call ?? "-")"
      } else {
        nil
      }
    }
    #expect(asked == ["hold j", "resume i"])
    stage.line(.callState(call: "j", held: true, muted: nil))
    stage.line(.callState(call: "i", held: false, muted: nil))
    stage.wait(9)
    Story.check("swapped", stage)
  }

  @Test func joined() {
    var stage = Story.consultation
    stage.press("<F7>")
    stage.line(.transfer(call: "i", state: .done, reason: ""))
    stage.call(.ended, "+34612345678", id: "i")
    stage.call(.ended, "1020", id: "j")
    stage.wait(3)
    Story.check("joined", stage)
  }

  @Test func turnedAwayInABreakThatThePBXDoesNotKnowOf() {
    var stage = Stage(Stage.all.union(.setSeat))
    stage.press("<F2>p")
    var id = 0
    for case .setSeat(let command, 5) in stage.sent { id = command }
    stage.line(.result(id: id, ok: false, error: "not found (404)"))
    stage.wait(60)
    stage.call(.ringing, "+34612345678", id: "i", .in, name: "María López")
    stage.call(.notEstablished, id: "i", .in, reason: Reason("short break", code: 480))
    stage.wait(20)
    Story.check("turned-away", stage)
  }

  @Test func anEmergencyNumberIsAskedOnce() {
    var stage = Story.idleForLong
    stage.press("112<Enter>")
    stage.line(
      .result(
        id: stage.desk.attempt?.command ?? 0, ok: false,
        error: "112 is an emergency number: dial it again to call it"))
    stage.wait(2)
    Story.check("emergency", stage)
  }

  @Test func nothingIsHeard() {
    var stage = Story.talking
    stage.line(.level(input: 0.5, output: 0))
    stage.line(.callState(call: "t", held: nil, muted: false))
    stage.line(.log(.warning, "you hear nothing: no sound has come from the far end for 3 s"))
    stage.wait(1)
    Story.check("no-sound", stage)
  }

  @Test func aCallerWhileADialIsUnseen() {
    var stage = Story.idleForLong
    stage.press("5550100<Enter>")
    stage.wait(2)
    stage.call(.ringing, "+442079460123", id: "b", .in, name: "Nora")
    stage.wait(3)
    Story.check("caller-while-dialling", stage)
    stage.press("<F8>")
    #expect(stage.sent.last.map { if case .reject(_, "b") = $0 { true } else { false } } == true)
    #expect(stage.desk.unseenAttempt != nil, "the dial is still under way")
  }

  @Test func sheTalksWhileADialIsUnseen() {
    var stage = Story.idleForLong
    stage.press("5550100<Enter>")
    stage.call(.ringing, "+442079460123", id: "b", .in, name: "Nora")
    stage.press("<F5>")
    stage.call(.talking, "+442079460123", id: "b", .in, name: "Nora")
    stage.wait(3)
    Story.check("talking-while-dialling", stage)
  }

  @Test func threeCalls() {
    var stage = Story.consultation
    stage.call(.ringing, "2025550199", id: "w", .in, name: "Li Wei")
    stage.wait(4)
    Story.check("three-calls", stage)
  }

  @Test func threeThatTalk() {
    var stage = Story.consultation
    stage.call(.talking, "2025550199", id: "w", .in, name: "Li Wei")
    stage.wait(4)
    Story.check("three-talking", stage)
  }

  @Test func theCustomerHangsUpWhileSomebodyIsAsked() {
    var stage = Story.consultation
    stage.call(.ended, "+34612345678", id: "i", .in)
    stage.wait(12)
    Story.check("customer-gone", stage)
  }

  @Test func whatIsAskedAndNotDoneYet() {
    var stage = Story.talking
    stage.press("<F3>")
    stage.wait(1)
    Story.check("hold-asked", stage)
  }

  /// María is held, and 1020 rings.
  private func asking() -> Stage {
    var stage = Story.talking
    stage.press("<F7>1020<Enter>")
    stage.line(.callState(call: "t", held: true, muted: false))
    stage.call(.calling, "1020", id: "j", .out)
    stage.wait(2)
    stage.call(.ringing, "1020", id: "j", .out)
    return stage
  }
}

@Suite struct CallStateRuleTests {
  @Test func aDialThatTheLineRefusesComesBackIntoItsFields() {
    var stage = Stage()
    stage.press("112<Tab>fire<Enter>")
    let command = stage.desk.attempt?.command ?? 0
    stage.line(.result(id: command, ok: false, error: "112 is an emergency number"))
    #expect(stage.screen.dial.text == "112" && stage.screen.info.text == "fire")
    #expect(stage.screen.focus == .dial)
    stage.press("<Enter>")
    #expect(
      stage.message == "! It was refused this second; nothing was dialled. Enter again dials.")
    stage.wait(1)
    stage.press("<Enter>")
    #expect(stage.events.last == .dial(phone: "112", info: "fire"))
  }

  @Test func butNotWhereSheHasGoneOnTyping() {
    var stage = Stage()
    stage.press("200<Enter>note")
    let command = stage.desk.attempt?.command ?? 0
    stage.line(.result(id: command, ok: false, error: "no such route"))
    #expect(stage.screen.focus == .note && stage.screen.note.text == "note")
    #expect(stage.screen.dial.text == "200")
  }

  @Test func controlXRTurnsAwayWhoWaitsAndNobodyElse() throws {
    var stage = Stage()
    stage.talk()
    stage.press("<C-x>r")
    #expect(stage.message == "! No call rings here." && stage.events.count == 1)
    stage.call(.ringing, "200", id: "w", .in)
    let waiting = try #require(stage.desk.other?.id)
    stage.press("<C-x>r")
    #expect(stage.events.last == .hangUp(waiting))
    #expect(stage.sent.last.map { if case .reject(_, "w") = $0 { true } else { false } } == true)
  }

  @Test func beforeTheSecondAnswersNothingCanBeJoined() {
    var stage = Stage()
    stage.talk()
    stage.press("<F7>1020<Enter>")
    stage.line(.callState(call: "c", held: true, muted: nil))
    stage.call(.calling, "1020", id: "d", .out)
    #expect(stage.keys == "F8 Back   F9 Why")
    stage.press("<F7>")
    #expect(stage.message == "! 1020 has not answered yet.")
    #expect(stage.frame(20, 5).text[4].hasPrefix("F8 Back"))
  }

  @Test func whoGoesBesideAnotherCallIsTold() {
    var stage = Stage()
    stage.talk()
    stage.call(.ringing, "200", id: "w", .in)
    stage.call(.notEstablished, "200", id: "w", .in)
    #expect(stage.message == "Missed: 200.")
    stage.press("<F7>1020<Enter>")
    stage.line(.callState(call: "c", held: true, muted: nil))
    stage.call(.calling, "1020", id: "d", .out)
    stage.call(.notEstablished, "1020", id: "d", reason: Reason("busy here", code: 486))
    #expect(stage.message == "! 1020: busy here (486).")
    #expect(stage.text[2].contains("TALKING  HELD"))
    stage.press("<F7>1021<Enter>")
    stage.call(.calling, "1021", id: "e", .out)
    stage.call(.talking, "1021", id: "e", .out)
    stage.call(.ended, id: "c")
    #expect(stage.message == "! 132 1234 5678 hung up.")
    // What she ends herself she knows.
    stage.press("<Esc><F8>")
    stage.call(.ended, id: "e")
    #expect(stage.message == "")
  }

  @Test func helpLeavesStatusAndCallInSight() {
    for (columns, rows) in [(80, 24), (120, 40), (72, 15), (40, 12), (40, 11), (20, 5), (30, 9)] {
      for story in [Story.talking, Story.incoming, Story.postCall] {
        var stage = story
        let before = stage.frame(columns, rows)
        stage.press("<F1>")
        let after = stage.frame(columns, rows)
        for name in ["agent", "call"] {
          let rect = before.panels.first { $0.name == name }?.rect
          let covered = after.panels.first { $0.name == "help" }?.rect
          #expect(covered.map { $0.y >= (rect?.y ?? 0) + (rect?.height ?? 0) } == true, "\(name)")
        }
      }
    }
  }

  @Test(arguments: [(80, 24), (72, 15), (40, 12), (20, 5)])
  func helpCanBeReadToItsEndAtEverySize(_ columns: Int, _ rows: Int) {
    var stage = Stage()
    stage.screen.drawn(stage.desk, size: Size(columns: columns, rows: rows))
    stage.drawsBeforeKeys = false
    stage.press("<F1>")
    var seen = ""
    for _ in 0..<60 {
      seen += stage.frame(columns, rows).text.joined()
      stage.press("<PgDn>")
    }
    for row in CommandTable.rows where row.key != nil {
      #expect(seen.contains(row.keyLabel), "\(row.keyLabel) at \(columns)x\(rows)")
    }
  }

  @Test func aLongMessageIsReadWholeAndHidesNoTyping() throws {
    let words = "they do not hear you: the microphone has been silent for 3 s, and more than that"
    for (columns, rows) in [(80, 24), (72, 15), (40, 12), (40, 20)] {
      var stage = Story.talking
      stage.line(.log(.warning, SafeText(words)))
      let frame = stage.frame(columns, rows)
      let message = try #require(frame.panels.first { $0.name == "message" })
      let text = message.rows.map { $0.map(\.text).joined() }.joined(separator: " ")
      if columns > 40 || rows > 12 {
        #expect(
          text.split(separator: " ").joined(separator: " ") == "! line: " + words,
          "\(columns)x\(rows)")
      }
      let cursor = try #require(frame.cursor)
      #expect(cursor.y < message.rect.y, "\(columns)x\(rows)")
    }
  }

  @Test func whatTheLineTakesBackStandsInItsPlace() {
    var stage = Stage()
    stage.talk()
    stage.line(.log(.info, "sound: 20 packets out"))
    #expect(stage.message == "")
    stage.line(.log(.warning, "you hear nothing"))
    #expect(stage.message == "! line: you hear nothing")
    stage.line(.log(.info, "sound: 20 packets out"))
    #expect(stage.message == "! line: you hear nothing")
    stage.line(.log(.cleared, "sound comes from the far end again"))
    #expect(stage.message == "line: sound comes from the far end again")
    stage.line(.log(.info, "sound: 20 packets out"))
    #expect(stage.message == "line: sound comes from the far end again")
  }

  @Test func aQuestionIsNeverWithoutItsAnswers() {
    for keys in ["<F10>", "<F2>o", "<F7>+34 612 34 56 78<F7>"] {
      for (columns, rows) in [(80, 24), (40, 12), (30, 8), (20, 5)] {
        var stage = Story.talking
        stage.press(keys)
        let message = stage.frame(columns, rows).text[rows - 2]
        #expect(message.contains("y/n"), "\(message) at \(columns)x\(rows)")
      }
    }
  }

  @Test func thatTheSoundIsInTheClearIsSeenOnASmallScreenToo() {
    for secure in ["clear", "TLS", "TLS, SRTP", "TLS, sound clear"] {
      let stage = Stage(secure: SafeText(secure))
      for (columns, rows) in [(80, 24), (40, 12)] {
        #expect(stage.frame(columns, rows).text[0].contains(secure), "\(secure)")
      }
    }
  }

  @Test func nearTheEndOfPostCallTheKeyForMoreIsNamed() {
    var stage = Stage()
    stage.talk()
    stage.call(.ended, id: "c")
    stage.wait(25)
    stage.tell(.timer(.wrapUpWarning))
    #expect(stage.message == "idle in 5 s; F5 adds 30 s.")
  }

  @Test func lastIsTheTimeOfTheAnswerAndNoConsultation() {
    var stage = Stage(at: "14:00:50")
    stage.press("13212345678<Enter>")
    stage.call(.calling, id: "c")
    stage.wait(20)
    stage.call(.talking, id: "c")
    stage.wait(33)
    stage.call(.ended, id: "c")
    #expect(stage.text[5].contains("1 call, 33 s talk"))
    stage.tell(.timer(.wrapUp))
    stage.wait(30)
    #expect(stage.text[4].contains("Last: 132 1234 5678, answered 14:01"))
  }
}
