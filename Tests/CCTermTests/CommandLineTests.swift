// The command line of the built program: sentences and exit codes.

import CCTestSupport
import Foundation
import Testing

@Suite struct CommandLineTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  @Test(arguments: [
    (["quux"], "ccterm: there is no command quux; known are "),
    (["conifg"], "ccterm: there is no command conifg; did you mean config?"),
    (["--lin", "sip"], "ccterm: unknown option '--lin'. Did you mean '--line'?"),
    (["--line", "sop"], "ccterm: there is no line sop; did you mean sip?"),
    (["--line", "exec:"], "ccterm: --line exec: wants a command"),
    (["--json", "--line", "exec:'open"], "ccterm: --line exec: The quote ' is not closed."),
    (["--plain", "--json"], "ccterm: --plain and --json: one of the two."),
    (["line", "sop"], "ccterm: there is no line sop; did you mean sip?"),
    (["line", "../../bin/true"], "ccterm: there is no line ../../bin/true; known are "),
    (["config", "show", "-c", "seat.wrapup=1"], "did you mean seat.wrapUp?"),
    (["-c", "sip.password=x", "--json"], "a secret has no place in a command"),
    (["replay", "x", "--speed", "0"], "ccterm: --speed is a number from 0.1 to 1000."),
    ([], "ccterm: stdout is no terminal: choose --plain (sentences) or --json."),
  ])
  func wrongUseIsOneSentenceAndExitTwo(_ arguments: [String], _ sentence: String) throws {
    let run = try Running.once(arguments, in: sandbox)
    #expect(run.code == 2)
    #expect(run.errors.contains(sentence))
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(run.out == [])
  }

  @Test func whatCannotBeReadFails() throws {
    let run = try Running.once(["replay", "no-such-file", "--json"], in: sandbox)
    #expect(run.code == 1)
    #expect(run.errors == "ccterm: no-such-file cannot be read: No such file or directory.\n")
  }

  @Test func helpTeachesAndEndsWell() throws {
    for arguments in [
      ["--help"], ["desk", "--help"], ["help", "line"], ["config", "show", "-h"],
    ] {
      let run = try Running.once(arguments, in: sandbox)
      #expect(run.code == 0)
      #expect(run.errors == "")
      #expect(run.out.contains { $0.contains("ccterm") || $0.contains("sip:") })
    }
    let version = try Running.once(["--version"], in: sandbox)
    #expect(version.out.first?.hasPrefix("ccterm ") == true)
  }

  @Test func aBrokenConfigurationStopsEverything() throws {
    let path = try sandbox.write("config/ccterm/config.yaml", "seat:\n  wrapUp: x\n")
    let run = try Running.once(["--json"], in: sandbox)
    #expect(run.code == 2)
    #expect(
      run.errors == "ccterm: \(path), line 2: seat.wrapUp is a whole number from 0 to 3600.\n")
  }

  @Test func configShowSaysWhereFrom() throws {
    let path = try sandbox.write("config/ccterm/config.yaml", "sip: {password: hunter2}\n")
    let run = try Running.once(["config", "show", "-c", "seat.wrapUp=9"], in: sandbox)
    #expect(run.code == 0)
    #expect(
      run.out.contains {
        $0.hasPrefix("sip.password ") && $0.contains("(set)") && $0.hasSuffix("\(path):1")
      })
    #expect(run.out.contains { $0.hasPrefix("seat.wrapUp ") && $0.hasSuffix("-c") })
    #expect(!run.out.joined().contains("hunter2"))
  }

  @Test func lineDemoSpeaksTheProtocol() throws {
    let run = try Running(["line", "demo"], in: sandbox)
    run.send(#"{"type":"register","id":1}"#)
    #expect(run.wait(for: ["type": "registered"]))
    run.send(#"{"type":"quit"}"#)
    #expect(run.end().code == 0)
    #expect(run.messages.first?["type"] as? String == "hello")
  }
}
