// A line program's mouth: events to a descriptor that may be slow.

import CCCore
import Glibc

/// Writes events without ever waiting for the reader; what does not fit waits here, bounded.
public struct EventOutbox {
  private let descriptor: Int32
  private var waiting: [UInt8] = []

  /// What may wait before a reader counts as gone.
  private static let bound = 4 << 20
  /// A pipe that poll calls writable takes this much at once without blocking.
  private static let atOnce = 4096

  /// An outbox for a descriptor, which stays the caller's and as it is: others may share it.
  public init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Whether something waits: then poll the descriptor for writing, and `flush`.
  public var isWaiting: Bool { !waiting.isEmpty }

  /// Sends an event; false if nobody reads any more.
  public mutating func send(_ event: LineEvent) -> Bool {
    waiting += LineCodec.encode(event)
    return flush()
  }

  /// Writes what fits; false if nobody reads any more.
  public mutating func flush() -> Bool {
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
    return waiting.count <= Self.bound
  }
}
