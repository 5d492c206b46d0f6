// Plain mode without a terminal: what is said, what words do, how a line is edited.

import CCCore
import CCView
import Testing

@testable import CCTerm

@Suite struct PlainTests {
  @Test func oneCallAsThePictureHasIt() {
    var plain = Plain()
    plain.type("info John Doe 20 years old 461385413131")
    plain.type("check 132 1234 5678")
    plain.type("dial 132 1234 5678")
    plain.call(.calling)
    plain.wait(2)
    plain.call(.ringing)
    plain.wait(6)
    plain.call(.talking)
    plain.type("status short break")
    plain.wait(83)
    plain.type("hang up")
    plain.call(.ended)
    plain.wait(25)
    plain.tell(.timer(.wrapUpWarning))
    plain.wait(5)
    plain.tell(.timer(.wrapUp))
    #expect(
      plain.said == [
        "> info John Doe 20 years old 461385413131", "info: 34 of 1000.",
        "> check 132 1234 5678", "would send 1 3 2, 1 2 3 4, 5 6 7 8.",
        "> dial 132 1234 5678", "calling 132 1234 5678.", "ringing.", "talking.",
        "> status short break", "next: short break.",
        "> hang up", "ended, 1 minute 23. post-call, 30 seconds, then short break.",
        "short break in 5 seconds; more adds 30.", "short break.",
      ])
    #expect(plain.desk.recent.first?.info == "John Doe 20 years old 461385413131")
    #expect(plain.commands.info.isEmpty, "the info went with the call")
  }

  @Test func anInboundCall() {
    var plain = Plain()
    plain.call(.ringing, "+34612345678", id: "i", .in, "María López")
    plain.wait(20)
    plain.call(.notEstablished, "+34612345678", id: "i")
    plain.call(.ringing, "+34612345678", id: "j", .in, "Eve\u{1B}[2J")
    plain.type("a")
    plain.call(.talking, id: "j")
    #expect(
      plain.said == [
        "Incoming: María López, +34 612 34 56 78. answer or reject?",
        "missed: María López, +34 612 34 56 78, rang 20 seconds.",
        "Incoming: Eve\u{FFFD}[2J, +34 612 34 56 78. answer or reject? 1 call today, last 14:00.",
        "> a", "talking.",
      ])
  }

  @Test func refusalsAndLoss() {
    var plain = Plain()
    plain.type("dial bob")
    plain.type("dial")
    plain.type("frobnicate")
    plain.type("dial 1020")
    plain.call(.calling, "1020")
    plain.call(.notEstablished, "1020", id: "a", nil, nil, Reason("busy here", code: 486))
    plain.tell(.line(.unregistered(reason: "the registrar is away", retryIn: 4, final: false)))
    plain.type("dial 1020")
    #expect(
      plain.said == [
        "> dial bob", "not dialled: “b” is not part of a number: digits, +, * and # are.",
        "> dial", "dial which number?", "> frobnicate",
        "no such command: frobnicate. help lists them.",
        "> dial 1020", "calling 1020.", "not established: busy here (486).", "idle.",
        "Link down: line: the registrar is away. Again in 4 seconds. The status is unknown.",
        "> dial 1020", "No link: nothing can be dialled.",
      ])
  }

  @Test func quietSaysOnlyWhatAsks() {
    var plain = Plain()
    plain.type("quiet")
    plain.call(.calling)
    plain.call(.notEstablished)
    plain.call(.ringing, "1020", id: "i", .in)
    #expect(
      plain.said.suffix(2) == [
        "quiet: only what asks for an answer. quiet again ends it.",
        "Incoming: 1020. answer or reject?",
      ])
  }

  @Test func quitAsksDuringACall() {
    var plain = Plain()
    plain.call(.talking)
    plain.type("quit")
    plain.type("")
    plain.type("quit")
    plain.type("y")
    #expect(
      plain.said.suffix(6)
        == [
          "> quit", "A call is open. Quit and end it? y or n", "> ", "not quit.", "> quit",
          "A call is open. Quit and end it? y or n", "> y", "(quits)",
        ].suffix(6))
  }
}

