// The way out for sentences and JSON, which may be slower than what happens.

import Glibc

/// Writes in order to a descriptor that others may share, and never waits for it.
///
/// The descriptor stays blocking, since a shell may use it too; a piece of at most `PIPE_BUF` bytes is
/// written only when poll(2) says that it fits.
@MainActor final class OutputQueue {
  /// From so many waiting bytes on, the line is not read until somebody takes them.
  static let high = 1 << 18
  /// `PIPE_BUF` of Linux (pipe(7)): a ready pipe takes as much without waiting.
  private static let piece = 4096

  private let descriptor: Int32
  private var waiting: [UInt8] = []
  private var taken = 0

  /// Whether the reader has gone.
  private(set) var isLost = false

  init(descriptor: Int32 = STDOUT_FILENO) { self.descriptor = descriptor }

  /// Whether something waits.
  var isWaiting: Bool { taken < waiting.count }
  /// Whether so much waits that nothing should be added.
  var isFull: Bool { waiting.count - taken >= Self.high }

  /// Appends.
  func write(_ bytes: some Sequence<UInt8>) {
    if !isLost { waiting += bytes }
  }

  /// Appends a text.
  func write(_ text: String) { write(text.utf8) }

  /// What to wait for while something waits.
  var watch: Watch? {
    isWaiting ? .writing(descriptor) { [unowned self] _ in flush() } : nil
  }

  /// Writes what fits.
  func flush() {
    while isWaiting, !isLost {
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&entry, 1, 0) > 0 else { break }
      push()
    }
    if taken > 0, !isWaiting || taken > Self.high {
      waiting.removeFirst(taken)
      taken = 0
    }
  }

  /// Writes all of it, waiting at most `milliseconds` in one go: the last word.
  func drain(milliseconds: Int32 = 1000) {
    while isWaiting, !isLost {
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&entry, 1, milliseconds) > 0 else { return }
      push()
    }
  }

  private func push() {
    let piece = min(Self.piece, waiting.count - taken)
    let count = waiting.withUnsafeBytes { bytes in
      Glibc.write(descriptor, bytes.baseAddress?.advanced(by: taken), piece)
    }
    if count > 0 {
      taken += count
    } else if count < 0, errno != EINTR, errno != EAGAIN {
      isLost = true
      waiting = []
      taken = 0
    }
  }
}
