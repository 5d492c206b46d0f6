// The edges: every pair of bytes, numbers beside their bounds, errors with their places, members twice.

import CCJSON
import Testing

@Suite struct EdgeTests {
  private func check(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
    #expect(throws: JSONError(reason, at: offset), "\(text)") { try JSONReader.read(text) }
  }

  /// What is UTF-8 is what Swift says is UTF-8: every lead with every second byte, and up to two more.
  @Test func everyPairOfBytesIsJudgedAsTheLanguageDoes() {
    for lead in UInt8.min ... .max {
      for second in UInt8.min ... .max {
        for rest in 0...2 {
          let bytes = [lead, second] + [UInt8](repeating: 0x80, count: rest)
          let ours = bytes.withUnsafeBufferPointer { UTF8Check.firstError($0) } == nil
          guard ours != (String(validating: bytes, as: UTF8.self) != nil) else { continue }
          Issue.record("\(bytes)")
        }
      }
    }
    for bytes in [
      [0xE1, 0x80, 0x7F], [0xF1, 0x80, 0x80, 0xC0], [0xF1, 0x80, 0x00, 0x80], [0xC2],
    ] {
      let bytes = bytes.map { UInt8($0) }
      #expect(bytes.withUnsafeBufferPointer { UTF8Check.firstError($0) } == 0)
    }
  }

  @Test(
    arguments: [
      ("9223372036854775807", JSONValue.int(.max)), ("-9223372036854775808", .int(.min)),
      ("9223372036854775808", .double(0x1p63)), ("-9223372036854775809", .double(-0x1p63)),
      ("99999999999999999999", .double(1e20)), ("18446744073709551616", .double(0x1p64)),
      ("18446744073709551617", .double(0x1p64)), ("-0", .double(-0.0)), ("0", .int(0)),
      ("0.5", .double(0.5)), ("1E2", .double(100)), ("1e+2", .double(100)), ("1e-2", .double(0.01)),
      ("-10", .int(-10)), ("1.0", .double(1)),
    ] as [(String, JSONValue)])
  func numbersBesideTheirBounds(_ text: String, _ value: JSONValue) throws {
    #expect(try JSONReader.read(text) == value)
  }

  @Test func wholeNumbersOfDoubles() {
    #expect(JSONValue.double(-0x1p63).int == .min && JSONValue.double(0x1p63).int == nil)
    #expect(JSONValue.double(-0x1.0000000000001p63).int == nil)
    #expect(JSONValue.double(0x1.fffffffffffffp62).int == 9_223_372_036_854_774_784)
    #expect(JSONValue.double(2).int == 2 && JSONValue.double(2.5).int == nil)
    for wild in [Double.nan, .infinity, -.infinity, 1e308] {
      #expect(JSONValue.double(wild).int == nil)
    }
    #expect(JSONValue.int(7).double == 7 && JSONValue.string("7").int == nil)
  }

  @Test func errorsNameTheirReasonAndPlace() {
    check("\"a\u{1F}\"", .controlCharacter, 2)
    check("\"\\n\u{0}\"", .controlCharacter, 3)
    check("\"ab", .endOfText, 3)
    check("\"\\", .endOfText, 2)
    check(#""\x""#, .badEscape, 2)
    check(#""\u12g4""#, .badEscape, 5)
    check(#""\u12"#, .endOfText, 5)
    // Half a pair: first without a second, second alone, two firsts, a first with another escape.
    check(#""\ud800""#, .loneSurrogate, 1)
    check(#""\udc00\ud800""#, .loneSurrogate, 1)
    check(#""\udc00\udc00""#, .loneSurrogate, 1)
    check(#""\udbff\ue000""#, .loneSurrogate, 1)
    check(#""\ud800\n""#, .loneSurrogate, 1)
    check(#""\ud800xu""#, .loneSurrogate, 1)
    check(#""\ud800\"#, .loneSurrogate, 1)
    check("01", .badNumber, 0)
    check("-", .endOfText, 0)
    check("-x", .badNumber, 0)
    check("1.x", .badNumber, 0)
    check("1e", .endOfText, 0)
    check("1e400", .numberOutOfRange, 0)
  }

  @Test(arguments: [
    (#""\ud800\udc00""#, "\u{10000}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
    (#""\ud7ff""#, "\u{D7FF}"),
    (#""\ue000""#, "\u{E000}"), (#""\u0041\u00e9""#, "Aé"),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    ("\" ~é\"", " ~é"), (#""\u007f""#, "\u{7F}"),
  ])
  func escapes(_ text: String, _ value: String) throws {
    #expect(try JSONReader.read(text) == .string(value))
  }

  @Test func ofAMemberTwiceTheLastCountsInTheFirstPlace() throws {
    for count in [2, 3, 12, 13, 14, 40] {
      let names = (0..<count).map { $0 == count - 1 ? "m0" : "m\($0)" }
      let text = "{" + names.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",") + "}"
      let object = try #require(try JSONReader.read(text).object)
      #expect(object.members.map(\.name) == Array(names.dropLast()), "\(count)")
      #expect(object["m0"] == .int(Int64(count - 1)))
      let distinct = JSONObject((0..<count).map { .init(name: "n\($0)", value: .int(Int64($0))) })
      #expect(distinct.members.count == count && distinct["n1"] == .int(1))
    }
    var object = JSONObject()
    #expect(object.isEmpty && object["a"] == nil)
    object["a"] = nil
    object["a"] = 1
    object["b"] = 2
    object["a"] = 3
    #expect(object.members.map(\.name) == ["a", "b"] && object["a"] == 3 && !object.isEmpty)
    object["a"] = nil
    #expect(object.members.map(\.name) == ["b"])
  }
}
