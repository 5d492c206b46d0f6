// Dialling from the screen: what Enter does and does not, focus, history, what is shown before.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct DialRuleTests {
  @Test func enterDialsFromDialAndMovesToAnEmptyNote() throws {
    var stage = Stage()
    stage.press("132 1234 5678<Tab>John<Enter>")
    #expect(stage.events == [.dial(phone: "132 1234 5678", info: "John")])
    #expect(stage.screen.focus == .note && stage.screen.note.isEmpty)
    #expect(stage.screen.dial.isEmpty && stage.screen.info.isEmpty)
    #expect(stage.desk.attempt?.phone == "13212345678" && stage.desk.attempt?.info == "John")
  }

  @Test func enterInANoteIsANewLine() {
    var stage = Stage()
    stage.talk()
    stage.press("one<Enter>two")
    #expect(stage.screen.note.text == "one\ntwo")
    #expect(stage.events.count == 1, "only the dial")
    stage.call(.ended, id: "c")
    stage.press("<Enter>three")
    #expect(stage.screen.note.text == "one\ntwo\nthree")
    #expect(stage.desk.attempt == nil)
  }

  @Test func controlJIsANewLineInInfoAndNothingInDial() {
    var stage = Stage()
    stage.press("132<C-j><Tab>a<C-j>b")
    #expect(stage.screen.dial.text == "132" && stage.screen.info.text == "a\nb")
    #expect(stage.events.isEmpty)
  }

  @Test func aPasteThatEndsInEnterDialsNothing() {
    var stage = Stage()
    stage.press(.paste("13212345678\n"))
    #expect(stage.screen.dial.text == "13212345678")
    #expect(stage.events.isEmpty && stage.desk.attempt == nil)
  }

  @Test(arguments: [
    ("", "No number."), ("12a", "“a” is not part of a number: digits, +, * and # are."),
    ("sip:bob@x", "A sip: address cannot be dialled: type a number."),
  ])
  func whatIsNoNumberIsRefusedByName(_ typed: String, _ sentence: String) {
    var stage = Stage()
    stage.press("\(typed)<Enter>")
    #expect(stage.events.isEmpty)
    #expect(stage.message == "! \(sentence)")
    #expect(stage.screen.dial.text == typed, "what was typed stays")
  }

  @Test(arguments: [
    ("132 1234 5678", "sends 13212345678"), ("+34 612-34.56/78", "sends +34612345678"),
    ("tel:007(599)99", "sends 00759999"), ("１３２", "sends 132"), ("*31#", "sends *31#"),
    ("1+2", "A + stands only at the beginning of a number."), ("", ""),
  ])
  func whatWillBeSentStandsBesideTheNumber(_ typed: String, _ preview: String) {
    var stage = Stage()
    stage.press(.paste(typed))
    let row = stage.text[8].dropFirst(2).dropLast(2).trimmingBlanks
    #expect(typed.isEmpty ? row.isEmpty : row.hasSuffix(preview))
  }

  @Test func withoutALinkEnterSaysSoAndDoesNothing() {
    var stage = Stage()
    stage.press("13212345678")
    stage.line(.unregistered(reason: "gone", retryIn: 5, final: false))
    #expect(stage.text[8].contains("no link: Enter does nothing"))
    stage.press("<Enter>")
    #expect(stage.events.isEmpty && stage.screen.dial.text == "13212345678")
    #expect(stage.message == "! No link: nothing can be dialled.")
  }

  @Test func withACallOpenEnterDialsNoSecondOne() {
    var stage = Stage()
    stage.talk()
    stage.press("<Tab>200<Enter>")
    #expect(stage.screen.dial.text == "200" && stage.events.count == 1)
    #expect(stage.message == "! A call is open; F8 ends it.")
  }

  @Test func enterWhileACallComesInAnswersNothingAndDialsNothing() {
    var stage = Stage()
    stage.press("200")
    stage.call(.ringing, "+34612345678", id: "i", .in)
    stage.press("<Enter>")
    #expect(stage.events.isEmpty && stage.screen.dial.text == "200")
    #expect(stage.message == "! A call is coming in: F5 answers, F8 rejects.")
  }

  @Test func enterIsDeafForASecondAfterACallWentAwayUnderHerFingers() {
    var stage = Stage()
    stage.call(.ringing, "+34612345678", id: "i", .in)
    stage.press("200")
    stage.call(.notEstablished, "+34612345678", id: "i", .in)
    stage.press("<Enter>")
    #expect(stage.events.isEmpty && stage.screen.dial.text == "200")
    #expect(
      stage.message == "! A call ended this second; nothing was dialled. Enter again dials.")
    stage.wait(1)
    stage.press("<Enter>")
    #expect(stage.events == [.dial(phone: "200", info: "")])
  }

  @Test func afterHerOwnHangUpEnterDialsAtOnce() {
    var stage = Stage()
    stage.talk()
    stage.press("<F8>")
    stage.call(.ended, id: "c")
    stage.press("<Tab>200<Enter>")
    #expect(stage.events.last == .dial(phone: "200", info: ""))
  }

  @Test func ofTwoPastedNumbersDialTakesTheFirst() {
    var stage = Stage()
    stage.press(.paste("132 1234 5678\r\n007 599 99\n"))
    #expect(stage.screen.dial.text == "132 1234 5678")
    #expect(stage.message == "! 2 lines were pasted; Dial took the first.")
    stage.press("<Tab>")
    stage.press(.paste("one 1\ntwo 2"))
    #expect(stage.screen.info.text == "one 1\ntwo 2", "Info has lines")
  }

  @Test func upAndDownWalkTheNumbersOfRecent() {
    var stage = Story.idle
    stage.press("99<Up>")
    #expect(stage.screen.dial.text == "132 1234 5678")
    stage.press("<Up>")
    #expect(stage.screen.dial.text == "007 599 99")
    stage.press("<Up>")
    #expect(stage.screen.dial.text == "+34 612 34 56 78")
    stage.press("<Up>")
    #expect(stage.screen.dial.text == "202 555 0110", "each number once")
    for _ in 0..<99 { stage.press("<Up>") }
    #expect(stage.screen.dial.text == "202 555 0100", "and no further than the first")
    for _ in 0..<10 { stage.press("<Down>") }
    #expect(stage.screen.dial.text == "202 555 0110")
    stage.press("<Down>")
    stage.press("<Down><Down><Down>")
    #expect(stage.screen.dial.text == "99", "what was typed comes back")
    stage.press("<Down>")
    #expect(stage.screen.dial.text == "99")
  }

  @Test func aLongNumberScrollsSoThatTheCursorIsSeen() {
    var stage = Stage()
    stage.press(.paste(String(repeating: "123456789 ", count: 12)))
    let cursor = stage.frame().cursor
    #expect(cursor?.y == 8 && (cursor?.x ?? 99) < 78)
    #expect(stage.text[8].contains("Too long"))
  }

  @Test func theInfoTitleSaysWhichHeaderCarriesIt() {
    var stage = Stage()
    stage.look.infoHeader = "X-Info"
    #expect(stage.text[10].contains(" Info, sent as X-Info "))
  }

  @Test func theInfoShowsThatItWasCut() {
    var stage = Stage()
    stage.press("<Tab>")
    stage.press(.paste(String(repeating: "x", count: 1200)))
    #expect(stage.text[10].contains(" cut  1000/1000 "))
  }
}

extension Substring {
  var trimmingBlanks: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
