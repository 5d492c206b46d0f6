// The table: what was measured, the goal, and whether it was met.

import Glibc

/// A condition on a row, in words and as a fact.
struct Goal {
  let words: String
  let isMet: Bool

  static func atMost(_ limit: Double, _ value: Double, _ words: String = "") -> Goal {
    Goal(words: "\(words)<= \(trimmed(limit))", isMet: value <= limit)
  }
}

/// Prints each row as soon as it is known.
struct Table {
  /// Rows that missed their goal.
  private(set) var missed = [String]()
  /// Rows that could not be measured.
  private(set) var failed = [String]()

  private let widths = (what: 37, goal: 22, number: 7)

  func head() {
    let titles = ["p50", "p90", "p99", "peer", "ratio"].map { pad($0, widths.number, right: true) }
    let head = pad("what", widths.what) + pad("goal", widths.goal) + titles.joined(separator: " ")
    print(head)
    print(String(repeating: "-", count: head.count + 6))
    fflush(nil)
  }

  /// Times in milliseconds; beside a peer, its p50 and how many times that ours is.
  mutating func row(
    _ what: String, _ rounds: Rounds, goals: [Goal] = [], peer: Rounds? = nil,
    unit: String = ", ms"
  ) {
    var cells = [rounds.p50, rounds.p90, rounds.p99]
    if let peer { cells += [peer.p50, rounds.ratio(to: peer, at: 0.5)] }
    tell("\(what)\(unit)", goals, cells)
  }

  /// One value.
  mutating func row(_ what: String, _ value: Double, goals: [Goal] = []) {
    tell(what, goals, [value])
  }

  /// A row for what could not be measured.
  mutating func failed(_ what: String, _ why: String) {
    failed.append(what)
    print(pad(what, widths.what) + "not measured: " + why)
    fflush(nil)
  }

  private mutating func tell(_ what: String, _ goals: [Goal], _ values: [Double]) {
    let isMet = goals.allSatisfy(\.isMet)
    if !isMet { missed.append(what) }
    let cells = (0..<5).map { index in
      pad(index < values.count ? short(values[index]) : "", widths.number, right: true)
    }
    let verdict = goals.isEmpty ? "" : isMet ? "  ok" : "  MISS"
    print(
      pad(what, widths.what) + pad(goals.map(\.words).joined(separator: ", "), widths.goal)
        + cells.joined(separator: " ") + verdict)
    fflush(nil)
  }
}

/// Three digits that count.
func short(_ value: Double) -> String {
  guard value.isFinite else { return "-" }
  return decimal(value, digits: value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3)
}

/// As few digits as say it: 2, 0.1, 1.25.
private func trimmed(_ value: Double) -> String {
  let digits = (0...2).first { digits in
    let scaled = value * scale(digits)
    return abs(scaled - scaled.rounded()) < 1e-6
  }
  return decimal(value, digits: digits ?? 3)
}

private func decimal(_ value: Double, digits: Int) -> String {
  if value < 0 { return "-" + decimal(-value, digits: digits) }
  let scaled = Int64((value * scale(digits)).rounded())
  guard digits > 0 else { return "\(scaled)" }
  let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int64(scale(digits)))
  let tail = String(rest)
  return "\(whole)." + String(repeating: "0", count: digits - tail.count) + tail
}

private func scale(_ digits: Int) -> Double { [1, 10, 100, 1000][digits] }

private func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
  let blanks = String(repeating: " ", count: max(0, width - text.count))
  return right ? blanks + text : text + blanks
}
