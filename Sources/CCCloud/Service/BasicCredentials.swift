// Name and secret of a request (HTTP Basic, RFC 7617).

import CCCore
import Foundation

/// What an `Authorization: Basic` field holds.
public struct BasicCredentials: Hashable, Sendable {
  /// The name before the colon.
  public var user: String
  /// What follows it.
  public var secret: Secret

  /// Reads a field; nil for anything else.
  public init?(_ field: String) {
    let parts = field.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "basic", parts[1].utf8.count <= 1024,
      let data = Data(base64Encoded: String(parts[1])),
      let text = String(data: data, encoding: .utf8), let colon = text.firstIndex(of: ":")
    else { return nil }
    user = String(text[..<colon])
    secret = Secret(String(text[text.index(after: colon)...]))
  }
}
