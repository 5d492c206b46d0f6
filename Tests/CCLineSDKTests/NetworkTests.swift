// The script from the network: not found, not there, a portal's page, hanging; and then there.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation
import Testing

@Suite("The script from the network") struct NetworkTests {
  /// A server that stands in for the script's host, and a browser that takes it for that.
  private func serve(
    _ mood: String, for line: SDKUnderTest, trusted: Bool = true
  ) async throws -> (server: TestChild, configuration: JSONValue) {
    let folder = line.folder
    _ = try folder.write("sip-sdk.js", try StandIn.script("{}"))
    _ = try folder.write("mood", mood)
    let make = try TestChild(
      "/usr/bin/openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=cc-sdk.itniotech.com",
      ], in: folder.url.path)
    guard try await make.ended() == 0 else { throw NotInTime("a certificate") }
    let out = open(folder.path("port"), O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    defer { close(out) }
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "StandIn/https-server.py").path
    let server = try TestChild(
      "/usr/bin/python3", [script, folder.url.path], in: folder.url.path, output: out)
    try await eventually("the server's port") { folder.read("port").hasSuffix("\n") }
    let port = folder.read("port").trimmingCharacters(in: .newlines)
    var flags =
      "--host-resolver-rules='MAP cc-sdk.itniotech.com 127.0.0.1:\(port)' "
      + "--disable-features=LocalNetworkAccessChecks"
    if trusted { flags += " --ignore-certificate-errors" }
    return (
      server,
      [
        "browser": .string(try StandIn.browser(in: folder, flags)), "window": "headless",
        "noSandbox": .bool(geteuid() == 0), "scriptSeconds": 5,
      ]
    )
  }

  @Test(
    "what the script's host does instead has a sentence, and it heals",
    arguments: [
      ("404", "is not there: its host answers HTTP 404"),
      ("page", "a captive portal or a proxy?"), ("hang", "did not answer within 5 s"),
    ])
  func instead(_ mood: String, _ words: String) async throws {
    let line = try SDKUnderTest()
    let (server, configuration) = try await serve(mood, for: line)
    line.register(configuration)
    let trouble = try await line.trouble()
    #expect(trouble.reason.hasPrefix("https://cc-sdk.itniotech.com/sip-sdk.js "))
    #expect(trouble.reason.contains(words), "\(trouble.reason)")
    #expect(!trouble.final)
    _ = try line.folder.write("mood", "script")
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(try await line.quit() == 0)
    await server.stop()
  }

  @Test("a certificate that does not fit is named") func certificate() async throws {
    let line = try SDKUnderTest()
    let (server, configuration) = try await serve("script", for: line, trusted: false)
    line.register(configuration)
    let reason = try await line.trouble().reason
    #expect(reason.contains("certificate that does not fit (ERR_CERT"), "\(reason)")
    #expect(try await line.quit() == 0)
    await server.stop()
  }

  @Test("a host that is not found, and one that refuses") func unreachable() async throws {
    for (address, words) in [
      ("https://cc-sdk.invalid/sip-sdk.js", "does not resolve"),
      ("https://127.0.0.1:9/sip-sdk.js", "127.0.0.1:9/sip-sdk.js "),
    ] {
      let line = try SDKUnderTest()
      line.register(try line.configuration("{}", [("script", .string(address))]))
      let reason = try await line.trouble().reason
      #expect(reason.contains(words), "\(reason)")
      #expect(try await line.quit() == 0)
    }
  }
}
