// What answers at a port where a registrar should be.

import CCCore

/// Names what speaks there by how it begins.
enum Strangeness {
  /// The sentence for how something began; nil where it may have been SIP.
  static func words(_ bytes: [UInt8]) -> SafeText? {
    let text = String(decoding: bytes.prefix(64), as: UTF8.self)
    // An answer, a request, or the beginning of one.
    let begins = text.drop { $0.isNewline }
    if "SIP/2.0 ".hasPrefix(begins.prefix(8)) { return nil }
    if let method = begins.split(separator: " ", omittingEmptySubsequences: false).first,
      StartLine.methods.contains(where: { $0 == method || $0.hasPrefix(begins) })
    {
      return nil
    }
    if bytes.count > 2, (0x14...0x17).contains(bytes[0]), bytes[1] == 3 {
      return "what answers there speaks TLS; sip.transport: tls would too"
    }
    if text.hasPrefix("HTTP/") { return "what answers there is a web server, not SIP" }
    if text.hasPrefix("220 ") || text.hasPrefix("220-") {
      return "what answers there is a mail server, not SIP"
    }
    if text.hasPrefix("SSH-") { return "what answers there is SSH, not SIP" }
    return "what answers there does not speak SIP"
  }
}
