// Many measures of one thing, and how rounds of them are told as one figure.

/// The measures of one round.
struct Sample {
  private(set) var values = [Double]()

  init() {}
  init(_ value: Double) { add(value) }
  /// One time, in milliseconds.
  init(nanoseconds: Int64) { add(nanoseconds: nanoseconds) }

  mutating func add(_ value: Double) { values.append(value) }
  /// Adds a time, in milliseconds.
  mutating func add(nanoseconds: Int64) { add(Double(nanoseconds) / 1e6) }

  /// The value below which this part lies.
  func percentile(_ part: Double) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return sorted[min(sorted.count - 1, Int((Double(sorted.count) * part).rounded(.down)))]
  }
}

/// All rounds of one thing.
///
/// A percentile of it is the median of what the rounds say, so that a round in which the machine was
/// busy with something else does not speak for all.
struct Rounds {
  private(set) var samples = [Sample]()

  mutating func add(_ sample: Sample) { samples.append(sample) }

  func percentile(_ part: Double) -> Double { median(samples.map { $0.percentile(part) }) }

  var p50: Double { percentile(0.50) }
  var p90: Double { percentile(0.90) }
  var p99: Double { percentile(0.99) }

  /// How many times the peer's percentile this one is: compared round by round, since both ran in
  /// the same seconds.
  func ratio(to peer: Rounds, at part: Double) -> Double {
    median(zip(samples, peer.samples).map { $0.percentile(part) / $1.percentile(part) })
  }

  private func median(_ values: [Double]) -> Double {
    var sample = Sample()
    for value in values { sample.add(value) }
    return sample.percentile(0.5)
  }
}
