// What the terminal database says, without taking the terminal.

import CNcurses

/// Questions to terminfo for who draws nothing.
@MainActor enum TerminalProbe {
  /// How many colours a type of terminal has, -1 for none; nil where the type is not known.
  static func colours(_ type: String) -> Int? {
    guard !type.isEmpty else { return nil }
    var code: Int32 = 0
    guard setupterm(type, 1, &code) == OK else { return nil }
    return Int(tigetnum("colors"))
  }
}
