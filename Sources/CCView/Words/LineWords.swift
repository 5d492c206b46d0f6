// What a line says of itself, marked as the line's.

import CCCore

/// The words for what a line program remarks (`log`): they never read like the desk's own.
public enum LineWords {
  /// `line: the microphone is not there`.
  public static func said(_ text: SafeText) -> SafeText { SafeText("line: \(text)") }
}
