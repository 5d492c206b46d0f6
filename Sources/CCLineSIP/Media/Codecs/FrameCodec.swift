// Packets to samples and back.

/// Writes blocks of one rate into packets.
protocol FrameEncoder: AnyObject {
  /// The packet of a block; nil if it cannot be written.
  func packet(of block: UnsafeBufferPointer<Int16>) -> [UInt8]?
}

/// Reads packets, and makes up what was lost.
protocol FrameDecoder: AnyObject {
  /// The samples of a packet; nil if it makes no sense.
  func samples(of bytes: [UInt8]) -> [Int16]?
  /// So many samples in the place of a lost packet; what came right after it may hold a copy.
  func invented(_ count: Int, follower: [UInt8]?) -> [Int16]
}

extension Codec {
  /// An encoder for blocks of this rate; nil if there is none.
  func encoder(rate: Int) -> (any FrameEncoder)? {
    switch self {
    case .opus: OpusEncoder(rate: rate)
    case .pcmu, .pcma: G711(self, rate: rate)
    }
  }

  /// A decoder that gives samples of this rate; nil if there is none.
  func decoder(rate: Int) -> (any FrameDecoder)? {
    switch self {
    case .opus: OpusDecoder(rate: rate)
    case .pcmu, .pcma: G711(self, rate: rate)
    }
  }
}
