// Folders that others can change are not the program's, and its memory is nobody's.

import CCTestSupport
import Foundation
import Testing

@testable import CCTerm

@Suite struct TrustTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  private func desk() throws -> (code: Int32?, out: [String], errors: String) {
    try Running.once(
      ["--json", "--line", Repository.exampleLine(answering: 0.1)], in: sandbox)
  }

  private func set(_ mode: Int, _ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: sandbox.path(name), withIntermediateDirectories: true)
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: sandbox.path(name))
  }

  @Test(arguments: [0o777, 0o775, 0o770, 0o707, 0o722, 0o1777])
  func aStateFolderThatOthersCanWriteIsRefused(_ mode: Int) throws {
    try set(mode, "state/ccterm")
    let run = try desk()
    #expect(run.code == 1, "\(String(mode, radix: 8)): \(run.errors)")
    #expect(
      run.errors.contains("others can change \(sandbox.path("state/ccterm"))")
        && run.errors.contains("chmod go-w"))
  }

  @Test func soIsOneBelowAFolderThatOthersCanWrite() throws {
    try set(0o700, "open/state/ccterm")
    try set(0o777, "open")
    sandbox.more = ["XDG_STATE_HOME": sandbox.path("open/state")]
    #expect(
      try desk().errors.contains("others can change \(sandbox.path("open"));") || desk().code == 1)
    // As in /tmp, nobody can take away what is another's.
    try set(0o1777, "open")
    #expect(try desk().code == 0)
  }

  @Test func aLinkIsWhatItLeadsTo() throws {
    try set(0o777, "elsewhere/open")
    try set(0o700, "elsewhere/own")
    try set(0o700, "state")
    for (target, code) in [("open", 1), ("own", 0)] {
      try? FileManager.default.removeItem(atPath: sandbox.path("state/ccterm"))
      try FileManager.default.createSymbolicLink(
        atPath: sandbox.path("state/ccterm"),
        withDestinationPath: sandbox.path("elsewhere/\(target)"))
      #expect(try desk().code == Int32(code), "\(target)")
    }
    // A link in the middle of the way, to a place below one that others can write.
    try set(0o777, "elsewhere")
    try FileManager.default.removeItem(atPath: sandbox.path("state/ccterm"))
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.path("state/ccterm"), withDestinationPath: sandbox.path("elsewhere/own"))
    #expect(try desk().code == 1)
  }

  @Test(.enabled(if: geteuid() == 0)) func anotherUsersFolderIsRefused() throws {
    try set(0o755, "state/ccterm")
    chown(sandbox.path("state/ccterm"), 65_534, 65_534)
    let run = try desk()
    #expect(run.code == 1 && run.errors.contains("belongs to another user"), "\(run.errors)")
  }

  @Test func aConfigurationThatOthersCanWriteIsRefused() throws {
    for (mode, code) in [(0o666, 2), (0o620, 2), (0o644, 0)] {
      try sandbox.write("config/ccterm/config.yaml", "line: demo\n", mode: mode)
      let run = try Running.once(["config", "show"], in: sandbox)
      #expect(run.code == Int32(code), "\(String(mode, radix: 8)): \(run.errors)")
    }
    try set(0o777, "config/ccterm")
    #expect(try Running.once(["config", "show"], in: sandbox).code == 2)
  }

  /// The secrets that a configuration names lie in files of the user's own, in folders of her own.
  @Test(arguments: [0o777, 0o722]) func aSecretInAFolderThatOthersCanWriteIsRefused(_ mode: Int)
    throws
  {
    try sandbox.write("secrets/token", "x\n")
    try set(mode, "secrets")
    let path = sandbox.path("secrets/token")
    let line = ["--json", "--line", Repository.exampleLine(answering: 0.1)]
    for (options, words) in [
      (["token.from=file", "token.file=\(path)"], "token.file: others can change"),
      (
        [
          "bus.url=mqtt://127.0.0.1:9", "bus.team=red", "bus.agent=1", "bus.passwordFile=\(path)",
        ], "bus.passwordFile: others can change"
      ),
    ] {
      let run = try Running(line + options.flatMap { ["-c", $0] }, in: sandbox)
      #expect(
        run.wait { run.lines.contains { $0.contains("\(words) \(sandbox.path("secrets"))") } },
        "\(run.lines)")
      kill(run.pid, SIGTERM)
      #expect(run.end().code == 0)
    }
    let doctor = try Running.once(
      ["doctor", "--json", "-c", "token.from=file", "-c", "token.file=\(path)", "--line", "sdk"],
      in: sandbox)
    let row = doctor.out.first { $0.contains(#""what":"token""#) } ?? ""
    #expect(row.contains("others can change") && row.contains("chmod go-w"), "\(doctor.out)")
    try set(0o700, "secrets")
    let fine = try Running(
      line + ["-c", "token.from=file", "-c", "token.file=\(path)"], in: sandbox)
    #expect(fine.wait(for: ["type": "link", "state": "up"]), "\(fine.lines)")
  }

  // MARK: Memory

  /// Another program of the same user, who is not root, tries to look inside.
  @Test(.enabled(if: geteuid() == 0), arguments: ["desk", "floor", "feed"])
  func theMemoryIsHidden(_ what: String) async throws {
    let home = FileManager.default.temporaryDirectory.appending(
      path: "ccterm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: home) }
    chown(home.path, 65_534, 65_534)
    let settings = #"{"cloud":{"key":"k","secret":"s","api":"http://127.0.0.1:9"}}"#
    let commands = [
      "desk": "sleep 60 | '\(Products.path("ccterm"))' --json --line demo",
      "floor": "sleep 60 | '\(Products.path("ccterm"))' floor --json",
      "feed":
        "echo '\(settings)' | '\(Products.path("ccterm-cloud"))' feed --to mqtt://127.0.0.1:9 --settings 0",
    ]
    let folder = try TestFolder()
    let script = """
      cd /; export HOME='\(home.path)'; ulimit -c unlimited
      (\(commands[what] ?? "")) >'\(home.path)/out' 2>&1 &
      for i in $(seq 1 300); do
        pid=$(pgrep -u 65534 -n -x '\(what == "feed" ? "ccterm-cloud" : "ccterm")' -g 0)
        [ -n "$pid" ] && [ -s '\(home.path)/out' ] && break
        sleep 0.05
      done
      echo "pid $pid"
      head -c 1 "/proc/$pid/mem" 2>&1 | head -1
      cat "/proc/$pid/environ" >/dev/null 2>&1 && echo READABLE
      grep 'Max core' "/proc/$pid/limits"
      ls -l "/proc/$pid/exe" 2>&1
      kill "$pid"
      """
    let peer = try Peer(
      "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c", script],
      in: folder)
    _ = await peer.exitCode()
    let out = folder.read("setpriv.out")
    #expect(out.contains("pid ") && !out.contains("pid \n"), "\(out)")
    #expect(out.contains("Permission denied") && !out.contains("READABLE"), "\(out)")
  }
}
