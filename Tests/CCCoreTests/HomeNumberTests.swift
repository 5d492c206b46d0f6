// Numbers at home: prefixes abroad, trunk prefixes, a plus that was lost, and the lengths beside them.

import Testing

@testable import CCCore

@Suite struct HomeNumberTests {
  /// The prefixes abroad of a country, beside a plus and `00`, and no more of them than there are.
  @Test(arguments: [
    // Singapore's are 001, 002 and 008: behind its zeros a 1 is the country's, and so is a 44.
    ("SG", "+12125550100", "00112125550100", true), ("SG", "+442079460123", "00442079460123", true),
    ("SG", "+442079460123", "001442079460123", true),
    ("SG", "+442079460123", "008442079460123", true),
    ("SG", "+442079460123", "007442079460123", false),
    ("SG", "+6512345678", "12345678", true),
    // The United States' is 011; behind 00 stands the whole number.
    ("US", "+12125550100", "0012125550100", true), ("US", "+442079460123", "011442079460123", true),
    // Eight digits at least stand behind it.
    ("US", "+12345678", "01112345678", true), ("US", "+1234567", "0111234567", false),
    ("JP", "+442079460123", "010442079460123", true), ("JP", "+813123456", "0103123456", false),
  ])
  func abroad(country: String, one: String, two: String, isSame: Bool) throws {
    let numbering = Numbering(try #require(Country(country)))
    #expect(numbering.isSameCaller(one, two) == isSame)
  }

  /// A trunk prefix goes where it can be one.
  @Test(arguments: [
    ("US", "+12125550100", "12125550100", true), ("US", "+12125550100", "2125550100", true),
    ("US", "+11212555010", "1212555010", true), ("US", "+1212555010", "1212555010", false),
    ("RU", "+78121234567", "8121234567", true), ("RU", "+78121234567", "88121234567", true),
    ("HU", "+3612345678", "0612345678", true), ("HU", "+361234567", "061234567", false),
    ("DE", "+498912345", "08912345", true), ("ES", "+34612345678", "612345678", true),
    ("ES", "+34612345678", "0612345678", false),
  ])
  func trunk(country: String, one: String, two: String, isSame: Bool) throws {
    let numbering = Numbering(try #require(Country(country)))
    #expect(numbering.isSameCaller(one, two) == isSame)
  }

  /// Where the plus was lost on the way: as many digits as a whole number of the country has.
  @Test(arguments: [
    ("ES", "34612345678", true), ("ES", "3461234567", false), ("ES", "346123456789", false),
    ("DK", "4512345678", true), ("DK", "451234567", false), ("DK", "45123456789", false),
    ("RU", "74951234567", true), ("RU", "7495123456", false),
    ("GB", "442079460123", true), ("GB", "123456789012", false),
    // Where the lengths differ, twelve digits are more than a number has at home.
    ("DE", "491234567890", true), ("DE", "49123456789", false),
  ])
  func lostPlus(country: String, digits: String, isWhole: Bool) throws {
    let numbering = Numbering(try #require(Country(country)))
    #expect(numbering.isSameCaller(digits, "+\(digits)") == isWhole)
  }

  /// What is shorter than a subscriber's number is an extension; small countries have short ones.
  @Test(arguments: [
    ("ES", "1234567", "+341234567", true), ("ES", "123456", "+34123456", false),
    ("FK", "27222", "+50027222", true), ("FK", "2722", "+5002722", false),
    ("FO", "312345", "+298312345", true),
  ])
  func short(country: String, one: String, two: String, isSame: Bool) throws {
    let numbering = Numbering(try #require(Country(country)))
    #expect(numbering.isSameCaller(one, two) == isSame)
  }

  /// Without a country: how many digits make two numbers one.
  @Test(arguments: [
    // Behind 00 at least eight; without a plus eleven; behind a trunk zero eight, without it nine.
    ("+12345678", "0012345678", true), ("+1234567", "001234567", false),
    ("+12345678901", "12345678901", true), ("+1234567890", "1234567890", false),
    ("+4412345678", "012345678", true), ("+441234567", "01234567", false),
    ("+44123456789", "123456789", true), ("+4412345678", "12345678", false),
    // What is no number, or too long for one, is only itself; a sign for the eye is none.
    ("*212025550100", "0*212025550100", false), ("2025550100:", "02025550100:", false),
    ("0664/1234567", "06641234567", true),
    (String(repeating: "2", count: 33), "0" + String(repeating: "2", count: 33), false),
    (String(repeating: "2", count: 31), "0" + String(repeating: "2", count: 31), true),
    // One zero in front, or 011; nothing else.
    ("0123456789", "123456789", true), ("012345678", "12345678", false),
    ("02025550100", "2025550101", false), ("00123456", "123456", false),
    ("+442079460123", "999442079460123", false), ("+442079460123", "01112345678", false),
    ("+0123456789", "20255501009", false), ("+4412345678", "912345678", false),
    ("+4412345678", "0912345678", false),
    ("anonymous", "anonymous", false), ("2025550100", "anonymous", false),
  ])
  func nowhere(one: String, two: String, isSame: Bool) {
    #expect(Numbering().isSameCaller(one, two) == isSame)
    #expect(Numbering().isSameCaller(two, one) == isSame)
  }

  // MARK: Groups

  @Test(arguments: [
    ("BE", "470 12 34 56"), ("BE", "0470 12 34 56"), ("RU", "812 123 45 67"),
    ("FI", "401 234 567"), ("IR", "0912 123 4567"), ("CN", "0132 1234 5678"),
    ("CN", "132 1234 5678"),
  ])
  func isWrittenSoAtHome(_ country: String, _ shown: String) throws {
    let typed = shown.filter { $0 != " " }
    #expect(DialNumber.grouped(typed, in: try #require(Country(country))) == shown)
  }

  /// Beside the lengths that a country has, numbers stand as those of nobody knows where.
  @Test(arguments: [
    "+44 123 456 78", "+44 207 9460 1234", "+49 123 456", "+49 123 456 789 012",
    "+012 3456", "132 1234 5", "132 1234 56", "132 1234 567", "121 234 56", "212 34", "212 3456",
    "+49 30 1234 5678 9", "032 123 45", "123 456 789 012 3",
  ])
  func isWrittenSoElsewhere(_ shown: String) {
    #expect(DialNumber.grouped(shown.filter { $0 != " " }) == shown)
  }

  @Test(arguments: ["132/1234567", "132:1234567", "", "+", "1-2", "12a4567"])
  func whatIsNoNumberIsLeftAsItIs(_ text: String) {
    #expect(DialNumber.grouped(text) == text)
  }

  /// Behind 00 a number abroad has eight digits at least.
  @Test func whatIsTooShortForAbroadIsNotGroupedSo() throws {
    let britain = try #require(Country("GB"))
    #expect(DialNumber.grouped("0012345678", in: britain) == "00 1 234 5678")
    #expect(!DialNumber.grouped("001234567", in: britain).hasPrefix("00 "))
  }

  @Test func onlyElevenDigitsAreGroupedAsInNorthAmerica() {
    #expect(DialNumber(digits: "1800356").spelled == "180 0356")
  }

  // MARK: The lenient rule

  /// A text without a digit, or of zeros alone, means only the same text.
  @Test(arguments: [
    ("*******", "********", false), ("*#", "* #", false), ("000", "0000", false),
    ("000", "000", true),
    ("tel:2025550100;isub=9", "2025550100", true), ("sip:2025550100@pbx1", "2025550100", true),
    ("0002025550100", "2025550100", true), ("*31", "*31 ", true),
  ])
  func mayMean(one: String, two: String, isSame: Bool) {
    #expect(DialNumber.same(one, two) == isSame && DialNumber.same(two, one) == isSame)
  }
}
