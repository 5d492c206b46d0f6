// What is typed and what is sent: every way in which people write a number, and what they do not mean.

import CCTestSupport
import Testing

@testable import CCCore

@Suite struct NumberRuleTests {
  @Test(arguments: [
    // The trunk zero in brackets, behind a country code and nowhere else.
    ("+44 (0)20 7946 0123", "+442079460123"), ("+49 (0) 89 / 1234-0", "+498912340"),
    ("0049 (0) 89 1234", "0049891234"), ("(0)20 7946 0123", "02079460123"),
    ("+44(0)20 7946 0123", "+442079460123"), ("(+44) (0)20 7946 0123", "+442079460123"),
    ("+44 [0]20 7946 0123", "+442079460123"), ("+44 （0）20 7946 0123", "+442079460123"),
    ("+44 (020) 7946 0123", "+442079460123"), ("+44-(0)-20-7946-0123", "+442079460123"),
    ("+353 (0)1 234 5678", "+35312345678"), ("011 44 (0)20 7946 0123", "011442079460123"),
    ("44 (0)20 7946 0123", "442079460123"), ("+44 20 (0)7946 0123", "+442007946012" + "3"),
    ("+39 (0)6 1234 5678", "+390612345678"), ("+39 (06) 698 12345", "+390669812345"),
    ("+378 (0)549 123456", "+3780549123456"), ("0039 (0)6 1234 5678", "00390612345678"),
    ("+379 (0)6 1234 5678", "+3790612345678"), ("39 (0)6 12345678", "390612345678"),
    ("+7 (8) 495 123-45-67", "+74951234567"), ("+36 (06) 1 234 5678", "+3612345678"),
    ("089 (0) 1234", "08901234"),
    // Marks without width, keycaps, digits of every script.
    ("020\u{200D}7946\u{200D}0123", "02079460123"), ("020\u{200C}7946", "0207946"),
    ("020\u{2060}7946", "0207946"), ("020\u{AD}7946", "0207946"), ("020\u{FE0F}7946", "0207946"),
    ("020\u{34F}7946", "0207946"), ("020\u{3164}7946", "0207946"), ("\u{FEFF}0207946", "0207946"),
    ("020\u{180E}7946", "0207946"), ("1\u{FE0F}\u{20E3}2\u{FE0F}\u{20E3}3\u{FE0F}\u{20E3}", "123"),
    ("*\u{FE0F}\u{20E3}31#\u{20E3}", "*31#"),
    ("\u{660}\u{662}\u{660}\u{667}\u{669}\u{664}\u{666}", "0207946"),
    ("\u{6F0}\u{6F2}\u{6F0}\u{6F7}\u{6F9}\u{6F4}\u{6F6}", "0207946"),
    ("\u{966}\u{968}\u{966}\u{96D}", "0207"), ("\u{1D7CE}\u{1D7D0}\u{1D7CE}", "020"),
    ("\u{FF0B}\u{FF14}\u{FF14} 20", "+4420"), ("+\u{660}\u{661}", "+01"),
    ("\u{FF0A}31\u{FF03}", "*31#"),
    // Schemes, percent signs, parameters.
    ("tel:+44%2020%207946%200123", "+442079460123"), ("tel:%2B442079460123", "+442079460123"),
    ("TEL:%2b44-20-7946-0123", "+442079460123"), ("callto:+442079460123", "+442079460123"),
    ("callto://+442079460123", "+442079460123"), ("tel://+442079460123", "+442079460123"),
    ("tel:%28020%29%207946", "0207946"), ("tel:%23%2A31", "#*31"),
    ("tel:+442079460123;isub=12", "+442079460123"),
    ("tel:+442079460123;user=phone", "+442079460123"),
    ("tel:02079460123;phone-context=example.com", "02079460123"),
    ("tel:02079460123;phone-context=+44", "+442079460123"),
    ("tel:0612345678;phone-context=+39", "+390612345678"),
    ("tel:7042;phone-context=+1-201-555", "+12015557042"),
    ("callto:+442079460123?call", "+442079460123"),
    ("Tel: 020 7946 0123", "02079460123"),
    // Signs for the eye.
    ("03\u{30FC}1234\u{30FC}5678", "0312345678"),
    ("06\u{B7}12\u{B7}34\u{B7}56\u{B7}78", "0612345678"),
    ("+34 612-34.56/78", "+34612345678"), ("0664/1234567", "06641234567"),
    ("030 - 1234567 - 89", "030123456789"),
    ("020 7946 0123,", "02079460123"), ("*#06#", "*#06#"),
    ("*21*020 7946 0123#", "*21*02079460123#"),
    ("#31#020 7946 0123", "#31#02079460123"), ("12345678#", "12345678#"), ("123-456", "123456"),
    ("2123-2145", "21232145"), ("555-556", "555556"),
    ("123/456", "123456"),
    ("201/555-0123", "2015550123"), ("089/089123", "089089123"),
    ("+ 44 20 7946 0123", "+442079460123"),
    ("00 44 (0)20 7946 0123", "00442079460123"), ("132 1234 5678", "13212345678"),
    ("0044 7911123456", "00447911123456"), ("+44 7911123456", "+447911123456"),
    ("102 103", "102103"),
  ])
  func sends(typed: String, sent: String) throws {
    let number = try DialNumber.clean(typed)
    #expect(number.digits == sent)
    #expect(number.tones.isEmpty)
  }

