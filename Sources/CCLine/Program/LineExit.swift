// How a line program says that it is to be started again.

/// Exit codes of a line program that the desk understands.
public enum LineExit {
  /// The line program ends itself, to be started again (`EX_TEMPFAIL`).
  ///
  /// The last line on its stderr is the reason, a whole sentence, and is shown as such.
  public static let again: Int32 = 75
}
