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
  private var isWatching = false

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
    if isRead { watch(outbox.isWaiting) }
    return isRead
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
