// The way out to the terminal, which may not take everything at once.

import Glibc

/// Writes to the terminal and keeps what it did not take.
///
/// A terminal behind a stalled network takes nothing for seconds: with a non-blocking descriptor the
/// loop goes on meanwhile, and calls with it.
@MainActor final class Output {
  private let descriptor: Int32
  private var backlog = [UInt8]()

  /// Whether the terminal is gone.
  private(set) var isLost = false

  /// Whether something waits to be taken.
  var isWaiting: Bool { !backlog.isEmpty }

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Writes, and keeps what is not taken; returns the bytes taken.
  func write(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard !bytes.isEmpty, descriptor >= 0, !isLost else { return 0 }
    if isWaiting {
      backlog += bytes
      return flush()
    }
    let taken = push(bytes)
    if taken < bytes.count, !isLost { backlog += bytes[taken...] }
    return taken
  }

  /// Tries to write what waits; returns the bytes taken.
  @discardableResult
  func flush() -> Int {
    guard isWaiting, !isLost else { return 0 }
    let taken = backlog.withUnsafeBytes { push($0) }
    backlog.removeFirst(taken)
    return taken
  }

  /// Writes what waits, for at most a second: the last word before the program ends or stops.
  func drain() {
    var rounds = 20
    while isWaiting, !isLost, rounds > 0 {
      var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&wanted, 1, LastMoment.left(atMost: 50))
      flush()
      rounds -= 1
    }
  }

  private func push(_ bytes: UnsafeRawBufferPointer) -> Int {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      if count > 0 {
        done += count
      } else if count < 0, errno == EINTR {
        continue
      } else if count < 0, errno == EAGAIN {
        break
      } else {
        isLost = true
        backlog = []
        break
      }
    }
    return done
  }
}
