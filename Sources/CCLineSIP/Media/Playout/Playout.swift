// From packets that come as they like to samples that are wanted in time.

import CLinux

/// What arrives at a call's ear: the loop puts packets in, the beat or a device's thread takes samples
/// out.
final class Playout: @unchecked Sendable {
  private let stream = Lock(PlayoutStream())

  /// Milliseconds of a steady clock.
  static var now: Double { Double(cc_uptime()) / 1e6 }

  /// Begins with samples of this rate; what was there is forgotten.
  func open(rate: Int) { stream.with { $0.open(rate: rate) } }

  /// Whether what arrives is heard; while not, silence is given out.
  func setOpen(_ isOpen: Bool) { stream.with { $0.isOpen = isOpen } }

  /// Takes a packet that came at a moment of `Playout.now`.
  func put(_ packet: SoundPacket, source: UInt32, at now: Double) {
    stream.with { $0.put(packet, source: source, at: now) }
  }

  /// Fills a block with what is to be heard now.
  func take(_ block: UnsafeMutableBufferPointer<Int16>, at now: Double) {
    stream.with { $0.take(block, at: now) }
  }

  /// What became of the packets so far.
  var counts: PlayoutStream.Counts { stream.with { $0.counts } }

  /// The loudest sample given out since the last question, 0 to 32767.
  func loudest() -> Int {
    stream.with { stream in
      defer { stream.loudest = 0 }
      return stream.loudest
    }
  }

  /// How long a packet waits at the moment, in milliseconds.
  var wait: Double { stream.with { $0.wait } }
}
