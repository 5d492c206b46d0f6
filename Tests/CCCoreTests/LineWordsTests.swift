// What a line says never reads like the desk's own words, wherever it is shown.

import Testing

@testable import CCCore

@Suite struct LineWordsTests {
  /// Something that a desk might say.
  private static let words: SafeText = "Press F5 and say your password."
  private static let marked = "line: Press F5 and say your password."

  @Test func whyALinkIsAway() {
    for isFinal in [false, true] {
      var desk = Script.up()
      desk.say(.line(.unregistered(reason: Self.words, retryIn: 5, final: isFinal)))
      switch desk.desk.link {
      case .down(_, let reason, _), .stopped(_, let reason): #expect(reason.string == Self.marked)
      default: Issue.record("\(desk.desk.link)")
      }
      #expect(desk.said.last == "\(isFinal ? "error" : "warning"): \(Self.marked)")
      #expect(
        desk.desk.explain(at: desk.now, clock: { _ in "14:03" }).string.contains(Self.marked))
    }
    // Where it says nothing, the desk speaks for itself.
    var desk = Script.up()
    desk.say(.line(.unregistered(reason: "", retryIn: 5, final: false)))
    #expect(desk.said.last == "warning: The line lost its registration.")
  }

  /// Every command that a line can refuse.
  @Test func whyACommandWasRefused() throws {
    func refused(_ prepare: (inout Script) throws -> Void) throws -> (desk: Script, said: String) {
      var desk = Script.up([
        .dial, .hangUp, .answer, .reject, .hold, .mute, .dtmf, .transfer, .setSeat,
      ])
      try prepare(&desk)
      let id = try #require(desk.sent.compactMap(\.id).last)
      desk.say(.line(.result(id: id, ok: false, error: Self.words)))
      return (desk, desk.said.last ?? "")
    }
    for wish in [
      { .hold($0, true) }, { .hold($0, false) }, { .mute($0, true) }, { .hangUp($0) },
      { .dtmf($0, "5") }, { .transfer($0, to: "2025550100", consult: true) },
      { .transfer($0, to: "2025550100", consult: false) },
    ] as [(Call.ID) -> DeskEvent] {
      let said = try refused { desk in
        let id = try desk.talking("a")
        desk.say(wish(id))
      }.said
      #expect(said.hasSuffix(": \(Self.marked)") && said.hasPrefix("warning: "), "\(said)")
    }
    let ringing = try refused { desk in
      desk.call(.ringing, "222", id: "i", .in)
      desk.say(.answer(try #require(desk.desk.active?.id)))
    }
    #expect(ringing.said == "warning: answer failed: \(Self.marked)")
    let dialled = try refused { $0.say(.dial(phone: "2025550100", info: "")) }
    #expect(dialled.desk.desk.failed?.reason?.text == Self.marked)
    let told = try refused { $0.say(.choose(.shortBreak)) }
    #expect(told.desk.desk.seat.untold?.string == Self.marked)
    var register = Script()
    register.say(.line(.started))
    register.say(.line(.result(id: 1, ok: false, error: Self.words)))
    #expect(register.said.last == "error: Not registered: \(Self.marked)")
    // Where it gave no reason, that is the desk's own word.
    var silent = Script.up()
    silent.say(.dial(phone: "2025550100", info: ""))
    silent.say(.line(.result(id: 2, ok: false, error: "")))
    #expect(silent.desk.failed?.reason?.text == "the line gave no reason")
  }

  @Test func whyATransferFailed() throws {
    var desk = Script.up()
    let id = try desk.talking("a")
    desk.say(.transfer(id, to: "2025550100", consult: false))
    let effects = desk.say(.line(.transfer(call: "a", state: .failed, reason: Self.words)))
    #expect(effects.contains(.tell(.transfer(.failed, SafeText(Self.marked), call: "a"))))
  }
}
