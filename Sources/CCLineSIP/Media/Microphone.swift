// What a microphone gave and the beat has not yet sent.

/// A queue of samples between a device's thread and the beat; it never grows.
///
/// The device's clock is not ours: what is too much is taken out a period at a time, what is missing is
/// silence.
final class Microphone: Sendable {
  private struct Waiting {
    var samples: [Int16] = []
    /// The least that was left over after each block of the last second.
    var leastLeft = Int.max
    var blocks = 0
    var hasBegun = false
    var dry = 0
  }

  private let waiting = Lock(Waiting())
  private let rate: Int

  init(rate: Int) { self.rate = rate }

  /// What may be left over, in samples: the pieces that a device gives.
  private var slack: Int { rate * 6 / 1000 }
  /// More than this is thrown away at once.
  private var most: Int { rate / 5 }

  /// Takes a piece; on the device's thread.
  func put(_ piece: UnsafeMutableBufferPointer<Int16>) {
    waiting.with { waiting in
      waiting.samples.append(contentsOf: piece)
      if waiting.samples.count > most {
        waiting.samples.removeFirst(waiting.samples.count - most / 4)
      }
    }
  }

  /// Fills a block.
  func take(_ block: UnsafeMutableBufferPointer<Int16>) {
    waiting.with { waiting in
      guard waiting.samples.count >= block.count else {
        block.update(repeating: 0)
        if waiting.hasBegun { waiting.dry += 1 }
        return
      }
      if !waiting.hasBegun {
        waiting.hasBegun = true
        // What gathered before the first block is old.
        waiting.samples.removeFirst(waiting.samples.count - block.count)
      }
      for index in block.indices { block[index] = waiting.samples[index - block.startIndex] }
      waiting.samples.removeFirst(block.count)
      waiting.leastLeft = min(waiting.leastLeft, waiting.samples.count)
      waiting.blocks += 1
      guard waiting.blocks == 25 else { return }
      if waiting.leastLeft > slack { waiting.samples.removeFirst(waiting.leastLeft - slack / 2) }
      waiting.blocks = 0
      waiting.leastLeft = .max
    }
  }

  /// How often a block was wanted and not there.
  var dry: Int { waiting.with { $0.dry } }
}
