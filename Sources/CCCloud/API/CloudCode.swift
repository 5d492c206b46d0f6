// What the vendor's status codes mean, by endpoint.

/// The `status` of an answer that is not 0.
public struct CloudCode: Hashable, Sendable {
  /// The number as it was sent.
  public let number: Int

  /// Makes a code.
  public init(_ number: Int) { self.number = number }

  /// The signature was refused (and, on some English pages, the address; contract section 10).
  public static let authentication = CloudCode(-1)
  /// The caller's address is not on the list.
  public static let address = CloudCode(-2)
  /// The timestamp is too far from the vendor's clock.
  public static let timestamp = CloudCode(-16)
  /// The vendor's own trouble.
  public static let system = CloudCode(-18)

  /// What it means where `endpoint` answers it, and what to do; nil for an undocumented one.
  public func words(at endpoint: CloudEndpoint) -> String? {
    switch (number, endpoint) {
    case (-1, _): "the key or its secret is wrong; see cloud.key and cloud.secretFile"
    case (-2, _):
      "this machine's address is not allowed; add it in the vendor's console (on some pages of the "
        + "vendor -2 means a wrong key)"
    case (-10, _): "the balance is too low"
    case (-13, _): "the account is locked"
    case (-16, _): "the timestamp expired"
    case (-18, _): "the vendor's system failed"
    case (-20, _): "the data exists already"
    case (-21, _): "the data is not valid"
    case (-22, .createSdkAuthentication):
      "a parameter is wrong: an account such as 0705C245_001 and 60 to 28800 seconds are expected"
    case (-22, .seatQuery): "a parameter is wrong: page, size (1 to 100) or filter"
    case (-23, _): "a limit of the account is reached"
    case (-24, .createSdkAuthentication): "there is no seat with this account"
    case (-24, .seatQuery): "there is no such data"
    default: nil
    }
  }

  /// Whether it can pass by itself.
  public var mayPass: Bool { self == .system }
}
