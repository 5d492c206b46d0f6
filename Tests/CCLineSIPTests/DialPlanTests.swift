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
        for number in ["0900123456", "090012"] {
          guard case .refuse = plan.verdict(on: number) else {
            Issue.record("\(place): \(number) gets out by \(shown)")
            continue
          }
        }
        if shown.contains("00|X") {
          for number in ["0049900123456", "+49900123456"] where place == "docs/sip.md" {
            guard case .refuse = plan.verdict(on: number) else {
              Issue.record("\(place): \(number) gets out by \(shown)")
              continue
            }
          }
        }
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
