// Whether a text stands in another, and where.

import CCCore
import Testing

@Suite struct FirstRangeTests {
  @Test(
    "the first place of a text in another",
    arguments: [
      ("customer", "", 0, 0), ("", "", 0, 0), ("customer", "c", 0, 1), ("customer", "tome", 3, 7),
      ("customer", "mer", 5, 8), ("customer", "customer", 0, 8), ("aaab", "aab", 1, 4),
      ("ababac", "abac", 2, 6), ("naïve café", "café", 6, 10), ("a\r\nb", "\r\n", 1, 2),
    ])
  func found(text: String, word: String, start: Int, end: Int) throws {
    let range = try #require(text.firstRange(of: word))
    #expect(text.distance(from: text.startIndex, to: range.lowerBound) == start)
    #expect(text.distance(from: text.startIndex, to: range.upperBound) == end)
    #expect(text.holds(word))
  }

  @Test(
    "one that stands nowhere",
    arguments: [
      ("", "a"), ("customer", "customers"), ("customer", "merc"), ("aaab", "aba"), ("cafe", "é"),
      ("a\r\nb", "\n"),
    ])
  func notFound(text: String, word: String) {
    #expect(text.firstRange(of: word) == nil)
    #expect(!text.holds(word))
  }
}
