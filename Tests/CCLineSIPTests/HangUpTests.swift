// A hang-up is done when it is answered.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct HangUpTests {
  /// Answers every BYE with 200, and says how many there were, until none comes any more.
  private func answerByes(_ dialog: ScriptedDialog, _ line: LineUnderTest) async throws {
    let pbx = dialog.pbx
    pbx.send(dialog.answer(try await pbx.next("BYE", within: 20), "200 OK"))
  }

  @Test(
    "nobody waits long for a line that leaves, whoever answers it",
    arguments: ScriptedPBX.transports)
  func itLeavesSoon(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    _ = try await pbx.takesCall(line)
    pbx.isMute = true
    let began = Timer.now
    #expect(try await line.ends())
    #expect(Timer.since(began, at: Timer.now) < 3_000)
  }

  @Test("a way that breaks takes no hang-up along", arguments: ScriptedPBX.transports)
  func theWayBreaks(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    pbx.shut()
    line.send(.hangUp(id: 50, call: dialog.id))
    try await line.call(.ended)
    // Long enough that libre has given up what it could not send.
    try await line.fence()
    try await pbx.open()
    try await answerByes(dialog, line)
    // Answered, it is not said again, and not left to the next line.
    try await line.fence()
    for bye in pbx.waiting where bye.hasPrefix("BYE ") { pbx.send(dialog.answer(bye, "200 OK")) }
    let exit = try await line.quit()
    #expect(exit == 0)
  }

  @Test("a hang-up that is lost is said again", arguments: ScriptedPBX.transports)
  func theHangUpIsLost(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    pbx.isMute = true
    line.send(.hangUp(id: 50, call: dialog.id))
    try await line.call(.ended)
    try await line.fence()
    pbx.isMute = false
    try await answerByes(dialog, line)
    try await line.fence()
    for bye in pbx.waiting where bye.hasPrefix("BYE ") { pbx.send(dialog.answer(bye, "200 OK")) }
    let exit = try await line.quit()
    #expect(exit == 0)
  }

  /// A proxy that cannot reach the far end says so: that is no end.
  @Test(
    "an answer of somebody on the way is none of the far end's", arguments: ScriptedPBX.transports,
    [408, 503])
  func somebodyOnTheWay(_ transport: String, _ code: Int) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    line.send(.hangUp(id: 50, call: dialog.id))
    let first = try await pbx.next("BYE")
    pbx.send(dialog.answer(first, "\(code) Not There"))
    let second = try await pbx.next("another BYE", within: 20) {
      $0.hasPrefix("BYE ") && ScriptedDialog.number($0) > ScriptedDialog.number(first)
    }
    pbx.send(dialog.answer(second, "481 Gone"))
    try await line.fence()
    let exit = try await line.quit()
    #expect(exit == 0)
  }

  @Test(
    "a call that is taken back stays taken back", arguments: ScriptedPBX.transports, [false, true])
  func takenBack(_ transport: String, _ breaks: Bool) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    let dialog = ScriptedDialog(pbx, invited: invite)
    pbx.send(dialog.answer(invite, "180 Ringing"))
    try await line.call(.ringing)
    if breaks { pbx.shut() } else { pbx.isMute = true }
    line.send(.hangUp(id: 50, call: nil))
    try await line.call(.notEstablished)
    try await line.fence()
    if breaks { try await pbx.open() } else { pbx.isMute = false }
    let cancel = try await pbx.next("CANCEL", within: 20)
    #expect(ScriptedDialog.number(cancel) == ScriptedDialog.number(invite))
    #expect(SIPText.header(["via"], in: cancel) == SIPText.header(["via"], in: invite))
    pbx.send(dialog.answer(cancel, "200 OK"))
    pbx.send(dialog.answer(invite, "487 Request Terminated"))
    try await pbx.next("ACK")
    try await line.fence()
    let exit = try await line.quit()
    #expect(exit == 0)
  }

  /// It was answered while nobody could be told that it was taken back: the answer is hung up.
  @Test("who answers meanwhile is hung up", arguments: ScriptedPBX.transports)
  func answeredMeanwhile(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    let dialog = ScriptedDialog(pbx, invited: invite)
    pbx.send(dialog.answer(invite, "180 Ringing"))
    try await line.call(.ringing)
    pbx.isMute = true
    line.send(.hangUp(id: 50, call: nil))
    try await line.call(.notEstablished)
    try await line.fence()
    pbx.isMute = false
    pbx.send(dialog.answer(invite, "200 OK", body: HostileMessages.sound))
    try await pbx.next("ACK")
    pbx.send(dialog.answer(try await pbx.next("BYE", within: 20), "200 OK"))
    try await line.fence()
    #expect(try await line.ends())
  }

  @Test(
    "a refusal is repeated until it is acknowledged", arguments: ScriptedPBX.transports,
    ["busy", "decline"])
  func refused(_ transport: String, _ way: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport, [("reject", .string(way))])
    let invite = ScriptedDialog.invite(pbx)
    pbx.send(invite)
    let id = try await line.call(.ringing).call
    pbx.shut()
    line.send(.reject(id: 50, call: id))
    try await line.call(.notEstablished)
    try await line.fence()
    try await pbx.open()
    let code = way == "busy" ? 486 : 603
    let refusal = try await pbx.answer(code, to: "INVITE", within: 20)
    #expect(ScriptedDialog.value("call-id", refusal) == ScriptedDialog.value("call-id", invite))
    pbx.send(
      ScriptedDialog(pbx, called: invite, answered: refusal).acknowledgement(of: invite, refusal))
    try await line.fence()
    let exit = try await line.quit()
    #expect(exit == 0)
  }

  /// The desk ends in a call, and nobody answers: the record stays, and the next line says it.
  @Test(
    "what a line that ends could not say the next one says", arguments: ScriptedPBX.transports,
    [false, true])
  func theLineEnds(_ transport: String, _ breaks: Bool) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    if breaks { pbx.shut() } else { pbx.isMute = true }
    #expect(try await line.quit() == LineExit.unfinished)
    if breaks { try await pbx.open() } else { pbx.isMute = false }
    pbx.forget()
    let next = try LineUnderTest()
    next.register(pbx.configuration(next))
    let bye = try await pbx.next("BYE", within: 20)
    #expect(ScriptedDialog.value("call-id", bye) == dialog.callID)
    pbx.send(dialog.answer(bye, "200 OK"))
    try await next.wait("registered", within: 30) { if case .registered = $0 { true } else { nil } }
    try await next.fence()
    let exit = try await next.quit()
    #expect(exit == 0)
  }

  /// The same for a call that rings there, or here: it is taken back, or refused, by the next line.
  @Test(
    "what rang when a line ended the next one ends", arguments: ScriptedPBX.transports,
    [Direction.out, .in])
  func theLineEndsWhileItRings(_ transport: String, _ direction: Direction) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let invite: String
    if direction == .out {
      line.dial("123")
      invite = try await pbx.next("INVITE")
      pbx.send(ScriptedDialog(pbx, invited: invite).answer(invite, "180 Ringing"))
    } else {
      invite = ScriptedDialog.invite(pbx)
      pbx.send(invite)
    }
    try await line.call(.ringing)
    pbx.isMute = true
    #expect(try await line.quit() == LineExit.unfinished)
    pbx.isMute = false
    pbx.forget()
    let next = try LineUnderTest()
    next.register(pbx.configuration(next))
    let dialog = ScriptedDialog(pbx, invited: invite)
    if direction == .out {
      let cancel = try await pbx.next("CANCEL", within: 20)
      #expect(SIPText.header(["via"], in: cancel) == SIPText.header(["via"], in: invite))
      pbx.send(dialog.answer(cancel, "200 OK"))
      pbx.send(dialog.answer(invite, "487 Request Terminated"))
      try await pbx.next("ACK")
    } else {
      let refusal = try await pbx.answer(to: "INVITE", within: 20)
      #expect(ScriptedDialog.value("call-id", refusal) == ScriptedDialog.value("call-id", invite))
      pbx.send(
        ScriptedDialog(pbx, called: invite, answered: refusal).acknowledgement(of: invite, refusal))
    }
    try await next.wait("registered", within: 30) { if case .registered = $0 { true } else { nil } }
    try await next.fence()
    let exit = try await next.quit()
    #expect(exit == 0)
  }

  /// Answered here, not acknowledged yet, and the line ends: there is no time to wait for the ACK.
  @Test("who has not acknowledged hears the end too", arguments: ScriptedPBX.transports)
  func notAcknowledged(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let invite = ScriptedDialog.invite(pbx)
    pbx.send(invite)
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    let answer = try await pbx.answer(200, to: "INVITE")
    let dialog = ScriptedDialog(pbx, called: invite, answered: answer)
    async let code = line.quit()
    let bye = try await pbx.next("BYE")
    pbx.send(dialog.answer(bye, "200 OK"))
    #expect(try await [0, LineExit.unfinished].contains(code))
  }

  /// In a line that lives on, the ACK is waited for: no BYE comes before it.
  @Test func theAcknowledgementIsWaitedFor() async throws {
    let (line, pbx) = try await ScriptedPBX.withLine("tcp")
    let invite = ScriptedDialog.invite(pbx)
    pbx.send(invite)
    let id = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    let answer = try await pbx.answer(200, to: "INVITE")
    var dialog = ScriptedDialog(pbx, called: invite, answered: answer)
    line.send(.hangUp(id: 50, call: id))
    try await line.call(.ended)
    try await line.fence()
    #expect(!pbx.waiting.contains { $0.hasPrefix("BYE ") })
    pbx.send(dialog.request("ACK", number: 1))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    try await line.fence()
    let exit = try await line.quit()
    #expect(exit == 0)
  }
}
