// Numbers on the screen: what is offered and what is sent, an extension's key, callers who are one.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct NumberScreenTests {
  private let vanity = "1-800-FLOWERS: Enter again dials 1 800 356 9377."

  @Test func lettersAreOfferedAndTheSecondEnterDials() {
    var stage = Stage()
    stage.press("1-800-FLOWERS")
    #expect(stage.text[8].contains("Letters are not sent; they spell 1 800 356 9377."))
    stage.press("<Enter>")
    #expect(stage.events.isEmpty && stage.message == "! \(vanity)")
    stage.wait(2)
    stage.press("<Enter>")
    #expect(stage.sent.contains(.callPhone(id: 2, phone: "18003569377", info: "")))
  }

  @Test func anEnterThatIsHeldDownTakesNoOffer() {
    var stage = Stage()
    stage.press("1-800-FLOWERS<Enter>")
    for _ in 0..<20 { stage.press(.enter, after: 0.03) }
    stage.wait(1)
    #expect(stage.events.isEmpty)
  }

  @Test func anOfferThatIsGoneOrOfAnotherTextIsNotTaken() {
    var stage = Stage()
    stage.press("1-800-FLOWERS<Enter>")
    stage.wait(31)
    stage.press("<Enter>")
    #expect(stage.events.isEmpty && stage.message == "! \(vanity)", "it is offered anew")
    stage.wait(2)
    stage.press("<BS>Z<Enter>")
    #expect(stage.events.isEmpty)
    stage.wait(2)
    stage.press("<Esc><Enter>")
    #expect(stage.events.isEmpty, "Esc took the offer away")
  }

  @Test func withoutALinkNothingIsOffered() {
    var stage = Stage()
    stage.press("1-800-FLOWERS")
    stage.line(.unregistered(reason: "gone", retryIn: 5, final: false))
    stage.press("<Enter>")
    #expect(stage.message == "! No link: nothing can be dialled.")
  }

  @Test func theExtensionIsShownAndSentByTheKeypadsKey() throws {
    var stage = Stage()
    stage.press(.paste("+1 201 555 0123 ext. 5"))
    #expect(stage.text[8].contains("sends +12015550123 then 5"))
    stage.press("<Enter>")
    #expect(stage.text.contains { $0.contains("+1 201 555 0123  then 5") })
    stage.call(.calling, id: "c")
    #expect(stage.text.contains { $0.contains("then 5") && !$0.contains("F6") })
    stage.call(.talking, id: "c")
    #expect(stage.text.contains { $0.contains("then 5: F6") })
    #expect(stage.text.contains { $0.contains("talking 00:00") }, "how far it came stays whole")
    #expect(stage.keys.hasPrefix("F8 Hang up   F6 Send 5   F3 Hold"))
    for size in [(40, 12), (30, 8), (20, 5)] {
      let small = stage.frame(size.0, size.1).text
      #expect(small.contains { $0.contains("F6") || $0.contains("Send 5") }, "\(size)")
    }
    stage.press("<F6>")
    #expect(stage.sent.last == .dtmf(id: 3, call: "c", digits: "5") && stage.message == "Sent 5.")
    #expect(!stage.text.contains { $0.contains("then 5") })
    stage.wait(2)
    stage.press("<F6>")
    #expect(stage.text.contains { $0.contains("Keypad") }, "the key is the keypad's again")
  }

  @Test func whatTheLineRefusedComesBackWithItsExtension() {
    var stage = Stage()
    stage.press(.paste("+1 201 555 0123 ext. 5"))
    stage.press("<Enter>")
    stage.line(.result(id: 2, ok: false, error: "no route"))
    #expect(stage.screen.dial.text == "+1 201 555 0123,,5")
    stage.wait(2)
    stage.press("<Enter>")
    #expect(stage.desk.attempt?.phone == "+12015550123" && stage.desk.attempt?.tones == "5")
  }

  @Test func theTransferFieldHasTheSameRules() {
    var stage = Stage()
    stage.talk()
    stage.press("<F7>1-800-FLOWERS<Enter>")
    #expect(stage.message == "! 1-800-FLOWERS: Enter again calls 1 800 356 9377.")
    stage.wait(2)
    stage.press("<F7>")
    #expect(stage.screen.question == nil, "another key is another offer")
    stage.wait(2)
    stage.press("<F7>")
    #expect(stage.message.hasPrefix("Transfer to 180 0356 9377 without asking there?"))
    stage.press("<Esc>")
    stage.wait(2)
    stage.press("<Enter>")
    stage.wait(2)
    stage.press("<Enter>")
    #expect(
      stage.sent.last == .transfer(id: 3, call: "c", to: "18003569377", consult: true))
  }

  @Test func twoNumbersAreRefusedInTheTransferFieldToo() {
    var stage = Stage()
    stage.talk()
    stage.press("<F7>")
    stage.press(.paste("020 7946 0123 or 020 7946 0124"))
    for key in ["<Enter>", "<F7>"] {
      stage.wait(2)
      stage.press(key)
      #expect(stage.message == "! These are two numbers: leave one of them.")
    }
    #expect(stage.screen.question == nil)
  }

  @Test func ofTwoPastedLinesTheTransferFieldTakesTheFirst() {
    var stage = Stage()
    stage.talk()
    stage.press("<F7>")
    stage.press(.paste("5551234\n5551235"))
    #expect(stage.message == "! 2 lines were pasted; this field took the first.")
    stage.wait(2)
    stage.press("<Enter>")
    #expect(stage.sent.last == .transfer(id: 3, call: "c", to: "5551234", consult: true))
  }

  @Test func aBlindTransferWithAnExtensionIsNotAsked() {
    var stage = Stage()
    stage.talk()
    stage.press("<F7>")
    stage.press(.paste("020 7946 0123 ext. 5"))
    stage.press("<F7>")
    #expect(stage.screen.question == nil)
    #expect(stage.message.hasPrefix("! Without asking first nobody can send the 5"))
  }

  @Test func tonesMayBePastedWithDashes() {
    var stage = Stage()
    stage.talk()
    stage.press("<F6>")
    stage.press(.paste("12-34#"))
    #expect(stage.sent.last == .dtmf(id: 3, call: "c", digits: "1234#"))
  }

  /// What is typed for the eye is passed over, key by key as in what is pasted.
  @Test func tonesMayBeTypedWithDashes() {
    var stage = Stage()
    stage.talk()
    stage.press("<F6>1-2 (3)./4")
    #expect(
      stage.sent.suffix(4).map { if case .dtmf(_, _, let d) = $0 { d } else { "" } } == [
        "1", "2", "3", "4",
      ])
    #expect(!stage.message.contains("Tones"))
    stage.press("x")
    #expect(stage.message == "! Tones are 0 to 9, *, # and A to D.")
    stage.press("<Esc><F6>")
    stage.press(.paste(String(repeating: "1", count: 65)))
    #expect(stage.message == "! Too many tones: 64 go at once.")
  }

  /// Who calls says what her number is: a feature code or a name is not for Up, and is not dialled.
  @Test(arguments: ["*21*09001234#", "*31#", "#31#5550100", "alice", "1800FLOWERS", "5550100,,5"])
  func whatACallerWritesIsNotAlwaysOffered(_ number: String) {
    var stage = Stage()
    stage.call(.ringing, "5550199", id: "a", .in)
    stage.call(.notEstablished, "5550199", id: "a")
    stage.wait(2)
    stage.call(.ringing, SafeText(number), id: "b", .in)
    stage.call(.notEstablished, SafeText(number), id: "b")
    #expect(stage.desk.recent.first?.number.string == number, "it stands in Recent")
    #expect(stage.desk.historyNumbers == ["5550199"])
    // What was dialled here is offered again, whatever it is.
    stage.call(.calling, "*45", id: "c", .out)
    stage.call(.ended, "*45", id: "c")
    #expect(stage.desk.historyNumbers == ["*45", "5550199"])
  }

  @Test func oneCallerInTwoFormsIsOneInUpAndInToday() {
    var stage = Stage()
    for (id, number) in [("a", "07911123456"), ("b", "+447911123456"), ("c", "00447911123456")] {
      stage.call(.ringing, SafeText(number), id: id, .in)
      stage.wait(2)
      if id == "c" {
        #expect(stage.text.contains { $0.contains("2 calls today, last 14:00") })
      }
      stage.call(.notEstablished, SafeText(number), id: id)
    }
    #expect(stage.desk.historyNumbers == ["00447911123456"])
  }

  @Test func whoIsWithheldIsNeitherCountedNorOffered() {
    var stage = Stage()
    for (id, number) in [("a", "anonymous"), ("b", "Unavailable"), ("c", "anonymous")] {
      stage.call(.ringing, SafeText(number), id: id, .in)
      stage.wait(2)
      #expect(stage.text.contains { $0.contains("number withheld") })
      #expect(!stage.text.contains { $0.contains("today, last") }, "\(id)")
      stage.call(.notEstablished, SafeText(number), id: id)
    }
    #expect(stage.desk.historyNumbers.isEmpty)
    stage.press("<Up>")
    #expect(stage.screen.dial.isEmpty)
    #expect(stage.text.count { $0.contains("number withheld") } >= 3, "in Recent")
    #expect(!stage.text.contains { $0.lowercased().contains("anonymous") })
  }

  @Test func theFloorSaysThatANumberIsWithheld() throws {
    var stage = FloorStage()
    stage.seat("red/1001", .busy)
    for number in ["anonymous", "Private Number", ""] {
      stage.call("red/1001", .talking, number: SafeText(number))
      let text = stage.frame().text
      #expect(text.contains { $0.contains("withheld") }, "\(number)")
      #expect(!text.contains { $0.lowercased().contains("anonymous") })
    }
    stage.call("red/1001", .talking, number: "+442079460123")
    #expect(stage.frame().text.contains { $0.contains("+44 20 7946") })
  }

  @Test func groupsAreThoseOfTheDesksCountry() throws {
    var stage = Stage()
    let country: Country = try #require(Country("GB"))
    stage.desk = Desk(
      settings: .init(line: "sip", numbering: Numbering(country)), at: stage.now)
    stage.line(.started)
    stage.line(.registered(account: nil, expiresIn: nil, secure: nil))
    stage.call(.ringing, "07911123456", id: "a", .in)
    #expect(stage.text.contains { $0.contains("07911 123456") })
  }
}
