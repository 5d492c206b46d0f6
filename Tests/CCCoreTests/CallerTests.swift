// Who is who: one caller in two forms of her number, two who only look alike, and nobody.

import Testing

@testable import CCCore

@Suite struct CallerTests {
  @Test(arguments: [
    ("07911123456", "+447911123456"), ("07911 123456", "+44 7911 123456"),
    ("00447911123456", "+447911123456"),
    ("07911123456", "00447911123456"), ("447911123456", "+447911123456"),
    ("7911123456", "+447911123456"),
    ("02079460123", "+442079460123"), ("+44 (0)20 7946 0123", "02079460123"),
    ("0891234567", "+49891234567"),
    ("0612345678", "+390612345678"), ("0549123456", "+3780549123456"),
    ("612345678", "+34612345678"),
    ("2015550123", "+12015550123"), ("12015550123", "+12015550123"),
    ("011442079460123", "+442079460123"),
    ("alice", "alice"), ("1020", "1020"), ("*31#", "*31#"), ("tel:+442079460123", "+442079460123"),
  ])
  func oneCallerInTwoForms(one: String, two: String) {
    #expect(Numbering().isSameCaller(one, two))
    #expect(Numbering().isSameCaller(two, one))
  }

  @Test(arguments: [
    ("07911123456", "+447911123457"), ("+442079460123", "+492079460123"),
    ("79460123", "+442079460123"),
    ("5551234", "+12015551234"), ("1020", "+4989123451020"), ("02079460123", "01619460123"),
    ("0612345678", "+39612345678"), ("1234567", "+491234567"), ("01234567", "+441234567"),
    ("alice", "bob"), ("alice", "Alice"), ("alice1", "bob1"), ("*31#", "31"), ("*31#", "*31"),
    ("#", "*"),
    ("*31#02079460123", "02079460123"), ("", ""), ("anonymous", "anonymous"),
    ("anonymous", "Unavailable"),
    ("1020", "01020"), ("75999", "0075999"), ("13212345678", "13212345679"),
    ("20123456", "+4420123456"),
    ("+12015550123", "+442015550123"), ("12345678", "+4912345678"),
  ])
  func twoCallersAreTwo(one: String, two: String) {
    #expect(!Numbering().isSameCaller(one, two))
    #expect(!Numbering().isSameCaller(two, one))
  }

  @Test(arguments: [
    ("GB", "07911123456", "+447911123456"), ("GB", "00447911123456", "07911123456"),
    ("44", "0800 1111", "+448001111"),
    ("GB", "+44 07911 123456", "07911123456"), ("GB", "447911123456", "07911 123456"),
    ("US", "2015550123", "+12015550123"), ("US", "12015550123", "2015550123"),
    ("us", "011442079460123", "+442079460123"),
    ("DE", "0891234", "+49891234"), ("IT", "0612345678", "+390612345678"),
    ("SM", "0549123456", "+3780549123456"),
    ("ES", "612345678", "+34612345678"), ("RU", "84951234567", "+74951234567"),
    ("RU", "4951234567", "+74951234567"),
    ("CN", "13212345678", "+8613212345678"), ("AU", "0011442079460123", "+442079460123"),
    ("HU", "0612345678", "+3612345678"),
    ("JP", "010442079460123", "+442079460123"), ("+33", "0142685300", "0033142685300"),
  ])
  func aKnownCountryMakesItExact(country: String, one: String, two: String) throws {
    let known: Country = try #require(Country(country))
    let numbering = Numbering(known)
    #expect(numbering.isSameCaller(one, two) && numbering.isSameCaller(two, one))
  }

  @Test(arguments: [
    ("GB", "02079460123", "+492079460123"), ("DE", "02079460123", "+442079460123"),
    ("CN", "13212345678", "+13212345678"),
    ("GB", "79460123", "02079460123"), ("GB", "1020", "+441020"),
    ("IT", "0612345678", "+39612345678"),
    ("US", "2015550123", "+442015550123"), ("ES", "612345678", "+351612345678"),
    ("RU", "8001234567", "+7001234567"),
  ])
  func aKnownCountryTellsThemApart(country: String, one: String, two: String) throws {
    let known: Country = try #require(Country(country))
    let numbering = Numbering(known)
    #expect(!numbering.isSameCaller(one, two) && !numbering.isSameCaller(two, one))
  }

