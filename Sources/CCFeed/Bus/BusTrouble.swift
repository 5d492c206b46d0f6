// Why there is no bus.

/// A failure of a bus, in a sentence for a person.
public struct BusTrouble: Error, Hashable, Sendable {
  /// What happened, why, and the next step.
  public let sentence: String

  /// Makes one.
  public init(_ sentence: String) { self.sentence = sentence }
}
