// A desk whose token comes from a backend: what it says when that is away, and that it heals.

import CCJSON
import CCTestSupport
import Foundation
import Testing

@Suite struct DeskTokenTests {
  private static let line = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples/line.py")

  /// A desk in JSON mode, on the example line, its token from a server.
  private func desk(_ server: ScriptedServer, in folder: TestFolder) throws -> CloudProgram {
    let config = folder.url.appending(path: "config/ccterm")
    try FileManager.default.createDirectory(at: config, withIntermediateDirectories: true)
    let text = """
      token:
        from: url
        url: \(server.base)/token
        user: liwei
        secret: hunter2hunter2
        timeout: 20
        headers:
          X-Tenant: tenant-s3cret
      """
    try Data(text.utf8).write(to: config.appending(path: "config.yaml"))
    chmod(config.appending(path: "config.yaml").path, 0o600)
    return try CloudProgram(
      [
        "--json", "--line", "exec:python3 \(Self.line.path) 0.1", "--record",
        folder.path("record"),
      ], program: "ccterm", holdsInput: true,
      environment: [
        "XDG_CONFIG_HOME=\(folder.path("config"))", "XDG_STATE_HOME=\(folder.path("state"))",
        "CCTERM_ETC=\(folder.path("etc"))",
      ], in: folder)
  }

  private func links(_ run: CloudProgram) -> [JSONValue] {
    run.out.split(separator: "\n").compactMap { try? JSONReader.read(String($0)) }
      .filter { $0["type"] == "link" }
  }

  @Test("a backend that is away is named in the header and asked again by itself")
  func heals() async throws {
    let folder = try TestFolder()
    let server = try await ScriptedServer(.init(500))
    let run = try desk(server, in: folder)
    try await eventually("the desk says who failed", within: 30) {
      links(run).contains {
        $0["state"] == "down" && $0["retryIn"]?.double != nil
          && $0["reason"]?.string == "The token backend 127.0.0.1:\(server.port) failed (500)."
      }
    }
    server.answer(.init(200, #"{"token":"t0k3n-of-liwei","expiresIn":3600}"#))
    try await eventually("the desk registers", within: 30) {
      links(run).last?["state"] == "up"
    }
    #expect(
      folder.read("state/ccterm/log").contains(
        "desk: The token backend 127.0.0.1:\(server.port) failed (500)."))
    let asked = try #require(server.asked.last)
    #expect(
      asked.headers["authorization"]
        == "Basic " + Data("liwei:hunter2hunter2".utf8).base64EncodedString())
    #expect(asked.headers["x-tenant"] == "tenant-s3cret")
    let pid = run.child.pid
    let environment = String(
      decoding: try Data(contentsOf: URL(filePath: "/proc/\(pid)/environ")), as: UTF8.self)
    for place in [run.out, run.errors, folder.read("record"), folder.read("state/ccterm/log")]
      + [environment]
    {
      for secret in ["t0k3n-of-liwei", "hunter2hunter2", "tenant-s3cret"] {
        #expect(!place.contains(secret))
      }
    }
    await run.child.stop()
    await server.stop()
  }

  @Test("a refused secret is tried once: more could only lock the agent")
  func stops() async throws {
    let folder = try TestFolder()
    let server = try await ScriptedServer(.init(401, #"{"error":"the secret is wrong"}"#))
    let run = try desk(server, in: folder)
    try await eventually("the desk stops", within: 30) {
      links(run).contains {
        $0["state"] == "down"
          && $0["reason"]?.string?.hasSuffix("refused liwei's secret (401): the secret is wrong.")
            == true
      }
    }
    #expect(links(run).last?["retryIn"] == nil || links(run).last?["retryIn"] == .null)
    #expect(server.asked.count == 1)
    await run.child.stop()
    await server.stop()
  }
}
