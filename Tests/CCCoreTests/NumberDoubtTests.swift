// What may be two numbers, or a number and a note, and what surely is one.

import Testing

@testable import CCCore

@Suite struct NumberDoubtTests {
  // MARK: Two numbers

  @Test(arguments: [
    // One of them in one group.
    "555-0100 8675309", "5550100 867-5309", "794-60-12 5550100", "123-4567 7654321",
    "7946 0123 555 0100", "555-0100-8675309", "5550100 8675309", "2123 2145 2123 2146",
    // Lists of extensions.
    "4711/4712/4713", "4711 / 4712 / 4713", "1020/1021/1022", "200/201/202", "1020 - 1021 - 1022",
    "4711/4712/4713/4714", "4711, 4712, 4713", "4711\n4712\n4713", "200 / 201 / 202",
    // Lists of endings, and endings as long as what they stand for.
    "020 7946 0123/24/25", "020 7946 0123/4/5", "0664/1234567/68/69", "(201) 555-0123/24/25",
    "020 7946 0123 / 24 / 25", "201-555-0123/0124", "020 7946 0123 / 0124",
    "+44 20 7946 0123/0124", "555-0123/0124", "010-1234-5678/5679", "(03)1234-5678/5679",
    "089 1234-10/-11", "+49 89 1234-10/11", "020 7946 0123 - 0124", "+44 20 7946 0123/0124/0125",
    // A rescue service beside another number.
    "112 5550100", "112 020 7946 0123", "020 7946 0123 999", "000 112", "144 112",
    "112 / 5550100", "020 7946 0123 / 112", "5550100 112", "112 +442079460123", "112 000",
    "555-0100 112", "020 7946 0123, 112", "112/020 7946 0123", "+44 20 7946 0123 999",
    "133 144 112",
  ])
  func whatMayBeTwoIsNone(typed: String) {
    #expect(throws: DialNumber.Refusal.twoNumbers) { try DialNumber.clean(typed) }
  }

  @Test(arguments: [
    ("+34 612-34.56/78", "+34612345678"), ("123/456", "123456"), ("4711/12", "471112"),
    ("0664/1234567", "06641234567"), ("030/1234567", "0301234567"), ("2123-2145", "21232145"),
    ("9 001 202 555 0123", "90012025550123"), ("01033 030 1234567", "010330301234567"),
    ("030 - 1234567 - 89", "030123456789"), ("+49 89 1234-10", "+4989123410"),
    // Groups that a rescue number ends or begins, of one number.
    ("0412 345 999", "0412345999"), ("07911 123 999", "07911123999"), ("612 345 112", "612345112"),
    ("+48 123 456 112", "+48123456112"), ("911 234 567", "911234567"), ("112 345 678", "112345678"),
    ("999 123-45-67", "9991234567"), ("102 103", "102103"), ("112112", "112112"),
    ("116 117", "116117"), ("9 112", "9112"), ("06 12 34 11 12", "0612341112"),
    ("0151 2345 6789", "015123456789"), ("86 132 1234 5678", "8613212345678"),
  ])
  func whatSurelyIsOneGoesOut(typed: String, sent: String) throws {
    let number = try DialNumber.clean(typed)
    #expect(number.digits == sent && number.tones.isEmpty)
  }

  // MARK: Notes

  @Test(arguments: [
    "+1 201 555 0123 [1]", "020 7946 0123 [24]", "201-555-0123 [2]", "201-555-0123 9-5",
    "+44 20 7946 0123 (9-17)", "020 7946 0123 (24)", "+1 201 555 0123 0124",
    "+7 495 123-45-67 (9-18)", "020 7946 0123 [9-17]", "020 7946 0123 9-17", "020 7946 0123 9 - 17",
    "555-0123 9-5", "020 7946 0123 10-18", "+1 (201) 555-0123 (2)", "0044 20 7946 0123 45",
    "+33 1 42 68 53 00 12", "[1] 020 7946 0123 [2]", "+45 12 34 56 78 9", "020 7946 0123 {24}",
  ])
  func whatStandsBehindIsNotDialled(typed: String) {
    #expect(throws: DialNumber.Refusal.self) { try DialNumber.clean(typed) }
  }

  @Test(arguments: [
    ("+44 [0]20 7946 0123", "+442079460123"), ("03(1234)5678", "0312345678"),
    ("03-1234(5678)", "0312345678"), ("[020] 7946 0123", "02079460123"),
    ("(020 7946 0123)", "02079460123"), ("+81 3-1234(5678)", "+81312345678"),
    ("+44 20 7946 0123 [mobile", ""), ("8 495 123-45-67", "84951234567"),
    ("01 42 68 53-00", "0142685300"), ("+44 020 7946 0123", "+4402079460123"),
    ("+7 (8) 495 123-45-67", "+74951234567"), ("044 668 18-00", "0446681800"),
    ("+1-201-555-0123", "+12015550123"), ("089 1234-0", "08912340"),
  ])
  func whatIsPartOfItStays(typed: String, sent: String) throws {
    let number = try? DialNumber.clean(typed)
    #expect(number?.digits ?? "" == sent)
  }

