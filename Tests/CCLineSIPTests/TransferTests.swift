// Handing calls on: blind, after asking, and being handed on.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSIP

@Suite struct TransferTests {
  private static func notify(_ number: Int, _ line: String, ends: Bool) -> [Sipp.Step] {
    [
      .request(
        "NOTIFY", number,
        [
          "Event: refer", "Contact: <sip:far@[local_ip]:[local_port]>",
          "Subscription-State: \(ends ? "terminated;reason=noresource" : "active;expires=60")",
        ], type: "message/sipfrag", body: [line]),
      // After the last a BYE may come before it, on another connection.
      ends ? .mayReceiveResponse(200) : .receiveResponse(200),
    ]
  }

  private static let start: [Sipp.Step] = [
    .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"), .receive("REFER"),
  ]

  @Test func blind() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(
      Self.start + [.reply(202, "Accepted")] + Self.notify(1, "SIP/2.0 100 Trying", ends: false)
        + Self.notify(2, "SIP/2.0 180 Ringing", ends: false)
        + Self.notify(3, "SIP/2.0 200 OK", ends: true) + [.receive("BYE"), .reply(200, "OK")])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await line.talk(to: far)
    line.send(.transfer(id: 50, call: id, to: "5550100", consult: false))
    _ = try await line.transfer(.trying)
    _ = try await line.transfer(.done)
    #expect(try await line.call(.ended).call == id)
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
    #expect(far.messages.contains("Refer-To: <sip:5550100@cc.test>"))
    #expect(far.messages.contains("Referred-By: <sip:1001@cc.test>"))
  }

  @Test func theFarEndWillNot() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(
      Self.start + [.reply(603, "Decline"), .receive("BYE"), .reply(200, "OK")])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await line.talk(to: far)
    line.send(.transfer(id: 50, call: id, to: "5550100", consult: false))
    #expect(try await line.transfer(.failed) == "the far end refuses: declined (603)")
    // The call is still ours.
    line.send(.hangUp(id: 51, call: id))
    #expect(try await line.call(.ended).call == id)
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }

  @Test func theTargetIsBusy() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(
      Self.start + [.reply(202, "Accepted")]
        + Self.notify(1, "SIP/2.0 486 Busy Here", ends: true)
        // It is asked whether it still knows the call, and does.
        + [
          .receive("INVITE"), .reply(200, "OK", sound: .own),
          // The proxy's processes overtake each other: this may be the answer to the NOTIFY.
          .mayReceiveResponse(200), .receive("ACK"), .receive("BYE"), .reply(200, "OK"),
        ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await line.talk(to: far)
    line.send(.transfer(id: 50, call: id, to: "5550100", consult: false))
    #expect(try await line.transfer(.failed) == "busy here")
    try await eventually("the ACK") {
      far.messages.components(separatedBy: "ACK sip:").count > 2
    }
    line.send(.hangUp(id: 51, call: id))
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
  }

  @Test func aFarEndThatJustHangsUpHasTakenIt() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(
      Self.start + [.reply(202, "Accepted"), .pause(milliseconds: 50), .bye, .receiveResponse(200)])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await line.talk(to: far)
    line.send(.transfer(id: 50, call: id, to: "5550100", consult: false))
    _ = try await line.transfer(.done)
    #expect(try await line.call(.ended).call == id)
    // libre takes back what a REFER subscribed to, also after the BYE; sipp does not wait for that.
    await far.stop()
  }

  @Test(arguments: ["REFER", "SUBSCRIBE", "NOTIFY", "MESSAGE"])
  func whatAFarEndMayNotAsk(_ method: String) async throws {
    let kamailio = try await Kamailio()
    let code = method == "NOTIFY" ? 489 : 405
    let far = try await Sipp([
      .receive("INVITE"), .answer(200, "OK", sound: .own), .receive("ACK"),
      .request(
        method, 1,
        ["Refer-To: <sip:0900123456@cc.test>", "Contact: <sip:far@[local_ip]:[local_port]>"]),
      .receiveResponse(code), .receive("BYE"), .reply(200, "OK"),
    ])
    let line = try LineUnderTest()
    try await line.signIn(kamailio)
    let id = try await line.talk(to: far)
    try await eventually("the refusal") { far.messages.contains("SIP/2.0 \(code)") }
    line.send(.hangUp(id: 51, call: id))
    #expect(try await line.call(.ended).call == id)
    #expect(await far.finished() == 0, "\(far.complaint.suffix(600))")
    #expect(try await line.quit() == 0)
    #expect(kamailio.seen("INVITE").count == 2)
  }

  /// Ana talks to Ben, asks Cleo, and leaves the two to each other.
  @Test(arguments: ["tcp", "udp"])
  func threeDesks(_ transport: String) async throws {
    let kamailio = try await Kamailio()
    let (ana, ben, cleo) = try (LineUnderTest(), LineUnderTest(), LineUnderTest())
    try await ana.signIn(kamailio, transport: transport)
    for (line, user) in [(ben, "1002"), (cleo, "1003")] {
      try await line.signIn(
        kamailio, transport: transport,
        [("account", .string("\(user)@cc.test")), ("followTransfers", true)])
    }
    ana.dial("1002")
    let atBen = try await ben.call(.ringing)
    #expect(atBen.number == "1001")
    #expect(try await ben.ask { .answer(id: $0, call: atBen.call) } == nil)
    let first = try await ana.call(.talking).call
    #expect(
      try await ana.ask { .transfer(id: $0, call: first, to: "1003", consult: true) } == nil)
    try await ben.log("holds the call")
    let atCleo = try await cleo.call(.ringing).call
    #expect(try await cleo.ask { .answer(id: $0, call: atCleo) } == nil)
    let second = try await ana.call(.talking).call
    #expect(second != first)
    #expect(try await ana.ask { .join(id: $0, call: first, with: second) } == nil)
    _ = try await ana.transfer(.done)
    // Ana is out of it; Ben and Cleo talk, each by a new call in the place of the old one.
    let between = try await ben.call(.talking)
    #expect(between.call != atBen.call && between.number == "1003")
    let taken = try await cleo.call(.talking)
    #expect(taken.call != atCleo && taken.number == "1002")
    try await eventually("old calls are over") {
      [(ana, first), (ana, second), (ben, atBen.call), (cleo, atCleo)].allSatisfy { line, id in
        line.seen.contains {
          if case .call(let report) = $0 {
            report.call == id && report.status == .ended
          } else {
            false
          }
        }
      }
    }
    #expect(try await ben.ask { .hangUp(id: $0, call: between.call) } == nil)
    try await cleo.call(.ended)
  }

  /// Whom a far end names is called as if the agent had typed the number: the plan is asked once.
  @Test(arguments: ["udp", "tcp", "tls"])
  func whomAFarEndNamesPassesThePlanOnce(_ transport: String) async throws {
    let (line, pbx) = try await ScriptedPBX.withLine(
      transport, [("followTransfers", true), ("dialPlan", "X. -> 9")])
    var dialog = try await pbx.takesCall(line)
    pbx.send(dialog.request("REFER", ["Refer-To: <sip:200@cc.test>"]))
    let accepted = try await pbx.answer(202, to: "REFER")
    #expect(ScriptedDialog.value("contact", accepted).hasPrefix("<sip:1001@"))
    let notice = try await pbx.next("NOTIFY")
    #expect(ScriptedDialog.value("contact", notice).hasPrefix("<sip:1001@"))
    pbx.send(dialog.answer(notice, "200 OK"))
    let hold = try await pbx.next("a hold") { $0.hasPrefix("INVITE ") }
    pbx.send(dialog.answer(hold, "200 OK", body: HostileMessages.sound))
    let invite = try await pbx.next("INVITE")
    #expect(invite.hasPrefix("INVITE sip:9200@cc.test "), "\(invite.prefix(60))")
    pbx.send(ScriptedDialog(pbx, invited: invite, tag: "no").answer(invite, "486 Busy Here"))
    try await line.call(.notEstablished)
    #expect(try await line.ends())
  }

  @Test func askingAndComingBack() async throws {
    let kamailio = try await Kamailio()
    let (ana, ben, cleo) = try (LineUnderTest(), LineUnderTest(), LineUnderTest())
    try await ana.signIn(kamailio)
    try await ben.signIn(kamailio, [("account", "1002@cc.test")])
    try await cleo.signIn(kamailio, [("account", "1003@cc.test")])
    ana.dial("1002")
    let atBen = try await ben.call(.ringing).call
    ben.send(.answer(id: 50, call: atBen))
    let first = try await ana.call(.talking).call
    #expect(
      try await ana.ask { .transfer(id: $0, call: first, to: "1003", consult: true) } == nil)
    let atCleo = try await cleo.call(.ringing).call
    cleo.send(.reject(id: 50, call: atCleo))
    #expect(try await ana.call(.notEstablished).reason?.code == 486)
    #expect(try await ana.ask { .hold(id: $0, call: first, on: false) } == nil)
    try await ben.log("is back")
    // Ben's line follows no transfers: he is asked, refuses, and the call goes on.
    ana.send(.transfer(id: 51, call: first, to: "1003", consult: false))
    let why = try await ana.transfer(.failed)
    #expect(why.string.contains("refuses"))
    #expect(try await ana.ask { .hangUp(id: $0, call: first) } == nil)
    try await ben.call(.ended)
  }
}
