// The program on a terminal: whatever happens to it, the terminal comes back.

import CCTestSupport
import Glibc
import Testing

@Suite(.serialized) struct TerminalProgramTests {
  private let home: TestFolder

  init() throws { home = try TestFolder() }

  /// A home that holds nothing, so that no test reads or writes the user's files.
  private var environment: [String: String] {
    [
      "HOME": home.path(""), "XDG_CONFIG_HOME": home.path("config"),
      "XDG_STATE_HOME": home.path("state"), "CCTERM_ETC": home.path("etc"),
    ]
  }

  /// Starts the desk on a terminal and waits until it stands.
  private func desk(columns: Int = 80, rows: Int = 24) throws -> Pty {
    let pty = try Pty(
      [try #require(BuiltProgram.path("ccterm"))] + Self.arguments, columns: columns, rows: rows,
      environment: environment)
    try #require(pty.wait { pty.terminal.isAlternate && pty.screen.contains("ccterm") })
    #expect(!pty.modes.isUsual)
    return pty
  }

  private static let arguments = ["desk", "--line", "demo"]

  private func expectGivenBack(_ pty: Pty, _ usual: Pty.Modes) {
    #expect(!pty.terminal.isAlternate)
    #expect(pty.text.cursor != nil)
    #expect(pty.modes == usual)
    #expect(String(decoding: pty.output, as: UTF8.self).contains("\u{1B}[?2004l"))
  }

  /// The modes of a terminal that nobody has touched.
  private func usualModes() throws -> Pty.Modes {
    let pty = try Pty(["/bin/true"])
    #expect(pty.end() == .exited(0))
    return pty.modes
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGQUIT])
  func aSignalEndsItInOrder(_ signal: Int32) throws {
    let usual = try usualModes()
    let pty = try desk()
    pty.send(signal)
    #expect(pty.end() == .exited(0))
    expectGivenBack(pty, usual)
  }

  @Test func hangingUpEndsItWith3() throws {
    let usual = try usualModes()
    let pty = try desk()
    pty.send(SIGHUP)
    #expect(pty.end() == .exited(3))
    expectGivenBack(pty, usual)
  }

  @Test func aClosedTerminalEndsItWith3() throws {
    let pty = try desk()
    pty.closeTerminal()
    #expect(pty.end() == .exited(3))
  }

  @Test(arguments: [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT])
  func aCrashGivesTheTerminalBack(_ signal: Int32) throws {
    let usual = try usualModes()
    let pty = try desk()
    pty.send(signal)
    #expect(pty.end() == .signalled(signal))
    expectGivenBack(pty, usual)
  }

  @Test func itFollowsTheSize() throws {
    let pty = try desk()
    for (columns, rows) in [(120, 40), (40, 12), (20, 5), (100, 30), (80, 24)] {
      let drawn = pty.output.count
      pty.resize(columns: columns, rows: rows)
      #expect(
        pty.wait {
          // The frames reach the new edge, where there is room for frames.
          let edge = (0..<rows).map { pty.terminal.cell(x: columns - 1, y: $0).text }
          return pty.output.count > drawn && pty.screen.contains("IDLE")
            && (rows <= 5 || edge.contains("│"))
        }, "\(columns)x\(rows)\n\(pty.screen)")
    }
  }

  @Test func stoppedByForceItDrawsAnewWhenItGoesOn() throws {
    let pty = try desk()
    pty.send(SIGSTOP)
    pty.terminal.feed(Array("\u{1B}[2J".utf8))
    #expect(!pty.screen.contains("ccterm"))
    pty.send(SIGCONT)
    #expect(pty.wait(for: "ccterm"))
    #expect(!pty.modes.isUsual)
  }

  @Test func itStopsAndGoesOnUnderAShell() throws {
    let path = try #require(BuiltProgram.path("ccterm"))
    var environment = environment
    environment["PS1"] = "shell> "
    let pty = try Pty(
      ["/bin/bash", "--norc", "--noprofile", "--noediting", "-i"], environment: environment)
    try #require(pty.wait(for: "shell>"))
    let usual = pty.modes
    pty.type("'\(path)' \(Self.arguments.joined(separator: " "))\n")
    try #require(pty.wait { pty.terminal.isAlternate && pty.screen.contains("IDLE") })
    // With a call to come it does not stop; offline it does.
    pty.type("\u{1A}")
    #expect(pty.wait(for: "go offline first"))
    pty.type("\u{1B}OQ")
    #expect(pty.wait(for: "offline"))
    pty.type("o")
    try answerYes(pty)
    #expect(pty.wait(for: "OFFLINE"))
    for _ in 0..<2 {
      pty.type("\u{1A}")
      #expect(pty.wait { !pty.terminal.isAlternate && pty.screen.contains("Stopped") })
      #expect(pty.modes == usual)
      pty.type("clear; fg\n")
      #expect(pty.wait { pty.terminal.isAlternate && pty.screen.contains("OFFLINE") })
      #expect(!pty.modes.isUsual)
    }
    pty.type("\u{11}")
    #expect(pty.wait { !pty.terminal.isAlternate })
    pty.type("echo code $?\n")
    #expect(pty.wait(for: "code 0"))
    #expect(pty.modes == usual)
  }

  /// Says yes to a question, which is deaf at first, until it is heard.
  private func answerYes(_ pty: Pty) throws {
    try #require(pty.wait(for: "y/n"))
    #expect(
      pty.wait {
        pty.type("y")
        return !pty.screen.contains("y/n")
      })
  }

  @Test func withoutATerminalItSaysSo() throws {
    let path = try #require(BuiltProgram.path("ccterm"))
    let pty = try Pty(
      ["/bin/sh", "-c", "'\(path)' </dev/null; echo code $?"], environment: environment)
    #expect(pty.wait(for: "code 2"))
    #expect(pty.text.rows.joined().contains("--plain"))
  }

  @Test(arguments: ["dumb", "nonesuch", ""])
  func aTerminalThatCannotIsRefused(_ type: String) throws {
    let path = try #require(BuiltProgram.path("ccterm"))
    var environment = environment
    environment["TERM"] = type
    let pty = try Pty([path], environment: environment)
    #expect(pty.end() == .exited(2))
    #expect(pty.text.rows.joined().contains("--plain"))
  }
}
