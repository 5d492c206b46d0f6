// The place at the registrar: whether it is still ours is looked at, and what is found is told or healed.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct PlaceTests {
  private static let other = "<sip:1001@192.0.2.9:5060>;expires=300"

  /// Answers a question (a REGISTER without Contact) with these, and a REGISTER with its contact and them.
  private func stands(
    _ registrar: ScriptedRegistrar, _ question: @escaping @Sendable () -> [String],
    beside: [String] = []
  ) {
    registrar.answer("REGISTER") { heard in
      let contact = heard.header("contact")
      return (
        "200 OK", (contact.isEmpty ? question() : beside + [contact]).map { "Contact: \($0)" }
      )
    }
  }

  private func questions(_ registrar: ScriptedRegistrar) -> Int {
    registrar.heard("REGISTER").filter { $0.header("contact").isEmpty }.count
  }

  private static let quick: [(String, JSONValue)] = [
    ("keepaliveSeconds", 1), ("firstAnswerSeconds", 5),
  ]

  /// Another desk of the account took the place: it is told, and there is no fight.
  @Test(arguments: ScriptedPBX.transports)
  func aTakenPlaceIsTold(_ transport: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    stands(registrar) { [Self.other] }
    let line = try LineUnderTest()
    try await registrar.signIn(line, Self.quick)
    try await line.wait("to be told", within: 60) {
      if case .evicted = $0 { true } else { nil }
    }
    let asked = registrar.heard("REGISTER").count
    try await line.fence()
    #expect(registrar.heard("REGISTER").count == asked)
    // The agent takes it back.
    try await registrar.signIn(line, Self.quick)
    #expect(try await line.ends())
  }

  /// What was forgotten is registered again.
  @Test(arguments: ScriptedPBX.transports)
  func aForgottenPlaceIsTakenAgain(_ transport: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    let isAway = Mutexed(true)
    stands(registrar) { isAway.with { $0 } ? [] : ["<\(registrar.contact)>"] }
    let line = try LineUnderTest()
    try await registrar.signIn(line, Self.quick)
    try await line.log("the registrar had forgotten us; registered again")
    isAway.with { $0 = false }
    try await registrar.next("to be registered again") { [first = registrar.heard.count] _ in
      registrar.heard.filter { !$0.header("contact").isEmpty && $0.method == "REGISTER" }.count
        >= 2 && first > 0
    }
    let lost = line.seen.contains {
      switch $0 {
      case .evicted, .unregistered: true
      default: false
      }
    }
    #expect(!lost)
    #expect(try await line.ends())
  }

  /// Other telephones of the account come and go: that is nobody's business.
  @Test(arguments: ScriptedPBX.transports)
  func othersMayComeAndGo(_ transport: String) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    let round = Mutexed(0)
    stands(registrar) {
      let number = round.with {
        $0 += 1; return $0
      }
      let others = ["<sip:1001@192.0.2.\(number):5060>;expires=300"]
      return others + ["<\(registrar.contact);ob>;expires=590"]
    }
    let line = try LineUnderTest()
    try await registrar.signIn(line, Self.quick)
    try await eventually("three looks", within: 90) { self.questions(registrar) >= 3 }
    try await line.fence()
    let moved = line.seen.contains {
      switch $0 {
      case .evicted, .unregistered: true
      default: false
      }
    }
    #expect(!moved)
    #expect(registrar.heard("REGISTER").filter { !$0.header("contact").isEmpty }.count == 1)
    #expect(try await line.ends())
  }

  /// A registrar that answers no such question, or names contacts that it rewrote, is not asked again.
  @Test(arguments: ScriptedPBX.transports, [true, false])
  func whoDoesNotTellIsNotAsked(_ transport: String, _ refuses: Bool) async throws {
    let registrar = try await ScriptedRegistrar(transport)
    registrar.answer("REGISTER") { heard in
      guard refuses else { return ("200 OK", ["Contact: <sip:1001@203.0.113.5:1024>;expires=300"]) }
      let contact = heard.header("contact")
      return contact.isEmpty
        ? ("400 Bad Request", []) : ("200 OK", ["Contact: \(contact)"])
    }
    let line = try LineUnderTest()
    try await registrar.signIn(line, Self.quick)
    // Six rounds of the watch are two looks.
    try await eventually("rounds", within: 90) { registrar.heard("OPTIONS").count >= 7 }
    #expect(questions(registrar) == (refuses ? 1 : 0))
    #expect(!line.seen.contains { if case .evicted = $0 { true } else { false } })
    #expect(try await line.ends())
  }
}
