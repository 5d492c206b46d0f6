// When the next frame may be drawn.

/// Decides when to draw: keys at once, bursts at most 30 times a second (design rule 3).
struct FramePacer: Hashable, Sendable {
  /// The least time between two frames that no key asked for, in nanoseconds.
  static let interval: Int64 = 33_333_333

  private enum Wish: Hashable, Sendable { case none, soon, now }

  private var wish = Wish.none
  private var lastDrawn: Int64?

  /// Something changed that a person did not just do.
  mutating func wantFrame() {
    if wish == .none { wish = .soon }
  }

  /// A key was pressed: its effect is seen at once.
  mutating func wantFrameNow() { wish = .now }

  /// When the wanted frame is due; nil if none is wanted.
  var deadline: Int64? {
    switch wish {
    case .none: nil
    case .soon: lastDrawn.map { $0 + Self.interval } ?? .min
    case .now: .min
    }
  }

  /// Whether to draw now; if so, the frame counts as drawn.
  mutating func draws(at now: Int64) -> Bool {
    guard let deadline, deadline <= now else { return false }
    wish = .none
    lastDrawn = now
    return true
  }
}
