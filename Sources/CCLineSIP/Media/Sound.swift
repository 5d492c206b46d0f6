// Where sound comes from and goes to.

import CCCore

/// One call's microphone and loudspeaker, in blocks of 20 ms.
protocol Sound: AnyObject {
  /// Samples a second, once it is open.
  var rate: Int { get }
  /// Whether somebody speaks into it: then silence is worth a word.
  var hasMicrophone: Bool { get }
  /// Whether it takes what arrives by itself, when its device wants it; else `play` is called on the
  /// call's beat.
  var hasClock: Bool { get }
  /// Opens it, for a codec that carries a wide band or not; `ear` is what arrives.
  func open(wide: Bool, ear: Playout)
  /// Fills the block with what is to be sent.
  func capture(_ block: UnsafeMutableBufferPointer<Int16>)
  /// Takes a block of what arrived.
  func play(_ block: UnsafeMutableBufferPointer<Int16>)
  /// The call is over.
  func finish()
}

/// Who is told of the devices.
protocol SoundOwner: AnyObject {
  /// Something worth a line in the log, or a word to the agent.
  func note(_ level: NoticeLevel, _ message: SafeText)
}

/// Sound that cannot be had as the settings want it, in one sentence.
struct SoundUnusable: Error { var sentence: String }

/// The blocks of a call.
enum Block {
  /// How long each lasts.
  static let milliseconds = 20
  /// Samples a second of the telephone's band.
  static let narrow = 8000
  /// Samples a second of the wide band.
  static let wide = 16_000
  /// The most samples of a block.
  static let most = wide * milliseconds / 1000
}

/// `none`: silence goes out, so that the far end sees a living stream; what arrives is dropped.
final class NoSound: Sound {
  let rate = Block.narrow
  let hasMicrophone = false
  let hasClock = false
  func open(wide: Bool, ear: Playout) {}
  func capture(_ block: UnsafeMutableBufferPointer<Int16>) { block.update(repeating: 0) }
  func play(_ block: UnsafeMutableBufferPointer<Int16>) {}
  func finish() {}
}
