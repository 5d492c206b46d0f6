// The word that was probably meant.

/// Finds the right word for a wrong one.
enum Nearest {
  /// The known word that needs the fewest changes; nil where none is near enough to be meant.
  static func word(to typed: String, in known: some Sequence<String>) -> String? {
    let typed = typed.lowercased()
    var best: (word: String, distance: Int)?
    for word in known {
      let distance = distance(Array(typed), Array(word.lowercased()))
      if distance < best?.distance ?? .max { best = (word, distance) }
    }
    guard let best, best.distance <= max(2, typed.count / 2) else { return nil }
    return best.word
  }

  /// `; did you mean "sip"?`, or a list of all words where none is near.
  static func hint(for typed: String, in known: [String]) -> String {
    if let word = word(to: typed, in: known) { return "; did you mean \(word)?" }
    var seen: Set<String> = []
    let known = known.filter { seen.insert($0).inserted }
    return "; known are \(known.joined(separator: ", "))."
  }

  /// Letters put in, left out, changed or swapped with their neighbour.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast = [Int]()
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          cost = min(cost, beforeLast[j - 2] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
