// Words that are seldom seen: what is asked and not done yet, tones behind a number, a token's last minutes.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct EdgeWordTests {
  private func row(_ stage: Stage, _ name: String) -> [String] {
    stage.frame().panels.first { $0.name == name }?.rows.map { $0.map(\.text).joined() } ?? []
  }

  /// What was asked of a call stands beside its state until the line has done it.
  @Test func whatIsAskedIsShownAsAsked() {
    var ringing = Stage()
    ringing.call(.ringing, "200", id: "i", .in)
    for (key, word) in [("<F5>", "answering"), ("<F8>", "rejecting")] {
      var stage = ringing
      #expect(!stage.text.joined().contains(word))
      stage.press(key)
      #expect(row(stage, "call")[1].contains(word), "\(row(stage, "call")[1])")
    }
    for (key, word) in [("<F3>", "holding"), ("<F4>", "muting"), ("<F8>", "hanging up")] {
      var stage = Stage()
      stage.talk()
      stage.wait(5)
      stage.press(key)
      #expect(row(stage, "call")[1].contains(word), "\(row(stage, "call")[1])")
    }
    for (held, muted, key, word) in [
      (true, false, "<F3>", "resuming"), (false, true, "<F4>", "unmuting"),
    ] {
      var stage = Stage()
      stage.talk()
      stage.line(.callState(call: "c", held: held, muted: muted))
      stage.wait(5)
      stage.press(key)
      #expect(row(stage, "call")[1].contains(word), "\(row(stage, "call")[1])")
    }
  }

  /// The key that sends what was dialled behind the number stands there when it sends it.
  @Test func thenNamesItsKeyWhileItWorks() {
    var stage = Stage()
    stage.press("13212345678,,5<Enter>")
    stage.call(.calling, id: "c")
    #expect(row(stage, "call").joined().contains("then 5 "), "not before somebody is there")
    stage.call(.talking, id: "c")
    #expect(row(stage, "call").joined().contains("then 5: F6"))
    stage.press("<F6>")
    #expect(!row(stage, "call").joined().contains("then"))
    var mute = Stage([.dial, .hangUp])
    mute.press("13212345678,,5<Enter>")
    mute.call(.calling, id: "c")
    mute.call(.talking, id: "c")
    #expect(row(mute, "call").joined().contains("then 5 "), "this line sends no tones")
    #expect(!row(mute, "call").joined().contains("then 5: F6"))
  }

  /// What the line cannot do with one call says nothing of what it can do with two.
  @Test func twoCallsAreJoinedByWhoCanTransfer() {
    for (abilities, joins) in [
      (Stage.all, true), ([.dial, .hangUp, .answer, .hold, .transfer], true),
    ] as [(Abilities, Bool)] {
      var stage = Stage(abilities)
      stage.call(.ringing, "200", id: "i", .in)
      stage.press("<F5>")
      stage.call(.talking, id: "i")
      stage.press("<F7>1020<Enter>")
      stage.line(.callState(call: "i", held: true, muted: nil))
      stage.call(.calling, "1020", id: "j", .out)
      #expect(!row(stage, "call").joined().contains("F7 joins"), "nobody has answered there yet")
      stage.call(.talking, "1020", id: "j", .out)
      #expect(row(stage, "call").joined().contains("F7 joins the two and leaves") == joins)
    }
  }

  /// A token is counted down in its last five minutes, to the second, and is over when it is over.
  @Test func aTokenInItsLastMinutes() {
    for (after, words) in [
      (0, nil), (99, nil), (100, "token 05:00"), (100.5, "token 05:00"), (101, "token 04:59"),
      (399, "token 00:01"), (399.9, "token 00:01"), (400, "token over"),
    ] as [(Double, String?)] {
      var stage = Stage()
      stage.line(.registered(account: nil, expiresIn: 400, secure: "TLS"))
      // What is due is not told: only the clock goes on.
      stage.now = stage.now.advanced(by: Int64(after * 1e9))
      let header = stage.text[0]
      #expect(header.contains("link up   TLS"))
      if let words { #expect(header.contains(words), "\(header)") }
      #expect(header.contains("token") == (words != nil), "\(after) s: \(header)")
    }
  }

  // MARK: Small screens

  /// Where a row is left, what is typed stands in it, or beside it what goes with the number.
  @Test func onASmallScreenWhatIsTypedIsSeen() {
    func text(_ stage: Stage) -> String { stage.frame(24, 8).text.joined(separator: "\n") }
    var stage = Stage()
    stage.press("1321<Tab>about the bill<S-Tab>")
    #expect(text(stage).contains("1321") && text(stage).contains("about the bill"))
    stage.press("<Tab>!")
    #expect(text(stage).contains("1321") && text(stage).contains("about the bill!"))
    stage.press("<S-Tab><Enter>")
    stage.call(.calling, id: "c")
    stage.call(.talking, id: "c")
    stage.press("noted")
    #expect(text(stage).contains("noted") && text(stage).contains("1321"))
    // During the call the next number is typed where the note was.
    stage.press("<Tab>77")
    #expect(stage.screen.focus == .dial && text(stage).contains("77"), "\(text(stage))")
    stage.press("<C-u><S-Tab>")
    stage.call(.ended, id: "c")
    stage.press("<Tab><S-Tab> more")
    #expect(stage.screen.focus != .dial)
    #expect(text(stage).contains(stage.screen.field.text), "\(text(stage))")
  }

  /// Long names and reasons are cut inside their frames, at any width.
  @Test func framesHoldWhateverIsInThem() {
    let name = SafeText(String(repeating: "María de los Ángeles ", count: 4))
    var stage = Stage()
    stage.call(.ringing, "+34612345678", id: "a", .in, name: name)
    stage.wait(20)
    stage.call(.ended, id: "a")
    stage.call(.ringing, "200", id: "b", .in, name: name)
    stage.press("<F8>")
    stage.call(.notEstablished, id: "b", reason: Reason("busy everywhere in this house", code: 600))
    stage.wait(40)
    // Nothing was talked, and the name stands behind why.
    for (id, kind) in [("e", .answeredElsewhere), ("f", .notTaken)] as [(String, EndKind)] {
      stage.line(
        .call(
          CallReport(
            .notEstablished, number: "+34612345679", call: id, direction: .in,
            reason: Reason("no sound", code: 488), name: name, kind: kind)))
      stage.wait(70)
      stage.tell(.timer(.notTaken))
    }
    stage.press("300<Enter>")
    stage.call(.calling, id: "c", name: name)
    stage.call(.talking, id: "c", name: name)
    stage.wait(75)
    stage.call(.ended, id: "c")
    stage.wait(40)
    stage.press("400<Enter>")
    stage.call(.calling, id: "d", name: name)
    stage.line(.died(reason: "the line is gone, and nobody knows where to", retryIn: 5))
    stage.wait(1)
    #expect(stage.desk.recent.count >= 3)
    for columns in 60...180 {
      for rows in [24, 40] {
        for panel in stage.frame(columns, rows).panels
        where ["agent", "call", "recent"].contains(panel.name) {
          for row in panel.rows.dropFirst().dropLast() {
            let text = row.map(\.text).joined()
            #expect(
              text.hasPrefix("│") && text.hasSuffix("│"),
              "\(panel.name) \(columns)x\(rows): \(text)")
          }
        }
      }
    }
  }
}
