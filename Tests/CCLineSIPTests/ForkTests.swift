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

  /// Numbers count from our own INVITE, never from what comes: this one names another, or none.
  @Test(
    "an answer whose number is not our INVITE's is nobody's",
    arguments: ["udp", "tcp", "tls"], [-1, 1, 0x7FFF_FFFF] as [Int64])
  func anotherNumber(_ transport: String, _ step: Int64) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    let ours = ScriptedDialog.number(invite)
    let others = [UInt32(truncatingIfNeeded: Int64(ours) + step), .max - 1, .max, 0]
    func answer(_ tag: String, _ number: UInt32) -> String {
      ScriptedDialog(pbx, invited: invite, tag: tag)
        .answer(invite, "200 OK", body: HostileMessages.sound)
        .replacing("CSeq: \(ours) INVITE", with: "CSeq: \(number) INVITE")
    }
    // Before the first answer, in the call, and after it.
    for number in others { pbx.send(answer("early", number)) }
    try await line.fence()
    #expect(pbx.waiting.isEmpty)
    pbx.send(answer("one", ours))
    try await line.call(.talking)
    try await pbx.next("ACK")
    for number in others { pbx.send(answer("two", number)) }
    try await line.fence()
    #expect(pbx.waiting.isEmpty, "\(pbx.waiting)")
    line.send(.hangUp(id: 50, call: nil))
    let one = ScriptedDialog(pbx, invited: invite, tag: "one")
    let bye = try await pbx.next("BYE")
    #expect(ScriptedDialog.value("to", bye) == one.local)
    #expect(ScriptedDialog.number(bye) > ours && ScriptedDialog.number(bye) < ours + 100)
    pbx.send(one.answer(bye, "200 OK"))
    for number in others { pbx.send(answer("late", number)) }
    try await line.fence()
    #expect(pbx.waiting.isEmpty, "\(pbx.waiting)")
    // One with the right number, from another telephone, is hung up by that number and not by its own.
    pbx.send(answer("three", ours))
    let last = try await pbx.next("BYE")
    #expect(ScriptedDialog.number(last) == ours + 1)
    pbx.send(one.answer(last, "200 OK"))
    #expect(try await line.quit() == 0)
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
