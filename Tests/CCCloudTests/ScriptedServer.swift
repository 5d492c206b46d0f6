// A server that answers what a test tells it to.

import CCTestSupport
import FlyingFox
import Foundation

/// A backend of anybody's making, on loopback.
final class ScriptedServer: Sendable {
  /// An answer.
  struct Answer: Sendable {
    var status = 200
    var headers: [String: String] = [:]
    var body = Data()
    /// Seconds before it is sent.
    var delay = 0.0

    init(_ status: Int = 200, _ body: String = "", type: String? = nil, delay: Double = 0) {
      self.status = status
      self.body = Data(body.utf8)
      self.delay = delay
      if let type { headers["Content-Type"] = type }
    }
  }

  /// A request as it came.
  struct Asked: Sendable {
    var method: String
    var path: String
    var headers: [String: String]
    var body: String
  }

  private let answers: Mutexed<Answer>
  private let requests = Mutexed<[Asked]>([])
  private let server: HTTPServer
  private let task: Task<Void, any Error>
  let port: UInt16

  init(_ answer: Answer = Answer()) async throws {
    let answers = Mutexed(answer)
    let requests = requests
    self.answers = answers
    let server = HTTPServer(
      address: try .inet(ip4: "127.0.0.1", port: 0), timeout: 120, logger: .disabled)
    self.server = server
    await server.appendRoute("*") { request in
      let body = String(decoding: try await request.bodyData, as: UTF8.self)
      var headers: [String: String] = [:]
      for (name, value) in request.headers { headers[name.rawValue.lowercased()] = value }
      let asked = Asked(
        method: request.method.rawValue, path: request.path, headers: headers, body: body)
      requests.with { $0.append(asked) }
      let answer = answers.with { $0 }
      if answer.delay > 0 { try await Task.sleep(for: .seconds(answer.delay)) }
      var fields = HTTPHeaders()
      for (name, value) in answer.headers { fields[HTTPHeader(name)] = value }
      return HTTPResponse(
        statusCode: HTTPStatusCode(answer.status, phrase: "As told"), headers: fields,
        body: answer.body)
    }
    task = Task { try await server.run() }
    try await server.waitUntilListening()
    guard case .ip4(_, let port) = await server.listeningAddress else {
      throw NotInTime("the scripted server has no port")
    }
    self.port = port
  }

  var base: String { "http://127.0.0.1:\(port)" }

  /// What came so far.
  var asked: [Asked] { requests.with { $0 } }

  /// Answers this from now on.
  func answer(_ answer: Answer) { answers.with { $0 = answer } }

  func stop() async {
    await server.stop()
    task.cancel()
  }
}
