// Strangers' text, washed at the door.

/// Text that may reach a cell, a log line or a screen reader.
///
/// The only way from a foreign string to the screen (design rule 6): controls and broken bytes become
/// `\u{FFFD}`, line ends and tabs one space, bidi controls and invisible marks go, a cluster with a
/// joiner or a skin tone keeps its first scalar, a base keeps at most four combining marks, and what
/// is over long is cut with `…`. Washing twice changes nothing.
public struct SafeText: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The washed text.
  public let string: String

  /// The limit that most foreign texts get, in cells.
  public static let usualLimit = 256

  /// Washes a foreign string and cuts it at `limit` cells.
  public init(_ foreign: some StringProtocol, limit: Int = SafeText.usualLimit) {
    string = Wash.text(foreign, limit: limit)
  }

  /// Washes a foreign string; the same, and quick from other modules too.
  public init(_ foreign: String, limit: Int = SafeText.usualLimit) {
    string = Wash.text(foreign, limit: limit)
  }

  /// Washes foreign bytes; those that are no UTF-8 become `\u{FFFD}`.
  public init(bytes: some Collection<UInt8>, limit: Int = SafeText.usualLimit) {
    self.init(String(decoding: bytes, as: UTF8.self), limit: limit)
  }

  /// Takes a literal of the program's own; it is washed all the same.
  public init(stringLiteral value: String) {
    self.init(value)
  }

  /// The width in cells.
  public var cells: Int { CellWidth.of(string) }

  /// Whether there is nothing to show.
  public var isEmpty: Bool { string.isEmpty }

  /// The text itself.
  public var description: String { string }
}
