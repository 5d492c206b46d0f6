// One number in groups or two numbers: what stands between them, and how long each is.

import Testing

@testable import CCCore

@Suite struct TwoNumberTests {
  @Test(arguments: [
    // A word for "or" makes two of three digits each.
    "102 or 103", "102 or 1030", "1020 or 103",
    // Each stands in one group, or is as long as a local number.
    "5551234 5551235", "5551234-5551235", "5551234 444 1235", "555 1234 4441235",
    "123 4567 1234 5678", "555 1234 -44 41235", "555 1234  44 41235", "555 1234.44 41235",
    // The whole would have more than fifteen digits.
    "1234 5678 1234 5678", "00 1234 5678 1234 5678",
    // A dash or a dot between blanks, three blanks, brackets, wide gaps.
    "555 1234 - 44 41235", "555 1234 . 44 41235", "555 1234   44 41235",
    "555 1234\u{A0}\u{A0}\u{A0}44 41235", "1020 \u{30FC} 1021",
    "0555 123 - 44 41235", "0555 123 . 44 41235", "0555 123   44 41235",
    // Grouped alike, or as long as each other and alike at the beginning.
    "555 1234 444 1235", "00 1 234 5678 876 4321", "20 555 1234 444 1235", "555 1234 55 51235",
    // Another ending behind a slash: of a number of seven digits, its country's code not counted.
    "5551234/5", "+44 1234567/8", "+0123456/7", "(020 7946 0123/4)", "00 44 1234567/8",
    "011 44 1234567/89", "0111234567/8", "0111234567/890", "555+4444/5", "000123456 1234567",
    // Two of one house: as long as each other, alike at the beginning.
    "102/103", "102030/102031", "10\t20/1021", "1020/10\t21", "10 20/1021", "1020/10 21",
    "*102/*103",
    // With dashes of their own, also where only a space stands between.
    "10-20 10-21", "10-20/10-21", "10.20 10.21", "10-20\t10-21",
    // Of seven digits each, however they are grouped, where a slash parts them.
    "555 1234/44 41235",
    // Numbers of rescue, whatever stands between.
    "112 911", "112/911", "9-1-1/112", "110 - 112", "999 112 911",
  ])
  func areTwo(_ typed: String) {
    #expect(throws: DialNumber.Refusal.twoNumbers) { try DialNumber.clean(typed) }
  }

  @Test(arguments: [
    ("0555 123  44 41235", "05551234441235"), ("0555 123.44 41235", "05551234441235"),
    ("123456/654321", "123456654321"),
    ("00 12 345 678 901 2345", "00123456789012345"),
    // Fewer blanks, or none.
    ("1020 -1021", "10201021"),
    ("1020  1021", "10201021"), ("1020\u{A0}1021", "10201021"), ("1020 \u{B7} 1021", "10201021"),
    ("2123\u{30FC}2145", "21232145"),
    // No other ending: as long as the group before it, grouped itself, or behind too few digits.
    ("020 7946 0123/4567", "020794601234567"), ("020 7946 0123/4 5", "0207946012345"),
    ("+44 123456/7", "+441234567"), ("0012345/6", "00123456"), ("+4412345/6", "+44123456"),
    ("0044 123456/7", "00441234567"), ("011 1234567/8901", "01112345678901"),
    // Of no one house: too short, of another beginning, with a zero in front, divided by something else.
    ("10/11", "1011"), ("1020/1121", "10201121"), ("0664/0665", "06640665"),
    ("1020/10.21", "10201021"), ("*102030/*102031", "*102030*102031"),
    ("10-20.10-21", "10201021"), ("10-20 1021", "10201021"), ("102-0 10-21", "10201021"),
    ("112/1020", "1121020"), ("1020/112", "1020112"), ("116 117", "116117"),
    ("118 118", "118118"), ("112 1020", "1121020"),
  ])
  func isOne(typed: String, sent: String) throws {
    #expect(try DialNumber.clean(typed).digits == sent)
  }

  /// What stands between is neither a word for "or" nor a number's: it is named.
  @Test(arguments: [
    ("10 or 103", Character("o")), ("102 or 10", "o"), ("1020 ! 1021", "!"),
    ("1020 o u 1021", "o"),
    ("102or 103", "o"), ("102 or103", "o"), ("2025550100 next 5", "n"), ("202555 ext", "e"),
    ("2025550100 ext!5", "!"), ("2025550100 ext=!5", "!"),
    ("800 x 1234567", "x"), ("800 x 123456", "x"), ("2025550100 ext:!5", "!"),
    ("2025550100 ext 5 or 6", "o"),
    ("2025550100 ext 5p!6", "!"),
    ("12\u{8}3", "\u{8}"),
    ("12\u{E}3", "\u{E}"),
    ("12\u{84}3", "\u{84}"), ("12\u{86}3", "\u{86}"), ("2025550100;a=1", ";"),
    ("+12025550100;fast", "f"),
    ("1n\u{303}2", "n\u{303}"), ("2025550100,5+5", ","), ("tel:+12015550123;ext=5+5", "+"),
    ("2025550100;ext=5=6", "="), ("*80 FLOWER", "F"), ("80 FLO!WER", "F"), ("80 FLO\tWER", "F"),
    ("FLOWER 80", "F"),
  ])
  func isNamed(typed: String, sign: Character) {
    #expect(throws: DialNumber.Refusal.character(sign)) { try DialNumber.clean(typed) }
    #expect(DialNumber.offer(for: typed) == nil)
  }

