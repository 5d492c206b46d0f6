// A look through a session description before anything acts on it.

import CLibre

/// What a description must be to be read at all (RFC 4566, as far as a telephone needs it).
///
/// libre takes a description apart in place: one that turns out wrong in its middle has already moved
/// the sound elsewhere. So it is looked through first, and a wrong one changes nothing.
struct DescriptionCheck {
  /// Our own address.
  var local: sa

  /// The longest that is looked at, in bytes.
  static let longest = 16_384
  /// The most lines.
  static let mostLines = 512
  /// The most media.
  static let mostMedia = 16

  /// For a local address that is known.
  init(local: sa) { self.local = local }

  /// For a local address as a text; nil if it is none.
  init?(local host: String) {
    var address = sa()
    guard sa_set_str(&address, host, 0) == 0 else { return nil }
    local = address
  }

  /// Whether it may be acted on.
  func allows(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.count <= Self.longest else { return false }
    var lines = 0
    var media = 0
    var hasOrigin = false
    var session: sa?
    var audio: Audio?
    for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      lines += 1
      guard lines <= Self.mostLines, line.count >= 2,
        line[line.index(after: line.startIndex)] == UInt8(ascii: "="),
        !line.contains(0)
      else { return false }
      let value = String(decoding: line.dropFirst(2), as: UTF8.self)
      switch line[line.startIndex] {
      case UInt8(ascii: "v"):
        guard lines == 1, value == "0" else { return false }
      case UInt8(ascii: "o"):
        guard !hasOrigin, media == 0, value.split(separator: " ").count == 6 else { return false }
        hasOrigin = true
      case UInt8(ascii: "m"):
        media += 1
        guard media <= Self.mostMedia, let found = Audio(value) else { return false }
        if audio == nil, found.isAudio { audio = found } else { audio?.isOver = true }
      case UInt8(ascii: "c"):
        guard let address = Self.address(value) else { return false }
        if media == 0 {
          session = address
        } else if audio?.isOver == false {
          audio?.address = address
        }
      default: break
      }
      guard lines > 1 || line[line.startIndex] == UInt8(ascii: "v") else { return false }
    }
    guard hasOrigin, let audio, audio.port > 0, let address = audio.address ?? session else {
      return false
    }
    return MediaAddress(local: local).mayAccept(address)
  }

  /// The first audio line.
  private struct Audio {
    var isAudio: Bool
    var port: UInt16
    var address: sa?
    var isOver = false

    init?(_ value: String) {
      let words = value.split(separator: " ")
      guard words.count >= 4, words.count <= 64, !words[0].isEmpty else { return nil }
      isAudio = words[0] == "audio"
      // `4000/2` is a number of ports, which no telephone has.
      guard let port = UInt16(words[1]), words[3...].allSatisfy({ $0.utf8.count <= 32 }) else {
        return nil
      }
      self.port = port
    }
  }

  /// `IN IP4 192.0.2.1`, with a multicast's `/127` or without; names are not asked about.
  private static func address(_ value: String) -> sa? {
    let words = value.split(separator: " ")
    guard words.count == 3, words[0] == "IN", words[1] == "IP4" || words[1] == "IP6" else {
      return nil
    }
    var address = sa()
    let host = String(words[2].prefix(while: { $0 != "/" }))
    guard sa_set_str(&address, host, 0) == 0 else { return nil }
    return address
  }
}
