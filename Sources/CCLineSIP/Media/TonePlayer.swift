// A tune on its way to a device.

/// Gives out the samples of a tune, once or over and over, on the device's thread.
final class TonePlayer: Sendable {
  private let samples: [Int16]
  private let over: Bool
  private let position = Lock(0)

  init(_ samples: [Int16], over: Bool) {
    self.samples = samples
    self.over = over
  }

  /// Whether a tune that is played once has been handed out to its end.
  var isOver: Bool { !over && position.with { $0 == samples.count } }

  /// Fills a block with what comes next; silence after the end.
  func fill(_ block: UnsafeMutableBufferPointer<Int16>) {
    position.with { position in
      for index in block.indices {
        if position == samples.count, over { position = 0 }
        guard position < samples.count else {
          block[index] = 0
          continue
        }
        block[index] = samples[position]
        position += 1
      }
    }
  }
}
