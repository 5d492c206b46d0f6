// G.711, the two codecs that every telephone has (RFC 3551).

import CLibre

/// The payload types of G.711 and their samples.
enum Codec: UInt8, CaseIterable {
  case pcmu = 0
  case pcma = 8

  /// The name in a session description.
  var name: String {
    switch self {
    case .pcmu: "PCMU"
    case .pcma: "PCMA"
    }
  }

  /// One sample as one byte.
  func encode(_ sample: Int16) -> UInt8 {
    // The tables end one short of the lowest sample, whose sign cannot be turned.
    let sample = max(sample, -Int16.max)
    return switch self {
    case .pcmu: g711_pcm2ulaw(sample)
    case .pcma: g711_pcm2alaw(sample)
    }
  }

  /// One byte as one sample.
  func decode(_ byte: UInt8) -> Int16 {
    switch self {
    case .pcmu: g711_ulaw2pcm(byte)
    case .pcma: g711_alaw2pcm(byte)
    }
  }
}