  /// A comma behind an area code or a country code parts the groups of one number, as in a table: no area
  /// code is dialled alone, and what is behind it are no tones.
  @Test(arguments: ["030,12345", "0301,234", "+49,30123", "+4930,1234", "(030),12345"])
  func aCommaBehindAnAreaCodeIsNoPause(_ typed: String) {
    #expect(throws: DialNumber.Refusal.character(",")) { _ = try DialNumber.clean(typed) }
  }

  @Test func whatElseIsRefusedByName() {
    for (typed, why) in [
      ("1+800FLOWERS", DialNumber.Refusal.plus), ("(\u{301}12", .mark("\u{301}", on: "(")),
      (";ext=5", .empty), ("12345678901234567890 12345678901234567890", .tooLong),
      (String(repeating: "1", count: 33), .tooLong),
      ("+" + String(repeating: "1", count: 33), .tooLong),
    ] {
      #expect(throws: why) { try DialNumber.clean(typed) }
    }
    for most in [String(repeating: "1", count: 32), "+" + String(repeating: "9", count: 32)] {
      #expect((try? DialNumber.clean(most))?.digits == most)
    }
  }

  // MARK: What stands behind

  @Test(arguments: [
    // Digits behind one comma are a second number from seven on; behind two, or with a # or *, tones.
    ("020 7946 0123,123456", "02079460123", "123456"),
    ("+12015550123,1234,567", "+12015550123", "1234,567"),
    ("+12015550123, ,123456789", "+12015550123", "123456789"), ("1020,,1021", "1020", "1021"),
    ("2025550100 ext=5", "2025550100", "5"), ("2025550100 ext,5", "2025550100", "5"),
    // A word for an extension, and one that could spell the rest of a number behind few digits.
    ("5551800 x123", "5551800", "123"), ("800 ext 12345", "800", "12345"),
    ("801 x 1234567", "801", "1234567"),
    // Spelled numbers have ten or eleven digits.
    ("800 x 12345", "800", "12345"), ("800 x 12345678", "800", "12345678"),
    // A # has an extension behind it from seven digits on, of seven digits at most.
    ("207946#12", "207946#12", ""), ("2079460#12/3", "2079460#123", ""),
    ("2079460#", "2079460#", ""),
    ("2025550100;ext=5;;isub=1", "2025550100", "5"), ("2025550100;ab=1", "2025550100", ""),
    ("tel:+12025550100;fast", "+12025550100", ""), ("  tel:+12025550100", "+12025550100", ""),
    ("\u{A0}tel:+12025550100", "+12025550100", ""),
    ("\u{200E}tel:+12025550100", "+12025550100", ""),
    ("tel:0207946;phone-context=+", "+207946", ""), ("020\u{2028}7946", "0207946", ""),
    ("020\u{85}7946", "0207946", ""), ("44 (020) 7946 0123", "4402079460123", ""),
    ("+36 (061) 234 5678", "+3612345678", ""),
  ])
  func keeps(typed: String, sent: String, tones: String) throws {
    let number = try DialNumber.clean(typed)
    #expect(number.digits == sent && number.tones == tones)
  }

  @Test(arguments: [
    "020 7946 0123,1234567", "020 7946 0123,,+442079460124", "1020,,+442079460124",
  ])
  func aWholeNumberBehindAPauseIsASecondOne(_ typed: String) {
    #expect(throws: DialNumber.Refusal.twoNumbers) { try DialNumber.clean(typed) }
  }

  /// Letters that spell a number, from the first digit on, with a pause behind it or in a word.
  @Test(
    arguments: [
      ("8FLOWER0", "83569370", ""), ("800PIZZA", "80074992", ""), ("8000FL", nil, ""),
      ("1800flowp5", "1800356975", ""), ("1800 FLOW p5", "18003569", "5"),
      ("1-800-FLOWERS,5", "18003569377", "5"),
    ] as [(String, String?, String)])
  func spells(typed: String, digits: String?, tones: String) {
    let number = DialNumber.offer(for: typed)
    #expect(number?.digits == digits && number?.tones ?? "" == tones)
  }
}
