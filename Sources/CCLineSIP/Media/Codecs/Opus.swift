// Opus, by libopus: a wide band in 24 kbit a second, and its own art of making up what is lost.

import COpus

/// Writes a voice, with enough repeated that one lost packet in ten hardly matters.
final class OpusEncoder: FrameEncoder {
  private let library: cc_opus
  private let encoder: OpaquePointer
  private let samples: Int

  private static let bits: Int32 = 24_000
  private static let complexity: Int32 = 2
  private static let loss: Int32 = 10
  private static let longest = 400

  /// Nil where libopus is not installed.
  init?(rate: Int) {
    var error: Int32 = 0
    guard let library = cc_opus()?.pointee,
      let encoder = library.encoder_new(Int32(rate), 1, OPUS_APPLICATION_VOIP, &error), error == 0
    else { return nil }
    self.library = library
    self.encoder = encoder
    samples = rate * Block.milliseconds / 1000
    _ = cc_opus_tune(encoder, Self.bits, Self.complexity, Self.loss)
  }

  func packet(of block: UnsafeBufferPointer<Int16>) -> [UInt8]? {
    guard block.count == samples, let base = block.baseAddress else { return nil }
    let packet = [UInt8](unsafeUninitializedCapacity: Self.longest) { bytes, count in
      count = 0
      guard let place = bytes.baseAddress else { return }
      count = max(
        0, Int(library.encode(encoder, base, Int32(samples), place, Int32(Self.longest))))
    }
    return packet.isEmpty ? nil : packet
  }

  deinit { library.encoder_free(encoder) }
}

/// Reads packets of any kind of Opus into one channel of a rate.
final class OpusDecoder: FrameDecoder {
  private let library: cc_opus
  private let decoder: OpaquePointer
  private let rate: Int

  /// Nil where libopus is not installed.
  init?(rate: Int) {
    var error: Int32 = 0
    guard let library = cc_opus()?.pointee,
      let decoder = library.decoder_new(Int32(rate), 1, &error), error == 0
    else { return nil }
    self.library = library
    self.decoder = decoder
    self.rate = rate
  }

  func samples(of bytes: [UInt8]) -> [Int16]? {
    // A packet holds 120 ms at most (RFC 6716).
    guard !bytes.isEmpty else { return nil }
    return decoded(bytes, room: rate * 120 / 1000, repeated: false)
  }

  func invented(_ count: Int, follower: [UInt8]?) -> [Int16] {
    // A whole number of 2.5 ms is what it makes up.
    let step = rate / 400
    let room = max(step, count / step * step)
    if let follower, let copy = decoded(follower, room: room, repeated: true) { return copy }
    return decoded(nil, room: room, repeated: false) ?? [Int16](repeating: 0, count: count)
  }

  private func decoded(_ bytes: [UInt8]?, room: Int, repeated: Bool) -> [Int16]? {
    let block = [Int16](unsafeUninitializedCapacity: room) { samples, count in
      count = 0
      guard let place = samples.baseAddress else { return }
      let length = Int32(bytes?.count ?? 0)
      let made =
        bytes.map { library.decode(decoder, $0, length, place, Int32(room), repeated ? 1 : 0) }
        ?? library.decode(decoder, nil, 0, place, Int32(room), 0)
      count = max(0, min(room, Int(made)))
    }
    return block.isEmpty ? nil : block
  }

  deinit { library.decoder_free(decoder) }
}
