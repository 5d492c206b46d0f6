// A value behind a lock.

import Foundation

/// What several threads of a test share.
public final class Mutexed<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  /// Puts a value behind a lock.
  public init(_ value: Value) { self.value = value }

  /// Reads or changes the value, alone.
  public func with<T>(_ body: (inout Value) throws -> T) rethrows -> T {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
