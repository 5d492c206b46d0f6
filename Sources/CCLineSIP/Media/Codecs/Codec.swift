// The codecs of a call: Opus where both ends have it, and G.711, which every telephone has (RFC 3551).

import CLibre
import COpus

/// How sound is written into packets.
enum Codec: String, Hashable, CaseIterable, Sendable {
  case opus, pcmu, pcma

  /// The name in a session description.
  var name: String { rawValue == "opus" ? rawValue : rawValue.uppercased() }
  /// The payload type that our offers give it.
  var usualPayload: UInt8 {
    switch self {
    case .pcmu: 0
    case .pcma: 8
    case .opus: 107
    }
  }
  /// Ticks a second of its timestamps; Opus counts 48,000 whatever it carries (RFC 7587).
  var clock: Int { self == .opus ? 48_000 : 8000 }
  /// The channels that its description names.
  var channels: UInt8 { self == .opus ? 2 : 1 }
  /// Whether it carries more than the telephone's band.
  var isWide: Bool { self == .opus }
  /// What its description says of us: we can use what is repeated for packets that were lost.
  ///
  /// That we play and speak 16,000 samples a second is not said, though RFC 7587 has words for it: Opus
  /// decodes to any rate, and to FreeSWITCH two rates are two codecs, of which the other is never chosen.
  var parameters: String? { self == .opus ? "useinbandfec=1" : nil }
  /// Whether this machine has it.
  var isHere: Bool { self != .opus || cc_opus() != nil }

  /// Of a description's name; nil for what is not spoken here.
  init?(name: String) {
    guard let codec = Codec(rawValue: name.lowercased()) else { return nil }
    self = codec
  }

  /// Ticks of its clock in one block.
  var ticks: UInt32 { UInt32(clock * Block.milliseconds / 1000) }
}
