// Which addresses a secret may travel to.

import CCCore
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
    case "http" where ThisMachine.isNamed(host): return url
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
}
