// What is left when something is killed, and what a flood does.

import CCTestSupport
import Foundation
import Testing

@Suite struct SurvivalTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// A word on the line's command that only this test's processes have.
  private let mark = "mark-\(UUID().uuidString)"

  private var children: [Int32] { Processes.with(argument: mark) }

  private func talking() throws -> Running {
    let line = Repository.exampleLine(answering: 0.1) + " " + mark
    let run = try Running(["--json", "--line", line], in: sandbox)
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"13212345678"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "talking"]))
    return run
  }

  @Test func aKilledLineLosesTheCallAndComesBack() throws {
    let run = try talking()
    let line = try #require(children.first)
    let killed = run.lines.count
    let start = Date.now
    kill(line, SIGKILL)
    #expect(
      run.wait {
        run.messages.dropFirst(killed).contains {
          Running.matches($0, ["type": "link", "state": "up"])
        }
      })
    // Two seconds are promised; a machine busy with other tests gets five.
    #expect(Date.now.timeIntervalSince(start) < 5)
    let after = run.messages.dropFirst(killed)
    #expect(after.contains { Running.matches($0, ["type": "call", "phase": "ended"]) })
    #expect(
      after.contains { $0["type"] as? String == "call" && $0["reason"] as? String == "line lost" })
    run.send(#"{"command":"dial","phone":"13212345679"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "ringing", "number": "13212345679"]))
  }

  @Test func aLineKilledBeforeTheAnswerIsLineLost() throws {
    let line = Repository.exampleLine(answering: 60) + " " + mark
    let run = try Running(["--json", "--line", line], in: sandbox)
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"13212345678"}"#)
    #expect(run.wait(for: ["type": "call", "phase": "calling"]))
    kill(try #require(children.first), SIGKILL)
    #expect(run.wait(for: ["type": "dial", "outcome": "lineLost"]))
  }

  @Test func aKilledDeskLeavesNoChild() throws {
    let run = try talking()
    #expect(!children.isEmpty)
    kill(run.pid, SIGKILL)
    _ = run.end()
    #expect(run.wait(seconds: 10) { children.isEmpty } || gone())
  }

  private func gone() -> Bool {
    let end = Date.now + 10
    while !children.isEmpty, Date.now < end { usleep(10_000) }
    return children.isEmpty
  }

  @Test func aFloodLosesNoLastStateAndFreezesNoCommand() throws {
    let path = try sandbox.write(
      "flood.py",
      """
      import sys, json
      say = lambda **m: print(json.dumps(m))
      say(type="hello", protocol=1, line="flood", abilities=["dial", "seat"])
      say(type="registered", account="f")
      for line in sys.stdin:
          kind = json.loads(line)["type"]
          if kind == "register":
              for n in range(100000):
                  say(type="onSeatStatus", detail=[2 + n % 2])
              say(type="onSeatStatus", detail=[5])
          if kind == "quit": break
          sys.stdout.flush()
      """)
    let run = try Running(["--json", "--line", "exec:python3 \(path)"], in: sandbox)
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    run.send(#"{"command":"dial","phone":"x"}"#)
    #expect(run.wait(seconds: 120) { run.lines.last?.contains(#""code":5"#) == true })
    let answered = run.lines.firstIndex { $0.contains(#""type":"dial""#) }
    let last = run.lines.lastIndex { $0.contains(#""code":5"#) }
    #expect((answered ?? .max) < (last ?? 0))
  }
}
