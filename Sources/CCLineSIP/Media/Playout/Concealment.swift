// What is heard in the place of what was lost.

/// Repeats the last period of the voice, softer and softer, for 60 ms; then it is silent (after the
/// manner of ITU-T G.711 appendix I).
struct Concealment {
  let rate: Int
  /// The last 40 ms that were heard.
  private var past: [Int16] = []
  /// The period that is repeated, while something is missing.
  private var period: [Int16] = []
  private var position = 0
  private var invented = 0

  init(rate: Int) { self.rate = rate }

  private var memory: Int { rate / 25 }
  /// What one fades into the other when sound comes back.
  private var seam: Int { rate / 200 }

  /// Whether something is being made up.
  var isInventing: Bool { invented > 0 }

  /// Sound that came; what was made up before fades into it.
  mutating func heard(_ block: inout [Int16]) {
    if invented > 0, block.count >= seam {
      let tail = invent(seam)
      block.replaceSubrange(
        0..<seam, with: Stretch.crossed(from: tail[...], to: block[0..<seam]))
    }
    invented = 0
    past.append(contentsOf: block)
    if past.count > memory { past.removeFirst(past.count - memory) }
  }

  /// So many samples in the place of what is missing.
  mutating func invent(_ count: Int) -> [Int16] {
    if invented == 0 { period = lastPeriod() }
    defer { invented += count }
    guard !period.isEmpty else { return [Int16](repeating: 0, count: count) }
    let (whole, end) = (Double(rate) / 100, Double(rate) * 6 / 100)
    return (0..<count).map { index in
      let sample = Double(period[position])
      position = position + 1 == period.count ? 0 : position + 1
      let age = Double(invented + index)
      let loudness = age <= whole ? 1 : max(0, (end - age) / (end - whole))
      return Int16(sample * loudness)
    }
  }

  /// The last period of what was heard: the distance at which it repeats best, 2.5 to 15 ms.
  private mutating func lastPeriod() -> [Int16] {
    position = 0
    guard past.count == memory else { return [] }
    let window = rate / 100
    var best = (lag: rate / 100, likeness: -1.0)
    for lag in stride(from: rate / 400, through: rate * 15 / 1000, by: 1) {
      var (both, energy) = (0.0, 1.0)
      var index = past.count - window
      while index < past.count {
        let (a, b) = (Double(past[index]), Double(past[index - lag]))
        both += a * b
        energy += b * b
        index += 2
      }
      let likeness = both / energy.squareRoot()
      if likeness > best.likeness { best = (lag, likeness) }
    }
    return Array(past.suffix(best.lag))
  }
}
