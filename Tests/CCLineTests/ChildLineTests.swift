// A line program that behaves, and all the ways in which one does not.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLine

private let millisecond = Instant.millisecond
private let hello = #"{"type":"hello","protocol":1,"line":"x"}"#

@Suite("Child line", .serialized) @MainActor struct ChildLineTests {
  @Test("says hello, registers, is told its configuration") func behaves() throws {
    let child = try ChildHarness(
      """
      #!/bin/sh
      echo '\(hello)'
      read -r command
      printf '{"type":"log","message":"%s"}\\n' "$(echo "$command" | tr -d '"')"
      read -r rest
      """)
    child.start()
    #expect(child.events == [.started])
    child.send(.register(id: 1, token: Secret("t")))
    child.waitFor(.hello(line: "x", abilities: .dial))
    child.waitFor(.log(.info, "{type:register,id:1,token:t}"))
  }

  @Test("a slow line, a byte at a time") func slow() throws {
    let child = try ChildHarness(
      #"""
      #!/usr/bin/env python3
      import sys, time
      for byte in b'{"type":"evicted"}\n':
          sys.stdout.buffer.write(bytes([byte])); sys.stdout.flush(); time.sleep(0.002)
      sys.stdin.read()
      """#)
    child.start()
    child.waitFor(.evicted)
    #expect(child.events == [.started, .evicted])
  }

  @Test("a silent line is ended, named, and started again") func silent() throws {
    let child = try ChildHarness("#!/bin/sh\nexec sleep 60\n") { $0.silence = 100 * millisecond }
    child.start()
    let first = try #require(child.line.processIdentifier)
    child.waitForDeath(2)
    #expect(child.deaths.allSatisfy { $0.hasPrefix("the line program printed nothing within") })
    #expect(!Processes.runs(first))
  }

  @Test("a dying line says its exit code and its last complaint, and is started again")
  func dying() throws {
    let child = try ChildHarness(
      "#!/bin/sh\necho '\(hello)'\nprintf 'no \\033[31mmodule\\n' >&2\nexit 3\n")
    child.start()
    child.wait { child.deaths.count == 1 && child.events.last == .started }
    #expect(
      child.deaths.first?.hasPrefix("the line program ended with exit code 3; line: no ") == true)
    #expect(child.events.prefix(2) == [.started, .hello(line: "x", abilities: .dial)])
    #expect(child.complaints().first == SafeText("no \u{1B}[31mmodule").string)
  }

  @Test("a line that is killed is started again, well within two seconds") func killed() throws {
    // What it complained of before is not why it was killed.
    let child = try ChildHarness("#!/bin/sh\necho chatter >&2\necho '\(hello)'\nread -r x\n") {
      $0 = ChildKeeper.Timing()
    }
    child.start()
    child.waitFor(.hello(line: "x", abilities: .dial))
    let pid = try #require(child.line.processIdentifier)
    kill(pid, SIGKILL)
    child.wait { child.events.filter { $0 == .started }.count == 2 }
    #expect(child.deaths == ["the line program was ended by signal 9 (KILL)"])
    let waits = child.events.compactMap { if case .died(_, let wait) = $0 { wait } else { nil } }
    #expect(waits.allSatisfy { (150 * millisecond...200 * millisecond).contains($0) })
    #expect(waits.count == 1)
  }

  @Test("a hanging line that said hello is ended") func hanging() throws {
    let child = try ChildHarness("#!/bin/sh\necho '\(hello)'\nexec sleep 60\n") {
      $0.ping = 50 * millisecond
      $0.answer = 100 * millisecond
    }
    child.start()
    child.waitForDeath()
    #expect(child.deaths.first?.hasPrefix("the line program hangs") == true)
  }

  @Test("a line that answers its pings lives, and the answers are nobody else's business")
  func answering() throws {
    let child = try ChildHarness(
      """
      #!/bin/sh
      echo '\(hello)'
      count=0
      while read -r command; do
        count=$((count + 1))
        echo "$command" | sed 's/"type":"ping"/"type":"result","ok":true/'
        echo '{"type":"onSeatStatus","detail":'$count'}'
      done
      """
    ) {
      $0.ping = 20 * millisecond
      $0.answer = 60 * Instant.second
    }
    child.start()
    child.waitFor(.seat(.shortBreak))
    #expect(child.deaths.isEmpty)
    #expect(!child.events.contains { if case .result = $0 { true } else { false } })
  }

  @Test("a flood of 100,000 events comes in slices, whole, with the last one last")
  func flooding() throws {
    let child = try ChildHarness(
      #"""
      #!/usr/bin/env python3
      import sys
      line = '{"type":"onSeatStatus","detail":%d}\n'
      sys.stdout.write("".join(line % (n % 5 + 1) for n in range(100000)) + line % 77)
      """#)
    child.start()
    child.waitForDeath()
    let seats = child.events.filter { if case .seat = $0 { true } else { false } }
    #expect(seats.count == 100_001)
    #expect(seats.last == .seat(.unknown(77)))
    #expect(child.slices.max().map { $0 <= 65_536 / 34 } == true)
    #expect(child.events.dropLast().last == .seat(.unknown(77)))
  }

  @Test("a call id that came as a number goes back as one") func numberedCalls() throws {
    let child = try ChildHarness(
      #"""
      #!/usr/bin/env python3
      import sys, json
      print('{"type":"hello","protocol":1,"line":"x","abilities":["dial","hangUp"]}')
      print('{"type":"onCall","detail":{"callStatus":2},"call":7,"direction":"in"}')
      print('{"type":"onCall","detail":{"callStatus":2},"call":"8","direction":"in"}', flush=True)
      for line in sys.stdin:
          command = json.loads(line)
          if "call" in command:
              print(json.dumps({"type": "log", "message": repr(command["call"])}), flush=True)
      """#)
    child.start()
    child.waitFor(.call(CallReport(.ringing, call: "8", direction: .in)))
    child.line.send(.hangUp(id: 1, call: "7"), at: 0)
    child.line.send(.hangUp(id: 2, call: "8"), at: 0)
    child.waitFor(.log(.info, "'8'"))
    #expect(child.events.suffix(2) == [.log(.info, "7"), .log(.info, "'8'")])
  }

  @Test("a lying line is counted, not believed, not ended") func lying() throws {
    let child = try ChildHarness(
      #"""
      #!/usr/bin/env python3
      import sys
      out = sys.stdout.buffer
      out.write(b'not json\n{"type":"evicted"\n\xff\xfe\n{"type":"fly"}\n\n')
      out.write(b'x' * 1000000 + b'\n')
      out.write(b'{"type":"onCall","detail":{"callStatus":"\x1b"}}\n{"type":"onSeatStatus","detail":2}\n')
      out.flush()
      sys.stdin.read()
      """#)
    child.start()
    child.waitFor(.seat(.idle))
    #expect(
      child.events == [
        .started, .anomaly(.badJSON), .anomaly(.badJSON), .anomaly(.badUTF8),
        .anomaly(.unknownType), .anomaly(.tooLong), .anomaly(.badDetail), .anomaly(.badUTF8),
        .seat(.idle),
      ])
  }

  @Test(
    "what cannot be executed is named and not tried again",
    arguments: [
      ("#!/bin/sh\n", 0o600, "is not executable"),
      ("#!/nonexistent/interpreter\n", 0o700, "needs an interpreter that is not there"),
      ("just text\n", 0o700, "is no program: a script begins with #! and its interpreter"),
    ])
  func notExecutable(_ script: String, _ mode: Int, _ words: String) throws {
    let child = try ChildHarness(script, mode: mode)
    child.start()
    #expect(child.deaths.first?.hasSuffix(words) == true, "\(child.deaths)")
    #expect(child.events.count == 1)
    #expect(child.line.deadline == nil)
    #expect(!child.line.isRunning)
    child.send(.ping(id: 5))
    #expect(child.events.last == .result(id: 5, ok: false, error: "the line program does not run"))
  }

  @Test(
    "names that lead nowhere",
    arguments: [
      ("ccterm-no-such-line", "ccterm-no-such-line is not found in PATH"),
      ("/nonexistent/line", "/nonexistent/line is not there"), ("/usr", "/usr is a folder"),
      ("", "no line program is named"), ("/dev/null", "/dev/null is no file"),
    ])
  func noSuch(_ name: String, _ words: SafeText) {
    let line = ChildLine(arguments: [name])
    #expect(line.start(at: 0) == [.died(reason: words, retryIn: nil)])
  }

  @Test("stop lets a line say goodbye") func goodbye() throws {
    let child = try ChildHarness(
      "#!/bin/sh\necho '\(hello)'\nread -r x\necho '{\"type\":\"log\",\"message\":\"bye\"}'\n"
    ) { $0.grace = 60 * Instant.second }
    child.start()
    child.waitFor(.hello(line: "x", abilities: .dial))
    let start = Clock.now()
    child.line.stop(at: start)
    child.wait { !child.line.isRunning }
    #expect(child.logs == ["bye"])
    #expect(child.deaths.isEmpty)
    #expect(Clock.now() - start < 50 * Instant.second)
    #expect(child.line.deadline == nil)
  }

  @Test("stop kills a line that will not go, with everything it started") func stubborn() throws {
    let child = try ChildHarness(
      """
      #!/bin/sh
      trap '' TERM HUP INT
      sleep 1000 &
      echo '{"type":"log","message":"'$!'"}'
      while :; do sleep 1000; done
      """)
    child.start()
    child.wait { !child.logs.isEmpty }
    let group = try #require(child.line.processIdentifier)
    let grandchild = try #require(child.logs.first.flatMap { Int32($0) })
    #expect(Processes.group(group).contains(grandchild))
    child.line.finish()
    #expect(!child.line.isRunning)
    // A killed grandchild is reaped by init: killed at once, gone in a moment.
    child.wait { Processes.group(group).isEmpty }
    #expect(!Processes.runs(grandchild))
  }

  @Test("what a dead line left running goes with it") func leftover() throws {
    let child = try ChildHarness(
      "#!/bin/sh\nsleep 1000 &\necho '{\"type\":\"log\",\"message\":\"'$!'\"}'\nexit 0\n")
    child.start()
    child.waitForDeath()
    let grandchild = try #require(child.logs.first.flatMap { Int32($0) })
    child.wait { !Processes.runs(grandchild) }
    #expect(child.deaths.first == "the line program ended")
  }

  @Test("a line that closes its input refuses commands and goes on") func closedInput() throws {
    let child = try ChildHarness(
      "#!/bin/sh\nexec 0<&-\necho '{\"type\":\"onSeatStatus\",\"detail\":2}'\nexec sleep 60\n")
    child.start()
    child.waitFor(.seat(.idle))
    child.wait {
      child.send(.hangUp(id: 4, call: nil))
      return child.events.last
        == .result(id: 4, ok: false, error: "the line program has closed its input")
    }
    #expect(child.line.isRunning)
  }

  @Test("a line that closes its output is ended") func closedOutput() throws {
    let child = try ChildHarness(
      "#!/bin/sh\necho '{\"type\":\"evicted\"}'\nexec 1>&- 2>&-\nexec sleep 60\n")
    child.start()
    child.waitForDeath()
    #expect(child.deaths.first == "the line program closed its output")
  }

  @Test("a line that reads nothing gets a bounded pile, then refusals") func doesNotRead() throws {
    let child = try ChildHarness("#!/bin/sh\necho '{\"type\":\"evicted\"}'\nexec sleep 60\n")
    child.start()
    child.waitFor(.evicted)
    let info = String(repeating: "x", count: 60_000)
    for id in 1...20 { child.send(.callPhone(id: id, phone: "1", info: info)) }
    #expect(
      child.events.last
        == .result(id: 20, ok: false, error: "the line program does not read its commands"))
    #expect(child.line.writeDescriptor != nil)
  }

  @Test("start ends a running line first, and cuts a wait short") func startAgain() throws {
    let child = try ChildHarness("#!/bin/sh\necho '{\"type\":\"evicted\"}'\nexec sleep 60\n") {
      $0.firstWait = 3600 * Instant.second
      $0.longestWait = 3600 * Instant.second
    }
    child.start()
    let first = try #require(child.line.processIdentifier)
    child.start()
    #expect(
      child.events == [
        .started, .died(reason: "the line program is started again", retryIn: 0), .started,
      ])
    #expect(!Processes.runs(first))
    kill(try #require(child.line.processIdentifier), SIGKILL)
    child.waitForDeath(2)
    child.start()
    #expect(child.events.last == .started)
  }
}
