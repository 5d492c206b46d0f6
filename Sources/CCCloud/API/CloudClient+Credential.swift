// Issuing the credential of a seat.

import CCCore
import CCJSON

extension CloudClient {
  /// The seconds that a credential may live (contract section 4).
  public static let credentialLife = 60...28_800

  /// Issues a seat's credential; the one before it is void from then on.
  ///
  /// - Parameters:
  ///   - account: the seat's account.
  ///   - expires: its life in seconds, 60 to 28,800.
  /// - Returns: the credential as it was sent, `Bearer` kept (contract section 3.4).
  /// - Throws: `CloudFailure`.
  public func createCredential(
    account: String, expires: Int
  ) async throws(CloudFailure) -> Secret {
    guard Self.credentialLife.contains(expires) else {
      throw .local("A credential lives 60 to 28800 s; \(expires) is neither here nor there.")
    }
    let data = try await ask(
      .createSdkAuthentication,
      ["account": .string(account), "expires": .int(Int64(expires))])
    // The documentation says that data is a string; its sample is an object.
    let text = data?["authentication"]?.string ?? data?.string
    guard let text, TokenText.isToken(text) else {
      throw .unreadable("no credential in its data", host: host)
    }
    return Secret(text)
  }
}
