// One media line of a description, with what stands below it.

/// `m=audio 4000 RTP/AVP 0 8`, and its attributes.
struct MediaLine: Hashable {
  /// `audio`, `video` and so on, in small letters.
  var kind: String
  /// 0: the line is off, or its port is none.
  var port: UInt16
  /// Whether it is switched off (RFC 3264 section 8.2), and not only unusable.
  var isOff: Bool
  /// How it travels: `RTP/AVP`, `RTP/SAVP`.
  var profile: String
  /// The numbers of what may be spoken, the best first.
  var formats: [String]
  /// What the numbers mean, where that is said.
  private(set) var names: [String: Name] = [:]
  /// Its own address or name, else the session's.
  var host: String?
  /// Its own direction, else the session's.
  var flow: Flow?
  /// The port of its control packets, where that is not the next one.
  private(set) var controlPort: UInt16?
  /// The keys that can be used, the best first.
  private(set) var keys: [CryptoAttribute] = []

  /// What a number means.
  struct Name: Hashable {
    /// In small letters.
    var codec: String
    var clock: Int
    var channels: Int
  }

  /// The most formats of a line.
  static let mostFormats = 64

  /// Reads what stands behind `m=`; nil if it is no media line.
  init?(_ value: String) {
    let words = value.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.count >= 3, words.count <= Self.mostFormats + 3,
      words.allSatisfy({ $0.utf8.count <= 32 && $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } })
    else { return nil }
    kind = words[0].lowercased()
    profile = String(words[2])
    formats = words[3...].map(String.init)
    // `4000/2`: a port for sound and one for its control, which is what a telephone has.
    let parts = words[1].split(separator: "/", maxSplits: 1)
    let count = parts.count < 2 ? 1 : Int(parts[1]) ?? 0
    let number = parts.first.flatMap { UInt16($0) }
    port = (1...2).contains(count) ? number ?? 0 : 0
    isOff = number == 0
  }

  /// Takes what stands behind `a=`.
  mutating func take(attribute value: String) {
    if let flow = Flow(named: value) {
      self.flow = flow
      return
    }
    guard let colon = value.firstIndex(of: ":") else { return }
    let text = value[value.index(after: colon)...].drop(while: { $0 == " " })
    switch value[..<colon].lowercased() {
    case "rtpmap": take(map: text)
    case "rtcp": controlPort = text.split(separator: " ").first.flatMap { UInt16($0) }
    case "crypto":
      if keys.count < 16, let key = CryptoAttribute(String(text)) { keys.append(key) }
    default: break
    }
  }

  /// `0 PCMU/8000/1`.
  private mutating func take(map text: Substring) {
    let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.count >= 2, formats.contains(String(words[0])) else { return }
    let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 2, let clock = Int(parts[1]), clock > 0 else { return }
    names[String(words[0])] = Name(
      codec: parts[0].lowercased(), clock: clock,
      channels: parts.count > 2 ? Int(parts[2]) ?? 1 : 1)
  }

  /// The formats that are spoken here, in their order.
  var spoken: [(codec: Codec, payload: UInt8)] {
    formats.compactMap { number in
      guard let payload = UInt8(number), payload < 128, let codec = codec(number) else {
        return nil
      }
      return (codec, payload)
    }
  }

  private func codec(_ number: String) -> Codec? {
    guard let name = names[number] else {
      return Codec.allCases.first { !$0.isWide && String($0.usualPayload) == number }
    }
    guard let codec = Codec(name: name.codec), codec.clock == name.clock,
      codec == .opus || name.channels == 1
    else { return nil }
    return codec
  }

  /// The formats of keys (RFC 4733), each with its clock.
  var tones: [(clock: Int, payload: UInt8)] {
    formats.compactMap { number in
      guard let payload = UInt8(number), payload < 128, let name = names[number],
        name.codec == Tones.name
      else { return nil }
      return (name.clock, payload)
    }
  }

  /// Whether its packets are to be encrypted with keys from the description.
  var isSecure: Bool { profile.uppercased().hasPrefix("RTP/SAVP") }
  /// Whether it is RTP at all, with keys from the description or with none.
  var isSound: Bool {
    kind == "audio"
      && ["RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF"].contains(profile.uppercased())
  }

  /// The same line switched off, as an answer refuses it (RFC 3264 section 6).
  var refused: String { "m=\(kind) 0 \(profile) \(formats.first ?? "0")" }
}
