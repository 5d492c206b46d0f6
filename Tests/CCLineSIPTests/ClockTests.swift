// A clock that is set, and a machine that slept: neither ends a line, nor a call.

import CCCore
import CCJSON
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct ClockTests {
  /// How far the time of day is set, in seconds.
  static let jumps: [Int64] = [-3600, -10, 61, 86_400]

  private func begin(
    _ transport: String = "udp", _ more: [(String, JSONValue)] = []
  ) async throws -> (LineUnderTest, ScriptedPBX, MovedClock) {
    let clock = try MovedClock()
    let pbx = try await ScriptedPBX(transport)
    let line = try LineUnderTest(environment: clock.environment)
    try await pbx.signIn(line, more)
    return (line, pbx, clock)
  }

  /// Whether anything was told of a call since a moment.
  private func reports(_ line: LineUnderTest) -> [CallReport.Status] {
    line.seen.compactMap { if case .call(let report) = $0 { report.status } else { nil } }
  }

  @Test func libresClockIsOurs() {
    let before = uptime()
    #expect((before...before + 10_000).contains(Int64(Timer.now)))
    #expect(Timer.since(Timer.now + 60_000) == 0)
    #expect((1_000..<60_000).contains(Timer.since(Timer.now - 1_000)))
  }

  private func uptime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  @Test("a registered line goes on asking whether the registrar is there", arguments: jumps)
  func registered(_ jump: Int64) async throws {
    let (line, pbx, clock) = try await begin("udp", [("keepaliveSeconds", 1)])
    let asked = Mutexed(0)
    pbx.welcome = { request in
      if request.hasPrefix("OPTIONS ") { asked.with { $0 += 1 } }
      return nil
    }
    try clock.set(by: jump)
    // A stranger's word, twice: of the second the age of the first is asked.
    let stranger = try BareSocket(host: 2)
    for _ in 1...2 {
      var invite = HostileMessages.Invite(SIPText.mark())
      invite.set("Contact", "<sip:far@127.0.0.2:\(stranger.port)>")
      stranger.send(invite.text, to: try #require(pbx.peerPort))
    }
    try await line.fence()
    let before = asked.with { $0 }
    try await eventually("two more questions") { asked.with { $0 } >= before + 2 }
    #expect(reports(line).isEmpty)
    #expect(try await line.quit() == 0)
  }

  @Test("a call that rings there is answered", arguments: jumps)
  func ringsThere(_ jump: Int64) async throws {
    let (line, pbx, clock) = try await begin()
    line.dial("123")
    let invite = try await pbx.next("INVITE")
    var dialog = ScriptedDialog(pbx, invited: invite)
    pbx.send(dialog.answer(invite, "180 Ringing"))
    try await line.call(.ringing)
    try clock.set(by: jump)
    try await line.fence()
    try await line.fence()
    #expect(reports(line) == [.calling, .ringing])
    pbx.send(dialog.answer(invite, "200 OK", body: HostileMessages.sound))
    try await pbx.next("ACK")
    try await line.call(.talking)
    pbx.send(dialog.request("BYE"))
    try await line.call(.ended)
    #expect(try await line.quit() == 0)
  }

  @Test("a call that rings here is taken", arguments: jumps)
  func ringsHere(_ jump: Int64) async throws {
    let (line, pbx, clock) = try await begin()
    let invite = ScriptedDialog.invite(pbx)
    pbx.send(invite)
    let id = try await line.call(.ringing).call
    try clock.set(by: jump)
    try await line.fence()
    #expect(reports(line) == [.ringing])
    #expect(try await line.ask { .answer(id: $0, call: id) } == nil)
    let answer = try await pbx.answer(200, to: "INVITE")
    var dialog = ScriptedDialog(pbx, called: invite, answered: answer)
    pbx.send(dialog.request("ACK", number: 1))
    pbx.send(dialog.request("BYE"))
    try await line.call(.ended)
    #expect(try await line.quit() == 0)
  }

  @Test("a call that talks, or is held, goes on", arguments: jumps, [false, true])
  func talks(_ jump: Int64, _ isHeld: Bool) async throws {
    let (line, pbx, clock) = try await begin()
    let dialog = try await pbx.takesCall(line)
    if isHeld {
      line.send(.hold(id: 50, call: dialog.id, on: true))
      let change = try await pbx.next("INVITE")
      pbx.send(dialog.answer(change, "200 OK", body: HostileMessages.sound))
      #expect(try await line.state(dialog.id).held == true)
    } else {
      // While it waits for the answer.
      line.send(.hold(id: 50, call: dialog.id, on: true))
      let change = try await pbx.next("INVITE")
      try clock.set(by: jump)
      try await line.fence()
      try await line.fence()
      pbx.send(dialog.answer(change, "200 OK", body: HostileMessages.sound))
      #expect(try await line.state(dialog.id).held == true)
    }
    try clock.set(by: jump)
    try await line.fence()
    try await line.fence()
    #expect(reports(line) == [.calling, .talking])
    line.send(.hangUp(id: 51, call: dialog.id))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    #expect(try await line.quit() == 0)
  }

  @Test("a transfer that is under way is told to its end", arguments: jumps)
  func hands(_ jump: Int64) async throws {
    let (line, pbx, clock) = try await begin()
    var dialog = try await pbx.takesCall(line)
    line.send(.transfer(id: 50, call: dialog.id, to: "5550100", consult: false))
    pbx.send(dialog.answer(try await pbx.next("REFER"), "202 Accepted"))
    _ = try await line.transfer(.trying)
    try clock.set(by: jump)
    try await line.fence()
    try await line.fence()
    pbx.send(
      dialog.request(
        "NOTIFY",
        [
          "Event: refer", "Subscription-State: terminated;reason=noresource",
          "Content-Type: message/sipfrag",
        ], body: "SIP/2.0 200 OK\r\n"))
    _ = try await line.transfer(.done)
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    #expect(try await line.quit() == 0)
  }

  @Test("where there is no device, the next call is one all the same", arguments: jumps)
  func noDevice(_ jump: Int64) async throws {
    let clock = try MovedClock()
    let pbx = try await ScriptedPBX()
    let line = try LineUnderTest(
      environment: [
        "-u", "PULSE_SERVER", "XDG_RUNTIME_DIR=/nonexistent", "HOME=/nonexistent",
        "PULSE_RUNTIME_PATH=/nonexistent", "ALSA_CONFIG_PATH=/dev/null",
      ] + clock.environment)
    try await pbx.signIn(line, [("audio", "auto")])
    try await line.log("calls are silent")
    try clock.set(by: jump)
    let dialog = try await pbx.takesCall(line)
    line.send(.hangUp(id: 51, call: dialog.id))
    pbx.send(dialog.answer(try await pbx.next("BYE"), "200 OK"))
    // And refused ones, each of which asks for the age of the last.
    line.send(.setSeat(id: 52, status: 5))
    for _ in 1...8 { pbx.send(ScriptedDialog.invite(pbx)) }
    try await line.fence()
    #expect(try await line.ends())
  }

  /// A laptop that was shut: what was due while it slept is due.
  @Test func aSleepCounts() async throws {
    let (line, pbx, clock) = try await begin("tcp")
    let refreshed = Mutexed(0)
    pbx.welcome = { request in
      if request.hasPrefix("REGISTER ") { refreshed.with { $0 += 1 } }
      return nil
    }
    try clock.sleep(for: 3600)
    try await line.fence()
    try await eventually("the refresh") { refreshed.with { $0 } > 0 }
    #expect(try await line.quit() == 0)
  }
}
