// Asking the vendor's API.

import CCCore
import CCJSON
import CLinux
import Foundation

/// Speaks with the vendor's API in the name of an account.
public struct CloudClient: Sendable {
  /// Who asks, and where.
  public struct Settings: Hashable, Sendable {
    /// The brand, for the paths.
    public var brand: CloudBrand
    /// Where the API stands; the brand's host by default.
    public var base: String
    /// The name of the API authentication.
    public var key: String
    /// Its secret.
    public var secret: Secret
    /// Seconds until an answer must be there.
    public var patience: Double

    /// Makes settings.
    public init(
      brand: CloudBrand = .itniotech, base: String? = nil, key: String, secret: Secret,
      patience: Double = 10
    ) {
      self.brand = brand
      self.base = (base ?? brand.base).withoutSlashAtEnd
      self.key = key
      self.secret = secret
      self.patience = patience
    }
  }

  /// Who asks, and where.
  public let settings: Settings
  private let carrier: any HTTPCarrier
  private let policy: RetryPolicy
  private let clock: @Sendable () -> Int64

  /// Makes a client; `clock` gives Unix milliseconds.
  public init(
    _ settings: Settings, carrier: any HTTPCarrier = HTTPTransport(),
    policy: RetryPolicy = RetryPolicy(),
    clock: @escaping @Sendable () -> Int64 = { cc_unix() }
  ) {
    self.settings = settings
    self.carrier = carrier
    self.policy = policy
    self.clock = clock
  }

  /// The host that is asked, for sentences.
  public var host: String { SafeAddress.host(settings.base) }

  /// Asks an endpoint and returns the `data` of its answer.
  ///
  /// - Parameter limit: bytes that the answer may have.
  /// - Throws: `CloudFailure`, after what repetition is safe.
  func ask(
    _ endpoint: CloudEndpoint, _ body: JSONValue, limit: Int = 65_536
  ) async throws(CloudFailure) -> JSONValue? {
    var attempt = 1
    while true {
      let failure: CloudFailure
      do throws(CloudFailure) { return try await askOnce(endpoint, body, limit) } catch {
        failure = error
      }
      let chance = Double.random(in: 0...1)
      guard let wait = policy.wait(after: attempt, of: endpoint, failure, chance: chance) else {
        throw failure
      }
      do { try await Task.sleep(for: .seconds(wait)) } catch { throw failure }
      attempt += 1
    }
  }

  private func askOnce(
    _ endpoint: CloudEndpoint, _ body: JSONValue, _ limit: Int
  ) async throws(CloudFailure) -> JSONValue? {
    let seconds = clock() / 1000
    guard
      let sign = Signature.sign(key: settings.key, secret: settings.secret, timestamp: seconds)
    else {
      throw .local(
        "This machine's OpenSSL refuses MD5, which the vendor's signature needs (FIPS?).")
    }
    let ask = HTTPAsk(
      "POST", settings.base + endpoint.path(settings.brand),
      headers: [
        HTTPField("Content-Type", "application/json;charset=UTF-8"),
        HTTPField("Api-Key", settings.key),
        HTTPField("Timestamp", String(seconds)),
        HTTPField("Sign", sign),
      ], body: JSONWriter.write(body), patience: settings.patience, limit: limit)
    var answer: HTTPAnswer
    do throws(HTTPTrouble) { answer = try await carrier.carry(ask) } catch {
      throw .trouble(error, host: host)
    }
    PasswordBlanker.blank(&answer.body)
    return try read(answer, of: endpoint, limit)
  }

  private func read(
    _ answer: HTTPAnswer, of endpoint: CloudEndpoint, _ limit: Int
  ) throws(CloudFailure) -> JSONValue? {
    if answer.isPage { throw .page(status: answer.status, host: host) }
    // One seat's broken name hides no list; a token is looked at for itself (`TokenText`).
    let json = try? JSONReader.readRepairing(answer.body, limits: .init(bytes: limit)).value
    // A refusal may come with any status of HTTP: what the vendor says goes before it.
    if let envelope = json.flatMap(Envelope.init) {
      guard envelope.status != 0 else {
        guard (200...299).contains(answer.status) else {
          throw .http(status: answer.status, host: host)
        }
        return envelope.data
      }
      throw .refused(
        endpoint, CloudCode(envelope.status), reason: envelope.reason,
        skew: HTTPDate.skew(answer, now: clock()))
    }
    guard (200...299).contains(answer.status) else {
      throw .http(status: answer.status, host: host)
    }
    throw .unreadable(json == nil ? "something that is no JSON" : "no status", host: host)
  }
}

extension String {
  /// Without the slashes at its end: paths begin with one.
  fileprivate var withoutSlashAtEnd: String {
    var text = self
    while text.hasSuffix("/") { text.removeLast() }
    return text
  }
}
