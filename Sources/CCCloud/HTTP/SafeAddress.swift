// Which addresses a secret may travel to.

import Foundation

/// Reads an address and refuses those that would send a secret in the clear.
public enum SafeAddress {
  /// The address as a URL: `https`, or `http` to this machine itself.
  ///
  /// - Throws: `HTTPTrouble.badAddress` with the reason.
  public static func url(_ text: String) throws(HTTPTrouble) -> URL {
    guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), let host = url.host,
      !host.isEmpty
    else { throw .badAddress("has no address that can be used: https://HOST/PATH is expected") }
    guard url.user == nil, url.password == nil else {
      throw .badAddress("has a user in its address; a secret has no place there")
    }
    switch scheme {
    case "https": return url
    case "http" where isThisMachine(host): return url
    case "http":
      throw .badAddress(
        "would get secrets in the clear: https:// is expected, http:// only to localhost")
    default: throw .badAddress("has an address that is neither https:// nor http://")
    }
  }

  /// The host, with its port if it is named, for sentences.
  public static func host(_ text: String) -> String {
    guard let url = URL(string: text), let host = url.host else { return "" }
    return host + (url.port.map { ":\($0)" } ?? "")
  }

  private static func isThisMachine(_ host: String) -> Bool {
    ["localhost", "::1", "[::1]"].contains(host.lowercased()) || isLoopback4(host)
  }

  private static func isLoopback4(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
