// One number in all the forms in which it can be dialled, each with what a rule has to name to be about it.

import Testing

@testable import CCCore

@Suite struct DialFormTests {
  private static func forms(_ number: String, _ country: String) throws -> [String] {
    let numbering = country.isEmpty ? Numbering() : Numbering(try #require(Country(country)))
    return numbering.forms(of: number).map { "\($0.number) \($0.named)" }
  }

  /// A plus is 00 and the other way round; nothing of such a number has to be named.
  @Test(arguments: [
    ("+442079460123", ["00442079460123 0"]), ("00442079460123", ["+442079460123 0"]),
    // A trunk zero behind the code says nothing there; behind 00 the whole may be a number at home.
    ("+4402079460123", ["+442079460123 0", "00442079460123 0"]),
    ("004402079460123", ["+442079460123 0", "00442079460123 0", "04402079460123 0"]),
    // In Italy it is part of the number, and in Russia an 8 is one of ten digits.
    ("+390612345678", ["00390612345678 0"]), ("+78121234567", ["0078121234567 0"]),
    ("+788121234567", ["+78121234567 0", "0078121234567 0"]),
    ("+36061234567", ["+361234567 0", "00361234567 0"]),
    // Three digits at least stand behind the code, and five behind 00.
    ("+44123", ["0044123 0"]), ("+4412", []), ("+44", []), ("+", []), ("0012345", ["+12345 0"]),
    ("001234", []),
    // No code begins with a zero: a number at home, with zeros more than it needs.
    ("+0123456", ["0123456 0"]), ("000123456", ["0123456 0"]),
    // Without a country nobody knows what a number at home is abroad.
    ("02079460123", []), ("2125550100", []), ("112", []), ("", []),
  ])
  func withoutACountry(number: String, forms: [String]) throws {
    #expect(try Self.forms(number, "") == forms)
  }

  /// At home the country code has to be named to mean a number that was dialled without it, and four
  /// digits to mean one without its zero.
  @Test(arguments: [
    (
      "GB", "02079460123",
      ["+442079460123 3", "00442079460123 4", "2079460123 4"]
    ),
    (
      "GB", "+442079460123",
      ["00442079460123 4", "02079460123 0", "2079460123 3"]
    ),
    (
      "GB", "004402079460123",
      [
        "+442079460123 3", "00442079460123 4", "02079460123 0", "2079460123 3", "04402079460123 0",
      ]
    ),
    ("GB", "+33123456789", ["0033123456789 0"]), ("GB", "0033123456789", ["+33123456789 0"]),
    // Of one town: nobody knows of which. And what is short is itself.
    ("GB", "79460123", []), ("GB", "012", []),
    ("GB", "0123", ["+44123 3", "0044123 4", "123 4"]),
    // Behind 00 stands a code; behind 000 a number at home.
    ("GB", "001234567", ["+1234567 0"]),
    ("GB", "0012345678", ["+12345678 0"]),
    ("GB", "00012345678", ["+4412345678 3", "004412345678 4", "012345678 0", "12345678 4"]),
    // A trunk prefix that is no zero alone.
    (
      "US", "2125550100",
      ["+12125550100 2", "0012125550100 3", "01112125550100 4", "12125550100 0"]
    ),
    (
      "US", "12125550100",
      ["+12125550100 2", "0012125550100 3", "01112125550100 4", "2125550100 0"]
    ),
    ("US", "212555010", []), ("US", "5550100", []),
    (
      "US", "011442079460123", ["+442079460123 0", "00442079460123 0"]
    ),
    (
      "RU", "88121234567",
      ["+78121234567 2", "0078121234567 3", "81078121234567 4", "8121234567 0"]
    ),
    ("HU", "0612345678", ["+3612345678 3", "003612345678 4", "12345678 4"]),
    // No trunk prefix at all.
    ("NO", "21234567", ["+4721234567 3", "004721234567 4"]), ("NO", "123456", []),
    ("NO", "1234567", ["+471234567 3", "00471234567 4"]),
    ("NO", "+4721234567", ["004721234567 4", "21234567 0"]),
    // Its code and a whole number behind it: it has lost its plus; with one digit more it has not.
    ("NO", "4721234567", ["+4721234567 3", "004721234567 4", "21234567 0"]),
    ("NO", "47212345678", ["+4747212345678 3", "004747212345678 4"]),
    (
      "RU", "78121234567",
      [
        "+78121234567 2", "0078121234567 3", "81078121234567 4", "88121234567 0", "8121234567 0",
      ]
    ),
    // 010 stands for the plus in Japan, with eight digits behind it at least.
    ("JP", "0101234567", ["+81101234567 3", "0081101234567 4", "01081101234567 5", "101234567 4"]),
    (
      "JP", "010442079460123", ["+442079460123 0", "00442079460123 0"]
    ),
    (
      "JP", "01001234567",
      [
        "01234567 0", "+811234567 3", "00811234567 4", "010811234567 5", "1234567 4",
      ]
    ),
  ])
  func atHome(country: String, number: String, forms: [String]) throws {
    #expect(Set(try Self.forms(number, country)) == Set(forms))
  }

  /// A number in a feature code counts from five digits on, and three signs of it are to be named.
  @Test(arguments: [
    ("", "*21*00442079460123#", ["00442079460123 3", "+442079460123 3"]),
    ("", "*31#", []), ("", "*21*1234#", []), ("", "*21*12345#", ["12345 3"]),
    ("", "#31#12345", ["12345 3"]), ("", "12345*67890", ["12345 3", "67890 3"]),
    (
      "GB", "*31#02079460123",
      ["02079460123 3", "+442079460123 3", "00442079460123 4", "2079460123 4"]
    ),
    (
      "GB", "#31#+442079460123",
      ["+442079460123 3", "00442079460123 4", "02079460123 3", "2079460123 3"]
    ),
  ])
  func inACode(country: String, number: String, forms: [String]) throws {
    #expect(try Self.forms(number, country) == forms)
  }
}
