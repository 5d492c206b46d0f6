// The calls of the vendor's API that this program makes.

/// An endpoint of the vendor's API; a code's meaning depends on it (contract section 10).
public enum CloudEndpoint: Hashable, Sendable, CaseIterable {
  /// Issues the credential of a seat, and voids the one before it (contract section 4).
  case createSdkAuthentication
  /// Lists seats, a page at a time (contract section 5.1).
  case seatQuery

  /// Its path under a brand's host.
  public func path(_ brand: CloudBrand) -> String {
    switch self {
    case .createSdkAuthentication: brand.prefix(.callCenter) + "/seat/createSdkAuthentication"
    case .seatQuery: brand.prefix(.callCenter) + "/seat/query"
    }
  }

  /// Whether asking a second time changes nothing: only then is an unanswered request repeated.
  public var isRead: Bool { self == .seatQuery }
}
