// A second thread that speaks for the line, so that the first reads the terminal meanwhile.

import Glibc
import Synchronization

final class Flood: Sendable {
  private let body: @Sendable (BenchDesk) -> Void
  private let state = Mutex((thread: pthread_t(), isDone: true))

  init(_ body: @escaping @Sendable (BenchDesk) -> Void) { self.body = body }

  /// Whether all was said.
  var isDone: Bool { state.withLock(\.isDone) }

  func start(on desk: BenchDesk) {
    let job = Job { [self] in
      body(desk)
      state.withLock { $0.isDone = true }
    }
    state.withLock {
      $0.isDone = false
      pthread_create(
        &$0.thread, nil,
        { pointer in
          guard let pointer else { return nil }
          Unmanaged<Job>.fromOpaque(pointer).takeRetainedValue().body()
          return nil
        }, Unmanaged.passRetained(job).toOpaque())
    }
  }

  func join() {
    let thread = state.withLock(\.thread)
    pthread_join(thread, nil)
  }
}

/// What a thread does, as an object that a C pointer can carry.
private final class Job {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}
