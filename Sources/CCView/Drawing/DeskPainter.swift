// Draws frame after frame, and anew only what can have changed.

import CCCore

/// `DeskRenderer` with a memory.
///
/// While somebody types, the desk stands still: what shows the desk alone is drawn again only when
/// the desk has changed or a shown second has passed. What it paints is what `DeskRenderer` renders;
/// a test compares the two.
public struct DeskPainter: Sendable {
  private struct Memory: Sendable {
    let desk: Desk
    let size: Size
    let look: Look
    /// From when until when it is right, if the desk stays as it is.
    let time: Range<Int64>
    /// What the wall clock says more than the other, in milliseconds.
    let offset: Int64
    let panels: WorldPanels
  }

  private var memory: Memory?

  /// Makes a painter that has painted nothing.
  public init() {}

  /// The picture of a desk, panels from the bottom to the top.
  public mutating func paint(
    _ desk: Desk, _ screen: DeskScreen, size: Size, look: Look, at now: Instant
  ) -> Frame {
    let picture = Picture(desk, screen, size: size, look: look, at: now)
    guard picture.layout.shape == .full else {
      memory = nil
      return DeskRenderer.frame(picture)
    }
    let offset = now.unix.minus(now.uptime / Instant.millisecond)
    if let memory, memory.size == size, memory.time.contains(now.uptime),
      memory.offset.minus(offset).magnitude <= 1, memory.look == look, memory.desk == desk
    {
      return DeskRenderer.frame(picture, memory.panels)
    }
    let panels = WorldPanels(picture)
    let next = max(now.uptime, DeskClock.nextChange(desk, at: now))
    memory = Memory(
      desk: desk, size: size, look: look, time: now.uptime..<next, offset: offset, panels: panels)
    return DeskRenderer.frame(picture, panels)
  }
}

/// The panels that show the desk and the time, and nothing of the screen's own.
struct WorldPanels: Sendable {
  let header: Panel
  let agent: Panel
  let call: Panel
  let recent: Panel?

  init(_ picture: Picture) {
    header = HeaderPanel.draw(picture)
    agent = AgentPanel.draw(picture)
    call = CallPanel.draw(picture)
    recent = picture.layout.recent.height > 0 ? RecentPanel.draw(picture) : nil
  }
}
