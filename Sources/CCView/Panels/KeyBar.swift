// The key bar: at most six keys, what one would do next in this state.

import CCCore

/// The last row (screens rule 7).
enum KeyBar {
  static func draw(_ picture: Picture) -> Panel {
    let rect = picture.layout.keys
    var canvas = picture.canvas(rect)
    let shape = picture.layout.shape
    var names = shown(picture)
    let margin = shape == .bare ? 0 : 1
    var gap = shape == .full ? 3 : 2
    if shape == .stacked {
      names = Array(names.filter { $0 != .help }.prefix(2)) + [.help]
    } else if shape == .bare {
      // The key that ends a call comes before all others, and as many as there is room for.
      if picture.desk.talkingCall != nil || picture.desk.hasTwo, names.contains(.hangUp) {
        names = [.hangUp] + names.filter { $0 != .hangUp }
      }
      names = Array(names.prefix(2))
      if names.map({ width(of: $0, picture) + gap }).reduce(-gap, +) > rect.width { gap = 1 }
    }
    var column = margin
    for name in names.prefix(6) {
      let key = CommandTable.row(name).keyLabel
      let label = label(name, picture)
      let cells = width(of: name, picture)
      guard column + cells <= rect.width else { break }
      canvas.put(key, x: column, y: 0, Style(.bright))
      canvas.put(label, x: column + Cells.width(of: key) + 1, y: 0, Style(.dim))
      column += cells + gap
    }
    return canvas.panel("keys", rect)
  }

  private static func width(of name: CommandName, _ picture: Picture) -> Int {
    Cells.width(of: CommandTable.row(name).keyLabel) + 1 + Cells.width(of: label(name, picture))
  }

  /// The commands that one would use next.
  static func shown(_ picture: Picture) -> [CommandName] {
    let desk = picture.desk
    let screen = picture.screen
    if desk.isEvicted { return (desk.isOnCall ? [.hangUp] : []) + [.answer, .quit, .why, .help] }
    if desk.ringingHere != nil, desk.talkingCall == nil {
      return [.answer, .hangUp, .nextField, .why, .help].filter {
        $0 == .nextField || CommandTable.whyNot($0, desk, screen) == nil
      }
    }
    if desk.isOnCall { return onCall(desk) }
    if desk.linkCanBeTried { return [.answer, .status, .nextField, .why, .help, .quit] }
    if desk.seat.seat == .postCall {
      let more: [CommandName] = desk.wrapUp == nil ? [] : [.answer]
      return [.status] + more + [.nextField, .why, .help]
    }
    if !desk.link.isUp { return [.status, .nextField, .why, .help, .quit] }
    if screen.focus == .note { return [.nextField, .status, .why, .help, .quit] }
    return [.dial, .nextField, .status, .why, .help, .quit]
  }

  private static func onCall(_ desk: Desk) -> [CommandName] {
    let can = { (name: CommandName) in CommandTable.whyNot(name, desk) == nil }
    if desk.ringingHere != nil { return [.answer, .hangUp, .hold, .why, .help].filter(can) }
    if desk.hasTwo { return [.transfer, .hangUp, .hold, .mute, .why].filter(can) }
    guard desk.talkingCall != nil else { return [.hangUp, .nextField, .why, .help] }
    // What was dialled behind the number comes next.
    let then: [CommandName] = can(.then) ? [.keypad] : []
    let talking = ([.hangUp] + then + [.hold, .mute]).filter(can)
    if desk.linkCanBeTried { return talking + [.answer, .why] }
    let rest = ((then.isEmpty ? [.keypad] : []) + [.transfer]).filter(can) + [.status]
    return talking + rest + [.why, .help]
  }

  /// The label of a command in this state.
  static func label(_ name: CommandName, _ picture: Picture) -> String {
    let desk = picture.desk
    switch name {
    case .status: return desk.isOnCall ? "Next" : "Status"
    case .hold:
      if desk.hasTwo { return "Swap" }
      return desk.active?.talk?.heldSince == nil ? "Hold" : "Resume"
    case .transfer: return desk.hasTwo ? "Join" : "Transfer"
    case .mute: return desk.active?.talk?.muted == true ? "Unmute" : "Mute"
    case .answer: return answerLabel(desk)
    case .hangUp: return hangUpLabel(desk)
    case .keypad:
      guard let tones = desk.talkingCall?.nextTones else { break }
      return "Send \(picture.cut(tones, to: 8))"
    case .nextField, .previousField:
      let stops = picture.screen.stops(desk)
      let step = name == .nextField ? 1 : stops.count - 1
      let here = stops.firstIndex(of: picture.screen.focus) ?? 0
      switch stops[(here + step) % stops.count] {
      case .dial: return "Dial"
      case .info: return "Info"
      case .note: return "Note"
      }
    default: break
    }
    return CommandTable.row(name).label
  }

  private static func answerLabel(_ desk: Desk) -> String {
    if desk.ringingHere != nil { return "Answer" }
    if desk.isEvicted { return "Take back" }
    if desk.linkCanBeTried { return "Try now" }
    return desk.wrapUp == nil ? "Answer" : "30 s more"
  }

  private static func hangUpLabel(_ desk: Desk) -> String {
    if desk.endsByCutting, desk.isOnCall { return "Cut line" }
    if desk.active?.isRingingHere == true { return "Reject" }
    if desk.hasTwo, desk.active?.isRingingHere == false { return "Back" }
    return desk.talkingCall == nil && desk.isOnCall ? "Cancel" : "Hang up"
  }
}
