// Focus, questions, menus, messages: every rule of the screen that a key can break.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct ScreenRuleTests {
  @Test func tabGoesRoundAndShiftTabBack() {
    var stage = Stage()
    #expect(stage.keys.contains("Tab Info"))
    stage.press("<Tab>")
    #expect(stage.screen.focus == .info && stage.keys.contains("Tab Dial"))
    stage.press("<S-Tab><S-Tab>")
    #expect(stage.screen.focus == .info)
    stage.talk("<Tab>200")
    stage.press("<Tab>")
    #expect(stage.screen.focus == .dial)
    stage.press("<Tab>")
    #expect(stage.screen.focus == .note)
  }

  @Test func afterACallInfoAndNoteBothCanBeReached() {
    var stage = Stage()
    stage.talk()
    stage.press("noted")
    stage.call(.ended, id: "c")
    #expect(stage.screen.focus == .note, "the end moves nothing")
    stage.press("<Tab>200<Tab>info for 200<Tab>!")
    #expect(stage.screen.note.text == "noted!")
    #expect(stage.screen.info.text == "info for 200")
    stage.press("<Tab><Enter>")
    #expect(stage.events.last == .dial(phone: "200", info: "info for 200"))
    #expect(stage.screen.note.isEmpty)
  }

  @Test func theNoteIsToldWhenItIsLeftAndWhenTheNextDialComes() throws {
    var stage = Stage()
    stage.talk()
    let id = try #require(stage.desk.active?.id)
    stage.press("one<Tab>")
    #expect(stage.events.last == .note(id, "one"))
    stage.press("<Tab><Tab>")
    #expect(stage.events.count == 2, "a note that has not changed is not told again")
    stage.call(.ended, id: "c")
    stage.press("<Tab><Tab> two<Tab>200")
    stage.press("<Tab><Tab>!<S-Tab><Enter>")
    #expect(stage.desk.recent.first { $0.id == id }?.note.hasPrefix("one") == true)
    #expect(stage.events.contains { if case .note(id, _) = $0 { true } else { false } })
  }

  @Test func quittingTellsTheNote() throws {
    var stage = Stage()
    stage.talk()
    let id = try #require(stage.desk.active?.id)
    stage.press("last words<F10>")
    stage.wait(0.3)
    stage.press("y")
    stage.wait(0.3)
    #expect(stage.events.last == .note(id, "last words") && stage.asked == [.quit])
  }

  @Test func anIncomingCallMovesNothingAndClearsNothing() {
    var stage = Stage()
    stage.press("132<Tab>some info")
    let before = stage.screen
    stage.call(.ringing, "200", id: "i", .in)
    #expect(stage.screen.focus == .info && stage.screen.info == before.info)
    #expect(stage.screen.dial == before.dial)
    stage.press("rmation")
    #expect(stage.screen.info.text == "some information")
    stage.call(.notEstablished, id: "i")
    #expect(stage.screen.info.text == "some information")
  }

  @Test func answeringParksWhatIsTypedUntilTheNoteIsClosed() throws {
    var stage = Stage()
    stage.press("132<Tab>some info")
    stage.call(.ringing, "200", id: "i", .in)
    stage.press("<F5>")
    stage.call(.talking, id: "i")
    #expect(stage.screen.dial.isEmpty && stage.screen.info.isEmpty)
    #expect(stage.screen.focus == .note)
    stage.press("about 200<Tab>")
    #expect(stage.screen.dial.isEmpty, "not while the call is open")
    stage.press("<Tab>")
    stage.call(.ended, id: "i")
    #expect(stage.screen.dial.isEmpty, "an end brings nothing back by itself")
    stage.press("<Tab>")
    #expect(stage.screen.dial.text == "132" && stage.screen.info.text == "some info")
    #expect(stage.screen.focus == .dial && stage.screen.note.text == "about 200")
  }

  @Test func aCallAnsweredByTheLineItselfTakesNothingAway() {
    var stage = Stage()
    stage.press("132<Tab>some info")
    stage.call(.talking, "200", id: "i", .in)
    #expect(stage.screen.focus == .info && stage.screen.info.text == "some info")
    stage.press("<Tab>noted")
    #expect(stage.screen.focus == .note && stage.screen.note.text == "noted")
  }

  @Test func newsOfAHeldCallLeaveTheNoteOfTheOtherAlone() throws {
    var stage = Stage()
    stage.call(.ringing, "200", id: "a", .in)
    stage.press("<F5>")
    stage.call(.talking, id: "a")
    let first = try #require(stage.desk.active?.id)
    stage.press("<Tab>about a")
    stage.call(.ringing, "300", id: "b", .in)
    stage.press("<F5>")
    #expect(stage.events.contains(.note(first, "about a")))
    stage.call(.talking, "300", id: "b", .in)
    stage.press("about b")
    stage.line(.callState(call: "a", held: true, muted: nil))
    #expect(stage.screen.note.text == "about b" && stage.screen.noteOf != first)
  }

  @Test func questionsAreAnsweredByYOrNAndNothingElse() {
    var stage = Stage()
    stage.press("<F10>")
    #expect(stage.message == "Quit? The desk goes offline. y/n")
    stage.press("y")
    stage.wait(0.3)
    #expect(stage.asked.isEmpty && stage.screen.question != nil, "deaf at first")
    for key in ["<Enter>", "<F10>", "<Tab>", "<Up>", "<BS>"] {
      stage.press(key)
      #expect(stage.screen.question != nil && stage.asked.isEmpty, "\(key)")
    }
    #expect(stage.screen.dial.isEmpty)
    stage.wait(0.3)
    stage.press("n")
    stage.wait(0.3)
    #expect(stage.screen.question == nil && stage.asked.isEmpty)
    stage.press("<F10>")
    stage.wait(0.3)
    stage.press("<Esc>")
    #expect(stage.screen.question == nil && stage.asked.isEmpty)
    stage.press("<C-q>")
    stage.wait(0.3)
    stage.press("Y")
    stage.wait(0.3)
    #expect(stage.asked == [.quit])
  }

  @Test func quitAsksNothingWhenOffline() {
    var stage = Stage()
    stage.press("<F2>o")
    #expect(stage.message == "Go offline? No call will come in. y/n")
    stage.press("<Enter>")
    stage.wait(0.3)
    stage.press("y")
    stage.wait(0.3)
    #expect(stage.events == [.choose(.offline)])
    stage.press("<F10>")
    #expect(stage.asked == [.quit])
  }

  @Test func theStatusMenuTakesLettersAndClosesByItself() {
    var stage = Stage()
    stage.press("<F2>b")
    #expect(stage.events == [.choose(.busy)] && stage.screen.overlay == nil)
    stage.press("<F2>")
    stage.press("x<Enter><paste:i>")
    #expect(stage.events.count == 1 && stage.screen.dial.isEmpty)
    stage.wait(5)
    #expect(stage.screen.overlay == nil && stage.message == "Status unchanged.")
    stage.press("<F2><Esc>")
    #expect(stage.message == "Status unchanged.")
    stage.press("i")
    #expect(stage.screen.dial.text == "i" && stage.events.count == 1)
  }

  @Test func duringACallTheMenuSetsTheNextStatus() {
    var stage = Stage()
    stage.talk()
    stage.press("<F2>p")
    #expect(stage.desk.seat.pending == .shortBreak && stage.desk.seat.seat == .busy)
    #expect(stage.text[4].contains("next: short break"))
  }

  @Test func withoutALinkTheMenuSetsTheNextStatus() {
    var stage = Stage()
    stage.line(.unregistered(reason: "away", retryIn: 60, final: false))
    stage.press("<F2>p")
    #expect(stage.desk.seat.pending == .shortBreak && stage.desk.seat.seat == nil)
    #expect(stage.text[2].contains("UNKNOWN"))
    #expect(stage.text[4].contains("next: short break"))
  }

  @Test func escapeClearsAMessageAndNeverEndsACall() {
    var stage = Stage()
    stage.talk()
    stage.press("<F5>")
    #expect(stage.message == "! There is nothing to answer.")
    stage.press("<Esc>")
    #expect(stage.message == "")
    for _ in 0..<5 { stage.press("<Esc>") }
    #expect(stage.events.count == 1 && stage.desk.hasOpenCall)
  }

  @Test func controlCClearsAndUndoBringsBack() {
    var stage = Stage()
    stage.press("132<C-c>")
    #expect(stage.screen.dial.isEmpty)
    stage.wait(1)
    stage.press("<C-_>")
    #expect(stage.screen.dial.text == "132")
    stage.press("<Tab>info<C-c>")
    #expect(stage.screen.info.isEmpty && stage.screen.dial.text == "132")
  }

  @Test func controlCNeverClearsANoteAndTwiceAsksToQuit() {
    var stage = Stage()
    stage.talk()
    stage.press("note<C-c>")
    #expect(stage.screen.note.text == "note" && stage.screen.question == nil)
    stage.wait(1)
    stage.press("<C-c>")
    #expect(stage.screen.question == nil)
    stage.press("<C-c>")
    #expect(stage.message == "Quit? The call ends and the desk goes offline. y/n")
    stage.wait(0.3)
    stage.press("<C-c>")
    #expect(stage.asked.isEmpty)
  }

  @Test func suspendOnlyOffline() {
    var stage = Stage()
    stage.press("<C-z>")
    #expect(stage.asked.isEmpty)
    #expect(stage.message == "! A suspended desk answers no calls; go offline first (F2).")
    stage.tell(.choose(.offline))
    stage.press("<C-z><C-l>")
    #expect(stage.asked == [.suspend, .redraw])
  }

  @Test func controlXNamesCommandsByLetter() throws {
    var stage = Stage()
    stage.talk()
    let id = try #require(stage.desk.active?.id)
    stage.press("<C-x>")
    #expect(stage.message.hasPrefix("Command: h hang up  o hold  m mute  k keypad"))
    stage.press("<paste:h>")
    #expect(stage.events.count == 1)
    stage.press("m<C-x>Z")
    #expect(stage.events.last == .mute(id, true))
    #expect(stage.message == "! ^X Z is no command; ^X ? shows all.")
    stage.press("<C-x>h")
    #expect(stage.events.last == .hangUp(id) && stage.screen.note.isEmpty)
  }

  @Test func typedTextIsNeverACommand() {
    var stage = Stage()
    stage.talk()
    stage.press("qyhHn?/!")
    stage.press(.paste("\u{18}h\u{3}\u{1B}[19~y"))
    #expect(stage.events.count == 1 && stage.asked.isEmpty && stage.desk.hasOpenCall)
    #expect(stage.screen.overlay == nil && stage.screen.question == nil)
  }

  @Test func helpListsEveryKeyAndScrolls() {
    var stage = Stage()
    stage.press("<F1>")
    var seen = ""
    for _ in 0..<40 {
      seen += stage.text.joined()
      stage.press("<Down>")
    }
    for row in CommandTable.rows where row.key != nil {
      #expect(seen.contains(row.keyLabel), "\(row.keyLabel)")
    }
    stage.press("x<F1>")
    #expect(stage.screen.overlay == nil && stage.screen.dial.isEmpty)
  }

  @Test func whyStandsInTheMessageRowAndItsAgeGoesOn() {
    var stage = Story.postCall
    stage.press("<F9>")
    #expect(stage.message.hasPrefix("Ended 12 s ago"))
    stage.wait(2)
    #expect(stage.message.hasPrefix("Ended 14 s ago"))
    stage.wait(20)
    #expect(stage.message == "")
  }

  @Test func evictionHasAScreenOfItsOwn() {
    var stage = Stage()
    stage.press("132")
    stage.line(.evicted)
    #expect(stage.text[7].contains("Signed in elsewhere"))
    #expect(stage.keys == "F5 Take back   F10 Quit   F9 Why   F1 Help")
    stage.press("45y<Enter><paste:y>")
    #expect(stage.events.isEmpty && stage.screen.dial.text == "132")
    stage.press("<F5>")
    #expect(stage.events == [.takeBack])
  }

  @Test func whatStandsAnywayIsNotSaidTwice() {
    var stage = Stage()
    stage.line(.unregistered(reason: "wrong password (401)", retryIn: nil, final: true))
    #expect(stage.screen.message == nil)
    #expect(stage.message == "Line: wrong password (401) (14:00:19).")
    #expect(stage.text[0].contains("LINK REFUSED: line: wrong password (401)"))
    #expect(stage.keys.hasPrefix("F5 Try now"))
  }

  @Test func whatAnsweredAKeyGoesWhenTheWorldMovesOn() {
    var stage = Stage()
    stage.press("<F5>")
    #expect(stage.message == "! There is nothing to answer.")
    stage.wait(0.1)
    stage.call(.ringing, "+34612345678", id: "i", .in)
    #expect(stage.message != "! There is nothing to answer.")
  }

  @Test func aLetterThatCameTooLateForTheStatusMenuIsNoText() {
    var stage = Stage()
    stage.press("<F2>")
    stage.wait(5)
    stage.press("b")
    #expect(stage.screen.dial.isEmpty)
    #expect(stage.message == "The status menu closed before that key; F2 opens it again.")
    stage.wait(1)
    stage.press("b")
    #expect(stage.screen.dial.text == "b")
  }
}
