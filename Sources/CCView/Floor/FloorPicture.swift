// All that a panel of the floor needs to be drawn.

import CCCore

/// What one frame of the floor is drawn from.
struct FloorPicture: Drawing {
  let floor: Floor
  let screen: FloorScreen
  let layout: FloorLayout
  let look: Look
  /// The moment of the picture.
  let now: Instant
  /// The moment that durations are told for: that of the freeze, if it is frozen.
  let then: Instant
  let glyphs: Glyphs

  init(_ live: Floor, _ screen: FloorScreen, size: Size, look: Look, at now: Instant) {
    floor = screen.shown(live)
    self.screen = screen
    self.look = look
    self.now = now
    then = screen.frozen?.since ?? now
    layout = FloorLayout(size, screen)
    glyphs = .of(look)
  }

  /// Whether what is shown is being said by anyone.
  var isLive: Bool { floor.feed == .up }

  /// The time of day of a moment of the monotonic clock.
  func unix(_ uptime: Int64) -> Int64 {
    now.unix.minus(now.uptime.minus(uptime) / Instant.millisecond)
  }
}
