// An extension that was dialled with its number: kept through the call, sent by the agent, never lost.

import Testing

@testable import CCCore

@Suite struct KeptTonesTests {
  /// A desk that dialled this and whose call talks.
  private func talking(_ typed: String, _ abilities: Abilities? = nil) throws -> Script {
    var desk = abilities.map { Script.up($0) } ?? Script.up()
    desk.say(.dial(phone: typed, info: ""))
    for status in [CallReport.Status.calling, .ringing, .talking] {
      desk.call(status, desk.desk.attempt?.phone, id: "a1", .out)
    }
    return desk
  }

  @Test func theNumberGoesOutAndTheExtensionWaits() throws {
    var desk = Script.up()
    desk.say(.dial(phone: "+1 201 555 0123 ext. 5", info: ""))
    #expect(desk.desk.attempt?.phone == "+12015550123" && desk.desk.attempt?.tones == "5")
    desk.call(.calling, "+12015550123", id: "a1", .out)
    let call = try #require(desk.desk.active)
    #expect(call.tones == "5")
    desk.say(.sendKept(call.id))
    #expect(desk.notices.last == "Tones need a talking call." && desk.desk.active?.tones == "5")
    desk.call(.talking, "+12015550123", id: "a1", .out)
    let effects = desk.say(.sendKept(call.id))
    #expect(effects.first == .send(.dtmf(id: 3, call: "a1", digits: "5")))
    #expect(effects.contains(.tell(.tones("5"))) && desk.desk.active?.tones.isEmpty == true)
    #expect(desk.desk.active?.nextTones == nil)
    desk.say(.sendKept(call.id))
    #expect(desk.notices.last == "Nothing was dialled behind the number.", "once is once")
    #expect(desk.sent.count { if case .dtmf = $0 { true } else { false } } == 1)
  }

  @Test func aPauseIsTheAgents() throws {
    var desk = try talking("+12015550123,,5,,1234#")
    let id = try #require(desk.desk.active?.id)
    #expect(desk.desk.active?.tones == "5,1234#")
    desk.say(.sendKept(id))
    #expect(desk.desk.active?.nextTones == "1234#")
    desk.say(.sendKept(id))
    let tones = desk.sent.compactMap {
      if case .dtmf(_, _, let digits) = $0 { digits } else { nil }
    }
    #expect(tones == ["5", "1234#"] && desk.desk.active?.tones.isEmpty == true)
  }

  @Test func whatTheLineDidNotSendIsOfferedAgain() throws {
    var desk = try talking("+12015550123,,5,,6")
    let id = try #require(desk.desk.active?.id)
    desk.say(.sendKept(id))
    desk.say(.line(.result(id: 3, ok: false, error: "no audio")))
    #expect(desk.desk.active?.tones == "5,6" && desk.notices.last == "tones failed: line: no audio")
    desk.say(.sendKept(id))
    desk.say(.line(.result(id: 4, ok: true, error: "")))
    #expect(desk.desk.active?.tones == "6")
  }

  @Test func anAnswerThatComesAfterTheEndChangesNothing() throws {
    var desk = try talking("+12015550123,,5")
    let id = try #require(desk.desk.active?.id)
    desk.say(.sendKept(id))
    desk.call(.ended, nil, id: "a1")
    desk.say(.line(.result(id: 3, ok: false, error: "gone")))
    #expect(desk.desk.active?.isOpen == false && desk.desk.active?.tones.isEmpty == true)
    desk.say(.sendKept(id))
    #expect(desk.notices.last == "The call has changed: nothing was done.")
  }

  @Test func aLineWithoutTonesSaysSo() throws {
    var desk = try talking("+12015550123 x5", [.dial, .hangUp])
    let id = try #require(desk.desk.active?.id)
    desk.say(.sendKept(id))
    #expect(desk.notices.last == "This line cannot send tones." && desk.desk.active?.tones == "5")
  }

  @Test func aCallFromOutsideBringsNone() throws {
    var desk = Script.up()
    desk.call(.ringing, "+12015550123,,5", id: "b1", .in)
    #expect(desk.desk.active?.tones.isEmpty == true)
  }

