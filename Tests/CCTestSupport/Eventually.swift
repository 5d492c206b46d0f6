// Waiting for a condition, never for a while.

import Foundation

/// A condition that did not come true in time.
public struct NotInTime: Error, CustomStringConvertible {
  /// What was waited for, and what was seen instead.
  public var description: String
  /// Says what was waited for.
  public init(_ description: String) { self.description = description }
}

/// Looks at a condition of the outside world until it is true; throws after the deadline.
public func eventually(
  _ what: String, within seconds: Double = 10, _ condition: () throws -> Bool
) async throws {
  let deadline = Date().addingTimeInterval(seconds)
  while try !condition() {
    guard Date() < deadline else { throw NotInTime("not within \(seconds) s: \(what)") }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// The same for a condition that takes a program to ask.
public func eventually(
  _ what: String, within seconds: Double = 10, asking condition: () async throws -> Bool
) async throws {
  let deadline = Date().addingTimeInterval(seconds)
  while try await !condition() {
    guard Date() < deadline else { throw NotInTime("not within \(seconds) s: \(what)") }
    try await Task.sleep(for: .milliseconds(20))
  }
}
