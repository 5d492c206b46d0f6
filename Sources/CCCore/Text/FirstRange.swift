// Whether a text stands in another, and where.

// The standard library has this beside its regular expressions only, and a program that asks it for
// one carries all of them. `contains` stays the question for one element.
extension Collection where Element: Equatable {
  /// Where the elements of `other` stand in this collection for the first time, one beside the other
  /// and in that order; an empty one stands at the start.
  public func firstRange(of other: some Collection<Element>) -> Range<Index>? {
    guard let first = other.first else { return startIndex..<startIndex }
    let length = other.count
    var rest = self[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: other) { return start..<index(start, offsetBy: length) }
      rest = rest.dropFirst()
    }
    return nil
  }

  /// Whether they stand in it at all.
  public func holds(_ other: some Collection<Element>) -> Bool {
    firstRange(of: other) != nil
  }
}
