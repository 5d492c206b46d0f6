// The stand-in on a port of loopback.

import CCJSON
import FlyingFox
import FlyingSocks
import Foundation

/// Serves a `FakeCloud` over HTTP until it is stopped.
public final class FakeServer: Sendable {
  /// What it serves.
  public let cloud: FakeCloud
  private let server: HTTPServer
  private let task: Task<Void, any Error>
  /// The port that the kernel picked.
  public let port: UInt16

  /// Where the API stands.
  public var base: String { "http://127.0.0.1:\(port)" }

  /// Starts serving.
  public init(_ cloud: FakeCloud = FakeCloud(), port: UInt16 = 0) async throws {
    self.cloud = cloud
    let server = HTTPServer(
      address: try .inet(ip4: "127.0.0.1", port: port), timeout: 120, logger: .disabled)
    self.server = server
    await server.appendRoute("*") { try await Self.answer($0, cloud) }
    task = Task { try await server.run() }
    try await server.waitUntilListening()
    guard case .ip4(_, let port) = await server.listeningAddress else {
      throw SocketError.unsupportedAddress
    }
    self.port = port
  }

  /// Stops at once.
  public func stop() async {
    await server.stop()
    task.cancel()
  }

  private static func answer(
    _ request: HTTPRequest, _ cloud: FakeCloud
  ) async throws -> HTTPResponse {
    let body = [UInt8](try await request.bodyData)
    let path = request.path
    if path.hasPrefix("/fake/") { return await control(path, body, cloud) }
    let date = HTTPHeader("Date")
    let stamp = Self.date(ahead: await cloud.clockAhead)
    switch await cloud.mood {
    case .http(let code):
      return HTTPResponse(
        statusCode: HTTPStatusCode(code, phrase: "Fake"), headers: [date: stamp],
        body: Data("trouble".utf8))
    case .page:
      return HTTPResponse(
        statusCode: .ok, headers: [.contentType: "text/html"],
        body: Data("<!doctype html><title>Sign in</title>".utf8))
    case .silent:
      try await Task.sleep(for: .seconds(100))
      return HTTPResponse(statusCode: .ok)
    case .huge(let bytes):
      return HTTPResponse(statusCode: .ok, body: Data(repeating: 0x20, count: bytes))
    case .garbage: return HTTPResponse(statusCode: .ok, body: Data("{\"status\":".utf8))
    case .normal, .refuse: break
    }
    var headers: [String: String] = [:]
    for name in ["Content-Type", "Api-Key", "Timestamp", "Sign"] {
      headers[name.lowercased()] = request.headers[HTTPHeader(name)]
    }
    let (status, answer) = await cloud.answer(path: path, headers: headers, body: body)
    return HTTPResponse(
      statusCode: HTTPStatusCode(status, phrase: "Fake"),
      headers: [.contentType: "application/json", date: stamp], body: Data(answer))
  }

  /// What a test in another process asks: `/fake/live` with a credential, `/fake/issued`,
  /// `/fake/mood` with a word and a number.
  private static func control(
    _ path: String, _ body: [UInt8], _ cloud: FakeCloud
  ) async -> HTTPResponse {
    let text = String(decoding: body, as: UTF8.self)
    let words = text.split(separator: " ").map(String.init)
    let answer: String
    switch path {
    case "/fake/live": answer = await cloud.isLive(text) ? "yes" : "no"
    case "/fake/issued": answer = await cloud.issued.joined(separator: "\n")
    case "/fake/mood":
      let number = words.count > 1 ? Int(words[1]) ?? 0 : 0
      let moods: [String: FakeCloud.Mood] = [
        "normal": .normal, "refuse": .refuse(number), "http": .http(number), "page": .page,
        "silent": .silent, "huge": .huge(number), "garbage": .garbage,
      ]
      guard let mood = words.first.flatMap({ moods[$0] }) else {
        return HTTPResponse(statusCode: .badRequest)
      }
      await cloud.set { $0.mood = mood }
      answer = "ok"
    default: return HTTPResponse(statusCode: .notFound)
    }
    return HTTPResponse(statusCode: .ok, body: Data(answer.utf8))
  }

  private static func date(ahead: Int64) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return format.string(from: Date().addingTimeInterval(Double(ahead)))
  }
}
