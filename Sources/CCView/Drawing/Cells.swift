// Cells of text: how wide a cluster is, and how a text is cut to a width.

import CCCore

/// Measuring and cutting in cells.
enum Cells {
  /// The cells of one cluster: its base, and whatever else in it takes room.
  static func width(of character: Character) -> Int {
    if let ascii = character.asciiValue { return ascii >= 0x20 && ascii < 0x7F ? 1 : 0 }
    return character.unicodeScalars.reduce(0) { $0 + max(0, CellWidth.of($1)) }
  }

  /// The cells of a text.
  static func width(of text: String) -> Int {
    var text = text
    let ascii = text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } ? bytes.count : nil }
    return ascii ?? CellWidth.of(text)
  }

  /// The text cut to `limit` cells, with `mark` at its end if something went.
  static func cut(_ text: String, to limit: Int, mark: String) -> String {
    guard limit > 0 else { return "" }
    guard width(of: text) > limit else { return text }
    let room = limit - width(of: mark)
    guard room >= 0 else { return String(mark.prefix(limit)) }
    var cells = 0
    var out = ""
    for character in text {
      cells += width(of: character)
      if cells > room { break }
      out.append(character)
    }
    return out + mark
  }
}
