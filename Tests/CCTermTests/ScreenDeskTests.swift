// The desk on a terminal, as a hand and an eye have it.

import CCTestSupport
import Foundation
import Testing

@Suite struct ScreenDeskTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func desk(_ line: String, columns: Int = 80, rows: Int = 24) throws -> Pty {
    try Pty(
      [Products.path("ccterm"), "--line", line], columns: columns, rows: rows,
      environment: sandbox.environment)
  }

  /// Types what a hand types, one key at a time: what comes at once counts as pasted.
  private func typeByHand(_ text: String, _ pty: Pty) {
    for character in text {
      let before = pty.screen
      pty.type(String(character))
      _ = pty.wait(seconds: 2) { pty.screen != before }
    }
  }

  @Test func aCallFromDialToNote() throws {
    let pty = try desk(Repository.exampleLine(answering: 0.3))
    #expect(pty.wait(for: "IDLE"))
    typeByHand("132 1234 5678", pty)
    #expect(pty.wait(for: "sends 13212345678"))
    pty.type("\r")
    #expect(pty.wait(for: "TALKING"))
    #expect(pty.wait(for: "00:00:01"))
    pty.type("asks for March")
    #expect(pty.wait(for: "asks for March"))
    pty.type("\u{1B}OS")  // F4: this line cannot mute, and the screen says so
    #expect(pty.wait(for: "This line cannot mute."))
    pty.type("\u{1B}[19~")  // F8
    #expect(pty.wait(for: "ENDED"))
    #expect(pty.wait(for: "POST-CALL"))
    #expect(pty.screen.contains("asks for March"))
    pty.type("\u{1B}[21~")  // F10
    #expect(pty.wait(for: "Quit? The desk goes offline. y/n"))
    _ = pty.wait(seconds: 0.5) { false }  // a question is deaf for its first 300 ms
    pty.type("y")
    #expect(pty.end() == .exited(0))
    #expect(!pty.terminal.isAlternate)
    #expect(pty.modes.isUsual)
  }

  @Test func aKilledLineKeepsWhatWasTyped() throws {
    let mark = "mark-\(UUID().uuidString)"
    let pty = try desk(Repository.exampleLine(answering: 0.1) + " " + mark)
    #expect(pty.wait(for: "IDLE"))
    typeByHand("1321234", pty)
    let line = try #require(Processes.with(argument: mark).first)
    kill(line, SIGKILL)
    #expect(pty.wait(for: "LINK DOWN"))
    #expect(pty.screen.contains("│ 1321234 "))
    #expect(pty.wait(for: "link up"))
    #expect(pty.screen.contains("sends 1321234"))
    pty.send(SIGTERM)
    #expect(pty.end() == .exited(0))
  }

  @Test func anotherSizeIsDrawn() throws {
    let pty = try desk("demo")
    #expect(pty.wait(for: "IDLE"))
    pty.resize(columns: 40, rows: 12)
    #expect(
      pty.wait {
        pty.text.rows.count == 12 && pty.screen.contains("IDLE") && pty.screen.contains("┐")
      })
    pty.resize(columns: 120, rows: 40)
    #expect(pty.wait { pty.screen.contains("Recent") && pty.text.rows.count == 40 })
  }

  @Test(arguments: [SIGTERM, SIGINT]) func aSignalGivesTheTerminalBack(_ signal: Int32) throws {
    let pty = try desk("demo")
    #expect(pty.wait(for: "IDLE"))
    pty.send(signal)
    #expect(pty.end() == .exited(0))
    #expect(!pty.terminal.isAlternate)
    #expect(pty.modes.isUsual)
  }

  @Test func aTerminalThatIsGoneIsExitThree() throws {
    for close in [true, false] {
      let pty = try desk(Repository.exampleLine(answering: 0.1))
      #expect(pty.wait(for: "IDLE"))
      if close { pty.closeTerminal() } else { pty.send(SIGHUP) }
      #expect(pty.end() == .exited(3))
    }
  }

  @Test func keysLiveThroughAFlood() throws {
    let path = try sandbox.write(
      "flood.py",
      """
      import sys, json, time
      say = lambda **m: print(json.dumps(m))
      say(type="hello", protocol=1, line="flood", abilities=["dial", "seat"])
      say(type="registered", account="f")
      sys.stdout.flush()
      n = 0
      while True:
          say(type="onSeatStatus", detail=[2 + n % 2])
          n += 1
      """)
    let pty = try desk("exec:python3 \(path)")
    #expect(pty.wait(for: "link up"))
    typeByHand("4711", pty)
    #expect(pty.wait(for: "sends 4711"))
    pty.send(SIGTERM)
    #expect(pty.end() == .exited(0))
  }
}
