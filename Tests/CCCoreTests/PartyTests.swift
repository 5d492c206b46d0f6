// Who is at the other end now: telephone systems hand calls on.

import Testing

@testable import CCCore

@Suite struct PartyTests {
  private func talks(_ number: String = "1001", _ name: SafeText? = "Anna") -> Script {
    var desk = Script.up()
    for status in [CallReport.Status.ringing, .talking] {
      desk.say(
        .line(
          .call(
            CallReport(status, number: SafeText(number), call: "b1", direction: .in, name: name))))
    }
    return desk
  }

  private func party(_ number: SafeText?, _ name: SafeText?, _ call: String? = "b1") -> DeskEvent {
    .line(.party(call: call, Party(number: number, name: name)))
  }

  @Test func afterATransferThePanelNamesWhoTalksNow() {
    var desk = talks()
    let effects = desk.say(party("+442079460123", "Nora"))
    #expect(desk.desk.active?.number == "+442079460123" && desk.desk.active?.name == "Nora")
    #expect(desk.desk.active?.first == Party(number: "1001", name: "Anna"))
    #expect(effects.contains { if case .tell(.call) = $0 { true } else { false } })
    #expect(desk.said == ["info: Now talking to Nora, +44 20 7946 0123."])
    #expect(desk.desk.active?.party == "Nora")
    // The same again is no news; back to whom it was at first is.
    #expect(desk.say(party("+442079460123", "Nora")).isEmpty)
    desk.say(party("1002", nil))
    #expect(desk.desk.active?.name == nil && desk.desk.active?.number == "1002")
    #expect(desk.desk.active?.first == Party(number: "1001", name: "Anna"))
    // The end may carry any of the numbers; the record has the last and the first.
    desk.call(.ended, "1001", id: "b1", .in)
    #expect(desk.desk.recent.first?.number == "1002")
    #expect(desk.desk.recent.first?.first?.name == "Anna")
  }

  @Test func whatIsLearntOfTheSamePersonIsShownAndNotTold() {
    var desk = talks("+442079460123", nil)
    desk.say(party(nil, "Nora"))
    #expect(desk.desk.active?.name == "Nora")
    desk.say(party("00442079460123", "Nora Field"))
    #expect(desk.desk.active?.number == "+442079460123" && desk.desk.active?.name == "Nora Field")
    #expect(desk.said.isEmpty && desk.desk.active?.first == nil)
    // A number without a name is of the same person still.
    desk.say(party("+442079460123", nil))
    #expect(desk.desk.active?.name == "Nora Field")
  }

  @Test func whoIsWithheldIsNobody() {
    var desk = talks()
    desk.say(party("anonymous", "Anonymous"))
    #expect(desk.desk.active?.number == "" && desk.desk.active?.name == nil)
    #expect(desk.said == ["info: Now talking to number withheld."])
  }

  @Test func whileItRingsAndOfTwo() {
    var desk = Script.up()
    desk.call(.ringing, "1001", id: "b1", .in)
    desk.say(party("300", "Bob"))
    #expect(desk.said == ["info: Now ringing: Bob, 300."])
    desk.call(.ringing, "1002", id: "b2", .in)
    desk.say(party("400", nil, "b2"))
    #expect(desk.desk.active?.number == "300" && desk.desk.other?.number == "400")
    desk.say(party("500", nil, "b9"))
    #expect(desk.desk.anomalies[.lateEvent] == 1)
  }

  /// What was dialled stays what was dialled, in the record.
  @Test func aDialThatSomebodyElseAnswers() {
    var desk = Script.up()
    desk.say(.dial(phone: "600", info: ""))
    desk.call(.calling, "600", id: "c1", .out)
    desk.say(party("1002", "Bob", "c1"))
    #expect(desk.desk.active?.number == "1002")
    #expect(desk.said == ["info: Now calling Bob, 1002."])
    desk.call(.talking, "600", id: "c1", .out)
    desk.call(.ended, "600", id: "c1", .out)
    #expect(desk.desk.recent.first?.number == "600" && desk.desk.recent.first?.name == "Bob")
    #expect(desk.outcomes == [.answered])
  }

  /// On a line without ids what comes late of either number opens nothing.
  @Test func lateWordsOfEitherNumber() {
    var desk = Script.up()
    desk.call(.ringing, "1001", id: nil, .in)
    desk.call(.talking, "1001", id: nil, .in)
    desk.say(party("+442079460123", nil, nil))
    desk.call(.ended, "1001", id: nil, .in)
    for number in ["1001", "+442079460123"] { desk.call(.talking, number, id: nil, .in) }
    #expect(!desk.desk.hasOpenCall && desk.desk.anomalies[.lateEvent] == 2)
  }
}
