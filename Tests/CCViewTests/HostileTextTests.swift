// Strangers' text in every field: no control reaches a cell, and no cell is wider than it says.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct HostileTextTests {
  static let texts: [String] = [
    "\u{1B}[2J\u{1B}]0;owned\u{7}", "a\u{0}b\u{8}\u{8}c\r\n\td", "\u{9B}31mred\u{9C}",
    "\u{202E}gnp.exe\u{2066}x",
    "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}a\u{301}\u{301}\u{301}\u{301}\u{301}",
    "👨‍👩‍👧‍👦👍🏽🇪🇸❤️", "ｗｉｄｅ陈小明", String(repeating: "long", count: 500), "\u{FFFE}\u{E000}\u{10FFFF}",
    "กำ 각 ﷽", "\u{7F}\u{80}\u{85}\u{2028}\u{2029}",
  ]

  @Test(arguments: texts)
  func whereverItComesFrom(_ hostile: String) {
    var stage = Stage()
    stage.line(.registered(account: SafeText(hostile), expiresIn: nil, secure: SafeText(hostile)))
    stage.press(.paste(hostile))
    stage.press("<C-u>200<Tab>")
    stage.press(.paste(hostile))
    stage.press("<Enter>")
    stage.call(.calling, SafeText(hostile), id: hostile, name: SafeText(hostile))
    stage.call(.talking, SafeText(hostile), id: hostile, name: SafeText(hostile))
    check(stage, hostile)
    stage.press(.paste(hostile))
    for character in hostile { stage.press(.character(character)) }
    stage.press("<F7>")
    stage.press(.paste(hostile))
    check(stage, hostile)
    stage.press("<Esc>")
    stage.call(.ended, id: hostile, reason: Reason(SafeText(hostile), code: -1))
    stage.call(.ringing, SafeText(hostile), id: "2", .in, name: SafeText(hostile))
    stage.call(.notEstablished, id: "2", reason: Reason(SafeText(hostile)))
    check(stage, hostile)
    stage.line(.log(.error, SafeText(hostile)))
    stage.line(.unregistered(reason: SafeText(hostile), retryIn: nil, final: true))
    check(stage, hostile)
  }

  private func check(_ stage: Stage, _ hostile: String) {
    for ascii in [false, true] {
      var stage = stage
      stage.look.ascii = ascii
      stage.look.infoHeader = SafeText(hostile)
      for (columns, rows) in [(80, 24), (120, 40), (72, 15), (40, 12), (31, 11), (20, 5), (7, 2)] {
        let frame = stage.frame(columns, rows)
        if let fault = LayoutTests.fault(in: frame, columns, rows) {
          Issue.record("\(fault) at \(columns)x\(rows)")
        }
        if ascii {
          let text = frame.text.joined()
          let isASCII = text.unicodeScalars.allSatisfy(\.isASCII)
          #expect(isASCII, "\(text)")
        }
        for row in frame.composited {
          #expect(row.reduce(0) { $0 + Int($1.width) } == columns)
        }
      }
    }
  }

  @Test func theCanvasLetsNoControlThroughWhoeverPutsIt() {
    var canvas = Canvas(width: 6, height: 1, ascii: false)
    canvas.put("a\u{1B}\u{7}é\u{9B}", x: 0, y: 0)
    #expect(canvas.rows[0].map(\.text).joined() == "a\u{FFFD}\u{FFFD}é\u{FFFD} ")
  }

  @Test func aWideCharacterThatDoesNotFitIsABlank() {
    var canvas = Canvas(width: 3, height: 1, ascii: false)
    canvas.put("a陈小", x: 0, y: 0)
    #expect(canvas.rows[0].map(\.text).joined() == "a陈")
    canvas.put("陈陈", x: 0, y: 0)
    #expect(canvas.rows[0].map(\.text) == ["陈", "", " "])
  }
}
