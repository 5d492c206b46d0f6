// Why the vendor's cloud did not do what was asked, in a sentence.

import CCCore

/// A request to the vendor that came to nothing.
public enum CloudFailure: Error, Hashable, Sendable {
  /// There is no answer.
  case trouble(HTTPTrouble, host: String)
  /// A web page where JSON is expected.
  case page(status: Int, host: String)
  /// A status of HTTP that is no success.
  case http(status: Int, host: String)
  /// The vendor said no. `skew`: seconds that this machine's clock is ahead of the vendor's.
  case refused(CloudEndpoint, CloudCode, reason: SafeText, skew: Int?)
  /// An answer that the documentation does not know.
  case unreadable(String, host: String)
  /// Something is wrong on this machine.
  case local(String)

  /// One sentence: what happened, why, what to do.
  public var sentence: String {
    switch self {
    case .trouble(let trouble, let host): "The vendor's API (\(host)) \(trouble.words)."
    case .page(let status, let host):
      "The vendor's API (\(host)) answered with a web page (\(status)): a proxy or a sign-in page "
        + "stands between; see cloud.api."
    case .http(let status, let host): "The vendor's API (\(host)) failed (HTTP \(status))."
    case .refused(_, .timestamp, _, let skew): Self.clock(skew)
    case .refused(let endpoint, let code, let reason, _): Self.refusal(endpoint, code, reason)
    case .unreadable(let what, let host): "The vendor's API (\(host)) answered with \(what)."
    case .local(let what): what
    }
  }

  /// Whether it may go better another time without anybody's hand.
  public var mayPass: Bool {
    switch self {
    case .trouble(let trouble, _): trouble.mayPass
    case .page, .unreadable: true
    case .http(let status, _): status >= 500 || status == 429 || status == 408
    // A clock is set right by its own service, sooner or later.
    case .refused(_, let code, _, _): code.mayPass || code == .timestamp
    case .local: false
    }
  }

  /// Whether asking again at once, of an endpoint that only reads, makes sense.
  var isWorthRepeating: Bool {
    switch self {
    case .refused(_, let code, _, _): code.mayPass
    case .page, .unreadable, .local: false
    case .trouble, .http: mayPass
    }
  }

  /// Whether the request surely was not worked on.
  var neverLeft: Bool {
    if case .trouble(let trouble, _) = self { trouble.neverLeft } else { false }
  }

  private static func refusal(
    _ endpoint: CloudEndpoint, _ code: CloudCode, _ reason: SafeText
  ) -> String {
    let said = reason.isEmpty ? "" : " \u{201C}\(reason)\u{201D}"
    guard let words = code.words(at: endpoint) else {
      return "The vendor refused with an unknown code, \(code.number)\(said)."
    }
    return "The vendor refused (\(code.number)\(said)): \(words)."
  }

  private static func clock(_ skew: Int?) -> String {
    let start = "The vendor refused (-16): the timestamp expired"
    guard let skew else { return start + "; set this machine's clock: timedatectl set-ntp true" }
    if skew.magnitude <= 5 {
      return start + ", though this machine's clock agrees with the vendor's; try again."
    }
    return "\(start), this machine's clock is \(skew.magnitude) s "
      + (skew > 0 ? "ahead" : "behind") + "; set it: timedatectl set-ntp true"
  }
}
