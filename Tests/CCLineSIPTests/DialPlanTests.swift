// Numbers before they are dialled.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct DialPlanTests {
  private static let plan =
    "00|X. -> +; 0|Z. -> +49; 0900X. -> refuse: premium numbers; [2-4]XX -> =; +1N. -> 8; *[45]N -> refuse"

  @Test(arguments: [
    ("0049301234", "+49301234"), ("0301234", "+49301234"), ("234", "234"), ("534", "534"),
    ("+12025550100", "8+12025550100"), ("112", "112"), ("#31#", "#31#"), ("0", "0"),
  ])
  func rewrites(_ number: String, _ dialled: String) throws {
    let plan = try DialPlan(rules: Self.plan, emergency: "")
    #expect(plan.verdict(on: number) == .dial(dialled))
  }

  @Test func refuses() throws {
    let plan = try DialPlan(
      rules: "0900X. -> refuse: premium numbers; *[45]N -> refuse", emergency: "")
    #expect(plan.verdict(on: "0900123") == .refuse("premium numbers"))
    #expect(plan.verdict(on: "*42") == .refuse("the dial plan refuses this number"))
    #expect(plan.verdict(on: "*41") == .dial("*41"))
  }

  @Test func emergencyNumbersPassUnchangedAndAreAskedAbout() throws {
    let plan = try DialPlan(rules: ". -> refuse", emergency: "112, 110")
    guard case .ask(let words) = plan.verdict(on: "112") else {
      Issue.record("not asked")
      return
    }
    #expect(words == "112 is an emergency number: dial it again to call it")
    #expect(plan.verdict(on: "112", isSure: true) == .dial("112"))
    #expect(plan.verdict(on: "113") == .refuse("the dial plan refuses this number"))
  }

  @Test(arguments: [
    "0", "0 -> abc", "-> 1", "0||1 -> 2", "0.|1 -> 2", "0.1 -> 2", "[ -> 1", "[] -> 1",
    "[5-2] -> 1",
    "[a] -> 1", "Q -> 1", "0 -> 1 2",
  ])
  func saysWhatCannotBeRead(_ rules: String) {
    #expect(throws: Settings.Unusable.self) { try DialPlan(rules: rules, emergency: "") }
  }

  @Test func boundedInRulesAndNumbers() throws {
    let many = Array(repeating: "1 -> 2", count: 201).joined(separator: ";")
    #expect(throws: Settings.Unusable.self) { try DialPlan(rules: many, emergency: "") }
    let plan = try DialPlan(rules: "X. -> 99999999999999999999", emergency: "")
    #expect(
      plan.verdict(on: String(repeating: "1", count: 60))
        == .refuse(
          "the dial plan makes no number of it"))
  }

  @Test func onTheLine() async throws {
    let kamailio = try await Kamailio()
    let line = try LineUnderTest()
    let far = try await Sipp(CallTests.answered)
    try await line.signIn(
      kamailio, [("dialPlan", "99X. -> refuse: not from here; 1|7X. -> ="), ("emergency", "70000")])
    func dial(_ number: String) async throws -> SafeText? {
      try await line.ask { .callPhone(id: $0, phone: number, info: "") }
    }
    #expect(try await dial("9911") == "not from here")
    // Asked once, and again where another number came between.
    #expect(try await dial("70000")?.string.contains("emergency") == true)
    #expect(try await dial("9911") == "not from here")
    #expect(try await dial("70000")?.string.contains("emergency") == true)
    #expect(try await dial("70000") == nil)
    #expect(try await line.call(.notEstablished).reason?.code == 404)
    #expect(try await dial("7\(far.port)") == nil)
    let id = try await line.call(.talking).call
    // A call is never handed to rescue.
    #expect(
      try await line.ask { .transfer(id: $0, call: id, to: "70000", consult: false) }
        == "no call is handed to an emergency number")
    line.send(.hangUp(id: 50, call: id))
    #expect(await far.finished() == 0)
  }

  // MARK: Rules that are never reached

  /// A plan, and which of its rules (from 0) do nothing.
  @Test(arguments: [
    ("0|Z. -> +49; 0900X. -> refuse", [1]), ("0900X. -> refuse; 0|Z. -> +49", []),
    ("X. -> =; 1X -> refuse", [1]), ("XX -> =; 1X. -> refuse", []), ("1X -> =; 1X. -> refuse", []),
    (". -> refuse; 0X -> =; 1 -> =", [1, 2]), ("0X -> =; 0Z -> 1; 00 -> 2", [1, 2]),
    ("0Z -> =; 00 -> =; 0X -> 1; 0 -> 2", [2]), ("[0-4]. -> =; [5-9]. -> =; XX -> 1", [2]),
    ("[0-4]. -> =; [5-8]. -> =; XX -> 1", []), ("+. -> =; +49900X. -> refuse", [1]),
    ("12 -> =; 12 -> refuse", [1]), ("1|2X -> =; 12X -> refuse", [1]), ("X -> =; * -> =", []),
    ("XXX -> =; XX. -> =; XXXX -> 1", [2]), ("", []),
  ])
  func aRuleThatIsNeverReachedIsNamed(_ text: String, _ dead: [Int]) throws {
    let plan = try DialPlan(rules: text, emergency: "")
    #expect(plan.rules.indices.filter { !plan.isReached($0) } == dead)
    #expect(plan.warnings.count == dead.count)
    for (warning, index) in zip(plan.warnings, dead) {
      #expect(
        warning.string.contains("\u{201C}\(plan.rules[index].text)\u{201D} can never be reached"))
    }
  }

  /// A random number decides as the search says: what a rule is said never to take, it never takes.
  @Test func theSearchAgreesWithTheVerdict() throws {
    var random = Random(seed: 27)
    let parts = ["0", "1", "9", "X", "Z", "N", "[0-4]", "[5-9]", "+"]
    for _ in 0..<400 {
      let rules = (0..<Int.random(in: 1...5, using: &random)).map { index in
        let pattern =
          (0..<Int.random(in: 1...3, using: &random)).map { _ in
            parts.randomElement(using: &random) ?? "X"
          }.joined() + (Bool.random(using: &random) ? "." : "")
        return "\(pattern) -> refuse: \(index)"
      }
      let plan = try DialPlan(rules: rules.joined(separator: "; "), emergency: "")
      var taken: Set<String> = []
      let signs = Array("019456+")
      for length in 1...4 {
        for number in 0..<Int(pow(7.0, Double(length))) {
          var (rest, text) = (number, "")
          for _ in 0..<length {
            text.append(signs[rest % 7])
            rest /= 7
          }
          if case .refuse(let words) = plan.verdict(on: text) { taken.insert(words.string) }
        }
      }
      for index in rules.indices {
        #expect(plan.isReached(index) == taken.contains("\(index)"), "\(rules) \(index)")
      }
    }
  }

  @Test func aPlanThatIsWildIsReadInNoTime() throws {
    let wild = (0..<200).map { "[0-\($0 % 9)]X[1-\($0 % 8 + 1)]XX\($0 % 10). -> =" }
    let plan = try DialPlan(rules: wild.joined(separator: "; "), emergency: "")
    let began = Date()
    _ = plan.warnings
    #expect(Date().timeIntervalSince(began) < 5)
  }

  // MARK: One number, many forms

  /// Every way in which one premium number is written, as it reaches the line.
  private static let premium = [
    "0900123456", "090012", "+49900123456", "0049900123456", "+490900123456", "00490900123456",
    "+4900900123456", "000900123456", "00900123456", "+0900123456", "*31#0900123456",
    "#31#+49900123456", "*21*0900123456#", "*31#00490900123456",
  ]

  /// One rule, in whatever form it is written, refuses them all where the country is known.
  @Test(arguments: [
    ("0900X. -> refuse", "DE"), ("+49900X. -> refuse", "DE"), ("0049900X. -> refuse", "DE"),
    ("0900X. -> refuse; 0|Z. -> +49", nil), ("+49900X. -> refuse; 00|X. -> +; 0|Z. -> 0049", nil),
  ])
  func oneRuleRefusesEveryForm(_ rules: String, _ country: String?) throws {
    let plan = try DialPlan(rules: rules, emergency: "112", country: country.flatMap(Country.init))
    for number in Self.premium {
      // What may be a number of Turkey is one, unless the rule is about what is dialled at home.
      if number == "00900123456", !rules.hasPrefix("0900") { continue }
      guard case .refuse = plan.verdict(on: number) else {
        Issue.record("\(number) gets out by \(rules)")
        continue
      }
    }
    for number in ["0301234567", "+49301234567", "0049301234567", "112", "*45", "201", "+33900123"]
    {
      if case .refuse = plan.verdict(on: number) { Issue.record("\(number): \(rules)") }
    }
  }

  /// A plan, what it leaves alone, and what it refuses.
  private static let reach: [(rules: String, dialled: [String], refused: [String])] = [
    (
      "+X. -> refuse", ["0301234567", "004930123456"], ["+4930123456", "+33123456", "0033123456"]
    ),
    (
      "00X. -> refuse", ["0301234567", "+4930123456"], ["0033123456", "+33123456", "004930123456"]
    ),
    ("0X. -> refuse", ["201", "*45"], ["030123456", "+4930123456", "0033123456", "+33123456"]),
    ("[2-4]XX -> =; X. -> refuse", ["201", "*45"], ["030123456", "555"]),
    ("0088X. -> refuse", ["0880123456"], ["0088123456", "+88123456", "*31#+88123456"]),
    ("0900X. -> refuse", ["9001234", "900123456", "+900123"], ["0900123"]),
    ("0900111X. -> =; 0900X. -> refuse", ["0900111222", "+49900111222"], ["+49900222111"]),
    ("+49900111X. -> =; 0900X. -> refuse", ["0900111222", "+490900111222"], ["0900222111"]),
  ]

  /// What is said of abroad, or of all that is dialled outside, is not said of the other forms of a
  /// number at home.
  @Test(arguments: reach)
  func aRuleIsAskedWhatItIsAbout(
    _ rules: String, _ dialled: [String], _ refused: [String]
  ) throws {
    let plan = try DialPlan(rules: rules, emergency: "", country: Country("DE"))
    for number in dialled { #expect(plan.verdict(on: number) == .dial(number), "\(rules)") }
    for number in refused {
      guard case .refuse = plan.verdict(on: number) else {
        Issue.record("\(number) gets out by \(rules)")
        continue
      }
    }
  }

  @Test(arguments: [
    ("1900X. -> refuse", "US", ["19005550100", "9005550100", "+19005550100", "01119005550100"]),
    ("900NXXXXXX -> refuse", "US", ["19005550100", "9005550100", "+19005550100"]),
    ("803X. -> refuse", "ES", ["803123456", "+34803123456", "0034803123456"]),
    ("8809X. -> refuse", "RU", ["88091234567", "+78091234567", "81078091234567"]),
    ("0899X. -> refuse", "IT", ["0899123456", "+390899123456", "00390899123456"]),
    ("1900X. -> refuse", "AU", ["+611900123456", "001161" + "1900123456"]),
    ("0690X. -> refuse", "HU", ["0690123456", "+3690123456", "003690123456", "+360690123456"]),
  ])
  func soInOtherCountries(_ rules: String, _ country: String, _ numbers: [String]) throws {
    let plan = try DialPlan(rules: rules, emergency: "", country: Country(country))
    for number in numbers {
      guard case .refuse = plan.verdict(on: number) else {
        Issue.record("\(number) gets out by \(rules)")
        continue
      }
    }
  }

  /// A number that the plan makes a rescue service's of is asked about like one.
  @Test func whatBecomesAnEmergencyNumberIsAskedAbout() throws {
    let plan = try DialPlan(rules: "9|X. -> ; 555 -> refuse; 5|5X -> 11", emergency: "112 1155")
    for (number, rescue) in [("9112", "112"), ("555", nil), ("556", nil), ("9113", nil)] {
      guard let rescue else {
        if case .ask = plan.verdict(on: number) { Issue.record("\(number) is asked about") }
        continue
      }
      guard case .ask(let words) = plan.verdict(on: number) else {
        Issue.record("\(number) is not asked about")
        continue
      }
      #expect(
        words
          == SafeText("\(number) calls the emergency number \(rescue): dial it again to call it"))
      #expect(plan.verdict(on: number, isSure: true) == .dial(rescue))
    }
    #expect(plan.isEmergency("112") && !plan.isEmergency("9112"))
  }

  // MARK: What the documents show

  /// Every plan that a document, the help or a comment shows lets no premium number out, in no form.
  @Test func everyPlanThatIsShownKeepsItsWord() throws {
    let places = [
      "docs/sip.md", "docs/configuration.md", "Sources/CCLineSIP/Calls/DialPlan.swift",
      "Sources/CCTerm/Config/ConfigKey.swift",
    ]
    var plans = 0
    for place in places {
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let text = try String(contentsOf: root.appending(path: place), encoding: .utf8)
      for line in text.split(separator: "\n") where line.contains("-> refuse") {
        guard let shown = Self.plan(in: String(line)) else { continue }
        let plan = try DialPlan(rules: shown, emergency: "112")
        #expect(plan.warnings.isEmpty, "\(place): \(shown)")
        guard shown.contains("0900X") else { continue }
        plans += 1
        for number in Self.premium {
          guard case .refuse = plan.verdict(on: number) else {
            Issue.record("\(place): \(number) gets out by \(shown)")
            continue
          }
        }
        #expect(plan.verdict(on: "0301234567") == .dial("+49301234567"))
      }
    }
    #expect(plans >= 3)
  }

  /// The plan of a line of text: from its first pattern to its last result.
  private static func plan(in line: String) -> String? {
    let rule = #/[-0-9XZN+*#.|\[\]]+ -> [^;"|`]*(; [-0-9XZN+*#.|\[\]]+ -> [^;"|`]*)*/#
    return line.firstMatch(of: rule).map { String($0.output.0) }
  }
}
