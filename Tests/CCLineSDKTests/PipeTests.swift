// The line against a browser that is none, and the parts of its pipe.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation
import Testing

@testable import CCLineSDK

@Suite("The browser's pipe") struct PipeTests {
  @Test("cuts at NUL, whatever the pieces, and skips what is too long") func splits() {
    let stream =
      Array("one\0\0two\0".utf8) + [UInt8](repeating: 0x78, count: 40) + [0] + Array("three\0".utf8)
    for size in 1...stream.count {
      var splitter = MessageSplitter(limit: 16)
      var found: [String] = []
      for start in stride(from: 0, to: stream.count, by: size) {
        splitter.feed(stream[start..<min(start + size, stream.count)]) {
          found.append(String(decoding: $0, as: UTF8.self))
        }
      }
      #expect(found == ["one", "", "two", "three"], "in pieces of \(size)")
      #expect(splitter.skipped == 1)
    }
  }

  @Test("writes Base64 as Foundation does") func base64() {
    for count in 0...70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 11) }
      #expect(Base64.text(bytes) == Data(bytes).base64EncodedString())
    }
  }

  @Test("reads answers, refusals and events, and nothing else") func messages() {
    func read(_ text: String) -> DevToolsMessage { DevToolsMessage(Array(text.utf8)) }
    #expect(read(#"{"id":3,"result":{"a":1}}"#) == .answer(id: 3, ["a": 1]))
    #expect(read(#"{"id":3}"#) == .answer(id: 3, .null))
    #expect(read(#"{"id":4,"error":{"code":-1,"message":"no"}}"#) == .refusal(id: 4, "no"))
    #expect(
      read(#"{"method":"A.b","params":{"x":[]},"sessionId":"S"}"#)
        == .event("A.b", ["x": []], session: "S"))
    for text in ["", "{", "[]", "{}", "12", #"{"id":"3"}"#, "\u{FEFF}{}"] {
      #expect(read(text) == .unreadable)
    }
    let long = #"{"id":1,"result":{"a":"\#(String(repeating: "x", count: 300_000))"}}"#
    #expect(read(long) != .unreadable, "an answer may be longer than a line of the desk's protocol")
  }

  private func configuration(_ mode: String, _ line: SDKUnderTest) throws -> JSONValue {
    let here = URL(filePath: #filePath).deletingLastPathComponent()
    let source = try String(
      contentsOf: here.appending(path: "StandIn/fake-browser.py"), encoding: .utf8)
    let path = try line.folder.write(mode, source)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    return [
      "browser": .string(path), "window": "headless", "noSandbox": .bool(geteuid() == 0),
    ]
  }

  @Test(
    "a browser that answers oddly is a browser",
    arguments: ["plain", "late", "garbage", "huge"])
  func odd(_ mode: String) async throws {
    let line = try SDKUnderTest()
    line.register(try configuration(mode, line))
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(
      line.seen.contains(.log(.warning, SafeText(Troubles.noMicrophone))),
      "a machine without a microphone is told, with the cure")
    line.send(.callPhone(id: 2, phone: "0075999", info: "x"))
    #expect(try await line.calls(until: .calling).last?.number == "1")
    #expect(try await line.quit() == 0)
  }

  @Test(
    "a browser that is none ends with a sentence, and the line with it",
    arguments: [
      ("silent", "does not answer on its debugging pipe: a policy may forbid it"),
      ("dying", "exit code 1: The platform failed to initialize.  Exiting."),
      ("locked", "its profile is in use"), ("refuses", "refuses to serve the page: not here"),
      ("pageless", "opened no page within 10 s"),
    ])
  func none(_ mode: String, _ words: String) async throws {
    let line = try SDKUnderTest()
    line.register(try configuration(mode, line))
    #expect(try await line.ended(within: 25) == LineExit.again)
    #expect(line.complaints.contains(words), "\(line.complaints)")
    #expect(line.profile == nil)
  }

  @Test("a browser that is not there is named, and found when it comes") func missing() async throws
  {
    let line = try SDKUnderTest()
    let path = line.folder.path("plain")
    line.register([
      "browser": .string(path), "window": "headless", "noSandbox": .bool(geteuid() == 0),
    ])
    let trouble = try await line.trouble()
    #expect(trouble.reason == "sdk.browser: \(path) is not there.")
    #expect(!trouble.final)
    _ = try configuration("plain", line)
    try await line.wait("registered") { if case .registered = $0 { true } else { nil } }
    #expect(try await line.quit() == 0)
  }

  @Test("no browser at all names the package") func noneInPath() async throws {
    let line = try SDKUnderTest(environment: ["PATH=/nowhere"])
    line.register(["window": "headless", "noSandbox": .bool(geteuid() == 0)])
    #expect(
      try await line.trouble().reason
        == "No browser is found: apt install chromium, or set sdk.browser.")
    #expect(try await line.quit() == 0)
  }

  @Test("without a display the window cannot be, and the cure is said") func noDisplay()
    async throws
  {
    let line = try SDKUnderTest(environment: ["DISPLAY=", "WAYLAND_DISPLAY="])
    line.register(["noSandbox": .bool(geteuid() == 0)])
    let reason = try await line.trouble().reason
    #expect(reason.contains("no display here"))
    #expect(reason.contains("exec:ssh my-pc"))
    #expect(try await line.quit() == 0)
  }

  @Test("root without its own word is refused", .enabled(if: geteuid() == 0)) func root()
    async throws
  {
    let line = try SDKUnderTest()
    line.register(["window": "headless"])
    let trouble = try await line.trouble()
    #expect(trouble.reason.contains("does not run as root"))
    #expect(trouble.final)
    #expect(try await line.quit() == 0)
  }

  @Test("no token, or a setting that is none, is said at once") func settings() async throws {
    let line = try SDKUnderTest()
    line.register(["window": "headless"], token: nil)
    #expect(try await line.result(1).error.contains("set token.from"))
    #expect(try await line.trouble().final)
    line.register(["origin": "http://softphone.invalid"], id: 2)
    #expect(try await line.result(2).error.contains("https origin"))
    try line.sendBytes("{\"type\":\"nonsense\",\"id\":9}\n{not json\n")
    try await line.wait("two warnings") { event -> Bool? in
      if case .log(.warning, let words) = event, words.string.contains("JSON") { true } else { nil }
    }
    #expect(try await line.quit() == 0)
  }
}
