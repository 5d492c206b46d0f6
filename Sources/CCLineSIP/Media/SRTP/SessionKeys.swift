// What a master key becomes: the keys of sound, or of its control (RFC 3711 section 4.3).

import CLibre

/// Encrypts and signs for one direction, with keys that are derived from a master key.
final class SessionKeys {
  /// What is derived (RFC 3711 section 4.3.2).
  enum Use: UInt8 { case sound = 0, control = 3 }

  private let cipher = Slot()
  private let signer = Slot()
  private let salt: [UInt8]

  /// Bytes of a whole signature, of which suites send the first ones.
  static let signature = 20

  /// `master`: 16 bytes of key and 14 of salt; nil where there is no memory.
  init?(_ master: [UInt8], for use: Use) {
    guard master.count == CryptoAttribute.keyBytes,
      let key = Self.derived(master, use.rawValue, 16),
      let signing = Self.derived(master, use.rawValue + 1, Self.signature),
      let salt = Self.derived(master, use.rawValue + 2, 14)
    else { return nil }
    self.salt = salt
    guard aes_alloc(cipher.place, AES_MODE_CTR, key, 128, nil) == 0,
      hmac_create(signer.place, HMAC_HASH_SHA1, signing, signing.count) == 0
    else { return nil }
  }

  /// A key stream of the master key over the label; keys are never derived anew.
  static func derived(_ master: [UInt8], _ label: UInt8, _ count: Int) -> [UInt8]? {
    var block = Array(master[16...]) + [0, 0]
    block[7] ^= label
    let cipher = Slot()
    guard aes_alloc(cipher.place, AES_MODE_CTR, Array(master[..<16]), 128, block) == 0 else {
      return nil
    }
    var out = [UInt8](repeating: 0, count: count)
    let nothing = out
    return aes_encr(cipher.object, &out, nothing, count) == 0 ? out : nil
  }

  /// Encrypts, or decrypts, in place; `index`: the packet's number, which no two ever share.
  func crypt(_ bytes: UnsafeMutableBufferPointer<UInt8>, source: UInt32, index: UInt64) -> Bool {
    guard !bytes.isEmpty else { return true }
    var vector = salt + [0, 0]
    for place in 0..<4 {
      vector[4 + place] ^= UInt8(truncatingIfNeeded: source >> (24 - 8 * place))
    }
    for place in 0..<6 { vector[8 + place] ^= UInt8(truncatingIfNeeded: index >> (40 - 8 * place)) }
    aes_set_iv(cipher.object, vector)
    return aes_encr(cipher.object, bytes.baseAddress, bytes.baseAddress, bytes.count) == 0
  }

  /// The signature of bytes.
  func sign(_ bytes: [UInt8]) -> [UInt8]? {
    var out = [UInt8](repeating: 0, count: Self.signature)
    return hmac_digest(signer.object, &out, out.count, bytes, bytes.count) == 0 ? out : nil
  }

  /// Whether a signature, or the beginning of one, is that of these bytes; in the same time for any.
  func verifies(_ bytes: [UInt8], _ signature: some Collection<UInt8>) -> Bool {
    guard !signature.isEmpty, let ours = sign(bytes) else { return false }
    return zip(ours, signature).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
