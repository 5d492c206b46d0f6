// What lies over the panels: help, menus, prompts, the eviction screen.

import CCCore

/// The overlay of a picture; status and call are never under one.
enum OverlayPanels {
  static func draw(_ picture: Picture) -> Panel? {
    if case .help(let top) = picture.screen.overlay { return help(picture, top: top) }
    guard picture.layout.shape == .full else { return nil }
    if picture.desk.isEvicted { return evicted(picture) }
    switch picture.screen.overlay {
    case .status: return status(picture)
    case .keypad(let keypad): return Self.keypad(picture, keypad)
    case .transfer(let prompt): return transfer(picture, prompt)
    case .help, .prefix, nil: return nil
    }
  }

  /// Over the fields: status and call stay in sight.
  ///
  /// Where that leaves few rows it has no frame.
  private static func help(_ picture: Picture, top: Int) -> Panel {
    let rect = picture.layout.help
    return rect.height >= Layout.framedHelp
      ? HelpPanel.draw(picture, HelpText.lines, in: rect, top: top)
      : HelpPanel.bare(picture, HelpText.lines, in: rect, top: top)
  }

  private static func status(_ picture: Picture) -> Panel {
    let rect = picture.layout.overlay(width: 30, height: StatusMenu.rows.count + 2)
    var canvas = picture.framed(
      rect, title: picture.desk.isOnCall ? "Status after this call" : "Status", titleRole: .bright)
    let current = picture.desk.isOnCall ? picture.desk.seat.pending : picture.desk.seat.seat
    for (index, row) in StatusMenu.rows.enumerated() {
      let y = index + 1
      canvas.put(String(row.letter), x: 2, y: y, Style(.bright))
      let asks = row.seat == .offline ? ", asks" : ""
      let now = row.seat == current ? " (now)" : ""
      canvas.put("\(picture.glyphs.sign(row.seat)) \(row.seat.name)\(asks)\(now)", x: 5, y: y)
    }
    return canvas.panel("menu", rect)
  }

  private static func keypad(_ picture: Picture, _ keypad: DeskScreen.Keypad) -> Panel {
    let rect = picture.layout.overlay(width: 44, height: 4)
    var canvas = picture.framed(rect, title: "Keypad", titleRole: .bright)
    let width = rect.width - 5
    // The last tones are the ones to see.
    let shown = String(keypad.sent.suffix(width))
    let end = canvas.put(shown, x: 2, y: 1, Style(.bright))
    canvas.put("0-9 * # A-D are sent; Esc closes", x: 2, y: 2, Style(.dim), limit: rect.width - 4)
    return canvas.panel("keypad", rect, cursor: Panel.Cursor(x: end, y: 1))
  }

  private static func transfer(_ picture: Picture, _ prompt: DeskScreen.TransferPrompt) -> Panel {
    let rect = picture.layout.overlay(width: 54, height: 4)
    var canvas = picture.framed(rect, title: "Transfer to", titleRole: .bright)
    let x = LineField.put(prompt.number, &canvas, x: 2, y: 1, width: rect.width - 5)
    canvas.put(
      "Enter asks there first   F7 sends blind   Esc back", x: 2, y: 2, Style(.dim),
      limit: rect.width - 4)
    return canvas.panel("transfer", rect, cursor: Panel.Cursor(x: x, y: 1))
  }

  private static func evicted(_ picture: Picture) -> Panel {
    let layout = picture.layout
    let rect = layout.overlay(
      width: layout.dial.width, height: layout.dial.height + layout.info.height)
    var canvas = picture.framed(rect, title: "Signed in elsewhere", titleRole: .lost)
    let since = picture.clock(picture.desk.link.since.unix)
    let account = picture.desk.account.string
    let lines = [
      "Since \(since) \(account.isEmpty ? "this account" : account) is signed in at another place.",
      "No call comes in, nothing can be dialled. What you typed is kept.",
      "",
      "F5 takes the seat back: the other place is signed out.",
      "F10 quits.",
    ]
    for (index, line) in lines.enumerated() {
      canvas.put(picture.cut(line, to: rect.width - 4), x: 2, y: index + 1)
    }
    return canvas.panel("evicted", rect)
  }
}
