// What the vendor's REST answers mean, by endpoint: the same number says different things.

/// An endpoint of the vendor's API (contract section 10: codes are per endpoint, not global).
public enum CloudEndpoint: Hashable, Sendable {
  case createSdkAuthentication
  case seatQuery
}
