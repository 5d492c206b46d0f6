// What a token may look like.

/// Knows a token from a page, an error, or nothing.
public enum TokenText {
  /// The most bytes a token may have.
  public static let limit = 8192

  /// Whether a text can be one: printable ASCII, neither empty nor endless.
  public static func isToken(_ text: String) -> Bool {
    let bytes = text.utf8
    return !bytes.isEmpty && bytes.count <= limit && bytes.allSatisfy { (0x20...0x7E).contains($0) }
      && bytes.first != 0x20 && bytes.last != 0x20
  }
}
