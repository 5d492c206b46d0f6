// What a line says of itself, marked as the line's.

/// The words for what a line program says: they never read like the desk's own, whoever shows them.
public enum LineWords {
  /// `line: the microphone is not there`; nothing of nothing.
  public static func said(_ text: SafeText) -> SafeText {
    text.isEmpty ? text : SafeText("line: \(text)")
  }
}
