// Where sound comes from and goes to.

/// One call's microphone and loudspeaker, in blocks of 20 ms.
///
/// Devices will be another kind of it.
protocol Sound: AnyObject {
  /// Fills the block with what is to be sent.
  func capture(_ block: UnsafeMutableBufferPointer<Int16>)
  /// Takes a block of what arrived.
  func play(_ block: UnsafeMutableBufferPointer<Int16>)
  /// The call is over.
  func finish()
}

/// The one format of a call: 8000 samples a second, 160 in a block.
enum Block {
  static let rate: UInt32 = 8000
  static let samples = 160
  static let milliseconds = 20
}

/// `none`: silence goes out, so that the far end sees a living stream; what arrives is dropped.
final class NoSound: Sound {
  func capture(_ block: UnsafeMutableBufferPointer<Int16>) { block.update(repeating: 0) }
  func play(_ block: UnsafeMutableBufferPointer<Int16>) {}
  func finish() {}
}
