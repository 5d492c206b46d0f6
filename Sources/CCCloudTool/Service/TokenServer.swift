// The token service's HTTP, on loopback: a TLS proxy stands before it.

import CCJSON
import CLinux
import FlyingFox
import Foundation

/// Serves a `TokenDesk`.
///
///     POST /v1/token    issues the agent's token
///     GET  /v1/token    looks at the secret, issues nothing
///     GET  /healthz     says that the service lives
struct TokenServer: Sendable {
  let desk: TokenDesk
  let port: UInt16

  /// The most bytes that a request's body may have; none is needed.
  static let bodyLimit = 4096

  /// Makes the server; it runs until its task is cancelled or `stop` is called on it.
  func make() async throws -> HTTPServer {
    let server = HTTPServer(
      config: .init(
        address: try .inet(ip4: "127.0.0.1", port: port), timeout: 90,
        sharedRequestReplaySize: Self.bodyLimit, logger: .disabled))
    await server.appendRoute("*") { [desk] in await Self.answer($0, desk) }
    return server
  }

  private static func answer(_ request: HTTPRequest, _ desk: TokenDesk) async -> HTTPResponse {
    switch (request.path, request.method) {
    case ("/healthz", .GET): return HTTPResponse(statusCode: .ok, body: Data("ok\n".utf8))
    case ("/v1/token", .GET), ("/v1/token", .POST): break
    case ("/v1/token", _):
      return reply(.init(status: 405, body: ["error": "POST or GET"]))
    default: return reply(.init(status: 404, body: ["error": "there is nothing here"]))
    }
    guard (request.bodySequence.count ?? bodyLimit + 1) <= bodyLimit else {
      return reply(.init(status: 413, body: ["error": "no body is needed"]))
    }
    return reply(
      await desk.answer(
        TokenDesk.Ask(
          issues: request.method == .POST, authorization: request.headers[.authorization],
          address: address(request))))
  }

  /// Who asks: the proxy says so, and only the proxy can reach loopback.
  private static func address(_ request: HTTPRequest) -> String {
    let text = request.headers[HTTPHeader("X-Real-IP")] ?? "loopback"
    let isAddress =
      text.utf8.count <= 45
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || ".:0123456789".unicodeScalars.contains($0))
      }
    return isAddress ? text : "unreadable"
  }

  private static func reply(_ reply: TokenDesk.Reply) -> HTTPResponse {
    var headers: HTTPHeaders = [
      .contentType: "application/json", HTTPHeader("Cache-Control"): "no-store",
      HTTPHeader("Date"): date(), .connection: "close",
    ]
    if reply.status == 401 {
      headers[HTTPHeader("WWW-Authenticate")] = "Basic realm=\"token\", charset=\"UTF-8\""
    }
    if let seconds = reply.retryAfter { headers[HTTPHeader("Retry-After")] = String(seconds) }
    return HTTPResponse(
      statusCode: HTTPStatusCode(reply.status, phrase: phrase(reply.status)), headers: headers,
      body: Data(JSONWriter.write(reply.body) + [0x0A]))
  }

  private static func phrase(_ status: Int) -> String {
    let phrases = [
      200: "OK", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
      405: "Method Not Allowed", 413: "Content Too Large", 429: "Too Many Requests",
      502: "Bad Gateway", 503: "Service Unavailable",
    ]
    return phrases[status] ?? "Error"
  }

  private static func date() -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return format.string(from: Date(timeIntervalSince1970: Double(cc_unix()) / 1000))
  }
}
