// A cell: what goes in comes out, and cells are equal if they look the same.

import CCView
import Testing

struct CellTests {
  @Test(arguments: ["", " ", "a", "你", "e\u{301}", "e\u{301}\u{302}", "\u{10FFFF}"])
  func textGoesInAndOut(_ text: String) {
    #expect(Cell(text).text.unicodeScalars.elementsEqual(text.unicodeScalars))
    #expect(Cell(text).scalars.first == text.unicodeScalars.first)
  }

  @Test func holdsABaseAndFourMarks() {
    let marks: [Unicode.Scalar] = ["\u{300}", "\u{1D165}", "\u{302}", "\u{E01EF}", "\u{304}"]
    var cell = Cell("e" as Unicode.Scalar)
    for (count, mark) in marks.enumerated() {
      #expect(Array(cell.scalars) == ["e"] + marks[..<count])
      cell.append(mark)
    }
    #expect(Array(cell.scalars) == ["e"] + marks[..<Cell.mostMarks])
  }

  @Test func looksChangeAlone() {
    var cell = Cell("e\u{301}\u{302}\u{303}")
    cell.width = 2
    cell.style = Style(.lost, reverse: true)
    cell.style.role = .accent
    #expect(cell == Cell("e\u{301}\u{302}\u{303}", width: 2, style: Style(.accent, reverse: true)))
    cell.text = "x"
    #expect(cell == Cell("x" as Unicode.Scalar, width: 2, style: Style(.accent, reverse: true)))
    #expect(
      cell.single == "x" && Cell("", width: 0).single == nil && Cell("e\u{301}").single == nil)
  }

  @Test func equalIfAllIsEqual() {
    let cells = [
      Cell(), Cell("a"), Cell("a\u{301}"), Cell("a\u{301}\u{302}\u{303}"),
      Cell("a\u{301}\u{302}\u{304}"), Cell("你", width: 2), Cell("", width: 0),
      Cell("a", style: Style(.lost)), Cell("a", style: Style(reverse: true)),
    ]
    for (index, cell) in cells.enumerated() {
      for (other, twin) in cells.enumerated() { #expect((cell == twin) == (index == other)) }
    }
  }
}
