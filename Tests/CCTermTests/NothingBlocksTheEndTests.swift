// Whatever does not move: the program ends when it is asked to.

import CCTestSupport
import Foundation
import Testing

@testable import CCTerm

@Suite(.serialized) struct NothingBlocksTheEndTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Two seconds are promised; a machine busy with other tests gets five.
  private static let patience = 5.0

  /// A line that floods, before and after it is asked to end.
  private func flood() throws -> String {
    let path = try sandbox.write(
      "flood.py",
      """
      import json, os, signal
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      def say(**m): os.write(1, (json.dumps(m) + "\\n").encode())
      say(type="hello", protocol=1, line="flood", abilities=["dial", "seat"])
      say(type="registered", account="f")
      n = 0
      while True:
          n += 1
          say(type="onSeatStatus", detail=[2 + n % 2])
          say(type="log", level="warning", message="warning %d" % n)
      """)
    return "exec:python3 \(path)"
  }

  @Test(arguments: [
    ["--plain"], ["--json"], ["floor", "--plain", "--agents", "20000"],
    ["floor", "--json", "--agents", "20000"],
  ])
  func anOutputThatNobodyReads(_ arguments: [String]) async throws {
    let isFloor = arguments[0] == "floor"
    let run = try Unread(arguments + (isFloor ? [] : ["--line", try flood()]), in: sandbox)
    try await eventually("the pipe is full", within: 30) { run.isFull }
    kill(run.child.pid, SIGTERM)
    _ = try await run.child.ended(within: Self.patience)
  }

  /// A frozen terminal: what the program writes stays where it is.
  @Test(arguments: [
    ["--screen"], ["--plain"], ["floor"], ["floor", "--plain"], ["floor", "--wall"],
  ])
  func aTerminalThatTakesNothing(_ arguments: [String]) throws {
    let isFloor = arguments[0] == "floor"
    let more = isFloor ? ["--agents", "2000"] : ["--line", try flood()]
    let pty = try Pty(
      [Products.path("ccterm")] + arguments.filter { $0 != "--screen" } + more,
      environment: sandbox.environment)
    #expect(pty.wait { !pty.output.isEmpty })
    // It writes on until nothing is taken any more.
    #expect(pty.waitUnread(seconds: 20) { pty.unread >= 3000 })
    pty.send(SIGTERM)
    #expect(pty.endUnread(seconds: Self.patience) != nil)
  }

  @Test func aTokenInAFIFO() throws {
    let path = sandbox.path("token")
    mkfifo(path, 0o600)
    try sandbox.write(
      "config/ccterm/config.yaml", "token:\n  from: file\n  file: \"\(path)\"\n")
    let run = try Running(["--json", "--line", Repository.exampleLine(answering: 1)], in: sandbox)
    #expect(run.wait { run.lines.contains { $0.contains("is no file") } })
    kill(run.pid, SIGTERM)
    #expect(run.end(seconds: Self.patience).code == 0)
  }

  @Test func aConfigurationInAFIFO() throws {
    try sandbox.write("config/ccterm/x", "")
    mkfifo(sandbox.path("config/ccterm/config.yaml"), 0o600)
    let run = try Running.once(["config", "show"], in: sandbox)
    #expect(run.code != 0 && run.code != nil)
    #expect(run.errors.contains("config.yaml is no file"))
  }

  @Test func aLogInAFIFO() throws {
    try sandbox.write("state/ccterm/x", "")
    mkfifo(sandbox.path("state/ccterm/log"), 0o600)
    let run = try Running(["--json", "--line", Repository.exampleLine(answering: 1)], in: sandbox)
    #expect(run.wait(for: ["type": "link", "state": "up"]))
    kill(run.pid, SIGTERM)
    #expect(run.end(seconds: Self.patience).code == 0)
  }

  @Test(arguments: [["--json"], ["--plain"], ["floor", "--json"], ["floor", "--plain"]])
  func everySignalThatAsksForIt(_ arguments: [String]) throws {
    for signal in [SIGTERM, SIGINT, SIGHUP, SIGQUIT] {
      let run = try Running(arguments, in: sandbox)
      #expect(run.wait { !run.lines.isEmpty })
      kill(run.pid, signal)
      #expect(run.end(seconds: Self.patience).code == 0, "\(signal)")
    }
  }

  @Test(arguments: [[], ["--plain"], ["floor"], ["doctor", "--keys"]])
  func signalsThatNobodyWaitsForGiveTheShellBack(_ arguments: [String]) throws {
    for signal in [SIGUSR1, SIGALRM, SIGXCPU, 34 as Int32] {
      let pty = try Pty(
        [Products.path("ccterm")] + arguments, environment: sandbox.environment)
      #expect(pty.wait { !pty.modes.isUsual && !pty.output.isEmpty })
      pty.send(signal)
      #expect(pty.end(seconds: Self.patience) == .signalled(signal))
      #expect(pty.modes.isUsual, "\(signal)")
      #expect(!pty.terminal.isAlternate, "\(signal)")
    }
  }

  @Test func aRecordThatMayNotGrowIsASentence() throws {
    let run = try Started(
      "ulimit -f 1; exec \(Products.path("ccterm")) --json --record \(sandbox.path("record")) "
        + "--line '\(try flood())'",
      in: sandbox)
    #expect(run.wait { $0.contains("cannot be written any more: File too large") })
    #expect(run.isRunning)
  }

  @Test func anOutputThatMayNotGrowIsASentence() throws {
    let output = sandbox.path("out")
    let run = try Started(
      "ulimit -f 1; \(Products.path("ccterm")) floor --json > \(output); echo ended $? >&2",
      in: sandbox)
    #expect(run.wait { $0.contains("ended 1") })
    #expect(run.output.contains("the output cannot be written: File too large."))
  }

  /// The first file of all, the lock, is written before anything is read.
  @Test func aDeskThatMayWriteNoFileOpens() throws {
    let line = try sandbox.write("ten.sh", "#!/bin/sh\nexec sleep 10\n", mode: 0o700)
    let run = try Started(
      "ulimit -f 0; exec \(Products.path("ccterm")) --json --line exec:\(line)", in: sandbox)
    #expect(run.wait { $0.contains("connecting") })
    #expect(run.isRunning)
  }

  /// Without stdout the first file that is opened, the lock, would stand in its place.
  @Test func aDeskWithoutStdoutSaysNothingIntoItsLock() throws {
    let line = try sandbox.write("three.sh", "#!/bin/sh\nexit 3\n", mode: 0o700)
    let run = try Started(
      "\(Products.path("ccterm")) --json --line exec:\(line) < /dev/null >&-; "
        + "grep -rl connecting \(sandbox.path("")); echo ended",
      in: sandbox)
    #expect(run.wait { $0.contains("ended") })
    #expect(!run.output.contains("lock"))
  }

  @Test func aProgramStartedWithDeadChildrenIgnoredHearsHowItsLineEnded() throws {
    let line = try sandbox.write("three.sh", "#!/bin/sh\nexit 3\n", mode: 0o700)
    let run = try Started(
      "trap '' CHLD; exec \(Products.path("ccterm")) --json --line exec:\(line)", in: sandbox)
    #expect(run.wait { $0.contains("ended with exit code 3") })
  }

  @Test(arguments: [["--json"], ["--json", "--team", "red"], ["--plain"]])
  func aFloorThatNobodyReadsCostsNothing(_ arguments: [String]) async throws {
    let run = try Unread(["floor", "--agents", "3000"] + arguments, in: sandbox)
    // What fits has been written; from then on it waits.
    try await eventually("the pipe is full", within: 30) { run.isFull }
    let began = (Date(), run.processorTime)
    try await eventually("a while") { Date().timeIntervalSince(began.0) >= 3 }
    let share = (run.processorTime - began.1) / Date().timeIntervalSince(began.0)
    #expect(share < 0.5, "\(share)")
    await run.child.stop()
  }

  @Test func whatIsSaidIsSaidWholeIntoAPipeThatDoesNotWait() throws {
    let whole = try Running.once(["config", "show"], in: sandbox).out
    let run = try Started(
      // The pipe of `run` is made not to wait, and is read only once the program is blocked.
      "python3 -c 'import os; os.set_blocking(1, False)'; exec \(Products.path("ccterm")) config show",
      in: sandbox, pipeSize: 4096)
    #expect(run.wait { _ in !run.isRunning })
    #expect(run.output.split(separator: "\n").map(String.init) == whole)
  }

  @Test func whatTheLineCannotDoIsRefused() throws {
    for line in ["sip", "sdk"] {
      let run = try Running.once(["--json", "--line", line, "-c", "quit.hangUp=no"], in: sandbox)
      #expect(run.code == 2)
      #expect(run.errors.contains("its calls end with it"))
    }
  }

  @Test func aLineOfYourOwnMayKeepItsCalls() throws {
    for hangsUp in ["yes", "no"] {
      let record = sandbox.path("record-\(hangsUp)")
      let run = try Running(
        [
          "--json", "-c", "quit.hangUp=\(hangsUp)", "--record", record, "--line",
          Repository.exampleLine(answering: 0.1),
        ], in: sandbox)
      #expect(run.wait(for: ["type": "link", "state": "up"]))
      run.send(#"{"command":"dial","phone":"13212345678"}"#)
      #expect(run.wait(for: ["type": "call", "phase": "talking"]))
      run.closeInput()
      #expect(run.end().code == 0)
      let written = sandbox.text("record-\(hangsUp)") ?? ""
      #expect(written.contains("\"type\":\"hangUp\"") == (hangsUp == "yes"))
    }
  }
}

