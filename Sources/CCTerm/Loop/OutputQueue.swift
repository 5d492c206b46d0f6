// The way out for sentences and JSON, which may be slower than what happens.

import CLinux
import Glibc

/// Writes in order to a descriptor that others may share, and never waits for it.
///
/// The descriptor stays blocking, since a shell may use it too; a piece of at most `PIPE_BUF` bytes is
/// written only when poll(2) says that it fits. A terminal may take less than it says, and is opened anew
/// for us alone, so that nothing waits; a socket is asked not to.
@MainActor final class OutputQueue {
  /// From so many waiting bytes on, the line is not read until somebody takes them.
  static let high = 1 << 18
  /// More never waits.
  private static let most = 1 << 24
  /// `PIPE_BUF` of Linux (pipe(7)): a ready pipe takes as much without waiting.
  private static let piece = 4096

  private let descriptor: Int32
  private var waiting: [UInt8] = []
  private var taken = 0

  /// Whether nothing can be written any more.
  private(set) var isLost = false
  /// Why, as a sentence.
  private(set) var trouble = "nobody reads the output any more."
  private let own: Int32?
  private let isSocket: Bool

  init(descriptor: Int32 = STDOUT_FILENO) {
    own = isatty(descriptor) == 1 ? OwnTerminal.open(like: descriptor) : nil
    self.descriptor = own ?? descriptor
    var information = stat()
    isSocket =
      fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFSOCK
  }

  isolated deinit { if let own { close(own) } }

  /// Whether something waits.
  var isWaiting: Bool { taken < waiting.count }
  /// Whether so much waits that nothing should be added.
  var isFull: Bool { waiting.count - taken >= Self.high }

  /// Appends.
  func write(_ bytes: some Sequence<UInt8>) {
    // At the end nobody may be there to take it, and a line may flood.
    if !isLost, waiting.count - taken < Self.most { waiting += bytes }
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

  /// Writes all of it, waiting at most `milliseconds` in one go, and less where a signal wants the end: the
  /// last word.
  func drain(milliseconds: Int32 = 1000) {
    while isWaiting, !isLost {
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&entry, 1, LastMoment.patience(atMost: milliseconds)) > 0 else { return }
      push()
    }
  }

  private func push() {
    let piece = min(Self.piece, waiting.count - taken)
    let count = waiting.withUnsafeBytes { bytes in
      let start = bytes.baseAddress?.advanced(by: taken)
      guard isSocket else { return Glibc.write(descriptor, start, piece) }
      return send(descriptor, start, piece, cc_send_at_once)
    }
    if count > 0 {
      taken += count
    } else if count < 0, errno != EINTR, errno != EAGAIN {
      if errno != EPIPE, errno != ECONNRESET {
        trouble = "the output cannot be written: \(Files.reason())."
      }
      isLost = true
      waiting = []
      taken = 0
    }
  }
}
