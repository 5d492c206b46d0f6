// What a screen asks of the world.

import CCCore

/// What comes of a key.
public enum ScreenRequest: Hashable, Sendable {
  /// Tell the machine.
  case desk(DeskEvent)
  /// Draw the whole screen anew.
  case redraw
  /// Suspend the program.
  case suspend
  /// End the program: the desk goes offline.
  case quit
}
