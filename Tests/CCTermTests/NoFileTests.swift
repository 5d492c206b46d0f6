// A FIFO, a folder, a socket or a device where a file should be: said at once, and nothing waits.

import CCTestSupport
import Foundation
import Testing

@Suite struct NoFileTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Long enough for a busy machine; what waits for a FIFO waits for ever.
  private static let patience = 10.0

  private func says(_ words: String, _ arguments: [String], code: Int32? = nil) throws {
    let run = try Running(arguments, in: sandbox)
    run.closeInput()
    let (ended, errors) = run.end(seconds: Self.patience)
    #expect(ended != nil && errors.contains(words), "\(arguments): \(errors)")
    if let code { #expect(ended == code, "\(arguments)") }
    if ended == nil { kill(run.pid, SIGKILL) }
  }

  @Test(arguments: NoFile.allCases) func aRecording(_ kind: NoFile) throws {
    let path = kind.make(in: sandbox.folder)
    try says("\(path) is no file.", ["replay", "--json", path], code: 1)
    try says("\(path) is no file.", ["--json", "--line", "replay:\(path)"], code: 1)
    // A record goes into a new file, whatever the old one is.
    try says("is there already", ["--json", "--line", "demo", "--record", path], code: 1)
  }

  /// The desk, the floor.
  @Test(arguments: NoFile.allCases) func theBrokersAuthority(_ kind: NoFile) throws {
    let path = kind.make(in: sandbox.folder)
    let broker = try BadServer(.hangs)
    defer { broker.stop() }
    let url = "mqtts://127.0.0.1:\(broker.port)"
    let desk = ["bus.url=\(url)", "bus.team=red", "bus.agent=1"].flatMap { ["-c", $0] }
    for arguments in [
      ["floor", "--json", "--from", url], ["floor", "--plain", "--from", url],
      ["--json", "--line", "demo"] + desk, ["--plain", "--line", "demo"] + desk,
    ] {
      let run = try Running(arguments + ["-c", "bus.caFile=\(path)"], in: sandbox)
      #expect(
        run.wait(seconds: Self.patience) { run.lines.contains { $0.contains("is no file") } },
        "\(arguments): \(run.lines)")
      kill(run.pid, SIGTERM)
      #expect(run.end(seconds: Self.patience).code == 0, "\(arguments)")
    }
  }

  @Test(arguments: NoFile.allCases) func whatTheSIPLineReads(_ kind: NoFile) throws {
    let path = kind.make(in: sandbox.folder)
    let line = [
      "--json", "--line", "sip", "-c", "sip.registrar=127.0.0.1:\(Ports.free())", "-c",
      "sip.account=1001", "-c", "sip.passwordCommand=echo x",
    ]
    for (options, words) in [
      (["sip.transport=tls", "sip.caFile=\(path)"], "sip.caFile: \(path) is no file"),
      (["sip.audio=file:\(path)"], "sip.audio: \(path) is no file"),
    ] {
      let run = try Running(line + options.flatMap { ["-c", $0] }, in: sandbox)
      #expect(
        run.wait(seconds: Self.patience) {
          run.messages.contains { message in
            message["type"] as? String == "link"
              && (message["reason"] as? String)?.contains(words) == true
          }
        }, "\(options): \(run.lines)")
      kill(run.pid, SIGTERM)
      #expect(run.end(seconds: Self.patience).code == 0, "\(options)")
    }
  }

  @Test(arguments: NoFile.allCases) func secrets(_ kind: NoFile) throws {
    // The mode of a device is not ours to choose.
    guard kind != .zero else { return }
    let path = kind.make(in: sandbox.folder)
    chmod(path, 0o600)
    let run = try Running(
      [
        "--json", "--line", Repository.exampleLine(answering: 1), "-c", "token.from=file", "-c",
        "token.file=\(path)",
      ], in: sandbox)
    #expect(run.wait(seconds: Self.patience) { run.lines.contains { $0.contains("is no file") } })
    kill(run.pid, SIGTERM)
    #expect(run.end(seconds: Self.patience).code == 0)
  }

  @Test(arguments: NoFile.allCases) func theDoctorNamesThem(_ kind: NoFile) throws {
    let path = kind.make(in: sandbox.folder)
    let (_, out, errors) = try Running.once(
      [
        "doctor", "--json", "--line", "sip", "-c", "sip.registrar=127.0.0.1:\(Ports.free())", "-c",
        "sip.account=1", "-c", "sip.transport=tls", "-c", "sip.caFile=\(path)", "-c",
        "bus.url=mqtts://127.0.0.1:\(Ports.free())", "-c", "bus.caFile=\(path)",
      ], in: sandbox)
    for key in ["sip.caFile", "bus.caFile"] {
      #expect(out.contains { $0.contains("\(key): \(path) is no file") }, "\(out) \(errors)")
    }
  }

  /// What the C library reads for the zone.
  @Test(arguments: [NoFile.fifo, .zero]) func theZone(_ kind: NoFile) throws {
    let path = kind.make(in: sandbox.folder)
    for prefix in ["", ":"] {
      sandbox.more = ["TZ": prefix + path]
      try says("TZ: \(path) is no file", ["--json", "--line", "demo"], code: 2)
    }
  }
}
