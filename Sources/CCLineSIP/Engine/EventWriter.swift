// Events to stdout, without ever waiting for the reader.

import CCCore
import CCLine
import CLibre
import Glibc

/// Writes events to a descriptor that may be slow.
///
/// The beat of a call must not wait for a desk that is busy; what does not fit waits here, bounded.
final class EventWriter {
  private let descriptor: Int32
  private var waiting: [UInt8] = []
  private var isWatching = false

  /// What may wait before a reader counts as gone.
  private static let bound = 4 << 20
  /// A pipe that poll calls writable takes this much at once without blocking.
  private static let atOnce = 4096

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Sends an event; false if nobody reads any more.
  @discardableResult
  func send(_ event: LineEvent) -> Bool {
    waiting += LineCodec.encode(event)
    return flush()
  }

  @discardableResult
  private func flush() -> Bool {
    while !waiting.isEmpty {
      var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&ready, 1, 0) > 0 else { break }
      let count = write(descriptor, waiting, min(waiting.count, Self.atOnce))
      if count > 0 {
        waiting.removeFirst(count)
      } else if errno != EINTR {
        if errno == EAGAIN { break }
        return false
      }
    }
    watch(!waiting.isEmpty)
    return waiting.count <= Self.bound
  }

  private func watch(_ on: Bool) {
    guard on != isWatching else { return }
    isWatching = on
    guard on else { return cc_unwatch(descriptor) }
    let error = cc_watch(
      descriptor, Int32(FD_WRITE),
      { _, argument in
        guard let argument else { return }
        Unmanaged<EventWriter>.fromOpaque(argument).takeUnretainedValue().flush()
      }, Unmanaged.passUnretained(self).toOpaque())
    if error != 0 { isWatching = false }
  }
}
