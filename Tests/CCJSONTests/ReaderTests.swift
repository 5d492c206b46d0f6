// What the reader takes, and what it refuses and why.

import CCJSON
import Testing

@Suite("JSON reader") struct ReaderTests {
  static let good: [(String, JSONValue)] = [
    ("null", nil), ("true", true), (" false ", false), ("\t\r\n1\n", 1),
    ("0", 0), ("-1", -1), ("9223372036854775807", .int(.max)),
    ("-9223372036854775808", .int(.min)), ("9223372036854775808", .double(0x1p63)),
    ("9007199254740993", .int(9_007_199_254_740_993)), ("-0", .double(-0.0)), ("1.0", .double(1)),
    ("1e3", .double(1000)), ("1E+2", .double(100)), ("25e-1", .double(2.5)),
    ("0.5", .double(0.5)), ("1e-400", .double(0)),
    (#""""#, ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"),
    (#""\u00e9\u4e2D\ud83d\uDE00""#, "\u{e9}\u{4e2d}\u{1F600}"), (#""\u0000""#, "\u{0}"),
    ("\"\u{4e2d}\u{1F600}\u{2028}\u{7f}\"", "\u{4e2d}\u{1F600}\u{2028}\u{7f}"),
    ("[]", []), ("[ ]", []), ("[1,[2],\"3\"]", [1, [2], "3"]),
    ("{}", [:]), (#"{ "a" : 1 , "b" : {"c":null} }"#, ["a": 1, "b": ["c": nil]]),
    (#"{"a":1,"b":2,"a":3}"#, ["a": 3, "b": 2]), (#"{"":1}"#, ["": 1]),
  ]

  @Test("takes", arguments: good) func takes(_ text: String, _ value: JSONValue) throws {
    #expect(try JSONReader.read(text) == value)
  }

  static let bad: [(String, JSONError.Reason, Int)] = [
    ("", .endOfText, 0), ("  ", .endOfText, 2), ("1 2", .trailing, 2), ("{}x", .trailing, 2),
    ("01", .badNumber, 0), ("-01", .badNumber, 0), ("1.", .endOfText, 0), ("1.x", .badNumber, 0),
    (".5", .badNumber, 0), ("+1", .badNumber, 0), ("-", .endOfText, 0), ("-x", .badNumber, 0),
    ("1e", .endOfText, 0), ("1e+", .endOfText, 0), ("NaN", .badNumber, 0),
    ("Infinity", .badNumber, 0), ("-Infinity", .badNumber, 0), ("1e400", .numberOutOfRange, 0),
    ("0x10", .trailing, 1), ("tru", .endOfText, 3), ("trux", .unexpected(0x78), 3),
    ("True", .unexpected(0x54), 0), ("nul", .endOfText, 3), ("'a'", .unexpected(0x27), 0),
    ("\"a", .endOfText, 2), ("\"a\nb\"", .controlCharacter, 2), ("\"\u{1}\"", .controlCharacter, 1),
    (#""\x""#, .badEscape, 2), (#""\u12g4""#, .badEscape, 5), (#""\u12"#, .endOfText, 5),
    (#""\ud800""#, .loneSurrogate, 1), (#""\udc00""#, .loneSurrogate, 1),
    (#""\ud800\ud800""#, .loneSurrogate, 1), (#""\ud800x""#, .loneSurrogate, 1),
    ("[", .endOfText, 1), ("[1", .endOfText, 2), ("[1,]", .unexpected(0x5D), 3),
    ("[,1]", .unexpected(0x2C), 1), ("[1 2]", .unexpected(0x32), 3), ("]", .unexpected(0x5D), 0),
    ("{", .endOfText, 1), ("{\"a\"}", .unexpected(0x7D), 4), ("{\"a\":}", .unexpected(0x7D), 5),
    ("{\"a\":1,}", .unexpected(0x7D), 7), ("{a:1}", .unexpected(0x61), 1),
    ("{1:1}", .unexpected(0x31), 1), ("// a\n1", .unexpected(0x2F), 0), ("[1]]", .trailing, 3),
    ("\u{FEFF}1", .unexpected(0xEF), 0), ("1\u{0}", .trailing, 1),
    ("\u{A0}1", .unexpected(0xC2), 0),
  ]

  @Test("refuses", arguments: bad)
  func refuses(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
    #expect(throws: JSONError(reason, at: offset)) { try JSONReader.read(text) }
  }

  @Test(
    "refuses bytes that are not UTF-8",
    arguments: [
      [0x80], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xE4, 0xB8],
      [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
      [0xE4, 0x22, 0xB8],
    ] as [[UInt8]])
  func refusesBadUTF8(_ bytes: [UInt8]) {
    let text = [0x22] + bytes + [0x22]
    #expect(throws: JSONError(.badUTF8, at: 1)) { try JSONReader.read(text) }
  }

  @Test("holds its limits to the byte and the level") func limits() throws {
    let longest = "\"" + String(repeating: "a", count: 65_534) + "\""
    #expect(try JSONReader.read(longest).string?.utf8.count == 65_534)
    #expect(throws: JSONError(.tooLong, at: 65_536)) { try JSONReader.read(longest + " ") }

    func nested(_ depth: Int, _ open: String, _ close: String) -> String {
      String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }
    _ = try JSONReader.read(nested(32, "[", "]"))
    _ = try JSONReader.read(nested(32, "{\"a\":", "}"))
    #expect(throws: JSONError(.tooDeep, at: 32)) { try JSONReader.read(nested(33, "[", "]")) }
    #expect(throws: JSONError(.tooDeep, at: 32)) {
      try JSONReader.read(String(repeating: "[", count: 65_536))
    }
    // What is closed again counts no more.
    for one in ["[]", "{}", "[1]", "{\"a\":1}"] {
      let many = "[" + Array(repeating: one, count: 100).joined(separator: ",") + "]"
      #expect(try JSONReader.read(many).array?.count == 100)
    }
  }

  @Test("reads many members, each once, in linear time") func manyMembers() throws {
    let text = "{" + (0..<4000).map { "\"k\($0 % 2000)\":\($0)" }.joined(separator: ",") + "}"
    let object = try #require(try JSONReader.read(text).object)
    #expect(object.members.count == 2000)
    #expect(object["k0"] == 2000)
    #expect(object.members.last == .init(name: "k1999", value: 3999))
  }

  @Test("reads collections that are not contiguous") func notContiguous() throws {
    let bytes = Array("[1]".utf8)
    #expect(try JSONReader.read(bytes.reversed().reversed() as [UInt8]) == [1])
    #expect(try JSONReader.read(Array("]1[".utf8).reversed()) == [1])
  }

  @Test("tells what a value is") func accessors() {
    #expect(JSONValue.double(2).int == 2)
    #expect(JSONValue.double(2.5).int == nil)
    #expect(JSONValue.double(1e300).int == nil)
    #expect(JSONValue.int(2).double == 2)
    #expect(JSONValue.int(1).bool == nil)
    var object = JSONObject()
    object["a"] = 1
    object["b"] = 2
    object["a"] = nil
    object["b"] = 3
    #expect(JSONValue.object(object) == ["b": 3])
    #expect(JSONValue.object(object)["b"] == 3)
    #expect(JSONValue.null["b"] == nil)
  }
}

/// A stranger's broken text hides nothing of what stands beside it.
@Suite struct RepairingTests {
  @Test(
    arguments: [
      ([0x4D, 0xFC, 0x6C], "M\u{FFFD}l"), ([0xC3], "\u{FFFD}"),
      ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
      (Array(#"a\ud83d"#.utf8), "a\u{FFFD}"), (Array(#"\udc00b"#.utf8), "\u{FFFD}b"),
      (Array(#"\ud83d\u0041"#.utf8), "\u{FFFD}A"),
      (Array(#"\ud83d\ud83d\ude00"#.utf8), "\u{FFFD}😀"),
      ([0x61, 0x01, 0x09, 0x62], "a\u{1}\tb"),
    ] as [([UInt8], String)])
  func brokenTextsAreRead(_ name: [UInt8], _ read: String) throws {
    let text = Array(#"{"type":"onCall","name":""#.utf8) + name + Array(#"","n":1}"#.utf8)
    let (value, wasBroken) = try JSONReader.readRepairing(text)
    #expect(wasBroken && value["name"] == .string(read) && value["n"] == 1)
    #expect(throws: JSONError.self) { try JSONReader.read(text) }
  }

  @Test func whatIsWholeIsNotBroken() throws {
    let (value, wasBroken) = try JSONReader.readRepairing(Array(#"{"name":"Müller 😀"}"#.utf8))
    #expect(!wasBroken && value["name"] == "Müller 😀")
  }

  @Test(arguments: ["{", #"{"a":"\x41"}"#, #"{"a":01}"#, "{} {}", ""])
  func whatIsNoJSONStaysNone(_ text: String) {
    #expect(throws: JSONError.self) { try JSONReader.readRepairing(Array(text.utf8)) }
  }

  @Test func itsBoundsStay() {
    let long = [UInt8](repeating: 0xFF, count: 65_537)
    #expect(throws: JSONError(.tooLong, at: 65_536)) { try JSONReader.readRepairing(long) }
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 40) + [0xFF]
    #expect(throws: JSONError.self) { try JSONReader.readRepairing(deep) }
  }
}
