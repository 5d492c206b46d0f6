// What a plan makes of a number is asked again, and a rescue service is one in every form of its number.

import CCCore
import CCTestSupport
import Testing

@testable import CCLineSIP

@Suite struct DialPlanResultTests {
  private static func plan(
    _ rules: String, _ country: String? = nil, emergency: String = "112 911 999"
  ) throws -> DialPlan {
    try DialPlan(rules: rules, emergency: emergency, country: country.flatMap(Country.init))
  }

  private func isRefused(_ plan: DialPlan, _ number: String) -> Bool {
    if case .refuse = plan.verdict(on: number) { true } else { false }
  }

  private func isAsked(_ plan: DialPlan, _ number: String) -> Bool {
    if case .ask = plan.verdict(on: number) { true } else { false }
  }

  // MARK: A refusal, behind what is cut off

  /// A plan, its country, what it refuses and what goes out, and as what.
  @Test(
    arguments: [
      (
        "0900X. -> refuse: no premium numbers; 9|X. -> ", nil,
        ["90900123456", "0900123456"], ["90301234567": "0301234567", "9201": "201"]
      ),
      (
        "0900X. -> refuse; 9|X. -> ", "DE",
        [
          "900499001234567", "90049900123456", "9*31#0900123456", "*31#90900123456", "90900123456#",
        ],
        ["90301234567": "0301234567", "9900123": "900123"]
      ),
      (
        "0900X. -> refuse; 0|0X. -> ", "DE", ["00049900123456", "00900123456", "000499001234567"],
        ["00301234567": "0301234567", "00049301234567": "0049301234567"]
      ),
      // The refusal behind the rule that cuts off; two cuts, two forms.
      ("9|X. -> ; 0900X. -> refuse", "DE", ["90900123456", "90049900123456"], ["90301": "0301"]),
      (
        "1900X. -> refuse; 9|X. -> ", "US", ["919005551234", "99005551234"],
        ["912015550123": "12015550123"]
      ),
      ("00X. -> refuse: not abroad; 9|X. -> ", nil, ["90033123456"], ["9033123456": "033123456"]),
      ("+49900X. -> refuse; 0|Z. -> +49", nil, ["0900123456"], ["0301234567": "+49301234567"]),
      ("0|Z. -> +49; +49900X. -> refuse", nil, ["0900123456"], ["0301234567": "+49301234567"]),
      // An exception holds behind it too.
      (
        "0900111X. -> =; 0900X. -> refuse; 9|X. -> ", "DE", ["90900222111"],
        ["90900111222": "0900111222"]
      ),
      // What asks for the digit in front does not refuse what has it.
      (
        "9|X. -> ; [2-4]XX -> =; X. -> refuse: dial 9 first", nil, ["0301234"],
        ["90301234": "0301234"]
      ),
      ("0X. -> refuse: dial 9 first; 9|X. -> ", "DE", ["0301234"], ["90301234": "0301234"]),
      // What is said of abroad is not said of a number at home that gets its country's code.
      ("+X. -> refuse; 0|Z. -> +49", nil, ["+33123456"], ["0301234567": "+49301234567"]),
      ("+X. -> refuse; 0|Z. -> 0049", nil, ["0033123456"], ["0301234567": "0049301234567"]),
    ] as [(String, String?, [String], [String: String])])
  func aResultPassesTheRefusalsAgain(
    _ rules: String, _ country: String?, _ refused: [String], _ dialled: [String: String]
  ) throws {
    let plan = try Self.plan(rules, country)
    for number in refused { #expect(isRefused(plan, number), "\(number) gets out by \(rules)") }
    for (number, out) in dialled { #expect(plan.verdict(on: number) == .dial(out), "\(rules)") }
    for number in refused {
      guard case .failure = plan.verdict(onCode: number) else {
        Issue.record("\(number) is dialled as a code by \(rules)")
        continue
      }
    }
  }

  // MARK: Rescue, in every form

  private static let rescue = [
    "112", "112#", "112*", "112##", "*31#112", "#31#112", "*31*112", "*31#112#", "*67112", "*82911",
    "1411" + "12", "141999", "1470999", "1167911", "+112", "00112", "+49112", "0049112", "+1911",
    "+44999", "+440999", "*31#0049112", "141112#", "*21*112#",
  ]

  @Test(arguments: rescue)
  func rescueIsAskedAboutInEveryForm(_ number: String) throws {
    for rules in ["", "X. -> refuse; +X. -> refuse; *X. -> refuse", "0900X. -> refuse; 9|X. -> "] {
      let plan = try Self.plan(rules)
      #expect(isAsked(plan, number), "\(rules)")
      #expect(plan.isEmergency(number), "\(rules)")
      guard case .dial = plan.verdict(on: number, isSure: true) else {
        Issue.record("\(number) is not called when it is sure: \(rules)")
        continue
      }
      if case .success = plan.verdict(onCode: number) {
        Issue.record("\(number) is dialled as a code: \(rules)")
      }
    }
    // Behind an outside line it is one as well.
    let plan = try Self.plan("9|X. -> ; 9|*X. -> ; 9|+X. -> ; 9|#X. -> ")
    #expect(isAsked(plan, "9" + number))
  }

  @Test(arguments: [
    "1120", "0112345678", "*112", "*112#", "*45", "*999#", "112112", "+49112345", "11291",
    "4911" + "2",
    "+491129", "+4411299", "1411120", "*31#0301234567", "911911", "+44112345", "*21*020112#",
  ])
  func whatOnlyLooksSoIsNotAskedAbout(_ number: String) throws {
    for country in [nil, "DE", "GB", "US"] {
      #expect(try Self.plan("", country).verdict(on: number) == .dial(number), "\(country ?? "")")
    }
  }

  /// In a country where 141 hides no number it is none of a rescue service's.
  @Test func aPrefixCodeIsOneOfItsCountry() throws {
    #expect(isAsked(try Self.plan("", "GB"), "141999"))
    #expect(try Self.plan("", "DE").verdict(on: "141999") == .dial("141999"))
    #expect(isAsked(try Self.plan("", "AU", emergency: "000 112"), "1831000"))
  }

  /// What the plan makes a rescue number of goes out as the plan makes it.
  @Test func thePlanSaysHowRescueIsDialled() throws {
    let plan = try Self.plan("0|X. -> ", "DE")
    #expect(isAsked(plan, "0112"))
    #expect(plan.verdict(on: "0112", isSure: true) == .dial("112"))
    #expect(try Self.plan("", "DE").verdict(on: "+49112", isSure: true) == .dial("+49112"))
  }

  // MARK: Refusals: forms

  @Test(
    arguments: [
      (
        "1900X. -> refuse", "US",
        [
          "*6719005551234", "*8219005551234", "*679005551234", "116719005551234", "*67+19005551234",
        ],
        ["*6712015550123", "*69", "2015550123"]
      ),
      (
        "0900X. -> refuse", "GB",
        [
          "1410900123456", "14700900123456", "141+44900123456", "*670900123456", "1410044900123456",
        ],
        ["14102079460123", "147002079460123", "1410123"]
      ),
      ("1900X. -> refuse", "AU", ["18311900123456", "#31#1900123456"], ["18310212345678"]),
      ("0990X. -> refuse", "JP", ["1840990123456", "1860990123456"], ["1840312345678"]),
      // A plus that was lost.
      (
        "0900X. -> refuse", "DE", ["49900123456", "490900123456", "499001234567"],
        ["49301234567", "4990012", "490012", "0490012345"]
      ),
      ("0909X. -> refuse", "GB", ["449091234567", "4409091234567"], ["442079460123", "4490912"]),
      ("803X. -> refuse", "ES", ["34803123456"], ["34612345678", "348031234"]),
      // The first three signs are enough, as the document says.
      (
        "190X. -> refuse", "AU", ["+611900123456", "00611900123456", "1900123456"], ["+61212345678"]
      ),
      ("118XX -> refuse", "DE", ["+4911833", "004911833", "11833"], ["+49301183", "01183"]),
      ("19X. -> refuse", "AU", ["1900123456"], ["+611900123456"]),
    ] as [(String, String, [String], [String])])
  func noFormGetsOut(
    _ rules: String, _ country: String, _ refused: [String], _ dialled: [String]
  ) throws {
    let plan = try Self.plan(rules, country)
    for number in refused { #expect(isRefused(plan, number), "\(number) gets out by \(rules)") }
    for number in dialled { #expect(plan.verdict(on: number) == .dial(number), "\(rules)") }
  }

  // MARK: What is no number

  @Test(arguments: ["X. -> +++", "X. -> 0+", "X. -> 1+2", "X. -> ++", "X. -> +1+"])
  func aPlusStandsInFrontInAResult(_ rules: String) {
    #expect(throws: Settings.Unusable.self) { try Self.plan(rules) }
  }

  @Test func aResultHasOnePlus() throws {
    let plan = try Self.plan(". -> +")
    #expect(plan.verdict(on: "4711") == .dial("+4711"))
    #expect(plan.verdict(on: "+4711") == .refuse("the dial plan makes no number of it"))
    #expect(throws: Settings.Unusable.self) { try Self.plan("", emergency: "1+12") }
  }

  // MARK: On the line

  /// Nobody is handed to a rescue service, in whatever form its number is written.
  @Test func nobodyIsHandedToRescue() async throws {
    let pbx = try await ScriptedPBX("udp")
    let line = try LineUnderTest()
    try await pbx.signIn(line, [("dialPlan", "0900X. -> refuse: no premium; 9|X. -> ")])
    let customer = try await pbx.takesCall(line)
    for number in ["112#", "*31#112", "+49112", "9112", "9112#"] {
      #expect(
        try await line.ask { .transfer(id: $0, call: customer.id, to: number, consult: false) }
          == "no call is handed to an emergency number", "\(number)")
      #expect(
        try await line.ask { .transfer(id: $0, call: customer.id, to: number, consult: true) }?
          .string.contains("emergency number") == true, "\(number)")
    }
    for consult in [true, false] {
      #expect(
        try await line.ask {
          .transfer(id: $0, call: customer.id, to: "90900123456", consult: consult)
        } == "no premium")
    }
    try await line.fence()
    #expect(!pbx.waiting.contains { $0.hasPrefix("REFER ") || $0.hasPrefix("INVITE ") })
  }
}
