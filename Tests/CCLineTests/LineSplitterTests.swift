// Bytes to lines, however they are sliced.

import CCTestSupport
import Testing

@testable import CCLine

@Suite("Line splitter") struct LineSplitterTests {
  private func split(_ slices: [[UInt8]], limit: Int = 8, end: Bool = true) -> [String] {
    var splitter = LineSplitter(limit: limit)
    var lines: [String] = []
    func take(_ piece: LineSplitter.Piece) {
      switch piece {
      case .line(let line): lines.append(String(decoding: line, as: UTF8.self))
      case .tooLong: lines.append("(too long)")
      }
    }
    for slice in slices { slice.withUnsafeBytes { splitter.feed($0, take) } }
    if end { splitter.end(take) }
    return lines
  }

  @Test(
    "cuts",
    arguments: [
      ("a\nbc\n", ["a", "bc"]), ("\n\n", ["", ""]), ("a\r\n", ["a\r"]), ("a\nb", ["a", "b"]),
      ("12345678\n", ["12345678"]), ("123456789\nx\n", ["(too long)", "x"]),
      ("123456789", ["(too long)"]), ("1234567890123456789012\n\ny", ["(too long)", "", "y"]),
    ] as [(String, [String])])
  func cuts(_ text: String, _ lines: [String]) {
    let bytes = Array(text.utf8)
    #expect(split([bytes]) == lines)
    #expect(split(bytes.map { [$0] }) == lines)
    for place in bytes.indices {
      #expect(split([Array(bytes[..<place]), Array(bytes[place...])]) == lines)
    }
  }

  @Test("any slicing gives the same lines") func anySlicing() {
    var random = Random(seed: 3)
    for _ in 0..<500 {
      let bytes = (0..<60).map { _ in
        UInt8.random(in: 0..<6, using: &random) == 0 ? 0x0A : UInt8(ascii: "x")
      }
      var rest = bytes[...]
      var slices: [[UInt8]] = []
      while !rest.isEmpty {
        let count = min(rest.count, Int.random(in: 1...12, using: &random))
        slices.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      #expect(split(slices) == split([bytes]))
    }
  }
}
