// Every shape that `onSeatStatus` and `onCall` may have.

import CCCore
import CCLine
import Testing

private func decode(_ line: String) -> [LineEvent] { LineCodec.decode(Array(line.utf8)) }
private let bad: [LineEvent] = [.anomaly(.badDetail)]

@Suite("Shapes of the vendor's detail") struct DetailTests {
  @Test(
    "seat",
    arguments: [
      ("2", 2), ("[2]", 2), ("[[2]]", 2), ("[[[2]]]", 2), ("[2,7]", 2), ("2.0", 2), ("\"2\"", 2),
      ("\" 2 \"", 2), ("[\"2\"]", 2), (#"{"seatStatus":2}"#, 2), (#"{"status":"2"}"#, 2),
      (#"{"state":[2]}"#, 2), (#"[{"code":2}]"#, 2), (#"{"value":2.0}"#, 2), ("7", 7), ("0", 0),
      ("-1", -1), ("1", 1), ("3", 3), ("4", 4), ("5", 5),
    ] as [(String, Int)])
  func seat(_ detail: String, _ code: Int) {
    #expect(decode(#"{"type":"onSeatStatus","detail":\#(detail)}"#) == [.seat(Seat(code: code))])
  }

  @Test(
    "no seat",
    arguments: [
      "2.5", "true", "null", "[]", "{}", "\"busy\"", "\"\"", "1e30", "99999999999", "[[[[2]]]]",
      #"{"status":{"status":{"status":2}}}"#, #"{"other":2}"#, "\"2x\"", "[null,2]",
    ])
  func noSeat(_ detail: String) {
    #expect(decode(#"{"type":"onSeatStatus","detail":\#(detail)}"#) == bad)
  }

  @Test(
    "call status",
    arguments: [
      (#"{"callStatus":1}"#, .calling), (#"{"callStatus":"2"}"#, .ringing),
      (#"{"callStatus":3.0}"#, .talking), (#"{"callStatus":[4]}"#, .ended),
      (#"{"callStatus":{"value":5}}"#, .notEstablished),
      (#"{"callStatus":{"code":"1"}}"#, .calling),
      (#"{"callStatus":{"callStatus":3}}"#, .talking), (#"[{"callStatus":2}]"#, .ringing),
      (#"[[[{"callStatus":2}]]]"#, .ringing), ("3", .talking), ("[\"4\"]", .ended),
    ] as [(String, CallReport.Status)])
  func call(_ detail: String, _ status: CallReport.Status) {
    #expect(decode(#"{"type":"onCall","detail":\#(detail)}"#) == [.call(CallReport(status))])
  }

  @Test(
    "no call status",
    arguments: [
      "{}", "[]", "null", "0", "6", "\"talking\"", #"{"calledNumber":"1"}"#,
      #"{"callStatus":null}"#,
      #"{"callStatus":true}"#, #"{"callStatus":1.5}"#, #"{"status":1}"#,
      "[[[[{\"callStatus\":1}]]]]",
    ])
  func noCall(_ detail: String) {
    #expect(decode(#"{"type":"onCall","detail":\#(detail)}"#) == bad)
  }

  @Test(
    "called number",
    arguments: [
      (#""13212345678""#, "13212345678", true), (#"" +44 20 ""#, "+44 20", true),
      (#""0075999""#, "0075999", true), (#""0""#, "0", true), ("13212345678", "13212345678", false),
      ("75999.0", "75999", false), ("9007199254740992", "9007199254740992", false),
      ("1e15", "1000000000000000", false), ("0", nil, true), ("0.0", nil, true),
      ("null", nil, true),
      ("\"\"", nil, true), ("\"  \"", nil, true),
    ] as [(String, SafeText?, Bool)])
  func number(_ text: String, _ number: SafeText?, _ exact: Bool) {
    let line = #"{"type":"onCall","detail":{"callStatus":1,"calledNumber":\#(text)}}"#
    #expect(decode(line) == [.call(CallReport(.calling, number: number, exact: exact))])
  }

  @Test(
    "a number that cannot be one leaves the call and is counted",
    arguments: [
      "-5", "1.5", "1e21", "true", "[]", "{}", #""12\u001b[2J34""#, #""a\u009bb""#, #""1\n2""#,
      "\"" + String(repeating: "1", count: 65) + "\"",
    ])
  func noNumber(_ text: String) {
    let line = #"{"type":"onCall","detail":{"callStatus":1,"calledNumber":\#(text)}}"#
    #expect(decode(line) == [.call(CallReport(.calling)), .anomaly(.badDetail)])
  }
}
