// Numbers in groups as they are written in their countries, and the bounds of what stands behind them.

import Testing

@testable import CCCore

@Suite struct NumberGroupsTests {
  @Test(arguments: [
    "+1 202 555 0100", "+30 210 123 4567", "+98 912 123 4567", "+7 495 123 45 67",
    "+90 532 123 45 67", "+44 20 7946 0123", "+44 1632 960123", "+44 121 234 5678",
    "+44 113 234 5678", "+44 300 123 4567", "+44 800 123 4567", "+44 900 123 4567",
    "+44 7911 123456", "+44 1697 72123", "+49 151 2345 6789", "+49 160 2345 6789",
    "+49 170 2345 6789", "+49 30 1234 5678", "+49 40 1234 5678", "+49 69 1234 5678",
    "+49 89 1234 5678", "+49 89 1234 5", "+49 2211 2345 678", "+33 6 12 34 56 78",
    "+34 612 34 56 78",
    "+32 470 12 34 56", "+32 2 123 45 67", "+31 6 1234 5678", "+31 20 123 4567",
    "+41 44 123 45 67", "+380 50 123 45 67", "+45 12 34 56 78", "+47 21 23 45 67",
    "+48 501 123 456", "+351 912 345 678", "+420 601 123 456", "+421 901 123 456",
    "+39 312 345 6789", "+61 412 345 678", "+61 2 1234 5678", "+81 3 1234 5678",
    "+81 90 1234 5678", "+82 10 1234 5678", "+52 55 1234 5678", "+55 11 2345 6789",
    "+55 11 91234 5678", "+86 132 1234 5678", "+91 98765 43210", "+65 6123 4567",
    "+852 2123 4567", "+971 50 123 4567", "+353 85 123 4567",
    // Of no country that is known, and of none at all.
    "132 12", "123 456", "132 1234", "212 345 67", "212 345 678", "202 555 0100",
    "132 1234 5678", "232 555 0100", "212 345 678 901", "212 345 678 901 2", "1299", "13", "1020",
    "1800", "1321",
  ])
  func isWrittenSo(_ shown: String) {
    let typed = shown.filter { $0 != " " }
    #expect(DialNumber.grouped(typed) == shown)
  }

  @Test(arguments: [
    ("GB", "020 7946 0123"), ("GB", "01632 960123"), ("RU", "8 495 123 45 67"),
    ("US", "1 202 555 0100"), ("US", "202 555 0100"), ("ES", "612 34 56 78"),
    ("FR", "06 12 34 56 78"), ("DE", "030 1234 5678"),
    // With the country's prefix for abroad.
    ("GB", "00 44 7911 123456"), ("DE", "00 49 30 1234 5678"), ("DE", "00 44 20 7946 0123"),
    ("US", "011 44 20 7946 0123"), ("IT", "00 1 202 555 0100"), ("FR", "00 34 612 34 56 78"),
    ("AU", "0011 44 20 7946 0123"), ("GB", "00 212 612 34 56 78"), ("GB", "000 123 456 789"),
    ("US", "00 44 7911 123456"),
  ])
  func isWrittenSoAtHome(_ country: String, _ shown: String) throws {
    let typed = shown.filter { $0 != " " }
    #expect(DialNumber.grouped(typed, in: try #require(Country(country))) == shown)
  }

  // MARK: Letters

  @Test(
    arguments: [
      ("80FLOW", "803569"), ("80FLO", nil), ("800FL", nil), ("8FLOWER", nil),
      ("12345678ABC", "12345678222"), ("123456789ABC", nil),
      ("12345678ABCDEFG", "123456782223334"), ("12345678ABCDEFGH", nil),
    ] as [(String, String?)])
  func whatLettersSpell(typed: String, digits: String?) {
    #expect(DialNumber.offer(for: typed)?.digits == digits)
  }

  // MARK: What stands behind

  @Test(arguments: [
    ("123456 ext 5", "123456", "5"), ("102,5", "102", "5"),
    ("2079460#1234567", "2079460", "1234567"), ("2079460#12345678", "2079460#12345678", ""),
    ("2025550100\u{3001}5", "2025550100", "5"), ("2025550100\u{60C}5", "2025550100", "5"),
    ("2025550100\u{FE50}5", "2025550100", "5"), ("2025550100\u{FE51}5", "2025550100", "5"),
    ("2025550100\u{D7}5", "2025550100", "5"), ("\u{FE62}12025550100", "+12025550100", ""),
    ("\u{2795}12025550100", "+12025550100", ""), ("\u{FE61}31\u{FE5F}", "*31#", ""),
    ("\u{2217}31#", "*31#", ""), ("\u{204E}31#", "*31#", ""),
  ])
  func tones(typed: String, digits: String, tones: String) throws {
    let number = try DialNumber.clean(typed)
    #expect(number.digits == digits && number.tones == tones)
  }

  @Test func whatIsTooShortForAnExtensionOrTooLongIsRefused() throws {
    for typed in ["12 x5", "12,5", "1234 p 5", "1234 pp5w", "4x4"] {
      #expect(throws: DialNumber.Refusal.self) { try DialNumber.clean(typed) }
    }
    let tones = String(repeating: "5", count: 32)
    #expect(try DialNumber.clean("2025550100,,\(tones)").tones == tones)
    #expect(throws: DialNumber.Refusal.tooLong) { try DialNumber.clean("2025550100,,\(tones)5") }
    let blanks = String(repeating: " ", count: 1_023)
    #expect(try DialNumber.clean("2\(blanks)").digits == "2")
    #expect(throws: DialNumber.Refusal.tooLong) { try DialNumber.clean("2 \(blanks)") }
  }

  @Test(arguments: [
    "\u{2212}", "\u{30FC}", "\u{FF70}", "\u{2010}", "\u{2044}", "\u{2215}", "/", ".", "\u{B7}",
    "\u{2022}", "\u{2027}", "\u{2219}", "\u{22C5}", "\u{30FB}", "\u{FF65}", "\u{A0}", "\u{3000}",
  ])
  func aSignForTheEyeIsNotSent(_ sign: String) throws {
    #expect(try DialNumber.clean("020\(sign)79").digits == "02079")
  }
}
