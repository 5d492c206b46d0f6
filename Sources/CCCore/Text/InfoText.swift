// The info that goes with a call: at most 1000 units, cut where a character ends.

/// The rules of `callPhone`'s `info` (contract section 0; design section 5, "Dialling").
public enum InfoText {
  /// The most UTF-16 units that are sent; the vendor's language counts so and cuts the rest.
  public static let limit = 1000

  /// The length of a text in UTF-16 units.
  public static func units(_ text: String) -> Int { text.utf16.count }

  /// The text cut at a character boundary to `limit` units, and whether anything was cut.
  public static func cut(_ text: String) -> (text: String, wasCut: Bool) {
    guard units(text) > limit else { return (text, false) }
    var units = 0
    var end = text.startIndex
    while end < text.endIndex {
      let next = text.index(after: end)
      units += text[end..<next].utf16.count
      if units > limit { break }
      end = next
    }
    return (String(text[..<end]), true)
  }
}
