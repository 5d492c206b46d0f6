// Several telephones answer one call of ours.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct ForkTests {
  private func header(_ name: String, _ message: String) -> String {
    SIPText.header([name], in: message) ?? ""
  }

  /// What the registrar has heard until something holds.
  private func heard(
    by registrar: BareRegistrar, _ what: String, until isEnough: ([String]) -> Bool
  ) async throws -> [String] {
    var all: [String] = []
    try await eventually(what) {
      all += registrar.attend()
      return isEnough(all)
    }
    return all
  }

  private func contact(_ user: String, _ registrar: BareRegistrar) -> String {
    "Contact: <sip:\(user)@127.0.0.1:\(registrar.port)\(registrar.isTCP ? ";transport=tcp" : "")>"
  }

  @Test(
    "a second answer with the last number there is ends no line", arguments: [UInt32.max - 1, .max])
  func theLastNumber(_ number: UInt32) async throws {
    let registrar = try BareRegistrar(tcp: false)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    line.dial("123")
    let seen = try await heard(by: registrar, "INVITE") { $0.contains { $0.hasPrefix("INVITE ") } }
    let invite = try #require(seen.first { $0.hasPrefix("INVITE ") })
    func answer(_ who: String) -> String {
      registrar.answer(
        to: invite, "200 OK", tag: who, [contact(who, registrar)], body: HostileMessages.sound)
    }
    registrar.send(answer("one"))
    try await line.call(.talking)
    let usual = header("cseq", invite)
    registrar.send(answer("two").replacing(usual, with: "\(number) INVITE"))
    let all = try await heard(by: registrar, "the BYE to the second") {
      $0.contains { $0.hasPrefix("BYE ") }
    }
    let bye = try #require(all.first { $0.hasPrefix("BYE ") })
    #expect(header("cseq", bye) == "\(number &+ 1) BYE")
    registrar.send(registrar.answer(to: bye, "200 OK"))
    // The call with the first goes on in a line that lives.
    try await line.fence()
    line.send(.hangUp(id: 50, call: nil))
    _ = try await heard(by: registrar, "the BYE to the first") {
      $0.contains { $0.hasPrefix("BYE sip:one@") }
    }
  }

  @Test(arguments: [false, true])
  func theSecondIsHungUp(_ tcp: Bool) async throws {
    let registrar = try BareRegistrar(tcp: tcp)
    let line = try LineUnderTest()
    try await registrar.welcome(line)
    line.dial("123")
    let seen = try await heard(by: registrar, "INVITE") { $0.contains { $0.hasPrefix("INVITE ") } }
    let invite = try #require(seen.first { $0.hasPrefix("INVITE ") })
    func answer(_ who: String) -> String {
      registrar.answer(
        to: invite, "200 OK", tag: who, [contact(who, registrar)], body: HostileMessages.sound)
    }
    registrar.send(answer("one"))
    try await line.call(.talking)
    registrar.send(answer("two"))
    var all = try await heard(by: registrar, "the BYE to the second") {
      $0.contains { $0.hasPrefix("BYE ") }
    }
    let number = Int(header("cseq", invite).split(separator: " ")[0]) ?? 0
    for (user, count) in [("one", 1), ("two", 1)] {
      let acks = all.filter { $0.hasPrefix("ACK sip:\(user)@") }
      #expect(acks.count == count && acks.allSatisfy { header("cseq", $0) == "\(number) ACK" })
    }
    let bye = try #require(all.first { $0.hasPrefix("BYE ") })
    #expect(bye.hasPrefix("BYE sip:two@"))
    #expect(header("to", bye) == header("to", answer("two")))
    #expect(header("from", bye) == header("from", invite))
    registrar.send(registrar.answer(to: bye, "200 OK"))
    // Both again, as over UDP: each is acknowledged, none is hung up, and the first still talks.
    registrar.send(answer("two"))
    registrar.send(answer("one"))
    all = try await heard(by: registrar, "both ACKs") { all in
      ["one", "two"].allSatisfy { user in all.contains { $0.hasPrefix("ACK sip:\(user)@") } }
    }
    try await line.fence()
    all += registrar.attend()
    #expect(!all.contains { $0.hasPrefix("BYE ") })
    let over = line.seen.contains {
      if case .call(let report) = $0 { report.status == .ended } else { false }
    }
    #expect(!over)
    // A third that is a stranger to the call gets nothing.
    registrar.send(answer("three").replacing(header("call-id", invite), with: "0123456789abcdef"))
    try await line.fence()
    #expect(!registrar.attend().contains { $0.hasPrefix("ACK ") || $0.hasPrefix("BYE ") })
    line.send(.hangUp(id: 50, call: nil))
    all = try await heard(by: registrar, "the BYE to the first") {
      $0.contains { $0.hasPrefix("BYE ") }
    }
    #expect(all.contains { $0.hasPrefix("BYE sip:one@") })
    // One that answers when all is over is hung up too.
    registrar.send(answer("four"))
    _ = try await heard(by: registrar, "the BYE to the last") {
      $0.contains { $0.hasPrefix("BYE sip:four@") }
    }
    #expect(try await line.ends())
  }
}
