// What is heard in the place of what was lost.

/// Lets the voice go on as it was, softer and softer, for 80 ms; then it is silent.
///
/// A voice is a throat that gives a pulse each period, and a mouth that shapes it. The last period of the
/// pulses is repeated through the mouth as it stood, which still rings of what was heard: so it goes on
/// without a step, and the periods meet without one.
struct Concealment {
  let rate: Int
  /// The last 40 ms that were heard.
  private var past: [Int16] = []
  /// What goes on, while something is missing.
  private var voice: Voice?
  private var invented = 0

  fileprivate struct Voice {
    var mouth: Prediction
    /// One period of what the mouth does not explain.
    var pulses: [Double]
    /// What was heard and made up, at least as far back as the mouth reaches.
    var made: [Double]
  }

  /// So many samples before are in the next one.
  private static let order = 24

  init(rate: Int) { self.rate = rate }

  private var memory: Int { rate / 25 }
  /// What one fades into the other when sound comes back.
  private var seam: Int { rate * 3 / 1000 }
  /// Until it is silent.
  private var longest: Int { rate * 80 / 1000 }

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
    voice = nil
    past.append(contentsOf: block)
    if past.count > memory { past.removeFirst(past.count - memory) }
  }

  /// So many samples in the place of what is missing.
  mutating func invent(_ count: Int) -> [Int16] {
    if invented == 0 { voice = lastVoice() }
    defer { invented += count }
    guard invented < longest, let made = voice?.goOn(count, after: invented) else {
      return [Int16](repeating: 0, count: count)
    }
    return made.enumerated().map { index, sample in
      let left = max(0, longest - invented - index)
      return Int16(sample * Double(left) / Double(longest))
    }
  }

  private func lastVoice() -> Voice? {
    guard past.count == memory else { return nil }
    let mouth = Prediction(of: past[...], order: Self.order)
    let made = past.map(Double.init)
    let pulses = (memory - period..<memory).map { made[$0] - mouth.next(after: made, before: $0) }
    return Voice(mouth: mouth, pulses: pulses, made: made)
  }

  /// The distance at which what was heard repeats best, 2.5 to 15 ms.
  private var period: Int {
    let window = rate / 200
    var best = (lag: rate / 100, likeness: -1.0)
    for lag in rate / 400...rate * 15 / 1000 {
      var (both, energy) = (0.0, 1.0)
      for index in past.count - window..<past.count {
        let (now, then) = (Double(past[index]), Double(past[index - lag]))
        both += now * then
        energy += then * then
      }
      let likeness = both / energy.squareRoot()
      if likeness > best.likeness { best = (lag, likeness) }
    }
    return best.lag
  }
}

extension Concealment.Voice {
  /// So many samples more, after so many that were made up.
  fileprivate mutating func goOn(_ count: Int, after invented: Int) -> [Double] {
    for index in invented..<invented + count {
      let sample =
        mouth.next(after: made, before: made.count) + pulses[index % pulses.count]
      made.append(max(-32_767, min(32_767, sample)))
    }
    return Array(made.suffix(count))
  }
}