  @Test func aConsultationKeepsItsExtensionAndABlindTransferIsRefused() throws {
    var desk = try talking("1020")
    let id = try #require(desk.desk.active?.id)
    desk.say(.transfer(id, to: "020 7946 0123 ext. 5", consult: false))
    #expect(
      desk.notices.last
        == "Without asking first nobody can send the 5 behind the number: ask there first,"
        + " or leave it out.")
    #expect(!desk.sent.contains { if case .transfer = $0 { true } else { false } })
    desk.say(.transfer(id, to: "020 7946 0123 ext. 5", consult: true))
    #expect(desk.sent.last == .transfer(id: 3, call: "a1", to: "02079460123", consult: true))
    desk.call(.calling, "02079460123", id: "a2", .out)
    #expect(desk.desk.active?.isConsultation == true && desk.desk.active?.tones == "5")
    #expect(desk.desk.other?.tones.isEmpty == true)
  }

  @Test(arguments: ["1-800-FLOWERS", "020 7946 0123 or 020 7946 0124", "1\u{301}20"])
  func theMachineItselfSendsNoneOfThese(_ typed: String) throws {
    var desk = Script.up()
    desk.say(.dial(phone: typed, info: ""))
    #expect(desk.outcomes == [.refused] && desk.sent.count == 1)
    desk = try talking("1020")
    let id = try #require(desk.desk.active?.id)
    for consult in [true, false] { desk.say(.transfer(id, to: typed, consult: consult)) }
    #expect(!desk.sent.contains { if case .transfer = $0 { true } else { false } })
  }

  @Test func tonesOfTheKeypadMayHaveDashes() throws {
    var desk = try talking("1020")
    desk.say(.dtmf(try #require(desk.desk.active?.id), "12-34 #"))
    #expect(desk.sent.last == .dtmf(id: 3, call: "a1", digits: "1234#"))
  }
}

@Suite struct WithheldStoryTests {
  private static let ways: [String] = [
    "anonymous", "Unavailable", "RESTRICTED", "private", "unknown", "withheld", "Private Number",
    "sip:anonymous@anonymous.invalid", "-",
  ]

  @Test(arguments: ways) func whoIsWithheldIsNobody(_ text: String) throws {
    var desk = Script.up()
    desk.call(.ringing, text, id: "w1", .in)
    let call = try #require(desk.desk.active)
    #expect(call.number.isEmpty && call.party == "number withheld")
    desk.call(.notEstablished, text, id: "w1", .in)
    #expect(desk.desk.recent.map(\.number) == [""])
    desk.call(.ringing, "anonymous", id: "w2", .in)
    #expect(!Numbering().isSameCaller(text, "anonymous"))
  }

  @Test func aNameThatSaysSoIsNone() throws {
    var desk = Script.up()
    desk.say(
      .line(
        .call(
          CallReport(
            .ringing, number: "07911123456", call: "a", direction: .in, name: "Anonymous"))))
    #expect(desk.desk.active?.name == nil && desk.desk.active?.party == "079 1112 3456")
  }

  /// Without ids: a withheld caller beside another is another call, and twice the same is one.
  @Test func withoutIDsNobodyIsStillAnotherThanSomebody() throws {
    var desk = Script.up()
    desk.call(.ringing, "anonymous", id: nil, .in)
    desk.call(.ringing, "Unavailable", id: nil, .in)
    #expect(desk.desk.recent.isEmpty && desk.desk.other == nil, "a repeat in another word")
    desk = Script.up()
    desk.call(.ringing, "07911123456", id: nil, .in)
    let first = try #require(desk.desk.active?.id)
    desk.call(.ringing, "anonymous", id: nil, .in)
    #expect(desk.desk.active?.id != first || desk.desk.other != nil)
  }

  @Test func aTurnedAwayCallerIsNamedInTheSameWords() {
    var desk = Script.up()
    desk.call(.notEstablished, "anonymous", id: "t1", .in, code: 486, words: "busy")
    #expect(desk.notices.last == "Turned away: number withheld: busy (486).")
  }

  @Test func lettersThatDifferAreTwoCalls() throws {
    var desk = Script.up()
    desk.call(.ringing, "alice")
    desk.call(.talking, "alice")
    let alice = try #require(desk.desk.active?.id)
    desk.call(.ringing, "bob")
    desk.call(.talking, "bob")
    #expect(desk.desk.active?.id != alice && desk.desk.active?.number == "bob")
    #expect(desk.desk.recent.map(\.number) + [desk.desk.other?.number ?? ""] != ["", ""])
  }
}