  @Test(arguments: [
    ("+1 201 555 0123 ext. 5", "+12015550123", "5"), ("+1 201 555 0123,,5", "+12015550123", "5"),
    ("+1 201 555 0123;ext=55", "+12015550123", "55"),
    ("tel:+1-201-555-0123;ext=55", "+12015550123", "55"),
    ("tel:+1-201-555-0123;EXT=5-5", "+12015550123", "55"),
    ("tel:+1-201-555-0123;postd=pp5", "+12015550123", "5"),
    ("+1 201 555 0123x5", "+12015550123", "5"), ("+1 201 555 0123 X 5", "+12015550123", "5"),
    ("+1 201 555 0123 #5", "+12015550123", "5"), ("555-1234 # 12", "5551234", "12"),
    ("+12015550123p5", "+12015550123", "5"), ("+12015550123PP5w12", "+12015550123", "5,12"),
    ("+12015550123w5", "+12015550123", "5"), ("+12015550123;5", "+12015550123", "5"),
    ("+12015550123 , 5", "+12015550123", "5"),
    ("+12015550123,,5,,1234#", "+12015550123", "5,1234#"),
    ("+12015550123,123456789#", "+12015550123", "123456789#"),
    ("+12015550123,,123456789", "+12015550123", "123456789"),
    ("089 1234 Durchwahl 56", "0891234", "56"), ("089 1234 DW 56", "0891234", "56"),
    ("089 1234, Durchwahl: 56", "0891234", "56"), ("01 42 68 53 00 poste 12", "0142685300", "12"),
    ("+1 201 555 0123 (ext. 5)", "+12015550123", "5"),
    ("+1 201 555 0123 Extension: 12-34", "+12015550123", "1234"),
    ("+1 201 555 0123 ext #5", "+12015550123", "5"), ("020 7946 0123 доб. 12", "02079460123", "12"),
    ("020 7946 0123 ext. \u{665}", "02079460123", "5"),
    ("(0)20 7946 0123 extn 007", "02079460123", "007"),
    ("03-1234-5678 内線12", "0312345678", "12"), ("+12015550123*5", "+12015550123", "5"),
  ])
  func keepsWhatStandsBehind(typed: String, sent: String, tones: String) throws {
    let number = try DialNumber.clean(typed)
    #expect(number.digits == sent && number.tones == tones)
    #expect(try DialNumber.clean(number.retyped) == number, "what is put back means the same")
  }

  @Test(arguments: [
    "0664/1234567 / 0664/7654321", "0664/1234567 oder 0664/7654321", "020 7946 0123, 020 7946 0124",
    "020 7946 0123; 020 7946 0124", "020 7946 0123\n020 7946 0124", "020 7946 0123\t020 7946 0124",
    "020 7946 0123 or 020 7946 0124", "020 7946 0123 | 020 7946 0124",
    "020 7946 0123 & 020 7946 0124",
    "020 7946 0123 020 7946 0124", "+442079460123 +442079460124", "+442079460123+442079460124",
    "020 7946 0123 / 4", "020 7946 0123/4", "+49 89 1234567/68", "020 7946 0123 – 020 7946 0124",
    "020 7946 0123 或 020 7946 0124", "020 7946 0123、020 7946 0124",
    "020 7946 0123 или 020 7946 0124",
    "1020 or 1021", "1020 oder 1021", "1020 | 1021", "555 1234 / 555 1235",
    "020 7946 0123 mob 07911 123456",
    "020 7946 0123 • 020 7946 0124", "(020) 7946 0123 (020) 7946 0124",
    "tel:+442079460123,+442079460124",
    "020 7946 0123 ☎ 020 7946 0124", "tel:+442079460123%20or%20+442079460124", "5551234\n5551235",
    "020 7946 0123 و 020 7946 0124", "020 7946 0123,02079460124", "555 1234 (555 1235)",
    "5551234 5551235", "5551234-5551235",
    "1020/1021", "1020 / 1021", "1020, 1021", "1020\n1021", "1020 - 1021", "1020;1021",
    "020 7946 0123 x5 / 020 7946 0124 x6",
  ])
  func twoNumbersAreNone(typed: String) {
    #expect(throws: DialNumber.Refusal.twoNumbers) { try DialNumber.clean(typed) }
  }

