// From a floor and its screen to a frame.

import CCCore

/// Draws the floor: a pure function of the floor, the screen, the size, the look and the moment.
///
/// Whatever the number of agents, only the rows in sight are touched.
public enum FloorRenderer {
  /// The picture of a floor, panels from the bottom to the top.
  public static func render(
    _ floor: Floor, _ screen: FloorScreen, size: Size, look: Look, at now: Instant
  ) -> Frame {
    let picture = FloorPicture(floor, screen, size: size, look: look, at: now)
    guard picture.layout.shape != .tooSmall else {
      return Frame(size: size, panels: [tooSmall(picture)])
    }
    var panels = [
      FloorHeader.draw(picture), FloorTotalsPanel.draw(picture), FloorTable.draw(picture),
    ]
    let layout = picture.layout
    if layout.bar.height > 0 { panels.append(FloorTotalsPanel.bar(picture)) }
    if layout.columns.height > 0 { panels.append(FloorTable.titles(picture)) }
    if let detail = FloorDetail.draw(picture) { panels.append(detail) }
    if layout.history.height > 0 { panels.append(FloorFoot.history(picture)) }
    if layout.alerts.height > 0 { panels.append(FloorFoot.alerts(picture)) }
    if layout.message.height > 0 { panels.append(FloorFoot.message(picture)) }
    if layout.keys.height > 0 { panels.append(FloorFoot.keys(picture)) }
    if let overlay = FloorOverlays.draw(picture) {
      for index in panels.indices { panels[index].cursor = nil }
      panels.append(overlay)
    }
    return Frame(size: size, panels: panels)
  }

  private static func tooSmall(_ picture: FloorPicture) -> Panel {
    let size = picture.layout.size
    let rect = Rect(x: 0, y: 0, width: size.columns, height: size.rows)
    var canvas = picture.canvas(rect)
    let wanted = "\(Layout.smallest.columns)x\(Layout.smallest.rows)"
    let alerts = picture.floor.totals.alerts
    let sentences = [
      "\(Spoken.count(alerts, "alert")); the floor needs \(wanted)", "the floor needs \(wanted)",
      wanted,
    ]
    canvas.put(sentences.first { $0.count <= size.columns } ?? "", x: 0, y: 0)
    return canvas.panel("message", rect)
  }
}
