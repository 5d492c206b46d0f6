// Finding a program, for line programs that start one themselves.

/// Looks for a program as the desk looks for its line.
public enum ProgramPath {
  /// Why a program cannot be run.
  public struct Refusal: Error, Hashable, Sendable {
    /// In words, without a full stop: `chromium is not found in PATH`.
    public let sentence: String
  }

  /// The path of a program: as it stands if it holds a slash, else searched in PATH.
  public static func find(_ name: String) -> Result<String, Refusal> {
    Executable.find(name).mapError { Refusal(sentence: $0.sentence) }
  }
}
