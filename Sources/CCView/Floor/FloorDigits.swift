// Totals as digits five rows high, to be read across a room.

import CCCore

/// The big numbers.
enum FloorDigits {
  /// Three by five cells a digit, row by row, a bit a cell.
  private static let font: [[UInt8]] = [
    [7, 5, 5, 5, 7], [2, 6, 2, 2, 7], [7, 1, 7, 4, 7], [7, 1, 7, 1, 7], [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7], [7, 4, 7, 5, 7], [7, 1, 1, 1, 1], [7, 5, 7, 5, 7], [7, 5, 7, 1, 7],
  ]

  static func draw(_ picture: FloorPicture) -> Panel {
    let rect = picture.layout.totals
    var canvas = picture.canvas(rect)
    var figures = FloorTotalsPanel.figures(picture)
    let totals = FloorTotalsPanel.totals(picture)
    figures.append(
      .init(word: "in call", sign: "", count: totals.inCall, role: .talking, fill: ""))
    if totals.alerts > 0 {
      figures.insert(
        .init(word: "alerts", sign: "", count: totals.alerts, role: .lost, fill: ""), at: 0)
    }
    // Two cells for each of the font's where there is room: then the digits are not so thin.
    let cells = { (scale: Int) in figures.map { width($0, scale) }.reduce(0, +) }
    let scale = cells(2) <= rect.width ? 2 : 1
    // What is nobody's goes first where there is no room.
    while cells(scale) > rect.width, let index = figures.lastIndex(where: { $0.count == 0 }) {
      figures.remove(at: index)
    }
    var x = 1
    for figure in figures {
      guard x + width(figure, scale) <= rect.width + 2 else { break }
      put(figure.count, picture, &canvas, x: x, scale, Style(picture.isLive ? figure.role : .dim))
      canvas.put(figure.word, x: x, y: 5, Style(.dim))
      x += width(figure, scale)
    }
    return canvas.panel("totals", rect)
  }

  private static func width(_ figure: FloorTotalsPanel.Figure, _ scale: Int) -> Int {
    max(String(figure.count).count * (3 * scale + 1) - 1, figure.word.count) + 3
  }

  private static func put(
    _ number: Int, _ picture: FloorPicture, _ canvas: inout Canvas, x: Int, _ scale: Int,
    _ style: Style
  ) {
    for (place, digit) in String(number).utf8.enumerated() {
      let start = x + place * (3 * scale + 1)
      for (y, bits) in font[Int(digit - 0x30)].enumerated() {
        for column in 0..<3 where bits & (4 >> UInt8(column)) != 0 {
          let from = start + column * scale
          canvas.fill(picture.glyphs.full, x: from..<from + scale, y: y, style)
        }
      }
    }
  }
}
