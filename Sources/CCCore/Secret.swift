// A text that can be used and never printed.

/// A password or token: held in memory, handed to the line, and redacted wherever it could be shown.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The secret itself; only what sends it to its owner may read it.
  public let revealed: String

  /// Wraps a secret.
  public init(_ revealed: String) {
    self.revealed = revealed
  }

  /// Always `(set)`.
  public var description: String { "(set)" }
  /// Always `(set)`.
  public var debugDescription: String { "(set)" }
  /// Shows nothing: `dump` prints through mirrors.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
