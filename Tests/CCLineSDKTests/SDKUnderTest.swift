// The built line program, driven as a desk drives it.

import CCCore
import CCJSON
import CCLine
import CCTestSupport
import Foundation

/// `ccterm-line-sdk` as a child: commands go in, events are waited for in their order.
final class SDKUnderTest: Sendable {
  /// A token of the documented shape; no part of it may be seen anywhere.
  static let token = "Bearer SDNVerRWZp77:0705C245_001:0ecc5e73-4252-42f6-8bf1-3a2d0bf7ea98"

  let folder: TestFolder
  private let child: TestChild
  private let input: FileHandle
  private let output: FileHandle
  private let events = EventLog()

  /// Starts it, with a browser of its own whose microphone is a made one.
  ///
  /// - Parameter environment: `NAME=value` words for it, put before the program by env(1).
  init(environment: [String] = []) throws {
    folder = try TestFolder()
    let stdin = Pipe()
    let stdout = Pipe()
    input = stdin.fileHandleForWriting
    output = stdout.fileHandleForReading
    let errors = open(folder.path("stderr"), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    defer { close(errors) }
    child = try TestChild(
      "/usr/bin/env",
      ["HOME=\(folder.url.path)", "XDG_RUNTIME_DIR=\(folder.url.path)"] + environment
        + [Products.path("ccterm-line-sdk")],
      in: folder.url.path, input: stdin.fileHandleForReading.fileDescriptor,
      output: stdout.fileHandleForWriting.fileDescriptor, error: errors)
    // Ours would keep the pipes open after the program has ended.
    try stdin.fileHandleForReading.close()
    try stdout.fileHandleForWriting.close()
    events.read(from: output) { LineCodec.decode($0) }
  }

  deinit { try? input.close() }

  var pid: Int32 { child.pid }

  /// What it wrote to stderr.
  var complaints: String { folder.read("stderr") }

  /// The browser's main process.
  var browser: Int32? {
    Processes.with(argument: "--user-data-dir=\(profile ?? "?")", "--remote-debugging-pipe").first
  }

  /// The browser's folder; nil while there is none.
  var profile: String? {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.url.path))?.first {
      $0.hasPrefix("ccterm-sdk-")
    }.map(folder.path)
  }

  /// The part of the configuration for a stand-in that behaves as wished.
  func configuration(
    _ wish: String = "{}", _ more: [(String, JSONValue)] = []
  ) throws -> JSONValue {
    let script = try folder.write("sip-sdk.js", try StandIn.script(wish))
    return .object(
      JSONObject(
        ([
          ("browser", .string(try StandIn.browser(in: folder))), ("window", "headless"),
          ("noSandbox", .bool(geteuid() == 0)), ("script", .string("file:\(script)")),
        ] + more).map { JSONObject.Member(name: $0.0, value: $0.1) }))
  }

  /// Sends `register`.
  func register(_ configuration: JSONValue, token: String? = SDKUnderTest.token, id: Int = 1) {
    send(.register(id: id, token: token.map { Secret($0) }), configuration)
  }

  /// Sends a command.
  func send(_ command: LineCommand, _ configuration: JSONValue? = nil) {
    try? input.write(contentsOf: Data(LineCodec.encode(command, configuration: configuration)))
  }

  /// Sends bytes as they are.
  func sendBytes(_ text: String) throws { try input.write(contentsOf: Data(text.utf8)) }

  /// Registers with a stand-in and waits until it is idle.
  func signIn(_ wish: String = "{}", _ more: [(String, JSONValue)] = []) async throws {
    register(try configuration(wish, more))
    try await wait("registered") { if case .registered = $0 { true } else { nil } }
    try await wait("idle") { $0 == .seat(.idle) ? true : nil }
  }

  /// The next reports of a call, up to its end or to a status.
  func calls(until last: CallReport.Status? = nil) async throws -> [CallReport] {
    let found = Mutexed<[CallReport]>([])
    try await wait("the call's \(last.map { "\($0)" } ?? "end")") { event -> Bool? in
      guard case .call(let report) = event else { return nil }
      found.with { $0.append(report) }
      let isEnd = report.status == .ended || report.status == .notEstablished
      return report.status == last || isEnd ? true : nil
    }
    return found.with { $0 }
  }

  /// The reason of the next `unregistered`.
  func trouble(within seconds: Double = 30) async throws -> (reason: String, final: Bool) {
    try await wait("unregistered", within: seconds) { event -> (String, Bool)? in
      guard case .unregistered(let reason, _, let final) = event else { return nil }
      return (reason.string, final)
    }
  }

  /// The `result` of a command.
  func result(_ id: Int) async throws -> (ok: Bool, error: String) {
    try await wait("result \(id)") { event -> (Bool, String)? in
      guard case .result(id, let ok, let error) = event else { return nil }
      return (ok, error.string)
    }
  }

  /// The next event that the closure takes.
  @discardableResult
  func wait<T>(
    _ what: String, within seconds: Double = 30, _ take: @Sendable (LineEvent) -> T?
  ) async throws -> T {
    let deadline = Date().addingTimeInterval(seconds)
    while let event = try await events.next(what, until: deadline) {
      if let found = take(event) { return found }
    }
    throw NotInTime("the line ended before: \(what); seen: \(events.seen); \(complaints)")
  }

  /// All events until now, also those already taken.
  var seen: [LineEvent] { events.seen }

  /// Says `quit` and waits for the end; the exit code.
  func quit() async throws -> Int32 {
    send(.quit)
    return try await ended()
  }

  /// Closes stdin and waits for the end; the exit code.
  func closeInput() async throws -> Int32 {
    try input.close()
    return try await ended()
  }

  /// Waits for the end; the exit code.
  func ended(within seconds: Double = 20) async throws -> Int32 {
    try await child.ended(within: seconds)
  }
}

/// The stand-in of the vendor's SDK, and a browser to run it in.
enum StandIn {
  /// The script, with what it is to do.
  static func script(_ wish: String) throws -> String {
    let here = URL(filePath: #filePath).deletingLastPathComponent()
    let source = try String(
      contentsOf: here.appending(path: "StandIn/sip-sdk.js"), encoding: .utf8)
    return "window.standIn = \(wish);\n" + source
  }

  /// A program that starts Chromium with a made microphone and without sound.
  static func browser(in folder: TestFolder, _ flags: String = "") throws -> String {
    let path = try folder.write(
      "browser",
      """
      #!/bin/sh
      exec chromium --use-fake-device-for-media-stream --mute-audio \(flags) "$@"

      """)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    return path
  }
}
