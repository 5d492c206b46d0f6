// What the writer writes, and that it is read back the same.

import CCJSON
import CCTestSupport
import Testing

@Suite("JSON writer") struct WriterTests {
  @Test(
    "writes",
    arguments: [
      (nil, "null"), (true, "true"), (1, "1"), (.int(.min), "-9223372036854775808"),
      (.double(1), "1.0"), (.double(0.1), "0.1"), (.double(1e300), "1e+300"),
      (.double(-0.0), "-0.0"),
      (.double(.nan), "null"), (.double(-.infinity), "null"),
      (["a", [1, nil]], #"["a",[1,null]]"#),
      (["b": 1, "a": [:]], #"{"b":1,"a":{}}"#), ("/\"\\", #""/\"\\""#),
      ("\u{0}\u{8}\u{9}\u{A}\u{C}\u{D}\u{1B}", #""\u0000\b\t\n\f\r\u001b""#),
      ("\u{7F}\u{9B}\u{2028}\u{2029}", #""\u007f\u009b\u2028\u2029""#),
      ("\u{e9}\u{4e2d}\u{1F600}", "\"\u{e9}\u{4e2d}\u{1F600}\""),
    ] as [(JSONValue, String)])
  func writes(_ value: JSONValue, _ text: String) {
    #expect(JSONWriter.string(value) == text)
  }

  @Test("what is written is read back the same") func roundTrip() throws {
    var random = Random(seed: 7)
    for _ in 0..<5_000 {
      let value = anything(depth: 4, &random)
      let text = JSONWriter.write(value)
      #expect(!text.contains { $0 < 0x20 })
      #expect(try JSONReader.read(text) == value)
    }
  }

  private func anything(depth: Int, _ random: inout Random) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: return nil
    case 1: return .bool(.random(using: &random))
    case 2: return .int(.random(in: .min ... .max, using: &random))
    case 3:
      let value = Double(bitPattern: .random(in: .min ... .max, using: &random))
      return value.isFinite ? .double(value) : 0
    case 4: return .int(.random(in: -9...9, using: &random))
    case 5: return .string(text(&random))
    case 6: return .array((0..<3).map { _ in anything(depth: depth - 1, &random) })
    default:
      return .object(
        JSONObject(
          (0..<3).map {
            .init(name: "\($0)\(text(&random))", value: anything(depth: depth - 1, &random))
          }))
    }
  }

  private func text(_ random: inout Random) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0..<6, using: &random) {
      let range: ClosedRange<UInt32> = Bool.random(using: &random) ? 0...0xFF : 0...0x10FFFF
      if let scalar = Unicode.Scalar(.random(in: range, using: &random)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
