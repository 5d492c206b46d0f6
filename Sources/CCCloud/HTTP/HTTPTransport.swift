// The way to an HTTP server and back, bounded in time and bytes.

import CCCore
import Foundation
import FoundationNetworking

/// Whatever carries a request to a server; tests put something else in its place.
public protocol HTTPCarrier: Sendable {
  /// Carries one request.
  func carry(_ ask: HTTPAsk) async throws(HTTPTrouble) -> HTTPAnswer
}

/// `URLSession`, without cookies, caches, stored passwords or redirections.
///
/// A redirection would carry the signature or the agent's secret to wherever the answer points.
public struct HTTPTransport: HTTPCarrier {
  /// Makes one.
  public init() {}

  /// Carries one request.
  public func carry(_ ask: HTTPAsk) async throws(HTTPTrouble) -> HTTPAnswer {
    let url = try SafeAddress.url(ask.url)
    // In the clear means this machine: a proxy of the environment would be somewhere else.
    if url.scheme?.lowercased() == "http" {
      for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { unsetenv(name) }
    }
    var request = URLRequest(url: url)
    request.httpMethod = ask.method
    for field in ask.headers {
      request.setValue(field.value.revealed, forHTTPHeaderField: field.name)
    }
    request.httpBody = ask.body.map { Data($0) }
    // The exchange keeps the deadline; URLSession's own counts only silence.
    request.timeoutInterval = ask.patience + 5
    let exchange = HTTPExchange(ask)
    return try await exchange.run(request).get()
  }
}

/// One request on its way: collects the answer and ends once, whatever comes first.
private final class HTTPExchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  typealias Outcome = Result<HTTPAnswer, HTTPTrouble>

  private let ask: HTTPAsk
  // One serial queue: the delegate's calls and the deadline.
  private let queue = DispatchQueue(label: "ccterm.http")
  private var answer = HTTPAnswer(status: 0)
  private var finish: (@Sendable (Outcome) -> Void)?
  private var session: URLSession?

  init(_ ask: HTTPAsk) { self.ask = ask }

  func run(_ request: URLRequest) async -> Outcome {
    await withCheckedContinuation { continuation in
      queue.async { [self] in
        finish = { continuation.resume(returning: $0) }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.httpShouldSetCookies = false
        let operations = OperationQueue()
        operations.maxConcurrentOperationCount = 1
        operations.underlyingQueue = queue
        let session = URLSession(
          configuration: configuration, delegate: self, delegateQueue: operations)
        self.session = session
        session.dataTask(with: request).resume()
        queue.asyncAfter(deadline: .now() + ask.patience) { [self] in
          end(.failure(.timeout(ask.patience)))
        }
      }
    }
  }

  private func end(_ outcome: Outcome) {
    guard let finish else { return }
    self.finish = nil
    session?.invalidateAndCancel()
    session = nil
    finish(outcome)
  }

  func urlSession(
    _: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    take(response)
    completionHandler(.allow)
  }

  func urlSession(_: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard finish != nil else { return }
    guard answer.body.count + data.count <= ask.limit else {
      return end(.failure(.tooLong(ask.limit)))
    }
    answer.body += data
  }

  func urlSession(
    _: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    take(response)
    completionHandler(nil)
    end(.success(answer))
  }

  // A 401 is an answer like another: nobody is asked for a password here.
  func urlSession(
    _: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
    completionHandler:
      @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    if answer.status == 0, let response = task.response { take(response) }
    completionHandler(.cancelAuthenticationChallenge, nil)
    end(answer.status == 0 ? .failure(.broken("it asked for a password")) : .success(answer))
  }

  func urlSession(_: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    if let error { return end(.failure(Self.trouble(error))) }
    if answer.status == 0, let response = task.response { take(response) }
    end(answer.status == 0 ? .failure(.broken("it was no HTTP")) : .success(answer))
  }

  private func take(_ response: URLResponse) {
    guard let response = response as? HTTPURLResponse else { return }
    answer.status = response.statusCode
    for (name, value) in response.allHeaderFields {
      answer.headers["\(name)".lowercased()] = "\(value)"
    }
  }

  private static func trouble(_ error: any Error) -> HTTPTrouble {
    let code = (error as? URLError)?.code ?? .unknown
    switch code {
    case .cannotFindHost, .dnsLookupFailed: return .unreachable("its name is not known")
    case .cannotConnectToHost: return .unreachable("nobody listens there")
    case .notConnectedToInternet: return .unreachable("there is no network")
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
      .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected:
      return .untrusted(
        "its certificate is not valid here (a clock that is wrong, or an unknown CA)")
    case .timedOut: return .broken("the connection was silent")
    case .badURL:
      return .badAddress("has no address that can be used: https://HOST/PATH is expected")
    // So curl calls an answer that it cannot read: the address was looked at before.
    case .unsupportedURL: return .broken("what answers there speaks no HTTP")
    case .networkConnectionLost: return .broken("the connection was closed")
    default: return fromDescription(error, code)
    }
  }

  // What curl knows and URLError has no code for stands in the description only.
  private static func fromDescription(_ error: any Error, _ code: URLError.Code) -> HTTPTrouble {
    let words = SafeText((error as NSError).localizedDescription, limit: 120).string
    let lower = words.lowercased()
    func has(_ parts: String...) -> Bool { parts.contains(where: lower.contains) }
    if has("wrong version number", "packet length too long", "http request") {
      return .unreachable("what answers there speaks no TLS: is it http://, or another port?")
    }
    if has("ssl_connect"), has("syscall", "unexpected eof", "reset") {
      return .unreachable("it hung up in the TLS handshake")
    }
    if has("certificate") {
      return .untrusted("\(words) (a clock that is wrong, or an authority that is not installed?)")
    }
    if has("ssl", "tls") { return .unreachable("TLS failed: \(words)") }
    if has("empty reply") { return .broken("the connection was closed before an answer came") }
    if has("reset by peer") { return .broken("the connection was reset") }
    if has("broken pipe", "send failure", "recv failure") {
      return .broken("the connection was closed")
    }
    return .broken(words.isEmpty ? "error \(code.rawValue)" : words)
  }
}
