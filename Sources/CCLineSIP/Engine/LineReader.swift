// Commands from stdin, line by line.

import CLibre
import Glibc

/// Reads a descriptor inside libre's loop and hands on whole lines.
final class LineReader {
  /// What it finds.
  enum Input {
    case line([UInt8])
    /// A line longer than the protocol allows; its end was found, the rest is gone.
    case tooLong
    case end
  }

  private let descriptor: Int32
  private let handler: (Input) -> Void
  private var pending: [UInt8] = []
  private var skipping = false

  /// The longest line of the protocol.
  static let longest = 65_536

  init(_ descriptor: Int32, _ handler: @escaping (Input) -> Void) {
    self.descriptor = descriptor
    self.handler = handler
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

  /// Starts watching; an errno, or 0.
  func start() -> Int32 {
    cc_watch(
      descriptor, Int32(FD_READ),
      { _, argument in
        guard let argument else { return }
        Unmanaged<LineReader>.fromOpaque(argument).takeUnretainedValue().readable()
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Stops watching.
  func stop() { cc_unwatch(descriptor) }

  private func readable() {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    guard count > 0 else {
      stop()
      return handler(.end)
    }
    take(buffer[..<count])
  }

  /// Splits what arrived.
  func take(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      pending += rest[..<end]
      rest = rest[(end + 1)...]
      let line = pending
      pending = []
      if skipping || line.count > Self.longest {
        skipping = false
        handler(.tooLong)
      } else {
        handler(.line(line))
      }
    }
    guard !skipping else { return }
    pending += rest
    if pending.count > Self.longest {
      pending = []
      skipping = true
    }
  }
}
