// The vendor's signature: MD5 over key, secret and time (contract section 2).

import CCCore
import COpenSSL

/// Signs requests as the vendor asks for; body and path are no part of it.
public enum Signature {
  /// The `Sign` header: 32 hexadecimal digits of the MD5 of key, secret and seconds, unseparated.
  ///
  /// - Returns: nil where the system's OpenSSL refuses MD5 (a FIPS policy).
  public static func sign(key: String, secret: Secret, timestamp: Int64) -> String? {
    md5(Array("\(key)\(secret.revealed)\(timestamp)".utf8)).map(hex)
  }

  /// The MD5 of bytes; nil where OpenSSL refuses.
  static func md5(_ bytes: [UInt8]) -> [UInt8]? {
    var digest = [UInt8](repeating: 0, count: 16)
    var length: UInt32 = 0
    let done = bytes.withUnsafeBytes { input in
      EVP_Digest(input.baseAddress, input.count, &digest, &length, EVP_md5(), nil)
    }
    return done == 1 && length == 16 ? digest : nil
  }

  static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
