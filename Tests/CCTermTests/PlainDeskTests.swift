// Plain mode as a whole: over pipes, and with its line editor on a terminal.

import CCTestSupport
import Foundation
import Testing

@Suite struct PlainDeskTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  @Test func aCallOverPipes() throws {
    let line = Repository.exampleLine(answering: 0.1)
    let run = try Running(["--plain", "--line", line], in: sandbox)
    #expect(run.wait { run.lines.count >= 1 })
    #expect(run.lines.first?.hasSuffix("why, help.") == true)
    run.send("info John Doe 20 years old 461385413131")
    run.send("check 132 1234 5678")
    run.send("dial 132 1234 5678")
    #expect(run.wait { run.lines.contains("talking.") })
    run.send("hang up")
    #expect(run.wait { run.lines.contains { $0.hasPrefix("ended, ") } })
    run.closeInput()
    #expect(run.end().code == 0)
    let said = run.lines.dropFirst().prefix(6)
    #expect(
      Array(said.prefix(5)) == [
        "info: 34 of 1000.", "would send 1 3 2, 1 2 3 4, 5 6 7 8.", "calling 132 1234 5678.",
        "ringing.", "talking.",
      ])
    #expect(said.last?.hasSuffix(" seconds. post-call, 30 seconds, then idle.") == true)
  }

  @Test func theEndOfInputHangsUp() throws {
    let line = Repository.exampleLine(answering: 0.1)
    let run = try Running(["--plain", "--line", line], in: sandbox)
    #expect(run.wait { run.lines.count >= 1 })
    run.send("dial 13212345678")
    #expect(run.wait { run.lines.contains("talking.") })
    run.closeInput()
    #expect(run.end().code == 0)
    #expect(run.lines.contains { $0.hasPrefix("ended, ") })
  }

  @Test func theLineEditorOnATerminal() throws {
    let pty = try Pty(
      [Products.path("ccterm"), "--plain", "--line", Repository.exampleLine(answering: 0.1)],
      environment: sandbox.environment)
    #expect(pty.wait(for: "Link up."))
    pty.type("\u{1B}[200~dial 132 1234 5678\r\u{1B}[201~")
    #expect(pty.wait(for: "> dial 132 1234 5678"))
    #expect(!pty.screen.contains("calling"))
    pty.type("\r")
    #expect(pty.wait(for: "talking."))
    pty.type("\u{4}")
    #expect(pty.wait(for: "quit ends the desk; a call is ended by hang up."))
    pty.type("h")
    #expect(pty.wait(for: "> h"))
    pty.type("\r")
    #expect(pty.wait(for: "ended, "))
    for text in ["quit", "\r"] {
      pty.type(text)
      _ = pty.wait(seconds: 0.2) { pty.screen.contains("> quit") && text == "quit" }
    }
    #expect(pty.end() == .exited(0))
    #expect(pty.modes.isUsual)
  }

  @Test func aKilledPlainDeskGivesTheTerminalBackOnSigterm() throws {
    let pty = try Pty(
      [Products.path("ccterm"), "--plain", "--line", "demo"], environment: sandbox.environment)
    #expect(pty.wait(for: "Link up."))
    pty.send(SIGTERM)
    #expect(pty.end() == .exited(0))
    #expect(pty.modes.isUsual)
  }
}
