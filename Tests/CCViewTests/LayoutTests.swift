// Sizes from 1x1 to 200x60: nothing negative, nothing outside, nothing overlapping, nothing lost.

import CCTestSupport
import Testing

@testable import CCCore
@testable import CCView

@Suite struct LayoutTests {
  /// Stages of each kind, among them what no size has room for.
  static let stages: [(String, Stage)] = {
    var long = Story.talking
    long.press(.paste(String(repeating: "陈小明 writes a long note\n", count: 60)))
    var typed = Story.idle
    typed.press(.paste(String(repeating: "陈x", count: 100)))
    var evicted = Story.idle
    evicted.line(.evicted)
    var question = Story.talking
    question.press("<F10>")
    return [
      ("idle", Story.idle), ("talking", long), ("incoming", Story.incoming), ("typed", typed),
      ("lost", Story.linkLost), ("two", Story.consultation), ("question", question),
      ("evicted", evicted),
    ]
      + ["<F1>", "<F2>", "<F6>", "<F7>123", "<C-x>", "<F9>"].map { keys in
        var stage = Story.talking
        stage.press(keys)
        return (keys, stage)
      }
  }()

  @Test(arguments: 0..<14)
  func everySizeIsDrawnWhole(_ index: Int) {
    let (name, stage) = Self.stages[index]
    for (columns, rows) in Self.sizes {
      let frame = stage.frame(columns, rows)
      if let fault = Self.fault(in: frame, columns, rows) {
        Issue.record("\(name) at \(columns)x\(rows): \(fault)")
        return
      }
    }
  }

  /// Each height and each width, in turns, and every pair where the shape changes.
  static let sizes: [(Int, Int)] = {
    var sizes: [(Int, Int)] = []
    for rows in 1...60 {
      for columns in stride(from: 1 + rows * 3 % 50, through: 200, by: 50) {
        sizes.append((columns, rows))
      }
    }
    for rows in [4, 5, 6, 10, 11, 14, 15, 16, 19, 22, 23] {
      for columns in [19, 20, 39, 40, 71, 72, 99, 101, 119, 120, 141] {
        sizes.append((columns, rows))
      }
    }
    return sizes
  }()

  /// What is wrong with a frame; nil if nothing is.
  static func fault(in frame: Frame, _ columns: Int, _ rows: Int) -> String? {
    for panel in frame.panels {
      let rect = panel.rect
      if rect.x + rect.width > columns || rect.y + rect.height > rows {
        return "\(panel.name) is outside: \(rect)"
      }
      if panel.rows.count != rect.height { return "\(panel.name) has \(panel.rows.count) rows" }
      if let short = panel.rows.first(where: { $0.count != rect.width }) {
        return "\(panel.name) has a row of \(short.count) cells"
      }
      if let cursor = panel.cursor,
        cursor.x < 0 || cursor.x >= rect.width || cursor.y < 0
          || cursor.y >= rect.height
      {
        return "the cursor of \(panel.name) is outside: \(cursor) in \(rect)"
      }
      for row in panel.rows {
        if let fault = fault(in: row) { return "\(panel.name): \(fault)" }
      }
    }
    if frame.panels.filter({ $0.cursor != nil }).count > 1 { return "two cursors" }
    return nil
  }

  /// A wide character is always followed by its right half, and a half by nothing but itself.
  static func fault(in row: [Cell]) -> String? {
    for (index, cell) in row.enumerated() {
      let next = index + 1 < row.count ? row[index + 1] : nil
      if cell.width == 2, next?.width != 0 { return "half a wide character at \(index)" }
      if cell.width == 0, index == 0 || row[index - 1].width != 2 { return "a stray half" }
      if cell.width > 0, cell.text.isEmpty { return "an empty cell" }
      if cell.text.unicodeScalars.count > 5 { return "more marks than a cell holds" }
      for scalar in cell.text.unicodeScalars
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        return "a control"
      }
    }
    return nil
  }

  @Test func panelsNeverOverlap() {
    for rows in 1...60 {
      for columns in 1...200 {
        let layout = Layout(Size(columns: columns, rows: rows))
        var taken = Array(repeating: false, count: columns * rows)
        for rect in [
          layout.header, layout.agent, layout.call, layout.dial, layout.info, layout.recent,
          layout.message, layout.keys,
        ] {
          for y in rect.y..<rect.y + rect.height {
            for x in rect.x..<rect.x + rect.width {
              if taken[y * columns + x] {
                Issue.record("overlap at \(columns)x\(rows): \(rect)")
                return
              }
              taken[y * columns + x] = true
            }
          }
        }
      }
    }
  }

  @Test func statusCallNumberAndHangUpKeyStayDownTo20x5() {
    let stage = Story.talking
    for (columns, rows) in Self.sizes where columns >= 20 && rows >= 5 {
      let text = stage.frame(columns, rows).text.joined(separator: "\n")
      for wanted in ["BUSY", "MUTED", "132 1234 5678", "01:23", "F8"]
      where !text.contains(wanted) {
        Issue.record("no \(wanted) at \(columns)x\(rows):\n\(text)")
        return
      }
    }
  }

  @Test func belowThatOneHonestLine() {
    let stage = Story.idle
    #expect(stage.frame(40, 4).text[0].hasPrefix("too small: ccterm needs 20x5"))
    #expect(stage.frame(19, 24).text[0].hasPrefix("ccterm needs 20x5"))
    #expect(stage.frame(5, 1).text[0] == "20x5 ")
    #expect(Story.talking.frame(40, 4).text[0].hasPrefix("on a call, F8 ends it"))
  }

  @Test func panelsGrowTo100ColumnsAndRecentInHeightThenToTheRight() {
    let wide = Layout(Size(columns: 119, rows: 40))
    #expect(wide.dial.width == 100 && wide.recent.height == 21 && wide.info.height == 7)
    let wider = Layout(Size(columns: 120, rows: 40))
    #expect(wider.recent.x == 80 && wider.recent.height == 37)
    #expect(Layout(Size(columns: 200, rows: 60)).dial.width == 100)
    #expect(Layout(Size(columns: 80, rows: 20)).recent.height == 0, "Recent goes first")
    #expect(Layout(Size(columns: 80, rows: 20)).shape == .full)
    #expect(Layout(Size(columns: 80, rows: 14)).shape == .stacked, "then frames")
  }
}
