// G.711: one byte a sample, 8000 a second.

import CLibre

/// Reads and writes one of the two laws; what is lost is made up as the voice goes on.
final class G711: FrameEncoder, FrameDecoder {
  /// The two laws.
  enum Law: Hashable, CaseIterable {
    case mu, a

    /// One sample as one byte.
    func encode(_ sample: Int16) -> UInt8 {
      // The tables end one short of the lowest sample, whose sign cannot be turned.
      let sample = max(sample, -Int16.max)
      return self == .mu ? g711_pcm2ulaw(sample) : g711_pcm2alaw(sample)
    }

    /// One byte as one sample.
    func decode(_ byte: UInt8) -> Int16 {
      self == .mu ? g711_ulaw2pcm(byte) : g711_alaw2pcm(byte)
    }
  }

  private let law: Law
  private let isWide: Bool
  private var concealment = Concealment(rate: Block.narrow)
  private var band = Halfband()

  /// Blocks of 8000 or 16,000 samples a second; in the wide ones there is only the narrow band.
  init(_ codec: Codec, rate: Int) {
    law = codec == .pcma ? .a : .mu
    isWide = rate == Block.wide
  }

  func packet(of block: UnsafeBufferPointer<Int16>) -> [UInt8]? {
    isWide ? band.halved(block).map(law.encode) : block.map(law.encode)
  }

  func samples(of bytes: [UInt8]) -> [Int16]? {
    // More than 200 ms is no packet of a telephone.
    guard !bytes.isEmpty, bytes.count <= Block.narrow / 5 else { return nil }
    var narrow = bytes.map(law.decode)
    concealment.heard(&narrow)
    return isWide ? band.doubled(narrow) : narrow
  }

  func invented(_ count: Int, follower: [UInt8]?) -> [Int16] {
    isWide ? band.doubled(concealment.invent(count / 2)) : concealment.invent(count)
  }
}
