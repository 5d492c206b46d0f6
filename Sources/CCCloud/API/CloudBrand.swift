// The vendor's brands: where each one's API stands, and the prefix of its paths.

/// A brand under which the vendor's service is sold (contract section 1).
public enum CloudBrand: String, Hashable, Sendable, CaseIterable {
  case itniotech
  case laaffic
  case onbuka

  /// A product of the vendor; each brand has its own prefix for each.
  public enum Product: Hashable, Sendable, CaseIterable {
    /// Seats, seat groups, credentials.
    case callCenter
    /// Calls started by a server, recordings.
    case voice
    /// The account's balance.
    case balance
  }

  /// Where the API stands, without a slash at its end.
  public var base: String { "https://api.\(rawValue).com" }

  /// What a product's paths begin with; the balance is a whole path.
  public func prefix(_ product: Product) -> String {
    switch (product, self) {
    case (.callCenter, _): "/v3/cc"
    case (.voice, .itniotech): "/voice"
    case (.voice, .laaffic), (.voice, .onbuka): "/v3/voice"
    case (.balance, .itniotech): "/sms/getBalance"
    case (.balance, .laaffic), (.balance, .onbuka): "/v3/getBalance"
    }
  }
}
