// The answer to a digest challenge.

import CCCore
import CLibre

/// Computes `Authorization` values (RFC 7616 section 3.4, RFC 2069 where there is no `qop`).
struct DigestAnswer {
  var challenge: DigestChallenge
  var algorithm: DigestChallenge.Algorithm
  var user: String
  var method: String
  var uri: String
  /// The client's own nonce: hexadecimal digits.
  var clientNonce: String
  /// How often the challenge's nonce has been used, this time included.
  var count: UInt32 = 1

  /// The 32 or 64 hexadecimal digits that prove the password.
  func response(password: Secret) -> String {
    var first = hash("\(user):\(challenge.realm):\(password.revealed)")
    if algorithm == .md5Session || algorithm == .sha256Session {
      first = hash("\(first):\(challenge.nonce):\(clientNonce)")
    }
    let second = hash("\(method):\(uri)")
    guard challenge.protectsQuality else { return hash("\(first):\(challenge.nonce):\(second)") }
    return hash("\(first):\(challenge.nonce):\(countDigits):\(clientNonce):auth:\(second)")
  }

  /// The whole header line, with its line end.
  func header(password: Secret) -> String {
    var parts = [
      "username=\"\(Self.escaped(user))\"", "realm=\"\(challenge.realm)\"",
      "nonce=\"\(challenge.nonce)\"", "uri=\"\(uri)\"",
      "response=\"\(response(password: password))\"", "algorithm=\(algorithm.rawValue)",
    ]
    if let opaque = challenge.opaque { parts.append("opaque=\"\(opaque)\"") }
    if challenge.protectsQuality {
      parts += ["qop=auth", "nc=\(countDigits)", "cnonce=\"\(clientNonce)\""]
    } else if algorithm == .md5Session || algorithm == .sha256Session {
      // It is in the first hash, whether the answer is the old one or not.
      parts.append("cnonce=\"\(clientNonce)\"")
    }
    let name = challenge.fromProxy ? "Proxy-Authorization" : "Authorization"
    return "\(name): Digest \(parts.joined(separator: ", "))\r\n"
  }

  private var countDigits: String {
    let digits = String(count, radix: 16)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  private func hash(_ text: String) -> String {
    switch algorithm {
    case .md5, .md5Session: Hash.md5(text)
    case .sha256, .sha256Session: Hash.sha256(text)
    }
  }

  /// A user name inside quotes.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { out, character in
      if character == "\"" || character == "\\" { out.append("\\") }
      out.append(character)
    }
  }
}

/// The two hashes, as lower-case hexadecimal digits.
enum Hash {
  /// MD5: what nearly every registrar asks for.
  static func md5(_ text: String) -> String {
    var digest = [UInt8](repeating: 0, count: Int(MD5_SIZE))
    let bytes = Array(text.utf8)
    CLibre.md5(bytes, bytes.count, &digest)
    return hexadecimal(digest)
  }

  /// SHA-256.
  static func sha256(_ text: String) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let bytes = Array(text.utf8)
    cc_sha256(bytes, bytes.count, &digest)
    return hexadecimal(digest)
  }

  /// Bytes as digits.
  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var out: [UInt8] = []
    for byte in bytes {
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
  }
}
