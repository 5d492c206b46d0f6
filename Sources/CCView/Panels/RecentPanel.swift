// The calls that are over, newest first.

import CCCore

/// The Recent panel.
enum RecentPanel {
  static func draw(_ picture: Picture) -> Panel {
    let rect = picture.layout.recent
    var canvas = picture.framed(rect, title: "Recent")
    for (index, record) in picture.desk.recentLines.prefix(max(0, rect.height - 2)).enumerated() {
      if rect.width >= 60 {
        wide(record, picture, &canvas, y: index + 1)
      } else {
        narrow(record, picture, &canvas, y: index + 1)
      }
    }
    return canvas.panel("recent", rect)
  }

  private static func wide(_ record: Record, _ picture: Picture, _ canvas: inout Canvas, y: Int) {
    let end = canvas.width - 2
    let time = picture.minute(record.began.unix)
    canvas.put(time, x: 2, y: y, Style(.dim))
    // A time that names its day takes room from what is beside it.
    let direction = max(9, 3 + Cells.width(of: time))
    let start = direction == 9 ? 14 : direction + 4
    canvas.put(record.direction == .out ? "out" : "in", x: direction, y: y, Style(.dim))
    canvas.put(picture.cut(number(record, picture), to: min(18, 33 - start)), x: start, y: y)
    if RecordWords.isSentence(record) {
      return sentence(record, picture, &canvas, y: y, end: end)
    }
    canvas.put(picture.cut(RecordWords.result(record), to: 16), x: 34, y: y, Style(role(record)))
    let talk = talk(record, picture)
    let talkStart = max(51, 56 - Cells.width(of: talk))
    let talkEnd = canvas.put(talk, x: talkStart, y: y)
    if let name = record.name, !name.isEmpty, end > talkEnd + 3 {
      canvas.put(picture.cut(name.string, to: end - talkEnd - 3), x: talkEnd + 3, y: y, Style(.dim))
    }
  }

  /// A result that needs the room of the talk: there was none.
  private static func sentence(
    _ record: Record, _ picture: Picture, _ canvas: inout Canvas, y: Int, end: Int
  ) {
    let words = picture.cut(RecordWords.result(record), to: end - 34)
    let wordsEnd = canvas.put(words, x: 34, y: y, Style(role(record)))
    guard let name = record.name, !name.isEmpty, end > wordsEnd + 2 else { return }
    canvas.put(picture.cut(name.string, to: end - wordsEnd - 2), x: wordsEnd + 2, y: y, Style(.dim))
  }

  /// Where Recent stands at the right: the result only where nothing was talked, or the talk was cut off.
  private static func narrow(_ record: Record, _ picture: Picture, _ canvas: inout Canvas, y: Int) {
    let time = picture.minute(record.began.unix)
    var row = CallRow(time, .dim)
    row.gap = 1
    let direction = record.direction == .out ? "out" : "in "
    row.behind = "\(direction) \(number(record, picture))"
    row.right =
      record.talked == nil || record.isCutOff
      ? short(record, to: canvas.width - 22 - time.count, picture) : talk(record, picture)
    row.rightRole = role(record)
    row.put(picture, &canvas, y: y)
  }

  private static func number(_ record: Record, _ picture: Picture) -> String {
    record.number.isEmpty
      ? Withheld.words(record.direction).string : picture.desk.grouped(record.number.string)
  }

  private static func talk(_ record: Record, _ picture: Picture) -> String {
    guard let talked = record.talked else { return picture.glyphs.none }
    return picture.atLeast(record.witnessed, Durations.small(Int(talked / Instant.second)))
  }

  /// The result without its code where both have no room.
  private static func short(_ record: Record, to cells: Int, _ picture: Picture) -> String {
    let whole = RecordWords.result(record)
    if Cells.width(of: whole) <= cells { return whole }
    return picture.cut(record.reason?.words.string ?? whole, to: cells)
  }

  private static func role(_ record: Record) -> Role {
    switch record.result {
    case .missed, .notTaken: .warning
    default: .plain
    }
  }
}
