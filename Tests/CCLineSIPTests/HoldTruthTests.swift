// Hold is what both sides know, however late, however often, and whatever the far end says to it.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct HoldTruthTests {
  private func answer(_ line: String) -> String {
    HostileMessages.sound + "a=\(line)\r\n"
  }

  /// Lets the line ask for a hold, or a resume, that nobody answers until it is given up; the request.
  private func giveUp(
    _ on: Bool, _ dialog: ScriptedDialog, _ line: LineUnderTest
  ) async throws -> String {
    async let result = line.ask { .hold(id: $0, call: dialog.id, on: on) }
    let request = try await dialog.pbx.next("INVITE")
    #expect(try await result == "no answer from the far end")
    return request
  }

  private func hold(_ dialog: ScriptedDialog, _ line: LineUnderTest) async throws {
    async let result = line.ask { .hold(id: $0, call: dialog.id, on: true) }
    let request = try await dialog.pbx.next("INVITE")
    #expect(request.contains("a=sendonly"))
    dialog.pbx.send(dialog.answer(request, "200 OK", body: answer("recvonly")))
    try await dialog.pbx.next("ACK")
    #expect(try await result == nil)
    #expect(try await line.state(dialog.id).held == true)
  }

  @Test("a hold that is agreed to late is one", arguments: ScriptedPBX.transports)
  func aLateHold(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    let request = try await giveUp(true, dialog, line)
    pbx.send(dialog.answer(request, "200 OK", body: answer("recvonly")))
    try await pbx.next("ACK")
    #expect(try await line.state(dialog.id).held == true)
    pbx.forget()
    // So a resume is a change, and is sent.
    async let resumed = line.ask { .hold(id: $0, call: dialog.id, on: false) }
    let back = try await pbx.next("INVITE")
    #expect(back.contains("a=sendrecv"))
    pbx.send(dialog.answer(back, "200 OK", body: HostileMessages.sound))
    #expect(try await resumed == nil)
    #expect(try await line.state(dialog.id).held == false)
    line.send(.hangUp(id: 60, call: dialog.id))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    #expect(try await line.ends())
  }

  /// The agent was told that it is still on hold, and may be talking of other things: it goes back on hold.
  @Test("a resume that is agreed to late is undone", arguments: ScriptedPBX.transports)
  func aLateResume(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    try await hold(dialog, line)
    let request = try await giveUp(false, dialog, line)
    pbx.send(dialog.answer(request, "200 OK", body: HostileMessages.sound))
    let undone = try await pbx.next("the undoing") {
      $0.hasPrefix("INVITE ") && ScriptedDialog.number($0) > ScriptedDialog.number(request)
    }
    #expect(undone.contains("a=sendonly"))
    pbx.send(dialog.answer(undone, "200 OK", body: answer("recvonly")))
    try await line.fence()
    let told = line.seen.compactMap { event -> Bool? in
      if case .callState(_, let held, _) = event { held } else { nil }
    }
    #expect(told == [true])
    line.send(.hangUp(id: 60, call: dialog.id))
    #expect(try await line.ends())
  }

  /// Given up, and then refused: nothing has changed, and a new hold is not taken for the old one.
  @Test(
    "a late refusal, and its repetitions, refuse nothing new", arguments: ScriptedPBX.transports)
  func aLateRefusal(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport)
    let dialog = try await pbx.takesCall(line)
    let first = try await giveUp(true, dialog, line)
    let refusal = dialog.answer(first, "488 Not Acceptable Here")
    pbx.send(refusal)
    try await pbx.next("ACK")
    async let result = line.ask { .hold(id: $0, call: dialog.id, on: true) }
    let second = try await pbx.next("the second hold") {
      $0.hasPrefix("INVITE ") && ScriptedDialog.number($0) > ScriptedDialog.number(first)
    }
    for _ in 1...3 { pbx.send(refusal) }
    pbx.send(dialog.answer(second, "200 OK", body: answer("recvonly")))
    #expect(try await result == nil)
    line.send(.hangUp(id: 60, call: dialog.id))
    #expect(try await line.ends())
  }

  /// A server that is busy, or both at once: it is tried again while it is waited for, and never after.
  @Test("what was given up is not tried again", arguments: ["500 Busy", "491 Request Pending"])
  func triedAgain(_ status: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine("tcp")
    let dialog = try await pbx.takesCall(line)
    let isPending = status.hasPrefix("491")
    async let result = line.ask { .hold(id: $0, call: dialog.id, on: true) }
    let first = try await pbx.next("INVITE")
    pbx.send(dialog.answer(first, status, isPending ? [] : ["Retry-After: 1"]))
    let again = try await pbx.next("INVITE")
    #expect(ScriptedDialog.number(again) > ScriptedDialog.number(first))
    // Now for longer than anybody waits.
    pbx.send(dialog.answer(again, "500 Busy", ["Retry-After: 60"]))
    #expect(try await result == "no answer from the far end")
    pbx.forget()
    for _ in 1...5 { try await line.fence() }
    #expect(pbx.waiting.isEmpty)
    #expect(try await line.ask { .hold(id: $0, call: dialog.id, on: false) } == nil)
    line.send(.hangUp(id: 60, call: dialog.id))
    #expect(try await line.ends())
  }

  /// The far end's own change while ours waits, with credentials or without.
  @Test(
    "while ours is under way theirs is told to wait", arguments: ScriptedPBX.transports,
    [false, true])
  func bothAtOnce(_ transport: String, _ isChallenged: Bool) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(transport, [("realm", "cc.test")])
    var dialog = try await pbx.takesCall(line)
    let id = dialog.id
    async let result = line.ask { .hold(id: $0, call: id, on: true) }
    var request = try await pbx.next("INVITE")
    if isChallenged {
      pbx.send(
        dialog.answer(
          request, "407 Proxy Authentication Required",
          ["Proxy-Authenticate: Digest realm=\"cc.test\", nonce=\"1\", qop=\"auth\""]))
      try await pbx.next("ACK")
      request = try await pbx.next("INVITE")
    }
    let theirs = dialog.request("INVITE", body: HostileMessages.sound)
    pbx.send(theirs)
    let refusal = try await pbx.answer(to: "INVITE")
    #expect(refusal.hasPrefix("SIP/2.0 491 "))
    pbx.send(dialog.request("ACK", number: 101))
    pbx.send(dialog.answer(request, "200 OK", body: answer("recvonly")))
    let number = ScriptedDialog.number(request)
    let ack = try await pbx.next("our ACK") {
      $0.hasPrefix("ACK ") && ScriptedDialog.number($0) == number
    }
    #expect(ack.contains("Proxy-Authorization:") == isChallenged)
    #expect(try await result == nil)
    // Ours again, as where the ACK was lost; and theirs again, which is taken now.
    pbx.send(dialog.answer(request, "200 OK", body: answer("recvonly")))
    try await pbx.next("ACK")
    pbx.send(dialog.request("INVITE", body: HostileMessages.sound))
    try await pbx.answer(200, to: "INVITE")
    pbx.send(dialog.request("ACK", number: 102))
    line.send(.hangUp(id: 60, call: dialog.id))
    #expect(try await line.ends())
  }

  // MARK: Two calls

  /// A tone for a microphone, and an ear for each of two customers.
  private struct Ears {
    let line: LineUnderTest
    let pbx: ScriptedPBX
    let ears: [BareSocket]
    var dialogs: [ScriptedDialog] = []

    /// Whether anything but silence came to a customer among so many packets.
    func speaks(to place: Int, packets: Int = 15) async throws -> Bool {
      while ears[place].receivedBytes != nil {}
      var loud = 0
      var count = 0
      try await eventually("packets for \(place)", within: 20) {
        while let bytes = ears[place].receivedBytes, count < packets {
          guard bytes.count > 100, bytes[0] == 0x80 else { continue }
          count += 1
          // Silence of mu-law is 0xFF, or 0x7F.
          if bytes[12...].contains(where: { $0 & 0x7F != 0x7F }) { loud += 1 }
        }
        return count >= packets
      }
      return loud > packets / 2
    }
  }

  private func sound(_ port: UInt16) -> String {
    "v=0\r\no=far 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
      + "m=audio \(port) RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
  }

  /// The first customer's side refuses the hold, or says nothing to it; the second call is taken all the same.
  @Test("who is not talked to hears silence", arguments: ["udp", "tcp", "tls"], [false, true])
  func oneIsTalkedTo(_ transport: String, _ refuses: Bool) async throws {
    let server = try await SoundServer(sinks: ["mouth", "ear"])
    let voice = try server.speak(
      Tone(hertz: 440).samples(seconds: 60), rate: 8000, into: "mouth")
    let pbx = try await ScriptedPBX(transport)
    let line = try LineUnderTest(environment: ["PULSE_SERVER=\(server.address)"])
    try await pbx.signIn(
      line,
      [
        ("audio", "pulse"), ("microphone", "mouth.monitor"), ("loudspeaker", "ear"),
        ("codecs", "pcmu"), ("callWaiting", true), ("srtp", "off"),
      ])
    var ears = Ears(line: line, pbx: pbx, ears: [try BareSocket(), try BareSocket()])
    ears.dialogs.append(try await pbx.takesCall(line, body: sound(ears.ears[0].port)))
    try await eventually(
      "the first hears her", within: 20, asking: { try await ears.speaks(to: 0) })
    // The second calls, and is taken.
    let invite = ScriptedDialog.invite(pbx, body: sound(ears.ears[1].port))
    pbx.send(invite)
    let second = try await line.call(.ringing).call
    #expect(try await line.ask { .answer(id: $0, call: second) } == nil)
    let taken = try await pbx.answer(200, to: "INVITE")
    var dialog = ScriptedDialog(pbx, called: invite, answered: taken)
    pbx.send(dialog.request("ACK", number: 1))
    let request = try await pbx.next("the hold of the first") {
      $0.hasPrefix("INVITE ") && $0.contains("a=sendonly")
    }
    if refuses {
      pbx.send(ears.dialogs[0].answer(request, "488 Not Acceptable Here"))
      try await line.log("it hears silence while you talk here")
    }
    try await eventually(
      "the second hears her", within: 20, asking: { try await ears.speaks(to: 1) })
    #expect(try await !ears.speaks(to: 0))
    if !refuses { try await line.log("it hears silence while you talk here") }
    #expect(try await !ears.speaks(to: 0))
    // She turns to the first, and back.
    let first = ears.dialogs[0].id
    #expect(try await line.ask { .hold(id: $0, call: first, on: false) } == nil)
    try await eventually("the first again", within: 20, asking: { try await ears.speaks(to: 0) })
    #expect(try await !ears.speaks(to: 1))
    #expect(try await line.ask { .hold(id: $0, call: second, on: false) } == nil)
    try await eventually("the second again", within: 20, asking: { try await ears.speaks(to: 1) })
    #expect(try await !ears.speaks(to: 0))
    // The second goes: she is with the first.
    pbx.send(dialog.request("BYE"))
    try await line.call(.ended)
    try await eventually("the first at last", within: 20, asking: { try await ears.speaks(to: 0) })
    line.send(.hangUp(id: 60, call: first))
    #expect(try await line.ends())
    await voice.stop()
    await server.stop()
  }
}
