// From a desk and its screen to a frame.

import CCCore

/// Draws the desk: a pure function of the desk, the screen, the size, the look and the moment.
public enum DeskRenderer {
  /// The picture of a desk, panels from the bottom to the top.
  public static func render(
    _ desk: Desk, _ screen: DeskScreen, size: Size, look: Look, at now: Instant
  ) -> Frame {
    frame(Picture(desk, screen, size: size, look: look, at: now))
  }

  /// The frame of a picture; `world` is what of it stands already.
  static func frame(_ picture: Picture, _ world: WorldPanels? = nil) -> Frame {
    let size = picture.size
    var panels: [Panel]
    switch picture.layout.shape {
    case .full:
      let world = world ?? WorldPanels(picture)
      panels = [
        world.header, world.agent, world.call, DialPanel.draw(picture), InfoPanel.draw(picture),
      ]
      if let recent = world.recent { panels.append(recent) }
    case .stacked:
      panels = [
        HeaderPanel.draw(picture), AgentPanel.draw(picture), CallPanel.draw(picture),
        FieldLines.dial(picture), FieldLines.info(picture),
      ]
    case .bare:
      panels = BareLines.draw(picture)
    case .tooSmall:
      return Frame(size: size, panels: [BareLines.tooSmall(picture)])
    }
    // A long message covers no status, no call and not the row that is being typed in.
    let call = picture.layout.call
    let typing = panels.compactMap { panel in panel.cursor.map { panel.rect.y + $0.y + 1 } }.max()
    panels.append(MessageRow.draw(picture, from: max(call.y + call.height, typing ?? 0)))
    panels.append(KeyBar.draw(picture))
    var typesInto: String?
    if let overlay = OverlayPanels.draw(picture) {
      panels.append(overlay)
      typesInto = overlay.name
    }
    if MessageRow.takesKeys(picture) { typesInto = "message" }
    if let typesInto {
      // The cursor stands where the keys go: in the question, else in what lies on top.
      for index in panels.indices where panels[index].name != typesInto {
        panels[index].cursor = nil
      }
    }
    return Frame(size: size, panels: panels)
  }
}
