// Commands from stdin, in libre's loop.

import CCLine
import CLibre
import Glibc

/// Watches a descriptor inside libre's loop and hands on what a desk writes to it.
final class LineReader {
  private let descriptor: Int32
  private let take: (CommandReader.Input) -> Void
  private let ended: () -> Void
  private var reader = CommandReader()
  private var watch: Watch?

  /// `ended`: the desk writes no more.
  init(
    _ descriptor: Int32, take: @escaping (CommandReader.Input) -> Void, ended: @escaping () -> Void
  ) {
    self.descriptor = descriptor
    self.take = take
    self.ended = ended
  }

  /// Chooses how the loop waits, before anything is watched.
  ///
  /// epoll refuses regular files (`ccterm-line-sip < commands`), poll takes them.
  static func chooseMethod(for descriptor: Int32) {
    var information = stat()
    let isRegular =
      fstat(descriptor, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
    poll_method_set(isRegular ? METHOD_POLL : METHOD_EPOLL)
  }

  /// Starts watching; false where that cannot be.
  func start() -> Bool {
    watch = Watch(descriptor) { [weak self] in self?.readable() }
    return watch != nil
  }

  /// Stops watching.
  func stop() { watch = nil }

  private func readable() {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    guard count > 0 else {
      stop()
      return ended()
    }
    // What a command brings about may end the reading.
    var found: [CommandReader.Input] = []
    buffer[..<count].withUnsafeBytes { bytes in reader.feed(bytes) { found.append($0) } }
    for input in found { take(input) }
  }
}