@Suite struct PromptEditorTests {
  /// What a terminal shows of the bytes: the last row, read back cell by cell.
  private func row(_ bytes: String) -> String {
    var rows = [[Character]]()
    var row: [Character] = []
    var column = 0
    for character in bytes {
      switch character {
      case "\r": column = 0
      case "\n", "\r\n":
        rows.append(row)
        row = []
        column = 0
      case "\u{8}": column -= 1
      default:
        while row.count <= column { row.append(" ") }
        row[column] = character
        column += 1
      }
    }
    rows.append(row)
    return rows.map { String($0).trimmed }.joined(separator: "|")
  }

  private func type(_ editor: inout PromptEditor, _ keys: [Key]) -> String {
    keys.map { editor.press($0, at: 0).bytes }.joined()
  }

  @Test func editsInPlace() {
    var editor = PromptEditor()
    var bytes = editor.show()
    bytes += type(&editor, "dial 1021".map { .character($0) })
    bytes += type(&editor, [.backspace, .character("0"), .home, .delete, .character("D")])
    #expect(row(bytes) == "> Dial 1020")
    #expect(editor.line == "Dial 1020")
    bytes += type(&editor, [.end, .control("w"), .control("y"), .control("u")])
    #expect(row(bytes) == ">")
  }

  @Test func anUrgentSentenceTakesItsOwnLineAndTheTextComesBack() {
    var editor = PromptEditor()
    var bytes = editor.show() + type(&editor, "dial 1".map { .character($0) })
    bytes += editor.say("ringing.", urgent: false)
    bytes += editor.say("Incoming: 1020. answer or reject?", urgent: true)
    #expect(row(bytes) == "Incoming: 1020. answer or reject?|> dial 1")
    bytes += type(&editor, Array(repeating: .backspace, count: 6))
    #expect(row(bytes) == "Incoming: 1020. answer or reject?|ringing.|>")
  }

  @Test func aPasteFillsTheLineAndExecutesNothing() {
    var editor = PromptEditor()
    let (_, result) = editor.press(.paste("dial 1020\r\nhang up\n\u{1B}[A"), at: 0)
    #expect(result == .none)
    #expect(editor.line == "dial 1020 hang up [A")
  }

  @Test func controlDEndsOnlyAnEmptyLineAndControlCOnlyTwice() {
    var editor = PromptEditor()
    _ = editor.press(.character("x"), at: 0)
    #expect(editor.press(.control("d"), at: 0).result == .none)
    #expect(editor.press(.control("c"), at: 0).result == .none && editor.line.isEmpty)
    #expect(editor.press(.control("c"), at: 2 * Instant.second).result == .none)
    #expect(editor.press(.control("c"), at: 2 * Instant.second + 1).result == .quit)
    #expect(editor.press(.control("d"), at: 0).result == .quit)
  }

  @Test func aLongLineShowsThePartRoundTheCursor() {
    var editor = PromptEditor()
    editor.columns = 20
    var bytes = editor.show()
    bytes += type(&editor, (0..<40).map { .character(Character("\($0 % 10)")) })
    #expect(row(bytes) == "> 34567890123456789")
    bytes += type(&editor, [.home])
    #expect(row(bytes) == "> 01234567890123456")
  }

  @Test func theHistoryComesBack() {
    var editor = PromptEditor()
    for line in ["one", "two"] {
      _ = type(&editor, line.map { .character($0) } + [.enter])
    }
    _ = editor.press(.up, at: 0)
    _ = editor.press(.up, at: 0)
    #expect(editor.line == "one")
    _ = editor.press(.down, at: 0)
    _ = editor.press(.down, at: 0)
    #expect(editor.line.isEmpty)
  }

  @Test func aStatusIsAWordOfItsOwnAndRefusalsNameWordsNotKeys() {
    var plain = Plain()
    plain.type("break")
    plain.type("idle")
    plain.type("dial 200")
    plain.type("dial 300")
    #expect(!plain.said.joined().contains("F8"), "\(plain.said)")
    #expect(plain.said.contains("Already calling; hang up cancels."), "\(plain.said)")
    #expect(plain.said.contains("short break."), "\(plain.said)")
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
