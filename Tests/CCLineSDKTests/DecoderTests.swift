// Every shape that the vendor's events may come in, as the page hands them on.

import CCCore
import Testing

@testable import CCLineSDK

@Suite("What the page says") struct DecoderTests {
  private func seat(_ detail: String) -> PageMessage? {
    PageMessage(#"{"type":"onSeatStatus","detail":\#(detail),"online":true,"touched":false}"#)
  }

  private func call(_ detail: String) -> PageMessage? {
    PageMessage(#"{"type":"onCall","detail":\#(detail)}"#)
  }

  @Test(
    "a seat's code in each form that can carry one",
    arguments: [
      ("2", 2), ("2.0", 2), ("\"2\"", 2), ("\" 4 \"", 4), ("[3]", 3), ("[[5]]", 5), ("[\"1\"]", 1),
      (#"{"seatStatus":2}"#, 2), (#"{"status":"3"}"#, 3), (#"[{"code":4}]"#, 4),
      (#"{"value":[5]}"#, 5), (#"{"state":1}"#, 1), ("6", 6), ("[0]", 0), ("-1", -1), ("99", 99),
    ])
  func seats(_ detail: String, _ code: Int) {
    #expect(seat(detail) == .seat(Seat(code: code), online: true, touched: false))
  }

  @Test(
    "what no code can be changes nothing and is told as it came",
    arguments: [
      "2.5", "true", "null", "[]", "{}", "\"busy\"", "1e300", "123456789", "[[[[2]]]]",
      #"{"seat":{"status":2}}"#, "\"\"",
    ])
  func strange(_ detail: String) {
    guard case .strange(let words)? = seat(detail) else {
      Issue.record("\(detail) was taken")
      return
    }
    #expect(words.contains("onSeatStatus"))
  }

  @Test("a text that was cut in the middle of a sign hides no call")
  func halfSigns() {
    guard case .call(let report)? = call(#"{"callStatus":2,"calledNumber":"1\ud83d"}"#) else {
      Issue.record("the call was hidden")
      return
    }
    #expect(report.status == .ringing && report.number == "1\u{FFFD}")
    let message = DevToolsMessage(
      Array(
        #"{"method":"Runtime.bindingCalled","params":{"payload":"a\ud83d"},"sessionId":"s"}"#.utf8))
    #expect(
      message == .event("Runtime.bindingCalled", ["payload": "a\u{FFFD}"], session: "s"))
  }

  @Test(
    "a call in each form",
    arguments: [
      (#"{"callStatus":1,"calledNumber":13212345678}"#, 1, "13212345678", false),
      (#"[{"callStatus":"2","calledNumber":"13212345678"}]"#, 2, "13212345678", true),
      (#"{"callStatus":{"code":3},"calledNumber":null}"#, 3, "", true),
      (#"{"callStatus":[4]}"#, 4, "", true), ("5", 5, "", true), ("[[1]]", 1, "", true),
      (#"{"callStatus":1,"calledNumber":0}"#, 1, "", true),
      (#"{"callStatus":1,"calledNumber":9007199254740992}"#, 1, "9007199254740992", false),
    ])
  func calls(_ detail: String, _ status: Int, _ number: String, _ exact: Bool) {
    guard case .call(let report)? = call(detail) else {
      Issue.record("\(detail) was not taken")
      return
    }
    #expect(report.status.rawValue == status)
    #expect(report.number?.string ?? "" == number)
    #expect(report.exact == exact)
  }

  @Test(
    "what is no call is none",
    arguments: [
      "{}", "null", "[]", "6", #"{"callStatus":7}"#, #"{"calledNumber":1}"#, "\"ringing\"",
      #"{"callStatus":true}"#,
    ])
  func noCalls(_ detail: String) {
    guard case .strange? = call(detail) else {
      Issue.record("\(detail) was taken")
      return
    }
  }

  @Test("a page cannot say what is ours to say") func foreign() {
    for text in [
      #"{"type":"registered"}"#, #"{"type":"hello"}"#, #"{"type":"evicted"}"#, "", "[]", "{}", "{",
      #"{"type":"page","state":"odd"}"#, "\u{0}", String(repeating: "[", count: 70_000),
    ] {
      #expect(PageMessage(text) == nil)
    }
    // Fields that the vendor does not document do not pass.
    guard
      case .call(let report)? = PageMessage(
        #"{"type":"onCall","detail":{"callStatus":1},"call":"x","name":"y","direction":"in"}"#)
    else {
      Issue.record("no call")
      return
    }
    #expect(report.call == nil && report.name == nil && report.direction == nil)
  }

  @Test(
    "the number dialled is kept against one that lost its plus, its zeros or its precision",
    arguments: [
      ("0075999", "75999", false), ("+13212345678", "13212345678", false),
      ("+0013212345678", "13212345678", false), ("9007199254740993", "9007199254740992", false),
      ("12345678901234567890", "12345678901234567168", false), ("13212345678", "13212345678", true),
      ("*21#", "21", false),
    ])
  func kept(_ phone: String, _ reported: String, _ exact: Bool) {
    let report = CallReport(.ringing, number: SafeText(reported), exact: exact)
    let restored = DialledNumber(phone: phone).restored(report)
    #expect(restored.number?.string == phone)
    #expect(restored.exact)
  }

  @Test("another number stays another number") func another() {
    for (phone, reported, exact) in [
      ("13212345678", "13212345679", false), ("9007199254740993", "9007199254740992", true),
      ("9007199254740993", "9007199254741993", false), ("123", "1234", false),
    ] {
      let report = CallReport(.calling, number: SafeText(reported), exact: exact)
      #expect(DialledNumber(phone: phone).restored(report) == report)
    }
    let silent = CallReport(.calling)
    #expect(DialledNumber(phone: "1").restored(silent) == silent)
  }

  @Test("the token and its parts are blackened, the account is not") func redaction() {
    var redactor = Redactor()
    redactor.learn(Secret("Bearer SDNVerRWZp77:0705C245_001:0ecc5e73-4252"))
    #expect(redactor.clean("bad SDNVerRWZp77 here").string == "bad (set) here")
    #expect(redactor.clean("Bearer SDNVerRWZp77:0705C245_001:0ecc5e73-4252!").string == "(set)!")
    #expect(redactor.clean("0ecc5e73-4252 0ecc5e73-4252").string == "(set) (set)")
    #expect(
      redactor.clean("seat 0705C245_001 is disabled").string == "seat 0705C245_001 is disabled")
    #expect(redactor.clean("Error: x\n    at y.js:3").string == "Error: x")
    #expect(redactor.clean(String(repeating: "x", count: 500)).string.count == 163)
    #expect(!redactor.clean("\u{1B}]0;evil\u{7}").string.contains("\u{1B}"))
    for odd in ["", "abc", "a:b", "Bearer a:b c:d", "::", "a::c"] {
      #expect(TokenAccount.account(of: Secret(odd)) == nil)
    }
  }

  @Test("text becomes script only as JSON, whatever is in it") func quoting() {
    let script = Bridge.dial(
      3, phone: "1", info: "\"); alert(1) //\n\u{2028}</script>\\ \u{7F} Zoë 陈")
    #expect(script.hasPrefix(#"ccBridge.dial(3, {"phone":"1","info":"\"); alert(1)"#))
    #expect(!script.contains("\n") && !script.contains("\u{2028}"))
  }
}
