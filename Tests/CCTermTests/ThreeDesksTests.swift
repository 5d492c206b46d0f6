// Three whole desks on one kamailio, over TLS with encrypted sound, driven by `--json`.

import CCTestSupport
import Foundation
import Testing

@Suite struct ThreeDesksTests {
  /// A desk of its own, in a home of its own.
  private final class Desk {
    let sandbox: Sandbox
    private(set) var run: Running
    private let arguments = ["desk", "--line", "sip", "--json"]

    init(_ account: String, _ kamailio: Kamailio, _ certificates: Certificates, _ more: String = "")
      throws
    {
      sandbox = try Sandbox()
      try sandbox.signsIn(account, at: kamailio, certificates, "  audio: none\n\(more)")
      run = try Running(arguments, in: sandbox)
    }

    func saw(_ fields: [String: String], _ line: Int = #line) -> Bool {
      if run.wait(seconds: 15, for: fields) { return true }
      Issue.record(
        "line \(line), waited for \(fields); it said:\n\(run.lines.suffix(12).joined(separator: "\n"))"
      )
      return false
    }
    func does(_ command: String) { run.send(command) }
    func leaves() -> Int32? {
      run.closeInput()
      return run.end().code
    }

    /// The process of its line program.
    var line: Int32? {
      let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return entries.compactMap { Int32($0) }.first { pid in
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
          text.contains("(ccterm-line-sip)"), let end = text.lastIndex(of: ")")
        else { return false }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 2 && Int32(fields[1]) == run.pid && fields[0] != "Z"
      }
    }
  }

  private func house() async throws -> (Kamailio, Certificates) {
    let certificates = try await Certificates()
    var setup = Kamailio.Setup()
    setup.certificate = try await certificates.make("pbx", for: "IP:127.0.0.1")
    return (try await Kamailio(setup), certificates)
  }

  @Test func anAgentsCall() async throws {
    let (kamailio, certificates) = try await house()
    let ana = try Desk("1001", kamailio, certificates)
    let ben = try Desk("1002", kamailio, certificates, "  followTransfers: yes")
    let cleo = try Desk("1003", kamailio, certificates, "  followTransfers: yes")
    for desk in [ana, ben, cleo] {
      #expect(desk.saw(["type": "link", "state": "up", "secure": "TLS, SRTP"]))
    }

    // Two talk.
    ana.does(#"{"command":"dial","phone":"1002"}"#)
    #expect(ben.saw(["type": "call", "phase": "ringing", "direction": "in", "number": "1001"]))
    ben.does(#"{"command":"answer"}"#)
    #expect(ana.saw(["type": "call", "phase": "talking", "number": "1002"]))
    #expect(ben.saw(["type": "call", "phase": "talking", "number": "1001"]))

    // Hold, resume, mute.
    ana.does(#"{"command":"hold"}"#)
    #expect(ana.saw(["type": "call", "number": "1002", "held": "1"]))
    #expect(ben.saw(["type": "notice", "message": "the far end holds the call"]))
    ana.does(#"{"command":"resume"}"#)
    #expect(ben.saw(["type": "notice", "message": "the far end is back"]))
    ana.does(#"{"command":"mute"}"#)
    #expect(ana.saw(["type": "call", "number": "1002", "muted": "1", "held": "0"]))

    // Ask the third, and leave the two to each other.
    ana.does(#"{"command":"transfer","to":"1003","consult":true}"#)
    #expect(cleo.saw(["type": "call", "phase": "ringing", "number": "1001"]))
    cleo.does(#"{"command":"answer"}"#)
    #expect(ana.saw(["type": "call", "phase": "talking", "number": "1003"]))
    ana.does(#"{"command":"join"}"#)
    #expect(ana.saw(["type": "call", "phase": "ended", "number": "1002"]))
    #expect(ana.saw(["type": "call", "phase": "ended", "number": "1003"]))
    #expect(ben.saw(["type": "call", "phase": "talking", "number": "1003"]))
    #expect(cleo.saw(["type": "call", "phase": "talking", "number": "1002"]))
    #expect(ben.saw(["type": "call", "phase": "ended", "number": "1001"]))
    #expect(cleo.saw(["type": "call", "phase": "ended", "number": "1001"]))

    // Hang up.
    ben.does(#"{"command":"hangUp"}"#)
    #expect(cleo.saw(["type": "call", "phase": "ended", "number": "1002"]))
    for desk in [ana, ben, cleo] {
      #expect(desk.leaves() == 0)
      #expect(!desk.run.lines.contains { $0.contains("secret") })
    }
  }

  @Test func aBreakTurnsCallsAway() async throws {
    let (kamailio, certificates) = try await house()
    let ana = try Desk("1001", kamailio, certificates)
    let ben = try Desk("1002", kamailio, certificates)
    for desk in [ana, ben] { #expect(desk.saw(["type": "link", "state": "up"])) }
    ben.does(#"{"command":"status","status":"short break"}"#)
    #expect(ben.saw(["type": "seat", "name": "short break"]))
    ana.does(#"{"command":"dial","phone":"1002"}"#)
    #expect(ana.saw(["type": "dial", "outcome": "rejected", "reason": "busy here"]))
    #expect(ben.saw(["type": "call", "phase": "notEstablished", "number": "1001", "code": "486"]))
    #expect(ana.leaves() == 0 && ben.leaves() == 0)
  }

  @Test func aStatusThatThePBXDoesNotTake() async throws {
    let kamailio = try await Kamailio()
    let sandbox = try Sandbox()
    try sandbox.write(
      "config/ccterm/config.yaml",
      """
      line: sip
      seat:
        onChange: dial
        codes: break=*45
      sip:
        registrar: "127.0.0.1:\(kamailio.port)"
        account: "1001@cc.test"
        password: secret
        audio: none

      """)
    let pty = try Pty([Products.path("ccterm")], environment: sandbox.environment)
    #expect(pty.wait(for: "IDLE"))
    pty.type("\u{1B}OQ")  // F2
    #expect(pty.wait(for: "short break"))
    pty.type("p")
    // kamailio knows no *45.
    #expect(pty.wait(for: "PBX not told"), "\(pty.screen)")
    #expect(pty.screen.contains("The PBX was not told of short break"))
    pty.send(SIGTERM)
    #expect(pty.end() == .exited(0))
  }

  @Test func aLineThatIsKilledInACall() async throws {
    let (kamailio, certificates) = try await house()
    let ana = try Desk("1001", kamailio, certificates)
    let ben = try Desk("1002", kamailio, certificates)
    for desk in [ana, ben] { #expect(desk.saw(["type": "link", "state": "up"])) }
    ana.does(#"{"command":"dial","phone":"1002"}"#)
    #expect(ben.saw(["type": "call", "phase": "ringing"]))
    ben.does(#"{"command":"answer"}"#)
    #expect(ana.saw(["type": "call", "phase": "talking"]))
    #expect(ben.saw(["type": "call", "phase": "talking"]))
    let line = try #require(ana.line)
    let killed = Date()
    kill(line, SIGKILL)
    #expect(ben.saw(["type": "call", "phase": "ended"]))
    #expect(Date().timeIntervalSince(killed) < 2)
    #expect(ana.saw(["type": "call", "phase": "ended", "reason": "line lost"]))
    #expect(
      ana.run.wait {
        ana.run.messages.filter { Running.matches($0, ["type": "link", "state": "up"]) }.count > 1
      })
    #expect(ana.leaves() == 0 && ben.leaves() == 0)
  }
}
