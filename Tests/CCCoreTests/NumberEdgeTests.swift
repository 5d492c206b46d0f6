// Numbers at the edges of the rules: what is nearly an extension, a trunk prefix, a parameter, a group.

import Testing

@testable import CCCore

@Suite struct NumberEdgeTests {
  @Test(arguments: [
    // The 8 of Saint Petersburg is no trunk prefix, though Russia's is one; nor is a 1 in Hungary.
    ("+7 (812) 123-45-67", "+78121234567", ""), ("+36 (1) 234 5678", "+3612345678", ""),
    // A second code in a number is part of it; so is one behind a short number, and a star.
    ("*21*02079460#12", "*21*02079460#12", ""), ("1234#5", "1234#5", ""),
    ("2079460*12", "2079460*12", ""), ("2079460#12", "2079460", "12"),
    ("+442079460123*12", "+442079460123", "12"),
    // An extension that is no second number of the house: grouped otherwise, of another length, waited for.
    ("10-20,1030", "1020", "1030"), ("1020,10305", "1020", "10305"),
    ("102030w102040", "102030", "102040"),
    // A number that has its country needs none of its context.
    ("tel:+442079460123;phone-context=+49", "+442079460123", ""),
    // Line ends of every kind before it.
    ("\r\n2025550100", "2025550100", ""), ("\r2025550100", "2025550100", ""),
    ("\t2025550100", "2025550100", ""),
  ])
  func sends(typed: String, digits: String, tones: String) throws {
    let number = try DialNumber.clean(typed)
    #expect(number.digits == digits && number.tones == tones)
  }

  /// The country's code makes the longest number too long; what names no parameter is refused.
  @Test func refuses() {
    let long = String(repeating: "2", count: 31)
    #expect(throws: DialNumber.Refusal.tooLong) {
      try DialNumber.clean("tel:\(long);phone-context=+44")
    }
    for parameter in ["gr\u{F6}=1", "ab:1"] {
      #expect(throws: DialNumber.Refusal.self) {
        try DialNumber.clean("tel:+442079460123;\(parameter)")
      }
    }
  }

  /// A plus is no digit, nor is a pause a tone: the bounds are of what is dialled.
  @Test func theBoundsAreOfDigits() throws {
    let most = String(repeating: "2", count: 32)
    for text in [most, "+\(most)", "tel:+\(most)", "\u{FF0B}\(most)"] {
      #expect(try DialNumber.clean(text).digits.hasSuffix(most), "\(text)")
      #expect(throws: DialNumber.Refusal.tooLong) { try DialNumber.clean(text + "2") }
    }
    let behindCode = String(repeating: "2", count: 30)
    #expect(
      try DialNumber.clean("tel:\(behindCode);phone-context=+44").digits == "+44\(behindCode)")
    let half = String(repeating: "5", count: 16)
    #expect(try DialNumber.clean("2025550100,,\(half),,\(half)").tones == "\(half),\(half)")
    #expect(throws: DialNumber.Refusal.tooLong) {
      try DialNumber.clean("2025550100,,\(half),,\(half)5")
    }
  }

  @Test(arguments: ["1020, 1030", "1020 , 1030", "1020 ,1030", "1020;1030"])
  func twoOfOneHouseAreTwoNumbers(_ typed: String) {
    #expect(throws: DialNumber.Refusal.twoNumbers) { try DialNumber.clean(typed) }
  }

  /// What letters spell is grouped as in North America where it is of there.
  @Test func spelledNumbersHaveTheirGroups() {
    #expect(DialNumber(digits: "18003569377").spelled == "1 800 356 9377")
    #expect(DialNumber(digits: "88003569377").spelled == "880 0356 9377")
  }

  @Test(arguments: [
    ("132123456789", "132 123 456 789"), ("+212612345678", "+212 612 34 56 78"),
    ("+393123456789", "+39 312 345 6789"), ("+971501234567", "+971 50 123 4567"),
    ("+353851234567", "+353 85 123 4567"), ("+48123456789", "+48 123 456 789"),
    (
      String(repeating: "2", count: 24),
      [String](repeating: "222", count: 8).joined(separator: " ")
    ),
    (String(repeating: "2", count: 25), String(repeating: "2", count: 25)),
  ])
  func groups(digits: String, shown: String) {
    #expect(DialNumber.grouped(digits) == shown)
  }

  @Test func sevenLastDigitsAreEnoughAndSixAreNot() {
    #expect(DialNumber.same("5550100", "2025550100") && DialNumber.same("2025550100", "5550100"))
    #expect(!DialNumber.same("550100", "2025550100"))
  }

  /// Without a country one zero in front may be the trunk's; no other digit is.
  @Test func onlyAZeroInFrontIsTheSameCaller() {
    #expect(Numbering().isSameCaller("02025550100", "2025550100"))
    #expect(!Numbering().isSameCaller("92025550100", "2025550100"))
    // Twelve digits that begin with the country's code are whole; eleven may be a number there.
    let germany = Numbering(Country("49"))
    #expect(germany.isSameCaller("491234567890", "+491234567890"))
    #expect(!germany.isSameCaller("49123456789", "+49123456789"))
  }
}
