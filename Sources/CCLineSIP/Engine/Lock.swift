// A lock between the loop and the thread of a sound device.

import Glibc

/// Guards one value that two threads touch, for microseconds at a time.
final class Lock<Value>: @unchecked Sendable {
  private var value: Value
  // The system keeps the address.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  /// Gives the value to the closure, and to nobody else meanwhile.
  func with<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }
}