  @Test func aNumberThatIsTooLongForItsCountrySaysSo() {
    do {
      _ = try DialNumber.clean("+1 201 555 0123 0124")
      Issue.record("it is read")
    } catch {
      #expect(
        error.sentence
          == "A number behind +1 has 10 digits, this one has 14: leave the number alone.")
    }
  }

  /// Groups that are parted by commas are no area code with tones.
  @Test(arguments: [
    "020,7946,0123", "+44,20,7946,0123", "201,555,0123", "020,79460123", "020;7946;0123",
    "089, 1234, 56", "0,20,7946",
  ])
  func commasBetweenGroupsAreRefused(typed: String) {
    #expect(throws: DialNumber.Refusal.self) { try DialNumber.clean(typed) }
  }

  @Test(arguments: [
    ("1020,10305", "1020", "10305"), ("102,5", "102", "5"), ("102,,5,,1234", "102", "5,1234"),
    ("2025550100,5,1234#", "2025550100", "5,1234#"), ("020,,7946", "020", "7946"),
    ("102,5,1234", "102", "5,1234"),
  ])
  func aPauseStaysOne(typed: String, digits: String, tones: String) throws {
    let number = try DialNumber.clean(typed)
    #expect(number.digits == digits && number.tones == tones)
  }

  // MARK: Trunk prefixes and prefixes

  @Test(arguments: [
    ("+375 (80 29) 123-45-67", "+375291234567"), ("+375 (8 029) 123-45-67", "+375291234567"),
    ("+375 (8) 029 123-45-67", "+375291234567"), ("+375 (029) 123-45-67", "+375291234567"),
    ("+375 (8029) 123-45-67", "+375291234567"), ("+375 (29) 123-45-67", "+375291234567"),
    ("+375 (0) 29 123-45-67", "+375291234567"), ("+375 (8) 29 123-45-67", "+375291234567"),
    ("+1 (1) 201 555 0123", "+12015550123"), ("+1 (1 201) 555 0123", "+12015550123"),
    ("+1 (1201) 555-0123", "+12015550123"), ("+7 (8 495) 123-45-67", "+74951234567"),
    ("+7 (8495) 123-45-67", "+74951234567"), ("+7 (8 812) 123-45-67", "+78121234567"),
    ("+7 (812) 123-45-67", "+78121234567"), ("+7 (800) 123-45-67", "+78001234567"),
    ("+370 (8 5) 123 4567", "+37051234567"), ("+370 (8-5) 123 4567", "+37051234567"),
    ("+370 (800) 12345", "+37080012345"), ("+370 (0 5) 123 4567", "+37051234567"),
    ("+993 (8 12) 34 56 78", "+99312345678"), ("+36 (06 1) 234 5678", "+3612345678"),
    ("+36 (1) 234 5678", "+3612345678"),
    ("0011 44 (0)20 7946 0123", "0011442079460123"), ("810 44 (0)20 7946 0123", "810442079460123"),
    ("0011 44 (020) 7946 0123", "0011442079460123"),
    ("+0044 20 7946 0123", "+442079460123"), ("+00 44 (0)20 7946 0123", "+442079460123"),
    ("+011 44 20 7946 0123", "+442079460123"), ("+01", "+01"), ("089 (0) 1234", "08901234"),
  ])
  func aTrunkPrefixThatSaysNothingGoes(typed: String, sent: String) throws {
    #expect(try DialNumber.clean(typed).digits == sent)
  }

  /// Between dashes a word for an extension spells as well.
  @Test func aWordForAnExtensionMaySpell() throws {
    #expect(DialNumber.offer(for: "1-800-EXT-1234")?.digits == "18003981234")
    #expect(DialNumber.offer(for: "+1-800-EXT-1234")?.digits == "+18003981234")
    #expect(
      DialNumber.Refusal.letters(DialNumber(digits: "18003569377", tones: "5")).sentence
        == "Letters are not sent; they spell 1 800 356 9377 then 5.")
    #expect(try DialNumber.clean("1800 ext. 1234").tones == "1234")
    #expect(try DialNumber.clean("1800 ext 1234").tones == "1234")
  }

  // MARK: Parameters

  @Test(arguments: [
    ("tel:+442079460123;postd=22;ext=4", "4,22"), ("tel:+442079460123;ext=4;postd=pp22", "4,22"),
    ("tel:+442079460123;ext=4", "4"), ("tel:+442079460123;postd=22", "22"),
    ("tel:+442079460123;ext=4;ext=4", "4"), ("tel:+442079460123;ext=;postd=22", "22"),
  ])
  func allTonesOfAParameterAreKept(typed: String, tones: String) throws {
    #expect(try DialNumber.clean(typed).tones == tones)
  }

  @Test func tonesThatContradictAreRefused() {
    #expect(throws: DialNumber.Refusal.self) {
      try DialNumber.clean("tel:+442079460123;ext=4;ext=5")
    }
  }

  // MARK: Callers without a country

  /// Who could be several callers is none of them.
  @Test func aNumberThatFitsTwoCallersIsNeither() {
    let numbering = Numbering()
    let known = ["+447911123456", "+497911123456"]
    for one in known { #expect(numbering.isSameCaller("07911123456", one)) }
    #expect(!numbering.isSameCaller("07911123456", known[0], among: known))
    #expect(!numbering.isSameCaller("07911123456", known[1], among: known))
    #expect(numbering.isSameCaller("07911123456", known[0], among: [known[0], "+442079460123"]))
    #expect(
      numbering.isSameCaller("07911123456", known[0], among: known + ["07911123456"]) == false)
    let britain = Numbering(Country("GB"))
    #expect(britain.isSameCaller("07911123456", known[0], among: known))
    #expect(!britain.isSameCaller("07911123456", known[1], among: known))
  }
}
