// Long sums beside the tests that wait: they take no thread of the pool that everything awaited runs on.

import Foundation

/// Runs what computes for more than a second on a thread of its own.
///
/// Swift's pool has one thread a core. A test that computes for a minute on one of them stands in the
/// way of every server and deadline that another test has in this process.
public func onItsOwnThread<Result: Sendable>(
  _ work: @escaping @Sendable () -> Result
) async -> Result {
  await withCheckedContinuation { continuation in
    let thread = Thread { continuation.resume(returning: work()) }
    thread.stackSize = 8 << 20
    thread.start()
  }
}
