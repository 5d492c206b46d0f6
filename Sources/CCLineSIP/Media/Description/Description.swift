// A session description as it came, as far as a telephone needs it.

import CLibre

/// What the far end says of its sound (SDP, RFC 8866), read as telephone systems write it.
///
/// Blanks where none belong, a last line without its end, bytes after the end and attributes that nobody
/// knows cost nothing. What has no version, not one origin, or is larger than a description gets is none.
struct Description: Hashable {
  /// The media lines, in their order; as many stand in an answer.
  private(set) var media: [MediaLine] = []

  /// The longest that is looked at, in bytes.
  static let longest = 16_384
  /// The most lines.
  static let mostLines = 512
  /// The most media.
  static let mostMedia = 16

  /// Reads one; nil if it is none.
  init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count <= Self.longest else { return nil }
    var lines = 0
    var hasOrigin = false
    var host: String?
    var flow = Flow.both
    // Some systems send their whole buffer, with zeros behind the text.
    for line in bytes.prefix(while: { $0 != 0 }).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    {
      guard let (type, value) = Self.field(line) else {
        if line.allSatisfy(Self.isBlank) { continue }
        guard !media.isEmpty else { return nil }
        continue
      }
      lines += 1
      guard lines <= Self.mostLines else { return nil }
      if lines == 1 {
        guard type == "v", value == "0" else { return nil }
        continue
      }
      switch type {
      case "v":
        // Another description behind the first.
        return nil
      case "o":
        guard !hasOrigin, media.isEmpty, value.split(separator: " ").count >= 6 else { return nil }
        hasOrigin = true
      case "m":
        guard media.count < Self.mostMedia, let found = MediaLine(value) else { return nil }
        media.append(found)
      case "c":
        guard let found = Self.host(value) else { return nil }
        if media.isEmpty { host = found } else { media[media.count - 1].host = found }
      case "a" where media.isEmpty: flow = Flow(named: value) ?? flow
      case "a": media[media.count - 1].take(attribute: value)
      default: break
      }
    }
    guard hasOrigin, !media.isEmpty else { return nil }
    for index in media.indices {
      media[index].host = media[index].host ?? host
      media[index].flow = media[index].flow ?? flow
    }
  }

  /// The letter of a line and what stands behind its `=`.
  private static func field(_ line: some Collection<UInt8>) -> (Character, String)? {
    let text = line.drop(while: isBlank)
    guard let type = text.first, (0x61...0x7A).contains(type) else { return nil }
    let rest = text.dropFirst().drop(while: isBlank)
    guard rest.first == UInt8(ascii: "=") else { return nil }
    var value = String(decoding: rest.dropFirst().drop(while: isBlank), as: UTF8.self)
    while value.last == " " || value.last == "\t" { value.removeLast() }
    return (Character(Unicode.Scalar(type)), value)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// `IN IP4 192.0.2.1`, with a multicast's `/127` or without, or a name.
  private static func host(_ value: String) -> String? {
    let words = value.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard words.count >= 3, words[0].uppercased() == "IN",
      ["IP4", "IP6"].contains(words[1].uppercased())
    else { return nil }
    let host = String(words[2].prefix(while: { $0 != "/" }))
    return MediaHost(host) == nil ? nil : host
  }
}

/// Which way sound flows, as one end sees it.
struct Flow: Hashable {
  var sends: Bool
  var receives: Bool

  /// `sendrecv`.
  static let both = Flow(sends: true, receives: true)

  /// The attribute; nil for another.
  init?(named name: String) {
    switch name {
    case "sendrecv": self = .both
    case "sendonly": self.init(sends: true, receives: false)
    case "recvonly": self.init(sends: false, receives: true)
    case "inactive": self.init(sends: false, receives: false)
    default: return nil
    }
  }

  init(sends: Bool, receives: Bool) {
    self.sends = sends
    self.receives = receives
  }

  /// The attribute.
  var name: String {
    switch (sends, receives) {
    case (true, true): "sendrecv"
    case (true, false): "sendonly"
    case (false, true): "recvonly"
    case (false, false): "inactive"
    }
  }

  /// What of it the other end takes part in: the answer to its offer (RFC 3264 section 6.1).
  func answering(_ other: Flow) -> Flow {
    Flow(sends: sends && other.receives, receives: receives && other.sends)
  }
}

/// Where sound is wanted: an address, or a name that has to be looked up.
enum MediaHost: Hashable {
  case address(String)
  case name(String)

  /// Reads one; nil if it is neither.
  init?(_ text: String) {
    var number = sa()
    if sa_set_str(&number, text, 0) == 0 {
      self = .address(text)
      return
    }
    // No top level is a number: `256.1.1.1` is no name either.
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= 253, let last = labels.last, !last.allSatisfy(\.isNumber),
      labels.allSatisfy({ label in
        !label.isEmpty && label.utf8.count <= 63
          && label.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
              || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
              || byte == UInt8(ascii: "_")
          }
      })
    else { return nil }
    self = .name(text)
  }

  /// The address, where it is one.
  func address(port: UInt16) -> sa? {
    guard case .address(let text) = self else { return nil }
    var address = sa()
    return sa_set_str(&address, text, port) == 0 ? address : nil
  }
}
