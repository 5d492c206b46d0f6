// Between 8000 and 16,000 samples a second.

import Glibc

/// Doubles or halves the rate of a stream; what does not fit into the narrow band is filtered out.
struct Halfband {
  private var past: [Double]

  /// A windowed sinc that ends at 3.6 kHz: 31 taps, so it delays by 1 ms.
  private static let taps: [Double] = {
    let count = 31
    let middle = Double(count - 1) / 2
    let cut = 3_600.0 / 16_000
    let raw = (0..<count).map { index -> Double in
      let x = Double(index) - middle
      let sinc = x == 0 ? 2 * cut : sin(2 * .pi * cut * x) / (.pi * x)
      let window = 0.54 - 0.46 * cos(2 * .pi * Double(index) / Double(count - 1))
      return sinc * window
    }
    let sum = raw.reduce(0, +)
    return raw.map { $0 / sum }
  }()

  init() { past = [Double](repeating: 0, count: Self.taps.count - 1) }

  /// Twice as many samples.
  mutating func doubled(_ samples: [Int16]) -> [Int16] {
    var spread: [Double] = []
    spread.reserveCapacity(samples.count * 2)
    for sample in samples {
      spread.append(Double(sample) * 2)
      spread.append(0)
    }
    return filtered(spread, step: 1)
  }

  /// Half as many samples.
  mutating func halved(_ samples: UnsafeBufferPointer<Int16>) -> [Int16] {
    filtered(samples.map(Double.init), step: 2)
  }

  private mutating func filtered(_ samples: [Double], step: Int) -> [Int16] {
    let all = past + samples
    let taps = Self.taps
    past = Array(all.suffix(taps.count - 1))
    return stride(from: 0, to: samples.count, by: step).map { start in
      var sum = 0.0
      for index in taps.indices { sum += taps[index] * all[start + index] }
      return Int16(max(-32_768, min(32_767, sum.rounded())))
    }
  }
}
