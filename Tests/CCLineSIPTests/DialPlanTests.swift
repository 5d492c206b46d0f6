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
}
