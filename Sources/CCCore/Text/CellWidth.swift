// How many cells a character takes: our own pinned table.

/// Widths in terminal cells, by Unicode scalar, as glibc's `wcwidth`, ncurses and libvterm count them.
///
/// The table is ours, so that a screen looks the same on every machine; a test holds it against the
/// C library's (design rule 6).
public enum CellWidth {
  /// The width of a text in cells; a control counts nothing.
  public static func of(_ text: some StringProtocol) -> Int {
    var cells = 0
    for scalar in text.unicodeScalars { cells += max(0, of(scalar)) }
    return cells
  }

  /// The width of one scalar: 0, 1 or 2 cells; -1 for a control or what cannot be printed.
  public static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x7F { return value < 0x20 ? -1 : 1 }
    var low = 0
    var high = steps.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if steps[middle] >> 2 <= value { low = middle } else { high = middle }
    }
    return Int(steps[low] & 3) - 1
  }
}
