// What an offer of sound contains, in a few words for the log.

import CCCore

/// `audio RTP/SAVP G722, GSM; video RTP/AVP H264`: why a call could not be taken stands in what it offered.
enum OfferWords {
  /// More media, or codecs of one, are not named.
  static let most = 8

  /// The words for a body; total.
  static func text(_ body: some Collection<UInt8>) -> SafeText {
    guard !body.isEmpty else { return "nothing" }
    guard body.count <= Description.longest else { return SafeText("\(body.count) bytes") }
    var media: [Media] = []
    for line in body.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix("m=") {
        media.append(Media(text.dropFirst(2)))
      } else if text.hasPrefix("a=rtpmap:") {
        media.indices.last.map { media[$0].name(text.dropFirst(9)) }
      } else if text.hasPrefix("a=crypto:") {
        media.indices.last.map { media[$0].isEncrypted = true }
      }
    }
    guard !media.isEmpty else { return "no sound" }
    return SafeText(media.prefix(most).map(\.words).joined(separator: "; "), limit: 200)
  }

  private struct Media {
    var kind: Substring
    var port: Substring
    var proto: Substring
    var formats: [Substring]
    var names: [Substring: Substring] = [:]
    var isEncrypted = false

    init(_ value: Substring) {
      let words = value.split(separator: " ")
      kind = words.first ?? "?"
      port = words.count > 1 ? words[1] : "?"
      proto = words.count > 2 ? words[2] : "?"
      formats = Array(words.dropFirst(3).prefix(most))
    }

    mutating func name(_ map: Substring) {
      let parts = map.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, names.count < 64 else { return }
      names[parts[0]] = parts[1].prefix { $0 != "/" }
    }

    var words: String {
      let codecs = formats.map { names[$0] ?? OfferWords.usual[$0] ?? $0 }.joined(separator: ", ")
      let off = port == "0" ? " (off)" : ""
      return "\(kind)\(off) \(proto)\(isEncrypted ? " with keys" : "") \(codecs)"
    }
  }

  /// The types that need no name (RFC 3551 section 6), as far as telephones use them.
  fileprivate static let usual: [Substring: Substring] = [
    "0": "PCMU", "3": "GSM", "4": "G723", "8": "PCMA", "9": "G722", "13": "CN", "18": "G729",
    "31": "H261", "34": "H263",
  ]
}
