// Whole runs of `ccterm --json`: a line behind it, a program before it.

import CCTestSupport
import Foundation
import Testing

@Suite struct JSONDeskTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func desk(_ line: String, _ more: String...) throws -> Running {
    try Running(["desk", "--json", "--line", line] + more, in: sandbox)
  }

  /// Every line is whole, numbered and timed; nothing is missing.
  private func expectOrderly(_ run: Running) {
    #expect(run.messages.count == run.lines.count)
    #expect(run.messages.map { $0["seq"] as? Int } == (1...run.messages.count).map { $0 })
    #expect(run.messages.allSatisfy { $0["v"] as? Int == 1 && $0["at"] is String })
  }

  @Test func aCallFromDialToHangUp() throws {
    let run = try desk(Repository.exampleLine(answering: 0.1))
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"(132) 1234-5678","info":"John Doe"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "talking"]))
    run.send(#"{"command":"hangUp"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "ended"]))
    run.closeInput()
    #expect(run.end().code == 0)
    expectOrderly(run)
    let phases = run.messages.filter { $0["type"] as? String == "call" }.map {
      $0["phase"] as? String
    }
    #expect(phases == ["calling", "ringing", "talking", "ended"])
    let dials = run.messages.filter { $0["type"] as? String == "dial" }
    #expect(dials.count == 2)
    #expect(dials.first?["phone"] as? String == "13212345678")
    #expect(dials.first?["outcome"] is NSNull)
    #expect(dials.last?["outcome"] as? String == "answered")
  }

  @Test func theEndOfInputHangsUp() throws {
    let run = try desk(Repository.exampleLine(answering: 0.1))
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"13212345678"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "talking"]))
    run.closeInput()
    #expect(run.end().code == 0)
    #expect(run.has(["type": "call", "phase": "ended"]))
    expectOrderly(run)
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP]) func aSignalEndsItInOrder(_ signal: Int32) throws {
    let run = try desk(Repository.exampleLine(answering: 0.1))
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"13212345678"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "talking"]))
    kill(run.pid, signal)
    #expect(run.end().code == 0)
    #expect(run.has(["type": "call", "phase": "ended"]))
    expectOrderly(run)
  }

  @Test func badCommandsAreAnsweredAndChangeNothing() throws {
    let run = try desk("demo")
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    let before = run.lines.count
    run.send("not json")
    run.send(#"{"command":"explode"}"#)
    run.send(String(repeating: "x", count: 70_000))
    run.send(#"{"command":"hangUp"}"#)
    #expect(run.wait { run.lines.count >= before + 4 })
    #expect(
      run.messages.suffix(4).map { "\($0["type"] ?? "") \($0["level"] ?? "")" } == [
        "notice error", "notice error", "notice error", "notice warning",
      ])
    run.closeInput()
    #expect(run.end().code == 0)
    expectOrderly(run)
  }

  @Test func aRefusedDialHasOneOutcome() throws {
    let run = try desk("demo")
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"call me"}"#)
    #expect(run.wait(for: ["type": "dial"]))
    #expect(run.has(["type": "dial", "outcome": "refused"]))
    #expect(run.messages.filter { $0["type"] as? String == "dial" }.count == 1)
  }

  @Test func aLineThatCannotBeExecutedIsNamedAndNotRetried() throws {
    let path = try sandbox.write("line.sh", "#!/bin/sh\n", mode: 0o600)
    let run = try desk("exec:\(path)")
    #expect(run.wait(for: ["type": "link", "state": "down"]))
    let reason = run.messages.last { $0["type"] as? String == "link" }?["reason"] as? String
    #expect(reason == "\(path) is not executable")
    #expect(run.messages.last { $0["type"] as? String == "link" }?["retryIn"] == nil)
  }

  @Test func whatALineSaysOnStderrGoesWashedToTheLog() throws {
    let path = try sandbox.write(
      "line.sh", "#!/bin/sh\nprintf 'odd\\033[2J words\\n' >&2\nread x\n", mode: 0o700)
    let run = try desk("exec:\(path)")
    #expect(run.wait { sandbox.text("state/ccterm/log")?.contains("words") == true })
    #expect(sandbox.text("state/ccterm/log")?.contains("\u{1B}") == false)
    #expect(sandbox.mode("state/ccterm/log") == 0o600)
    #expect(sandbox.mode("state/ccterm") == 0o700)
  }

  @Test func aTokenReachesTheLineAndNothingElse() throws {
    let path = try sandbox.write(
      "line.py",
      """
      #!/usr/bin/env python3
      import sys, json
      print(json.dumps({"type": "hello", "protocol": 1, "line": "t", "abilities": ["dial"]}), flush=True)
      for line in sys.stdin:
          message = json.loads(line)
          if message["type"] == "register":
              print(json.dumps({"type": "registered", "account": str(len(message["token"]))}), flush=True)
          if message["type"] == "quit": break
      """, mode: 0o700)
    let record = sandbox.path("record.ndjson")
    let run = try desk(
      "exec:\(path)", "-c", "token.from=command", "-c", "token.command=echo hunter2hunter2",
      "--record", record)
    #expect(run.wait(for: ["type": "link", "state": "up", "account": "14"]))
    run.closeInput()
    #expect(run.end().code == 0)
    #expect(!run.lines.joined().contains("hunter2"))
    #expect(sandbox.text("record.ndjson")?.contains("hunter2") == false)
    #expect(sandbox.mode("record.ndjson") == 0o600)
  }

  @Test func aTokenThatDoesNotComeIsNamed() throws {
    let run = try desk("demo", "-c", "token.from=command", "-c", "token.command=false")
    #expect(run.wait(for: ["type": "notice", "message": "token.command failed (exit 1)."]))
    let file = try sandbox.write("token", "hunter2\n", mode: 0o644)
    let other = try desk("demo", "-c", "token.from=file", "-c", "token.file=\(file)")
    #expect(
      other.wait(for: [
        "type": "notice",
        "message": "token.file: others can read \(file); mend it: chmod 600 \(file)",
      ]))
  }

  @Test func recordAndReplayTellTheSameStory() throws {
    let record = sandbox.path("record.ndjson")
    let run = try desk(Repository.exampleLine(answering: 0.1), "--record", record)
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"13212345678","info":"x"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "talking"]))
    run.send(#"{"command":"hangUp"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "ended"]))
    run.closeInput()
    #expect(run.end().code == 0)

    func story(_ run: Running) -> [String] {
      run.messages.filter { $0["type"] as? String == "call" }.map {
        "\($0["phase"] ?? "") \($0["number"] ?? "")"
      }
    }
    let replay = try Running(["replay", record, "--speed", "100", "--json"], in: sandbox)
    #expect(replay.end().code == 0)
    #expect(story(replay) == story(run))
    let again = try Running.once(["desk", "--json", "--record", record], in: sandbox)
    #expect(again.code == 1)
    #expect(again.errors.contains("is there already"))
  }

  /// A line that cannot hang up is not asked to: a replay may end in the middle of a call.
  @Test func aReplayThatEndsInACallAsksNothingOfItsLine() throws {
    let record = sandbox.path("record.ndjson")
    let run = try desk(Repository.exampleLine(answering: 0.1), "--record", record)
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"13212345678"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "talking"]))
    let half = try sandbox.write("half.ndjson", try String(contentsOfFile: record, encoding: .utf8))
    run.closeInput()
    #expect(run.end().code == 0)
    let replay = try Running(["replay", half, "--speed", "100", "--json"], in: sandbox)
    #expect(replay.wait(for: ["type": "call", "phase": "talking"]))
    #expect(replay.end().code == 0)
    #expect(
      !replay.messages.contains {
        ($0["message"] as? String)?.contains("cannot hang up") == true
      })
  }

  @Test func oneDeskAnAccount() throws {
    let line = Repository.exampleLine(answering: 0.1)
    let first = try desk(line, "-c", "desk.account=1001")
    #expect(first.wait(for: ["type": "link", "state": "up"]))
    let second = try Running.once(
      ["--json", "--line", line, "-c", "desk.account=1001"], in: sandbox)
    #expect(second.code == 1)
    #expect(second.errors.contains("a desk for exec 1001 runs already, since "))
    #expect(second.errors.contains("(process \(first.pid))"))
    let other = try desk(line, "-c", "desk.account=1002")
    #expect(other.wait(for: ["type": "link", "state": "up"]))
    kill(first.pid, SIGKILL)
    _ = first.end()
    let third = try desk(line, "-c", "desk.account=1001")
    #expect(third.wait(for: ["type": "link", "state": "up"]))
  }
}
