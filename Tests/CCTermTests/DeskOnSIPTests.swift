// The whole way: the desk, its SIP line, kamailio, and a far end that writes down what it got.

import CCTestSupport
import Foundation
import Testing

@Suite struct DeskOnSIPTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Rings, is answered, waits for the desk's BYE.
  static let answered: [Sipp.Step] = [
    .receive("INVITE"), .answer(180, "Ringing"), .pause(milliseconds: 300),
    .answer(200, "OK", sound: .own), .receive("ACK"), .receive("BYE"), .answer(200, "OK"),
  ]

  private func configure(_ kamailio: Kamailio, password: String = "secret") throws {
    try sandbox.write(
      "config/ccterm/config.yaml",
      """
      line: sip
      sip:
        registrar: "127.0.0.1:\(kamailio.port)"
        account: "1001@cc.test"
        password: \(password)
        infoHeader: X-CC-Info
        audio: none

      """)
  }

  @Test func aCallOnTheScreen() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.answered)
    try configure(kamailio)
    let pty = try Pty([Products.path("ccterm")], environment: sandbox.environment)
    #expect(pty.wait(for: "IDLE"))
    for key in "7\(far.port)".map(String.init) + ["\t"] + "Zoë 陈小明".map(String.init) {
      let before = pty.screen
      pty.type(key)
      _ = pty.wait(seconds: 2) { pty.screen != before }
    }
    #expect(pty.wait(for: "sends 7\(far.port)"))
    #expect(pty.screen.contains("Info, sent as X-CC-Info"))
    _ = pty.wait(seconds: 0.1) { false }  // an Enter at once would be part of a paste
    pty.type("\r")
    #expect(pty.wait(for: "► RINGING"))
    #expect(pty.wait(for: "● TALKING"))
    #expect(pty.wait(for: "00:00:01"))
    #expect(pty.screen.contains("sent: Zoë 陈小明"))
    pty.type("\u{1B}[19~")  // F8
    #expect(pty.wait(for: "ENDED, answered"))
    #expect(await far.finished() == 0)
    #expect(far.messages.contains("INVITE sip:7\(far.port)@"))
    #expect(far.messages.contains("X-CC-Info: Zoë 陈小明"))
    pty.send(SIGTERM)
    #expect(pty.end() == .exited(0))
  }

  @Test func theSameByJSONAndThenBusy() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.answered)
    let busy = try await Sipp([
      .receive("INVITE"), .answer(486, "Busy Here"), .receive("ACK"),
    ])
    try configure(kamailio)
    let run = try Running(["--json"], in: sandbox)
    #expect(run.wait(for: ["type": "link", "state": "up", "account": "1001@cc.test"]))
    run.send(#"{"command":"dial","phone":"7\#(far.port)","info":"Zoë"}"#)
    for phase in ["calling", "ringing", "talking"] {
      #expect(run.wait(for: ["type": "call", "phase": phase, "number": "7\(far.port)"]))
    }
    run.send(#"{"command":"hangUp"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "ended"]))
    #expect(run.has(["type": "dial", "outcome": "answered"]))
    #expect(await far.finished() == 0)
    run.send(#"{"command":"dial","phone":"7\#(busy.port)"}"#)
    #expect(run.wait(for: ["type": "dial", "outcome": "rejected"]))
    #expect(run.has(["type": "call", "phase": "notEstablished", "reason": "busy here"]))
    run.closeInput()
    #expect(run.end().code == 0)
    #expect(!run.lines.contains { $0.contains("secret") })
  }

  @Test func theSameInWords() async throws {
    let kamailio = try await Kamailio()
    let far = try await Sipp(Self.answered)
    try configure(kamailio)
    let run = try Running(["--plain"], in: sandbox)
    #expect(run.wait { run.lines.contains { $0.contains("Link up, clear.") } })
    run.send("info Zoë")
    run.send("dial 7\(far.port)")
    #expect(run.wait { run.lines.contains("talking.") })
    run.send("hang up")
    #expect(run.wait { run.lines.contains { $0.hasPrefix("ended, ") } })
    #expect(run.lines.contains("ringing."))
    #expect(await far.finished() == 0)
    #expect(far.messages.contains("X-CC-Info: Zoë"))
    run.closeInput()
    #expect(run.end().code == 0)
  }

  @Test func aWrongPasswordIsTriedOnceAndAgainByHand() async throws {
    let kamailio = try await Kamailio()
    try configure(kamailio, password: "wrong")
    let run = try Running(["--json"], in: sandbox)
    #expect(run.wait(for: ["type": "link", "state": "down"]))
    // The first REGISTER is challenged, the second answers wrongly; no third follows by itself.
    #expect(run.wait { kamailio.seen("REGISTER").count == 2 })
    try configure(kamailio)
    run.send(#"{"command":"tryNow"}"#)
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.closeInput()
    #expect(run.end().code == 0)
  }
}
