// What the machine remembers between events and shows to nobody.

extension Desk {
  /// The machine's own notebook.
  struct Memory: Hashable, Sendable {
    var nextCommand = 1
    var nextCall = 1
    var nextAttempt = 1
  }
}
