// Odd messages while a call rings, is being made, talks or is held: what comes next in it is heard.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct OddInCallTests {
  enum Doing: CaseIterable, Sendable { case ringing, calling, tookIt, madeIt, held }

  private static let odd =
    OddMessages.written + HostileMessages.toAnIdleLine.filter { $0.bytes.count < 2_000 }

  /// Sends odd messages, a few at a time, so that none is lost where nothing waits for room.
  private func say(_ pbx: ScriptedPBX, _ messages: [Hostile] = odd) async throws {
    for (index, message) in messages.enumerated() {
      pbx.send(message.bytes)
      if index.isMultiple(of: 10) { try await fence(pbx, index) }
    }
    try await fence(pbx, messages.count)
  }

  /// Whatever was sent before it is done when this is answered.
  private func fence(_ pbx: ScriptedPBX, _ number: Int) async throws {
    pbx.send(
      ScriptedDialog.invite(pbx, "fence\(number)", body: "").replacing("INVITE", with: "OPTIONS"))
    _ = try await pbx.next("an answer to OPTIONS \(number)", within: 20) {
      $0.hasPrefix("SIP/2.0 200 ") && ScriptedDialog.value("call-id", $0) == "fence\(number)"
    }
  }

  @Test(arguments: ScriptedPBX.transports, Doing.allCases)
  func theCallGoesOn(_ transport: String, _ doing: Doing) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    switch doing {
    case .ringing:
      let (dialog, invite) = try await pbx.rings()
      let id = try await line.call(.ringing).call
      try await say(pbx)
      pbx.send(ScriptedDialog.cancel(of: invite))
      _ = try await pbx.next("487", within: 20) {
        $0.hasPrefix("SIP/2.0 487 ") && ScriptedDialog.value("call-id", $0) == dialog.callID
      }
      try await over(id, .notEstablished, line)
    case .calling:
      line.dial("123")
      let invite = try await pbx.next("INVITE")
      let dialog = ScriptedDialog(pbx, invited: invite)
      pbx.send(dialog.answer(invite, "180 Ringing"))
      try await say(pbx)
      pbx.send(dialog.answer(invite, "200 OK", body: HostileMessages.sound))
      try await pbx.next("ACK", within: 20)
    case .tookIt:
      var (dialog, _) = try await pbx.rings()
      let id = try await line.call(.ringing).call
      #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
      try await pbx.answer(200, to: "INVITE")
      pbx.send(dialog.request("ACK", number: 1))
      try await say(pbx)
      let bye = dialog.request("BYE")
      try await hangUp(bye, dialog, id, line)
    case .madeIt:
      var dialog = try await pbx.takesCall(line)
      try await say(pbx)
      let bye = dialog.request("BYE")
      try await hangUp(bye, dialog, dialog.id, line)
    case .held:
      var dialog = try await pbx.takesCall(line)
      let id = dialog.id
      async let held = line.ask { .hold(id: $0, call: id, on: true) }
      let request = try await pbx.next("INVITE")
      // A hold is not waited for for ever: some of them over each transport, all of them over all.
      let place = try #require(ScriptedPBX.transports.firstIndex(of: transport))
      let some = OddMessages.written.enumerated().filter {
        $0.offset % ScriptedPBX.transports.count == place
      }
      try await say(pbx, some.map(\.element))
      pbx.send(
        dialog.answer(request, "200 OK", body: HostileMessages.sound + "a=recvonly\r\n"))
      #expect(try await held == nil)
      try await say(pbx)
      let bye = dialog.request("BYE")
      try await hangUp(bye, dialog, id, line)
    }
    #expect(!line.seen.contains { if case .unregistered = $0 { true } else { false } })
    #expect(try await line.ends())
  }

  private func hangUp(
    _ bye: String, _ dialog: ScriptedDialog, _ id: String?, _ line: LineUnderTest
  ) async throws {
    dialog.pbx.send(bye)
    _ = try await dialog.pbx.next("200 to BYE", within: 20) {
      $0.hasPrefix("SIP/2.0 200 ") && ScriptedDialog.value("call-id", $0) == dialog.callID
        && ScriptedDialog.value("cseq", $0).hasSuffix("BYE")
    }
    try await over(id, .ended, line)
  }

  private func over(
    _ id: String?, _ status: CallReport.Status, _ line: LineUnderTest
  ) async throws {
    try await eventually("\(id ?? "-") is \(status)") {
      line.seen.contains {
        if case .call(let report) = $0 {
          report.call == id && report.status == status
        } else {
          false
        }
      }
    }
  }
}
