// A secret at rest: scrypt, in the PHC string format.

import CCCore
import COpenSSL
import Foundation

/// What is kept of an agent's secret: enough to know it again, not to find it out.
///
/// Written as `$scrypt$ln=14,r=8,p=1$SALT$HASH` (base64 without padding): 16 MiB and some 50 ms for each
/// guess (RFC 7914, with the parameters of its section 2).
public struct SecretHash: Hashable, Sendable {
  private let cost: Int
  private let salt: [UInt8]
  private let hash: [UInt8]

  private static let length = 32
  private static let blockSize: UInt64 = 8

  private init(cost: Int, salt: [UInt8], hash: [UInt8]) {
    self.cost = cost
    self.salt = salt
    self.hash = hash
  }

  /// Hashes a secret with a salt of its own; nil where OpenSSL fails.
  ///
  /// `cost` is the logarithm of N.
  public static func make(_ secret: Secret, cost: Int = 14) -> SecretHash? {
    guard let salt = random(16), let hash = derive(secret, cost, salt) else { return nil }
    return SecretHash(cost: cost, salt: salt, hash: hash)
  }

  /// Reads the text of one; nil for what is none, or asks for more memory than a guess may cost.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
      let cost = (10...17).first(where: { parts[2] == "ln=\($0),r=8,p=1" }),
      let salt = Self.bytes(parts[3]), (8...64).contains(salt.count),
      let hash = Self.bytes(parts[4]), hash.count == Self.length
    else { return nil }
    self.init(cost: cost, salt: salt, hash: hash)
  }

  /// Its text.
  public var text: String { "$scrypt$ln=\(cost),r=8,p=1$\(Self.text(salt))$\(Self.text(hash))" }

  /// Whether a secret is the one; takes the same time for every wrong one.
  public func matches(_ secret: Secret) -> Bool {
    guard let other = Self.derive(secret, cost, salt) else { return false }
    return CRYPTO_memcmp(hash, other, hash.count) == 0
  }

  /// Random bytes fit for secrets; nil where the system has none.
  public static func random(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return RAND_bytes(&bytes, Int32(count)) == 1 ? bytes : nil
  }

  /// A new secret of 160 bits, in letters and digits that are told apart by eye.
  public static func newSecret() -> Secret? {
    let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
    return random(32).map { Secret(String($0.map { letters[Int($0 & 31)] })) }
  }

  private static func derive(_ secret: Secret, _ cost: Int, _ salt: [UInt8]) -> [UInt8]? {
    var hash = [UInt8](repeating: 0, count: length)
    let password = secret.revealed.utf8.map { CChar(bitPattern: $0) }
    let done = EVP_PBE_scrypt(
      password, password.count, salt, salt.count, 1 << UInt64(cost), blockSize, 1, 256 << 20, &hash,
      length)
    return done == 1 ? hash : nil
  }

  private static func text(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().filter { $0 != "=" }
  }

  private static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
    return Data(base64Encoded: String(padded)).map { [UInt8]($0) }
  }
}
