// A request and its answer, as plain values.

import CCCore

/// What is asked over HTTP.
public struct HTTPAsk: Hashable, Sendable {
  /// The method, in capitals.
  public var method: String
  /// The whole address.
  public var url: String
  /// The header fields.
  public var headers: [HTTPField]
  /// The body; nil: none.
  public var body: [UInt8]?
  /// Seconds until an answer must be whole.
  public var patience: Double
  /// Bytes that an answer may have.
  public var limit: Int

  /// Makes a request; 64 KiB of answer within 10 s unless said otherwise.
  public init(
    _ method: String, _ url: String, headers: [HTTPField] = [], body: [UInt8]? = nil,
    patience: Double = 10, limit: Int = 65_536
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.patience = patience
    self.limit = limit
  }
}

/// A header field.
public struct HTTPField: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// Its value, which may be a secret: never printed.
  public var value: Secret

  /// Makes a field.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = Secret(value)
  }
}

/// What came back.
public struct HTTPAnswer: Hashable, Sendable {
  /// The status: 200, 401 ...
  public var status: Int
  /// The fields, names in small letters.
  public var headers: [String: String]
  /// The body.
  public var body: [UInt8]

  /// Makes an answer.
  public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Whether it is a web page: a sign-in page, a proxy's or a captive portal's.
  public var isPage: Bool {
    if headers["content-type"]?.lowercased().contains("html") == true { return true }
    let start = body.drop { $0 == 0x20 || (9...13).contains($0) }
    return start.first == UInt8(ascii: "<")
  }
}

/// Why there is no answer.
public enum HTTPTrouble: Error, Hashable, Sendable {
  /// The address is none, or one that secrets must not go to.
  case badAddress(String)
  /// The name is unknown, the port closed, the network away: the request never went out.
  case unreachable(String)
  /// The certificate was refused: the request never went out.
  case untrusted(String)
  /// No whole answer in time: it may have been worked on.
  case timeout(Double)
  /// More bytes than the limit.
  case tooLong(Int)
  /// The connection ended in the middle, or what came was no HTTP.
  case broken(String)

  /// Whether the request surely was not worked on.
  public var neverLeft: Bool {
    switch self {
    case .badAddress, .unreachable, .untrusted: true
    case .timeout, .tooLong, .broken: false
    }
  }

  /// Whether it may go better another time.
  public var mayPass: Bool { if case .badAddress = self { false } else { true } }

  /// The rest of a sentence that begins with who was asked.
  public var words: String {
    switch self {
    case .badAddress(let why): why
    case .unreachable(let why): "cannot be reached: \(why)"
    case .untrusted(let why): "is not trusted: \(why)"
    case .timeout(let seconds): "gave no answer in \(HTTPTrouble.text(seconds)) s"
    case .tooLong(let limit): "answered with more than \(limit / 1024) KiB"
    case .broken(let why): "broke off: \(why)"
    }
  }

  private static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? String(Int64(nearest: seconds)) : String(seconds)
  }
}
