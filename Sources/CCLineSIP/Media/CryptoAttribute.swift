// A key for the sound of one direction, as a description carries it.

import CLibre

/// `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20` (RFC 4568).
struct CryptoAttribute: Hashable {
  /// What encrypts and signs a packet.
  enum Suite: String, Hashable {
    case long = "AES_CM_128_HMAC_SHA1_80"
    case short = "AES_CM_128_HMAC_SHA1_32"

    /// Bytes of the signature of a packet of sound.
    var tagBytes: Int { self == .long ? 10 : 4 }
  }

  /// The offer's number of this choice; the answer repeats it.
  var tag: Int
  var suite: Suite
  /// 16 bytes of key and 14 of salt.
  var key: [UInt8]

  /// What is used of it.
  var soundKey: SoundKey { SoundKey(suite: suite, master: key) }

  /// Key and salt, in bytes.
  static let keyBytes = 30

  /// A new key, from the system's random numbers.
  init(tag: Int, suite: Suite) {
    self.tag = tag
    self.suite = suite
    // Eight at a time: each number is a question to the system.
    let drawn = (0..<(Self.keyBytes + 7) / 8).flatMap { _ in
      withUnsafeBytes(of: UInt64.random(in: .min ... .max), Array.init)
    }
    key = Array(drawn.prefix(Self.keyBytes))
  }

  /// Reads the value of the attribute; nil for whatever is not spoken here: other suites, other ways
  /// to bring a key, several keys (an MKI), session parameters that weaken it.
  init?(_ value: String) {
    let words = value.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count == 3, let tag = Int(words[0]), (1...999_999_999).contains(tag),
      let suite = Suite(rawValue: String(words[1])), words[2].hasPrefix("inline:")
    else { return nil }
    let parts = words[2].dropFirst(7).split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.count == 1 || !parts[1].contains(":"),
      let key = Self.decoded(String(parts[0])), key.count == Self.keyBytes
    else { return nil }
    self.tag = tag
    self.suite = suite
    self.key = key
  }

  /// The value, as it is written.
  var text: String { "\(tag) \(suite.rawValue) inline:\(Self.encoded(key))" }

  private static func encoded(_ bytes: [UInt8]) -> String {
    var text = [CChar](repeating: 0, count: bytes.count * 2 + 4)
    var length = text.count
    guard base64_encode(bytes, bytes.count, &text, &length) == 0 else { return "" }
    return String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func decoded(_ text: String) -> [UInt8]? {
    // 30 bytes need no padding; libre reads any byte as a digit.
    let digits = text.utf8.filter { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
    }
    guard text.utf8.count == 40, digits.count == 40 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 64)
    var length = bytes.count
    guard base64_decode(text, text.utf8.count, &bytes, &length) == 0 else { return nil }
    return Array(bytes[..<length])
  }
}
