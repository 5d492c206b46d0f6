// What `ccterm doctor` learns over HTTP: the token's source and the vendor's script.

import CCTestSupport
import FakeVendor
import Foundation
import Testing

@Suite struct DoctorCloudTests {
  private func row(_ what: String, _ run: (code: Int32, out: String, errors: String)) -> String {
    let lines = run.out.split(separator: "\n").map(String.init)
    guard let index = lines.firstIndex(where: { $0.contains("  \(what)  ") }) else {
      return run.out
    }
    return lines[index...].prefix(2).joined(separator: "\n")
  }

  private func examine(
    _ yaml: String, in folder: TestFolder
  ) async throws -> (code: Int32, out: String, errors: String) {
    let config = folder.url.appending(path: "config/ccterm")
    try FileManager.default.createDirectory(at: config, withIntermediateDirectories: true)
    let file = config.appending(path: "config.yaml")
    try Data(yaml.utf8).write(to: file)
    chmod(file.path, 0o600)
    return try await CloudProgram.once(
      ["doctor", "--line", "sdk", "-c", "sdk.browser=none"], program: "ccterm",
      environment: [
        "XDG_CONFIG_HOME=\(folder.path("config"))", "XDG_STATE_HOME=\(folder.path("state"))",
        "CCTERM_ETC=\(folder.path("etc"))",
      ], in: folder)
  }

  @Test("the token's source is looked at, and nothing is issued")
  func token() async throws {
    let folder = try TestFolder()
    let server = try await ScriptedServer(.init(200, #"{"agent":"liwei"}"#))
    let yaml = """
      token:
        from: url
        url: \(server.base)/v1/token
        user: liwei
        secret: hunter2hunter2
      sdk:
        script: file:/dev/null
      """
    let good = try await examine(yaml, in: folder)
    #expect(row("token", good).hasPrefix("ok"))
    #expect(server.asked.map(\.method) == ["GET"])
    #expect(!good.out.contains("hunter2"))
    server.answer(.init(401, #"{"error":"the secret is wrong"}"#))
    let refused = await row("token", try examine(yaml, in: folder))
    #expect(refused.hasPrefix("missing") && refused.contains("refused liwei's secret"))
    var late = ScriptedServer.Answer(405)
    late.headers["Date"] = "Sun, 06 Nov 1994 08:49:37 GMT"
    server.answer(late)
    let clock = await row("clock", try examine(yaml, in: folder))
    #expect(clock.hasPrefix("missing") && clock.contains("timedatectl set-ntp true"))
    await server.stop()
  }

  @Test("a page in the script's place is named as what it is")
  func script() async throws {
    let folder = try TestFolder()
    let server = try await ScriptedServer(.init(200, "window.ccSdk={}", type: "text/javascript"))
    let yaml = "sdk:\n  script: \(server.base)/sip-sdk.js\n"
    #expect(await row("script", try examine(yaml, in: folder)).hasPrefix("ok"))
    let rows: [(ScriptedServer.Answer, String)] = [
      (.init(200, "<html>Welcome to our network", type: "text/html"), "captive portal"),
      (.init(302), "captive portal"), (.init(404), "HTTP 404"), (.init(200), "with nothing"),
    ]
    for (answer, words) in rows {
      server.answer(answer)
      let found = await row("script", try examine(yaml, in: folder))
      #expect(found.hasPrefix("missing") && found.contains(words), "\(found)")
    }
    await server.stop()
  }
}
