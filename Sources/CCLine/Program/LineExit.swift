// How a line program says that it is to be started again.

/// Exit codes of a line program that the desk understands.
public enum LineExit {
  /// The line program ends itself, to be started again (`EX_TEMPFAIL`).
  ///
  /// The last line on its stderr is the reason, a whole sentence, and is shown as such.
  public static let again: Int32 = 75
  /// The line program ended as it was asked to, and a far side has not confirmed the end of its call
  /// (`EX_UNAVAILABLE`): who can is to end it once more.
  public static let unfinished: Int32 = 69
}
