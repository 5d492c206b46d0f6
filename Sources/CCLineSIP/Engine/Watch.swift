// A descriptor that the loop watches.

import CLibre

/// Calls its handler when a descriptor can be read, or written; ends with itself.
final class Watch {
  private let descriptor: Int32
  private let handler: () -> Void
  private let ticket = Ticket()
  private var isOver = false

  /// The descriptor stays the caller's, and must be open until this is over; nil where libre cannot.
  init?(_ descriptor: Int32, for flags: Int = FD_READ, _ handler: @escaping () -> Void) {
    self.descriptor = descriptor
    self.handler = handler
    let error = cc_watch(
      descriptor, Int32(flags),
      { _, argument in Ticket.holder(argument, as: Watch.self)?.handler() },
      ticket.of(self))
    guard error == 0 else {
      isOver = true
      return nil
    }
  }

  /// Watches no more; before the descriptor is closed.
  func end() {
    guard !isOver else { return }
    isOver = true
    cc_unwatch(descriptor)
  }

  deinit { end() }
}
