// Rules that can never be reached, since those before them take every number that they would.

import CCCore

extension DialPlan {
  /// What is wrong with the plan as a whole, a sentence for each rule that does nothing.
  var warnings: [SafeText] {
    rules.indices.compactMap { index in
      guard !isReached(index) else { return nil }
      let one = rules[..<index].indices.first { covers($0, index) }
      let before = one.map { "\u{201C}\(rules[$0].text)\u{201D} comes" } ?? "those come"
      return SafeText(
        "sip.dialPlan: the rule \u{201C}\(rules[index].text)\u{201D} can never be reached: \(before) "
          + "first and takes every number of it; the first rule that fits counts")
    }
  }

  /// Whether there is a number that a rule takes and none of those before it does.
  func isReached(_ index: Int) -> Bool {
    if rules[..<index].indices.contains(where: { covers($0, index) }) { return false }
    // Whether several together take them all costs more than a long plan is worth.
    guard (1...Self.mostSearched).contains(index) else { return true }
    var search = Search(
      wanted: rules[index].places, others: rules[..<index].map(\.places))
    return search.findsNumber(at: 0, alive: Set(0..<index))
  }

  /// The rules before one that are looked at together.
  private static let mostSearched = 40

  /// Whether one rule takes every number that another would.
  private func covers(_ one: Int, _ other: Int) -> Bool {
    let (first, second) = (rules[one].places, rules[other].places)
    let places = zip(first, second).prefix { $0.0 != .more }
    let fit = places.allSatisfy { place, wanted in
      guard case .oneOf(let set) = place, case .oneOf(let others) = wanted else { return false }
      return others.isSubset(of: set)
    }
    if first.last == .more { return fit && second.count >= first.count }
    return fit && first.count == second.count && second.last != .more
  }

  /// A search through the numbers of one pattern, all at once where the others see no difference.
  private struct Search {
    private struct State: Hashable {
      var position: Int
      var alive: Set<Int>
    }

    let wanted: [Place]
    let others: [[Place]]
    private var seen: Set<State> = []

    init(wanted: [Place], others: [[Place]]) {
      self.wanted = wanted
      self.others = others
    }

    private static let signs = Array("0123456789+*#".utf8)

    /// Whether a number goes on from here that none of the others takes; `alive`: those that have
    /// fitted so far.
    mutating func findsNumber(at position: Int, alive: Set<Int>) -> Bool {
      if alive.isEmpty { return true }
      // A plan that is too wild to search is not called wrong.
      guard seen.count < 1_000 else { return true }
      guard seen.insert(State(position: position, alive: alive)).inserted else { return false }
      let isFree = position >= wanted.count || wanted[position] == .more
      let isEnd = wanted.last == .more ? position >= wanted.count : position == wanted.count
      if isEnd, !alive.contains(where: { others[$0].count == position }) { return true }
      guard position < wanted.count || wanted.last == .more,
        position < DialPlan.longestNumber
      else { return false }
      for sign in Self.signs where isFree || takes(wanted[position], sign) {
        guard let next = fitting(sign, at: position, alive) else { continue }
        if findsNumber(at: position + 1, alive: next) { return true }
      }
      return false
    }

    /// Those that fit one sign further; nil where one of them takes all that can follow.
    private func fitting(_ sign: UInt8, at position: Int, _ alive: Set<Int>) -> Set<Int>? {
      var next: Set<Int> = []
      for other in alive where position < others[other].count {
        if others[other][position] == .more { return nil }
        if takes(others[other][position], sign) { next.insert(other) }
      }
      return next
    }

    private func takes(_ place: Place, _ sign: UInt8) -> Bool {
      if case .oneOf(let set) = place { set.contains(sign) } else { true }
    }
  }
}

extension CallRules {
  /// What of the rules does nothing, or forbids what another one wants, a sentence each.
  var warnings: [SafeText] {
    guard seat.way == .dial else { return dialPlan.warnings }
    return dialPlan.warnings
      + seat.codes.sorted { $0.key < $1.key }.compactMap { word, code in
        guard case .failure(let refusal) = dialPlan.verdict(onCode: code) else { return nil }
        return SafeText("seat.codes: \(word)=\(code) is never dialled: \(refusal.words)")
      }
  }
}

extension DialPlan.Rule {
  /// The whole pattern, what is cut off included.
  var places: [DialPlan.Place] { cut + rest }
}
