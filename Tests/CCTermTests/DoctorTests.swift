// `ccterm doctor`: what it finds, what it says mends it, and its exit code.

import CCTestSupport
import Foundation
import Testing

@testable import CCTerm

@Suite struct DoctorTests {
  let sandbox: Sandbox
  init() throws { sandbox = try Sandbox() }

  /// Runs it with `--json`; the state and the cure of each finding, by name.
  private func examine(
    _ arguments: [String]
  ) throws -> (code: Int32?, findings: [String: [(state: String, mend: String)]]) {
    let run = try Running.once(["doctor", "--json"] + arguments, in: sandbox)
    var findings: [String: [(state: String, mend: String)]] = [:]
    for line in run.out {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let object, object["type"] as? String == "finding" else { continue }
      let what = try #require(object["what"] as? String)
      findings[what, default: []].append(
        (object["state"] as? String ?? "", object["mend"] as? String ?? ""))
    }
    return (run.code, findings)
  }

  @Test func theDemoNeedsNothing() throws {
    let (code, findings) = try examine([])
    #expect(code == 0)
    #expect(findings["line"]?.first?.state == "ok")
    #expect(findings["state"]?.first?.state == "ok")
    #expect(findings["locale"]?.first?.state == "ok")
    #expect(findings.values.joined().allSatisfy { $0.state == "ok" || !$0.mend.isEmpty })
  }

  @Test func theTableNamesTheCureBelowItsRow() throws {
    let run = try Running.once(
      ["doctor", "--line", "sdk", "-c", "sdk.browser=no-such-browser"], in: sandbox)
    #expect(run.code == 1)
    let row = try #require(run.out.firstIndex { $0.hasPrefix("missing  browser") })
    #expect(run.out[row + 1].contains("mend: sudo apt install chromium"))
    #expect(
      run.errors
        == "ccterm: something that is needed is missing; the lines above say what mends it.\n")
  }

  @Test(arguments: ["tcp", "udp"])
  func theRegistrarIsLookedAt(transport: String) throws {
    let type = transport == "tcp" ? SOCK_STREAM : SOCK_DGRAM
    let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
    defer { close(descriptor) }
    let port = Ports.free()
    #expect(Ports.withLoopback(port) { bind(descriptor, $0, $1) } == 0)
    if transport == "tcp" { listen(descriptor, 1) }
    let arguments = [
      "--line", "sip", "-c", "sip.registrar=127.0.0.1:\(port)", "-c", "sip.account=1001",
      "-c", "sip.transport=\(transport)",
    ]
    if transport == "udp" {
      Thread.detachNewThread {
        var buffer = [UInt8](repeating: 0, count: 2048)
        var from = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &from) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            guard recvfrom(descriptor, &buffer, buffer.count, 0, address, &length) > 0 else {
              return
            }
            sendto(descriptor, "SIP/2.0 403 No\r\n\r\n", 18, 0, address, length)
          }
        }
      }
    }
    let (_, findings) = try examine(arguments)
    #expect(findings["registrar"]?.map(\.state) == ["ok"])
    let gone = try examine([
      "--line", "sip", "-c", "sip.registrar=127.0.0.1:\(Ports.free())", "-c", "sip.account=1001",
    ])
    #expect(gone.code == 1)
    #expect(gone.findings["registrar"]?.map(\.state) == ["missing"])
  }

  /// The line program is asked what it would take, with the devices that the settings name.
  @Test func theSoundIsLookedAt() async throws {
    let server = try await SoundServer(sinks: ["ear"])
    let registrar = ["--line", "sip", "-c", "sip.registrar=127.0.0.1:9", "-c", "sip.account=1"]
    func sound(_ audio: String, _ more: [String] = []) throws -> [String]? {
      try examine(registrar + ["-c", "sip.audio=\(audio)"] + more).findings["sound"]?.map(\.state)
    }
    sandbox.more = ["PULSE_SERVER": server.address]
    #expect(try sound("auto") == ["ok"])
    #expect(try sound("pulse", ["-c", "sip.loudspeaker=ear"]) == ["ok"])
    #expect(try sound("auto", ["-c", "sip.loudspeaker=nosuch"]) == ["ok", "warning"])
    #expect(try sound("none") == ["warning"])
    sandbox.more = [
      "PULSE_SERVER": "unix:/nonexistent",
      "ALSA_CONFIG_PATH": try server.alsa(["ear": "ear", "mouth": "ear.monitor"]),
    ]
    #expect(try sound("pulse") == ["missing"])
    let named = ["-c", "sip.loudspeaker=ear", "-c", "sip.microphone=mouth"]
    #expect(try sound("alsa", named) == ["ok"])
    #expect(try sound("alsa", named + ["-c", "sip.ringer=nosuch"]) == ["ok", "warning"])
    await server.stop()
  }

  @Test func theBrowserItselfIsAsked() throws {
    try sandbox.write("sdk.js", "")
    let (code, findings) = try examine([
      "--line", "sdk", "-c", "sdk.noSandbox=yes", "-c", "sdk.window=headless",
      "-c", "sdk.script=file:\(sandbox.path("sdk.js"))",
    ])
    #expect(findings["browser"]?.map(\.state) == ["ok"])
    #expect(findings["context"]?.map(\.state) == ["ok"])
    #expect(findings["WebRTC"]?.map(\.state) == ["ok"])
    #expect(findings["script"]?.map(\.state) == ["ok"])
    #expect(findings["microphone"]?.count == 1)
    // No token's source is set, and the SDK needs one.
    #expect(findings["token"]?.map(\.state) == ["missing"])
    #expect(code == 1)
  }

  @Test func modesAndBrokenFilesAreNamed() throws {
    try sandbox.write("config/ccterm/config.yaml", "line: demo\n", mode: 0o666)
    let open = try examine([])
    #expect(open.code == 1)
    #expect(open.findings["configuration"]?.first?.mend.hasPrefix("chmod go-w ") == true)
    try sandbox.write("config/ccterm/config.yaml", "lime: demo\n", mode: 0o600)
    let broken = try examine([])
    #expect(broken.code == 1)
    #expect(broken.findings["configuration"]?.first?.state == "missing")
  }

  @Test func keysAreShownAsTheyArrive() throws {
    let pty = try Pty(
      [Products.path("ccterm"), "doctor", "--keys"], environment: sandbox.environment)
    #expect(pty.wait(for: "Press each of these"))
    pty.type("\u{1B}OP")
    #expect(pty.wait(for: "F1 arrives"))
    #expect(pty.wait(for: "1b 4f 50"))
    pty.type("\u{1B}[19~")
    #expect(pty.wait(for: "F8 arrives"))
    pty.type("\u{4}")
    #expect(pty.wait(for: "Not seen:"))
    #expect(pty.wait(for: "menu accelerator key"))
    #expect(pty.end() == .exited(0))
    #expect(pty.modes.isUsual)
  }

  @Test @MainActor func hostsAndPortsAreRead() {
    #expect(SIPChecks.split("pbx.example", usual: 5060) == ("pbx.example", 5060))
    #expect(SIPChecks.split("pbx.example:5070", usual: 5060) == ("pbx.example", 5070))
    #expect(SIPChecks.split("[::1]:5070", usual: 5060) == ("::1", 5070))
    #expect(SIPChecks.split("[::1]", usual: 5061) == ("::1", 5061))
  }
}