  @Test(arguments: [
    ("1-800-FLOWERS", "18003569377", ""), ("1800flowers", "18003569377", ""),
    ("0800 REPAIR", "0800737247", ""),
    ("+1 (800) FLOWERS", "+18003569377", ""), ("13 CATS", "132287", ""),
    ("1-800-4-A-CHILD", "18004224453", ""),
    ("1-800-FLOWERS ext. 5", "18003569377", "5"), ("1-800-FLOWERS,,5", "18003569377", "5"),
    ("800 GOOG 411", "8004664411", ""), ("１-８００-ＦＬＯＷＥＲＳ", "18003569377", ""),
    ("tel:1-800-FLOWERS", "18003569377", ""), ("1-800-APP-1234", "18002771234", ""),
    ("1-877-KARS-4-KIDS", "1877527745437", ""), ("1.800.MY.APPLE", "18006927753", ""),
  ])
  func lettersOfAKeypadAreOfferedAndNotSent(typed: String, offered: String, tones: String) {
    let number = DialNumber(digits: offered, tones: tones)
    #expect(throws: DialNumber.Refusal.letters(number)) { try DialNumber.clean(typed) }
    #expect(DialNumber.offer(for: typed) == number)
  }

  @Test(arguments: [
    ("020 7946 0123 home", DialNumber.Refusal.character("h")), ("FLOWERS", .character("F")),
    ("alice", .character("a")), ("12a", .character("a")), ("0151 23 мир", .character("м")),
    ("1-800-XXX-XXXX", .character("X")), ("1\u{301}2", .mark("\u{301}", on: "1")),
    ("\u{301}12", .mark("\u{301}", on: nil)), ("1\u{20DD}2", .mark("\u{20DD}", on: "1")),
    ("+\u{20E3}1", .mark("\u{20E3}", on: "+")), ("①②③", .character("①")), ("²³", .character("²")),
    ("12+3", .plus), ("+1%202", .character("%")), ("tel:+1%zz2", .character("%")),
    ("callto:alice", .character("a")),
    ("tel:sip:bob@x", .character("s")), (String(repeating: "1", count: 33), .tooLong),
    ("🔟12", .character("🔟")), ("tel:5551234;ext=5a", .character("a")),
    ("1020 ext", .character("e")), ("https://x.example", .character("h")),
    ("\u{2163}12", .character("\u{2163}")), ("\u{4E00}12", .character("\u{4E00}")),
  ])
  func refusesByName(typed: String, why: DialNumber.Refusal) {
    #expect(throws: why) { try DialNumber.clean(typed) }
  }

  /// A program may send 64 KiB: each kind of sign is read in a moment.
  @Test(arguments: [",", "x1", "(", "1 ", "/", "\u{200D}", "p", "1;ext=", "a"])
  func aLongTextIsRefusedAtOnce(_ piece: String) {
    let long = String(repeating: piece, count: 60_000)
    #expect(throws: DialNumber.Refusal.tooLong) { try DialNumber.clean(long) }
    #expect(ToneText.clean(long) == nil && !Withheld.isWithheld(long))
  }

  @Test func aMarkIsNamedWithWhatItStandsOn() {
    #expect(
      DialNumber.Refusal.mark("\u{301}", on: "1").sentence
        == "A mark stands on the 1 (combining acute accent): type the digit without it.")
  }

  /// Whatever is typed, what goes to the line is ASCII, and what a number sends it sends again.
  @Test func whatGoesOutIsAlwaysASCII() {
    var random = SplitMix(seed: 11)
    let pieces =
      Array("0123456789+*#()-./, ;:xXpPwWeEtTaAlL=%&|\n\t").map(String.init) + [
        "ext", "oder", "\u{660}", "\u{FF11}", "\u{20E3}", "\u{FE0F}", "\u{200D}", "\u{301}", "tel:",
        ";ext=",
        "%20", "\u{6F3}", "é", "名", "(0)", "+44", "☎",
      ]
    for _ in 0..<30_000 {
      var typed = ""
      for _ in 0..<Int.random(in: 0...14, using: &random) {
        typed += pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }
      guard let number = try? DialNumber.clean(typed) else { continue }
      let bytes = Array(number.digits.utf8)
      #expect(
        bytes.enumerated().allSatisfy { place, byte in
          (48...57).contains(byte) || byte == 35 || byte == 42 || byte == 43 && place == 0
        }, "\(typed.debugDescription)")
      #expect(number.tones.utf8.allSatisfy { (48...57).contains($0) || [35, 42, 44].contains($0) })
      #expect(bytes.count <= DialNumber.longest && !bytes.isEmpty)
    }
  }

  @Test(arguments: [
    ("12-34#", "12-34#".filter { $0 != "-" }), ("12 34", "1234"), ("ab*#", "AB*#"),
    ("\u{661}\u{662}", "12"),
    ("(1).2/3", "123"), ("１２＃", "12#"), ("1\u{200D}2", "12"), ("1\u{2013}2", "12"),
  ])
  func tonesAreCleaned(typed: String, sent: String) {
    #expect(ToneText.clean(typed) == sent)
  }

  @Test(arguments: [
    "", "-", "12e", "1+2", "1,2", "1\u{301}", String(repeating: "1", count: 65), "ext. 5",
  ])
  func whatIsNoToneIsNone(typed: String) {
    #expect(ToneText.clean(typed) == nil)
  }
}
