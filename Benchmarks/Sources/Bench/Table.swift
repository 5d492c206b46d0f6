// The numbers, and the table they are told in.

import Glibc

/// Many measures of one thing.
struct Sample {
  private(set) var values = [Double]()

  mutating func add(_ value: Double) { values.append(value) }
  /// Adds a time, in milliseconds.
  mutating func add(nanoseconds: Int64) { add(Double(nanoseconds) / 1e6) }
  mutating func add(_ other: Sample) { values += other.values }

  /// The value below which this part lies.
  func percentile(_ part: Double) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return sorted[min(sorted.count - 1, Int((Double(sorted.count) * part).rounded(.down)))]
  }

  var p50: Double { percentile(0.50) }
  var p90: Double { percentile(0.90) }
  var p99: Double { percentile(0.99) }
}

/// The table: a row is printed as soon as it is known.
struct Table {
  /// How many goals were missed.
  private(set) var missed = 0

  func head() {
    print("what                                      p50       p90       p99      unit  goal")
    print(String(repeating: "-", count: 98))
  }

  /// A row without a goal: a peer, or a figure to know.
  func row(_ what: String, _ sample: Sample, _ unit: String) {
    print(line(what, [sample.p50, sample.p90, sample.p99], unit))
  }

  /// A row held against a goal, which says what it is.
  mutating func row(
    _ what: String, _ sample: Sample, _ unit: String, _ goals: [(words: String, met: Bool)]
  ) {
    tell(line(what, [sample.p50, sample.p90, sample.p99], unit), goals)
  }

  /// A row of one value, held against a limit.
  mutating func row(_ what: String, _ value: Double, _ unit: String, atMost limit: Double) {
    tell(line(what, [value], unit), [("<= \(short(limit))", value <= limit)])
  }

  /// A row for what could not be measured.
  mutating func failed(_ what: String, _ why: String) {
    missed += 1
    print(pad(what, 38) + "  not measured: " + why + "  MISS")
    fflush(nil)
  }

  private mutating func tell(_ line: String, _ goals: [(words: String, met: Bool)]) {
    missed += goals.count { !$0.met }
    let words = goals.map { "\($0.words) \($0.met ? "ok" : "MISS")" }
    print(line + "  " + words.joined(separator: ", "))
    fflush(nil)
  }

  private func line(_ what: String, _ values: [Double], _ unit: String) -> String {
    let cells = (0..<3).map { index in
      index < values.count ? pad(short(values[index]), 8, right: true) : pad("", 8)
    }
    return pad(what, 38) + cells.joined(separator: "  ") + "  " + pad(unit, 8)
  }
}

/// Three digits that count.
func short(_ value: Double) -> String {
  guard value.isFinite else { return "-" }
  let digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  let scale = [1.0, 10, 100, 1000][digits]
  let scaled = Int64((value * scale).rounded())
  guard digits > 0 else { return "\(scaled)" }
  let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int64(scale))
  let tail = String(rest)
  return "\(whole)." + String(repeating: "0", count: digits - tail.count) + tail
}

private func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
  let blanks = String(repeating: " ", count: max(0, width - text.count))
  return right ? blanks + text : text + blanks
}