  @Test func countriesAreNamedByLettersOrCode() {
    #expect(
      Country("GB")?.code == "44" && Country("gb")?.code == "44" && Country("+44")?.name == "GB")
    #expect(Country("1")?.name == "US" && Country("CA")?.code == "1" && Country("VA")?.code == "39")
    for wrong in ["", "XX", "999", "+", "England", "G", "0"] {
      #expect(Country(wrong) == nil, "\(wrong)")
    }
  }

  @Test(arguments: [
    "", " ", "-", "anonymous", "Anonymous", "ANONYMOUS", "unavailable", "restricted", "private",
    "unknown", "withheld",
    "Private Number", "Unknown Caller", "No Caller ID", "number withheld", "Number unavailable",
    "not available",
    "anonymous@anonymous.invalid", "sip:anonymous@anonymous.invalid", "c8oqz84@anonymous.invalid",
    "\"Anonymous\"",
    "Restricted@10.0.0.1", "Blocked", "caller withheld", "+", "///", ":::",
    "<sip:anonymous@pbx.example>", "\"sip:anonymous@pbx\"", "'sip:anonymous@pbx'",
    " sip:anonymous@pbx", "sip:anonymous@pbx", "tel:anonymous",
    "sip:x7@anonymous.invalid;user=phone",
    "<sip:x7@anonymous.invalid>", "sip:x7@anonymous.invalid:5060",
    String(repeating: "-", count: 256),
  ])
  func thisIsNobody(text: String) {
    #expect(Withheld.isWithheld(text))
  }

  @Test(arguments: [
    "07911123456", "1020", "Ann Private", "Unknown Pleasures", "alice", "*31#", "#", "Private Bank",
    "Nora Restricted", "\u{FFFD}",
    "陈小明", "Anon", "anonymous1", "sip:bob@pbx.example", "sip:x7@anonymous.invalid.example",
    String(repeating: "-", count: 257),
  ])
  func thisIsSomebody(text: String) {
    #expect(!Withheld.isWithheld(text))
  }

  /// What the line may mean is asked leniently, but never of two texts without digits.
  @Test func theLineMayMeanOnlyWhatHasDigits() {
    #expect(
      !DialNumber.same("alice", "bob") && !DialNumber.same("*", "#")
        && !DialNumber.same("*31#", "31"))
    #expect(
      !DialNumber.same("alice", "") && !DialNumber.same("alice1", "bob1")
        && !DialNumber.same("+", "-"))
    #expect(DialNumber.same("alice", "alice") && DialNumber.same("*31#", "*31#"))
    #expect(DialNumber.same("sip:+442079460123@pbx.example", "020 7946 0123"))
  }

  @Test(
    arguments: [
      (nil, "+447911123456", "+44 7911 123456"), (nil, "+442079460123", "+44 20 7946 0123"),
      (nil, "+33142685300", "+33 1 42 68 53 00"), (nil, "+498912340", "+49 89 1234 0"),
      ("GB", "07911123456", "07911 123456"), ("GB", "02079460123", "020 7946 0123"),
      ("FR", "0142685300", "01 42 68 53 00"),
      ("US", "12025550100", "1 202 555 0100"), ("US", "2025550100", "202 555 0100"),
      ("GB", "1020", "1020"),
      ("CN", "13212345678", "132 1234 5678"), ("DE", "015112345678", "0151 1234 5678"),
      (nil, "13212345678", "132 1234 5678"),
      ("GB", "alice", "alice"),
    ] as [(String?, String, String)])
  func groupsFollowTheCountry(country: String?, digits: String, shown: String) {
    #expect(Numbering(country.flatMap { Country($0) }).grouped(digits) == shown)
  }

  /// One word for who is there: the name, or else the number as it is written in the desk's country.
  @Test func whoIsThereIsNamedOrNumberedAsAtHome() throws {
    for (name, word) in [("Ann", "Ann"), ("", "020 7946 0123"), (nil, "020 7946 0123")]
      as [(SafeText?, SafeText)]
    {
      var desk = Script.up(
        [.dial], .init(line: "test", account: "1001", numbering: Numbering(Country("GB"))))
      desk.say(
        .line(
          .call(
            CallReport(.ringing, number: "02079460123", call: "i", direction: .in, name: name))))
      #expect(desk.desk.party(of: try #require(desk.desk.active)) == word)
    }
    var nobody = Script.up()
    nobody.call(.ringing, "anonymous", id: "i", .in)
    #expect(nobody.desk.party(of: try #require(nobody.desk.active)) == "number withheld")
  }
}
