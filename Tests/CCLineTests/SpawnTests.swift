// What a child inherits, and that it does not outlive its desk.

import CCCore
import CCTestSupport
import Foundation
import Testing

@testable import CCLine

@Suite("Spawning", .serialized) @MainActor struct SpawnTests {
  @Test("a child has three descriptors, a clean mask, a session of its own") func clean() throws {
    // Something to inherit, if anything were: an open descriptor, a blocked signal, an ignored one.
    let open = dup(STDERR_FILENO)
    defer { close(open) }
    var blocked = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGUSR1)
    pthread_sigmask(SIG_BLOCK, &blocked, nil)
    signal(SIGUSR2, SIG_IGN)
    defer {
      pthread_sigmask(SIG_UNBLOCK, &blocked, nil)
      signal(SIGUSR2, SIG_DFL)
    }
    let child = try ChildHarness(
      #"""
      #!/usr/bin/env python3
      import json, os, sys
      def say(*words): print(json.dumps({"type": "log", "message": " ".join(map(str, words))}))
      # os.listdir itself opens one more.
      say("fds", *[n for n in sorted(os.listdir("/proc/self/fd"), key=int) if os.path.exists("/proc/self/fd/" + n)])
      for row in open("/proc/self/status"):
          # 32 and 33 are the C library's own.
          if row.startswith(("SigBlk", "SigIgn")): say(row[:7], hex(int(row.split()[1], 16) & 0x7fffffff))
      say("session", os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid())
      try: open("/dev/tty"); say("tty True")
      except OSError: say("tty False")
      sys.stdout.flush(); sys.stdin.read()
      """#)
    child.start()
    child.wait { child.logs.count == 5 }
    #expect(child.logs.contains("fds 0 1 2"))
    #expect(child.logs.contains("SigBlk: 0x0"))
    // Python itself ignores SIGPIPE (13) and SIGXFSZ (25), nothing else.
    #expect(child.logs.contains("SigIgn: 0x1001000"))
    #expect(child.logs.contains("session True True"))
    #expect(child.logs.contains("tty False"))
  }

  @Test("kill -9 of the desk takes the line with it, and all that it started") func deskKilled()
    throws
  {
    let script = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    // One child that ends with its input, and one that never would.
    try "#!/bin/sh\nsleep 1000 &\ncat > /dev/null\n".write(
      toFile: script, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
    defer { try? FileManager.default.removeItem(atPath: script) }

    let (holder, child) = try hold(script)
    try wait("the line and its children run") { Processes.group(child).count == 3 }
    try wait("the guardian runs") {
      Processes.with(argument: "line-guardian", "\(child)").count == 1
    }

    kill(holder.pid, SIGKILL)
    try wait("nothing of the line is left") { Processes.group(child).isEmpty }
    try wait("nor of its guardian") {
      Processes.with(argument: "line-guardian", "\(child)").isEmpty
    }
  }

  @Test("an orderly end leaves no guardian") func guardianGoes() throws {
    let child = try ChildHarness("#!/bin/sh\nread -r x\n")
    child.start()
    let pid = try #require(child.line.processIdentifier)
    child.wait { Processes.with(argument: "line-guardian", "\(pid)").count == 1 }
    child.line.finish()
    try wait("it is not left, nor a keeper that still has its name") {
      Processes.with(argument: "line-guardian", "\(pid)").isEmpty
    }
  }

  /// What a line does at the end of its input takes its time; SIGTERM comes a second later, and the kill
  /// after another.
  @Test(
    "kill -9 of the desk leaves the line time for its goodbye",
    arguments: [
      // Knows the end of its input only.
      "sys.stdin.read(); time.sleep(0.5); done()",
      // Knows SIGTERM only.
      "signal.signal(signal.SIGTERM, lambda *_: done() or sys.exit()); [time.sleep(1) for _ in range(60)]",
    ])
  func goodbye(_ script: String) throws {
    let folder = try TestFolder()
    let path = try folder.write(
      "line.py",
      "#!/usr/bin/env python3\nimport signal, sys, time\n"
        + "def done(): open('\(folder.path("goodbye"))', 'w').close()\n\(script)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    let (holder, child) = try hold(path)
    // The interpreter is there, and has set what it sets.
    try wait("it sleeps") {
      Processes.name(child) == "python3" || Processes.name(child) == "line.py"
    }
    try wait("it has begun") { Self.wakeups(child) > 0 }
    kill(holder.pid, SIGKILL)
    try wait("its goodbye") { FileManager.default.fileExists(atPath: folder.path("goodbye")) }
    try wait("nothing is left") { Processes.group(child).isEmpty }
  }

  /// How often a process has waited for something and gone on.
  private static func wakeups(_ pid: Int32) -> Int {
    let text = (try? String(contentsOfFile: "/proc/\(pid)/syscall", encoding: .utf8)) ?? ""
    // read(2) of stdin, or a sleep.
    return text.hasPrefix("0 0x0 ") || text.hasPrefix("230 ") || text.hasPrefix("35 ") ? 1 : 0
  }

  @Test("a line that hears nothing is killed after two seconds, not before") func deaf() throws {
    let folder = try TestFolder()
    let path = try folder.write("line.sh", "#!/bin/sh\ntrap '' TERM\nsleep 1000 < /dev/zero\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    let (holder, child) = try hold(path)
    try wait("it runs with its child") { Processes.group(child).count > 1 }
    let began = Clock.now()
    kill(holder.pid, SIGKILL)
    try wait("nothing is left") { Processes.group(child).isEmpty }
    let took = Clock.now() - began
    #expect(took > 1_900 * Instant.millisecond && took < 5 * Instant.second)
  }

  @Test("a guardian that is killed is replaced, and guards") func guardianKilled() throws {
    let child = try ChildHarness("#!/bin/sh\nread -r x\n")
    child.start()
    let pid = try #require(child.line.processIdentifier)
    func guardian() -> Int32? { Processes.with(argument: "line-guardian", "\(pid)").first }
    child.wait { guardian() != nil }
    let first = try #require(guardian())
    kill(first, SIGKILL)
    child.wait { guardian().map { $0 != first } ?? false }
    child.line.finish()
    try wait("neither is left, nor a keeper that still has its name") { guardian() == nil }
  }

  /// Who is killed first, and how long before the other.
  @Test(
    "guardian and desk killed in the same moment take the line with them",
    arguments: [true, false], [0, 1, 20] as [UInt32])
  func bothKilled(_ guardianFirst: Bool, _ milliseconds: UInt32) throws {
    let folder = try TestFolder()
    // It never looks at its input.
    let path = try folder.write("line.sh", "#!/bin/sh\nexec sleep 1000 < /dev/zero\n")
    chmod(path, 0o700)
    let (holder, child) = try hold(path)
    func helpers() -> [Int32] {
      ["line-guardian", "line-keeper"].flatMap { Processes.with(argument: $0, "\(child)") }
    }
    try wait("it is guarded") { helpers().count == 2 }
    let guardian = try #require(Processes.with(argument: "line-guardian", "\(child)").first)
    let victims =
      guardianFirst ? [guardian, holder.pid] : [holder.pid, guardian]
    let began = Clock.now()
    kill(victims[0], SIGKILL)
    usleep(milliseconds * 1000)
    kill(victims[1], SIGKILL)
    try wait("nothing of the line is left") { Processes.group(child).isEmpty }
    #expect(Clock.now() - began < 6 * Instant.second)
    try wait("nor of who guarded it") { helpers().isEmpty }
  }

  @Test("the keeper goes with its guardian, and ends no line whose desk lives") func keeperGoes()
    throws
  {
    let child = try ChildHarness("#!/bin/sh\nread -r x\n")
    child.start()
    let pid = try #require(child.line.processIdentifier)
    func keepers() -> [Int32] { Processes.with(argument: "line-keeper", "\(pid)") }
    func guardian() -> Int32? { Processes.with(argument: "line-guardian", "\(pid)").first }
    child.wait { keepers().count == 1 && guardian() != nil }
    let first = try #require(guardian())
    let old = try #require(keepers().first)
    kill(first, SIGKILL)
    child.wait { guardian().map { $0 != first } ?? false }
    // The old one sees that somebody took over.
    child.wait { !keepers().contains(old) && keepers().count == 1 }
    #expect(Processes.runs(pid) && child.line.processIdentifier == pid)
    child.line.finish()
    try wait("no keeper is left") { keepers().isEmpty && guardian() == nil }
  }

  @Test("the guardian's memory is nobody's to read, and it holds nothing of ours") func hidden()
    throws
  {
    let child = try ChildHarness("#!/bin/sh\nread -r x\n")
    child.start()
    let pid = try #require(child.line.processIdentifier)
    child.wait { Processes.with(argument: "line-guardian", "\(pid)").count == 1 }
    let guardian = try #require(Processes.with(argument: "line-guardian", "\(pid)").first)
    // What cannot be dumped belongs to root.
    var information = stat()
    #expect(stat("/proc/\(guardian)/mem", &information) == 0 && information.st_uid == 0)
    // One end of a pipe is its keeper's, and goes when that is there.
    try wait("it holds its own and no other") {
      let held = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(guardian)/fd")
      return held.map { Set($0.compactMap { Int($0) }).isSubset(of: [0, 1, 2, 3, 4, 5, 6, 8]) }
        ?? false
    }
    #expect(getsid(guardian) == guardian)
  }

  /// Has a line program held, which the holder's death is to end; it is killed with the value.
  private func hold(_ path: String) throws -> (TestChild, Int32) {
    let output = Pipe()
    let holder = try TestChild(
      Products.path("LineHolder"), [path], in: FileManager.default.currentDirectoryPath,
      output: output.fileHandleForWriting.fileDescriptor)
    let printed = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    return (
      holder,
      try #require(Int32(printed.trimmingCharacters(in: .whitespacesAndNewlines)))
    )
  }

  private func wait(_ what: Comment, until done: () -> Bool) throws {
    let end = Clock.now() + 60 * Instant.second
    while !done() {
      try #require(Clock.now() < end, what)
      usleep(2000)
    }
  }
}
