// Why a text is no JSON that we take, and where.

/// Why `JSONReader` refused a text.
public struct JSONError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// More bytes than the limit.
    case tooLong
    /// Arrays and objects nested deeper than the limit.
    case tooDeep
    /// Bytes that are not UTF-8.
    case badUTF8
    /// `\ud800` without its other half, or the other way round.
    case loneSurrogate
    /// A backslash before something that JSON does not know.
    case badEscape
    /// A raw control character inside a string.
    case controlCharacter
    /// A number that JSON does not know: `01`, `1.`, `.5`, `+1`, `NaN`.
    case badNumber
    /// A number beyond what a double holds.
    case numberOutOfRange
    /// The text ends in the middle of a value, or is empty.
    case endOfText
    /// A byte that cannot stand here.
    case unexpected(UInt8)
    /// Something after the value.
    case trailing
  }

  /// What is wrong.
  public let reason: Reason
  /// At which byte, from 0.
  public let offset: Int

  /// Makes an error.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}
