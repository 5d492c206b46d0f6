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
  private var outbox: EventOutbox
  private var watch: Watch?

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    outbox = EventOutbox(descriptor)
  }

  /// Sends an event; false if nobody reads any more.
  @discardableResult
  func send(_ event: LineEvent) -> Bool {
    watched(outbox.send(event))
  }

  private func flush() { _ = watched(outbox.flush()) }

  /// Waits in libre's loop for as long as something waits here and somebody reads.
  private func watched(_ isRead: Bool) -> Bool {
    guard isRead else { return false }
    if !outbox.isWaiting {
      watch = nil
    } else if watch == nil {
      watch = Watch(descriptor, for: FD_WRITE) { [weak self] in self?.flush() }
    }
    return true
  }
}