/// A shell's command line, with its output, and its errors among it.
final class Started {
  private let child: TestChild
  private let pipe = Pipe()
  private let input = Pipe()
  private(set) var output = ""

  init(_ command: String, in sandbox: Sandbox, pipeSize: Int32 = 0) throws {
    if pipeSize > 0 { _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, 1031, pipeSize) }
    let output = pipe.fileHandleForWriting.fileDescriptor
    child = try TestChild(
      "/bin/bash", ["-c", command], in: FileManager.default.currentDirectoryPath,
      environment: sandbox.environment, input: input.fileHandleForReading.fileDescriptor,
      output: output, error: output)
    try pipe.fileHandleForWriting.close()
  }

  var isRunning: Bool { child.isRunning }
  var pid: Int32 { child.pid }

  /// Reads until what came satisfies; false if that took longer.
  func wait(seconds: Double = 30, until holds: (String) -> Bool) -> Bool {
    let end = Date.now + seconds
    while true {
      var entry = pollfd(
        fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      if poll(&entry, 1, 20) > 0 {
        let data = pipe.fileHandleForReading.availableData
        output += String(decoding: data, as: UTF8.self)
        if data.isEmpty { poll(nil, 0, 5) }
      }
      if holds(output) { return true }
      if Date.now >= end { return false }
    }
  }
}
