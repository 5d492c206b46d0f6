// How loud both are, small and calm, at the end of a row.

import CCCore

/// `you ▒▒··  far ▒···`, while a call is talking and its line tells levels.
struct LevelMeter {
  /// The row's end.
  let text: String

  /// How many cells each has.
  private static let cells = 4

  /// Nil where there is nothing to show: no levels, no talk, a call on hold.
  init?(_ picture: Picture, _ call: Call) {
    guard let level = picture.desk.level, let talk = call.talk, talk.heldSince == nil else {
      return nil
    }
    let glyphs = picture.glyphs
    func bar(_ loudness: Double) -> String {
      let full = min(Self.cells, max(0, Int((loudness * Double(Self.cells)).rounded(.up))))
      return String(repeating: glyphs.dense, count: full)
        + String(repeating: glyphs.dot, count: Self.cells - full)
    }
    text = "you \(bar(talk.muted ? 0 : level.input))  far \(bar(level.output))"
  }
}
