// Asking the customer's own backend for a token.

import CCCore
import CCJSON
import Foundation

/// A backend that hands out the agent's token, as the vendor's page draws it: front end, customer's
/// backend, vendor.
public struct TokenSource: Sendable {
  /// Where and how to ask.
  public struct Settings: Hashable, Sendable {
    /// The address.
    public var url = ""
    /// `POST` or `GET`.
    public var method = "POST"
    /// Further header fields.
    public var headers: [HTTPField] = []
    /// The body; nil: none.
    public var body: String?
    /// The user and secret of HTTP Basic authentication; nil: none.
    public var user: String?
    /// The secret that goes with `user`.
    public var secret: Secret?
    /// Where the token stands in the answer, dotted; nil: at the usual places.
    public var path: String?
    /// Where its life in seconds stands, dotted; nil: at the usual places.
    public var expiresPath: String?
    /// Seconds until the answer must be there.
    public var patience = 10.0

    /// Makes settings to be filled.
    public init() {}
  }

  private let settings: Settings
  private let carrier: any HTTPCarrier

  /// Makes a source.
  public init(_ settings: Settings, carrier: any HTTPCarrier = HTTPTransport()) {
    self.settings = settings
    self.carrier = carrier
  }

  private var host: String { SafeAddress.host(settings.url) }

  /// Fetches a token.
  ///
  /// - Throws: `TokenFailure` with its sentence.
  public func fetch() async throws(TokenFailure) -> Token {
    let answer = try await carry(settings.method, body: settings.body)
    try check(answer)
    return try TokenAnswer(path: settings.path, expiresPath: settings.expiresPath)
      .read(answer, host: host)
  }

  /// Looks whether the backend is there and knows the secret, without having a token issued: each new
  /// one would void the one in use.
  ///
  /// - Returns: seconds that this machine's clock is ahead of the backend's; nil where it has none.
  /// - Throws: `TokenFailure` with its sentence.
  public func probe(now: Int64) async throws(TokenFailure) -> Int? {
    let answer = try await carry("GET", body: nil)
    // A backend that only knows POST says 405, or 404; that it answers is what was asked.
    if answer.status != 405, answer.status != 404 { try check(answer) }
    return HTTPDate.skew(answer, now: now)
  }

  private func carry(_ method: String, body: String?) async throws(TokenFailure) -> HTTPAnswer {
    var headers = [HTTPField("Accept", "application/json")]
    if let body, method != "GET" {
      let isJSON = body.hasPrefix("{") || body.hasPrefix("[") || body.isEmpty
      headers.append(
        HTTPField(
          "Content-Type", isJSON ? "application/json" : "application/x-www-form-urlencoded"))
    }
    if let user = settings.user {
      let pair = Data("\(user):\(settings.secret?.revealed ?? "")".utf8).base64EncodedString()
      headers.append(HTTPField("Authorization", "Basic \(pair)"))
    }
    headers += settings.headers
    do throws(HTTPTrouble) {
      return try await carrier.carry(
        HTTPAsk(
          method, settings.url, headers: headers,
          body: method == "GET" ? nil : Array((body ?? "").utf8), patience: settings.patience))
    } catch {
      throw TokenFailure(host, error.words, mayPass: error.mayPass)
    }
  }

  private func check(_ answer: HTTPAnswer) throws(TokenFailure) {
    guard !(200...299).contains(answer.status) else { return }
    let said = answer.isPage ? "" : Self.said(answer.body)
    let status = answer.status
    switch status {
    case 401, 403:
      let who = settings.user.map { "\($0)'s secret" } ?? "the request"
      throw TokenFailure(
        host, "refused \(SafeText(who, limit: 80)) (\(status))\(said)", mayPass: false)
    case 300...399:
      throw TokenFailure(
        host, "sends elsewhere (\(status)); token.url must name the last address", mayPass: false)
    case 404: throw TokenFailure(host, "has nothing at this address (404)\(said)", mayPass: true)
    case 429: throw TokenFailure(host, "is asked too often (429)\(said)", mayPass: true)
    case 500...: throw TokenFailure(host, "failed (\(status))\(said)", mayPass: true)
    default: throw TokenFailure(host, "refused the request (\(status))\(said)", mayPass: false)
    }
  }

  /// What an error says of itself: `{"error": "..."}` or the vendor's `reason`.
  private static func said(_ body: [UInt8]) -> String {
    guard let json = try? JSONReader.read(body) else { return "" }
    let words = ["error", "message", "reason", "msg"].lazy.compactMap { json[$0]?.string }.first
    let text = SafeText(words ?? "", limit: 160)
    guard !text.isEmpty else { return "" }
    return ": \(text.string.hasSuffix(".") ? String(text.string.dropLast()) : text.string)"
  }
}

/// A token and its life.
public struct Token: Hashable, Sendable {
  /// The token, as it was sent.
  public var secret: Secret
  /// Its life in seconds; nil where nobody says.
  public var expiresIn: Int?

  /// Makes a token.
  public init(_ secret: Secret, expiresIn: Int?) {
    self.secret = secret
    self.expiresIn = expiresIn
  }
}

/// Why there is no token.
public struct TokenFailure: Error, Hashable, Sendable {
  /// One sentence.
  public var sentence: String
  /// Whether it may go better another time: what only locks an account is not tried again.
  public var mayPass: Bool

  /// Makes a failure of a backend.
  init(_ host: String, _ words: String, mayPass: Bool) {
    let who = host.isEmpty ? "The token backend" : "The token backend \(SafeText(host, limit: 80))"
    self.init("\(who) \(words).", mayPass: mayPass)
  }

  /// Makes a failure from a whole sentence.
  public init(_ sentence: String, mayPass: Bool) {
    self.sentence = sentence
    self.mayPass = mayPass
  }
}
