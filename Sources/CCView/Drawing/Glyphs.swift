// The signs and lines of the screen, in Unicode and in ASCII.

import CCCore

/// Signs that stand beside words, so that colour is never alone (screens rule 4).
struct Glyphs: Hashable, Sendable {
  let idle, busy, postCall, onBreak, offline, unknown: String
  let ringing, held, refused, alert: String
  let horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight: String
  let step, atLeast, none, more: String
  // The floor's.
  let chosen, descending, earlier, seen, nearing: String
  let full, dense, light, dot: String

  static let unicode = Glyphs(
    idle: "○", busy: "●", postCall: "◐", onBreak: "◌", offline: "×", unknown: "?",
    ringing: "►", held: "‖", refused: "✕", alert: "!",
    horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└",
    bottomRight: "┘",
    step: "›", atLeast: "≥", none: "–", more: "…",
    chosen: "▸", descending: "▼", earlier: "‹", seen: "·", nearing: "+",
    full: "█", dense: "▒", light: "░", dot: "·")

  static let ascii = Glyphs(
    idle: "o", busy: "*", postCall: "%", onBreak: "~", offline: "x", unknown: "?",
    ringing: ">", held: "=", refused: "X", alert: "!",
    horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+",
    bottomRight: "+",
    step: "->", atLeast: ">=", none: "-", more: "...",
    chosen: ">", descending: "v", earlier: "<", seen: ".", nearing: "+",
    full: "#", dense: "=", light: "-", dot: ".")

  /// The signs for a look.
  static func of(_ look: Look) -> Glyphs { look.ascii ? .ascii : .unicode }

  /// The sign of a seat.
  func sign(_ seat: Seat?) -> String {
    switch seat {
    case .idle: idle
    case .busy: busy
    case .postCall: postCall
    case .shortBreak: onBreak
    case .offline: offline
    case .unknown, nil: unknown
    }
  }
}
