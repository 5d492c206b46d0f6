// The door of the desk machine.

extension Desk {
  /// Takes one event and returns what it wants done, in order.
  public mutating func handle(_ event: DeskEvent, at now: Instant) -> [Effect] { [] }

  /// What a desk wants done when it is opened.
  public mutating func open(at now: Instant) -> [Effect] { [.startLine] }
}
