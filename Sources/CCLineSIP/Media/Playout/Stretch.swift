// Making sound a little shorter or longer, without a click and without another pitch.

/// Takes out one period of a voice, or puts one in, where two follow each other that are alike; in a pause
/// any piece will do.
enum Stretch {
  /// The block of a pause without so many samples, at most half of them.
  static func without(_ count: Int, of block: [Int16], rate: Int) -> [Int16]? {
    let (seam, count) = (rate / 200, min(count, block.count / 2))
    guard count > 0, count + seam <= block.count else { return nil }
    return crossed(from: block[0..<seam], to: block[count..<count + seam])
      + block[(count + seam)...]
  }

  /// The block of a pause, half as long again.
  static func doubled(_ block: [Int16]) -> [Int16] {
    let half = block.count / 2
    return block[..<half] + crossed(from: block[half..<2 * half], to: block[..<half])
      + block[half...]
  }

  /// The block without one period; nil where nothing in it repeats.
  static func shortened(_ block: [Int16], rate: Int) -> [Int16]? {
    guard let lag = lag(of: block, rate) else { return nil }
    return crossed(from: block[0..<lag], to: block[lag..<2 * lag]) + block[(2 * lag)...]
  }

  /// The block with one period twice.
  static func lengthened(_ block: [Int16], rate: Int) -> [Int16]? {
    guard let lag = lag(of: block, rate) else { return nil }
    return Array(block[0..<lag]) + crossed(from: block[lag..<2 * lag], to: block[0..<lag])
      + block[lag...]
  }

  /// One piece that fades into another of the same length.
  static func crossed(from: ArraySlice<Int16>, to: ArraySlice<Int16>) -> [Int16] {
    let count = from.count
    return zip(from, to).enumerated().map { index, pair in
      let part = Int32(index + 1)
      let sum = Int32(pair.0) * (Int32(count) - part) + Int32(pair.1) * part
      return Int16(truncatingIfNeeded: sum / Int32(max(1, count)))
    }
  }

  /// The period: between 2.5 and 9 ms; in what is nearly silent any will do.
  private static func lag(of block: [Int16], _ rate: Int) -> Int? {
    let (shortest, longest) = (rate / 400, min(rate * 9 / 1000, block.count / 2))
    guard shortest < longest else { return nil }
    var best = (lag: longest, likeness: 0.0)
    for lag in shortest...longest {
      var (both, one, two) = (0.0, 1.0, 1.0)
      // A few samples are alike by chance.
      let window = min(max(lag, rate / 125), block.count - lag)
      var index = 0
      while index < window {
        let (a, b) = (Double(block[index]), Double(block[index + lag]))
        both += a * b
        one += a * a
        two += b * b
        index += 2
      }
      let isSilent = one + two < Double(window) * 2_500
      let likeness = isSilent ? 1 : both / (one * two).squareRoot()
      if likeness > best.likeness { best = (lag, likeness) }
    }
    return best.likeness > 0.6 ? best.lag : nil
  }
}
