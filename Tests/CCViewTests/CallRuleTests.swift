// The keys that act on calls, and the calls they must never hit.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct CallRuleTests {
  @Test func aKeyMeantForACallThatHasJustChangedDoesNothing() {
    var stage = Stage()
    stage.talk()
    stage.draw()
    stage.drawsBeforeKeys = false
    // Between the picture and the key the call ends and another comes in.
    stage.call(.ended, id: "c")
    stage.tell(.timer(.wrapUp))
    stage.call(.ringing, "+34612345678", id: "i", .in)
    for key in ["<F8>", "<F5>", "<F3>", "<F4>", "<F6>", "<F7>", "<C-x>h", "<C-x>a"] {
      stage.press("<Esc>\(key)")
      #expect(stage.message == "! The call has changed; nothing was done.", "\(key)")
    }
    #expect(stage.events.count == 1 && stage.desk.active?.isRingingHere == true)
    stage.drawsBeforeKeys = true
    stage.press("<F8>")
    #expect(stage.events.last.map(\.isHangUp) == true)
  }

  @Test func f5MeantForMoreTimeNeverAnswersACallThatHasJustCome() {
    var stage = Stage()
    stage.draw()
    stage.drawsBeforeKeys = false
    stage.call(.ringing, "+34612345678", id: "i", .in)
    stage.press("<F5>")
    #expect(stage.events.isEmpty)
  }

  @Test func f8CancelsADialThatNoCallWasSeenOf() {
    var stage = Stage()
    stage.press("200<Enter><F8>")
    #expect(stage.events.last.map(\.isHangUp) == true)
    #expect(stage.desk.attempt == nil && stage.desk.failed?.outcome == .cancelled)
  }

  @Test func f8WithoutACallSaysWhy() {
    var stage = Stage()
    stage.press("<F8>")
    #expect(stage.events.isEmpty && stage.message == "! No call is open.")
  }

  @Test func aLineThatCannotHangUpIsCutAskedOnce() throws {
    var stage = Stage([.dial])
    stage.press("200<Enter>")
    stage.call(.talking, id: "c")
    #expect(stage.keys.hasPrefix("F8 Cut line"))
    stage.press("<F8>")
    #expect(stage.message == "Cut the line? The call drops; the line is back in seconds. y/n")
    stage.wait(0.3)
    stage.press("<F8><F8>")
    #expect(!stage.events.contains { $0.isHangUp }, "the key that asked does not answer")
    stage.wait(0.3)
    stage.press("y")
    stage.wait(0.3)
    let id = try #require(stage.desk.active?.id)
    #expect(stage.events.last == .cutLine(id))
  }

  @Test func aHeldKeyFiresOnce() {
    var stage = Stage()
    stage.talk()
    stage.press(.function(4))
    for _ in 0..<20 { stage.press(.function(4), after: 0.033) }
    #expect(stage.events.filter { if case .mute = $0 { true } else { false } }.count == 1)
    stage.press(.function(4), after: 0.2)
    #expect(stage.events.filter { if case .mute = $0 { true } else { false } }.count == 2)
  }

  @Test func holdMuteAndTheirWayBack() throws {
    var stage = Stage()
    stage.talk()
    let id = try #require(stage.desk.active?.id)
    stage.press("<F3>")
    #expect(stage.events.last == .hold(id, true))
    stage.line(.callState(call: "c", held: true, muted: true))
    #expect(stage.keys.contains("F3 Resume   F4 Unmute"))
    #expect(stage.text[2].contains("TALKING  HELD 00:00  MUTED"))
    stage.press("<F3><F4>")
    #expect(stage.events.suffix(2) == [.hold(id, false), .mute(id, false)])
  }

  @Test func whatTheLineCannotDoIsNotOfferedAndSaysWhy() {
    var stage = Stage([.dial, .hangUp])
    stage.talk()
    #expect(stage.keys == "F8 Hang up   F2 Next   F9 Why   F1 Help")
    for (key, sentence) in [
      ("<F3>", "This line cannot hold a call."), ("<F4>", "This line cannot mute."),
      ("<F6>", "This line cannot send tones."), ("<F7>", "This line cannot transfer a call."),
    ] {
      stage.press(key)
      #expect(stage.message == "! \(sentence)")
    }
    #expect(stage.events.count == 1)
  }

  @Test func f5AnswersOrAddsTimeOrTriesTheLink() throws {
    var stage = Stage()
    stage.talk()
    stage.call(.ended, id: "c")
    stage.press("<F5>")
    #expect(stage.events.last == .extendWrapUp)
    stage.line(.unregistered(reason: "gone", retryIn: 60, final: false))
    stage.press("<F5>")
    #expect(stage.events.last == .tryNow)
  }

  @Test func f5PrefersTheCallThatRings() throws {
    var stage = Stage()
    stage.line(.unregistered(reason: "gone", retryIn: 60, final: false))
    stage.call(.ringing, "200", id: "i", .in)
    let id = try #require(stage.desk.active?.id)
    stage.press("<F5>")
    #expect(stage.events.last == .answer(id))
  }

  @Test func theKeypadShowsTheTonesSentAndTypesNothingElsewhere() throws {
    var stage = Stage()
    stage.talk()
    let id = try #require(stage.desk.active?.id)
    stage.press("note<F6>12#x<paste:34 5>")
    #expect(
      stage.events.dropFirst() == [
        .dtmf(id, "1"), .dtmf(id, "2"), .dtmf(id, "#"), .dtmf(id, "345"),
      ])
    #expect(stage.screen.note.text == "note")
    #expect(stage.text[8].contains("12#345"))
    #expect(stage.text[2].contains("TALKING"), "the call stays in sight")
    stage.wait(9.9)
    #expect(stage.screen.overlay != nil)
    stage.wait(0.2)
    #expect(stage.screen.overlay == nil, "10 s after the last key")
    stage.press("<F6>")
    stage.call(.ended, id: "c")
    #expect(stage.screen.overlay == nil, "with the call")
  }

  @Test func transferAsksFirstWithEnterAndJoinsWithF7() throws {
    var stage = Stage()
    stage.talk()
    let id = try #require(stage.desk.active?.id)
    stage.press("<F7>10 20<Enter>")
    #expect(stage.events.last == .transfer(id, to: "1020", consult: true))
    #expect(stage.screen.overlay == nil)
    stage.line(.callState(call: "c", held: true, muted: nil))
    stage.call(.calling, "1020", id: "d", .out)
    stage.call(.talking, "1020", id: "d", .out)
    let second = try #require(stage.desk.active?.id)
    #expect(second != id && stage.keys == "F7 Join   F8 Back   F3 Swap   F4 Mute   F9 Why")
    stage.press("<F3>")
    #expect(stage.events.last == .swap(second))
    stage.press("<F3><F7>")
    #expect(stage.events.last == .join(second))
    stage.press("<F8>")
    #expect(stage.events.last == .hangUp(second))
  }

  @Test func blindTransferIsF7AfterTheNumberAskedOnce() throws {
    var stage = Stage()
    stage.talk()
    let id = try #require(stage.desk.active?.id)
    stage.press("<F7>1020<F7>")
    #expect(stage.message == "Transfer to 1020 without asking there? y/n")
    stage.wait(0.3)
    stage.press("<Enter><F7>")
    #expect(stage.events.count == 1)
    stage.wait(0.3)
    stage.press("y")
    stage.wait(0.3)
    #expect(stage.events.last == .transfer(id, to: "1020", consult: false))
    #expect(stage.screen.overlay == nil)
  }

  @Test func aTransferQuestionGoesWithItsCall() {
    var stage = Stage()
    stage.talk()
    stage.press("<F7>1020<F7>")
    stage.call(.ended, id: "c")
    #expect(stage.screen.question == nil && stage.screen.overlay == nil)
    stage.wait(1)
    stage.press("y")
    #expect(stage.screen.note.text == "y" && stage.events.count == 1)
  }

  @Test func f8EndsTheCallWhateverIsOpen() {
    for open in ["<F1>", "<F2>", "<F6>", "<F7>12", "<F7>12<F7>", "<F10>", "<C-x>"] {
      var stage = Stage()
      stage.talk()
      stage.press("\(open)<F8>")
      #expect(stage.events.last.map(\.isHangUp) == true, "\(open)")
    }
  }
}
