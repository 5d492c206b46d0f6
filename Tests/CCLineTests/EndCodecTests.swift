// What the protocol says of ends, of who is there, and of calls: read strictly, written as it is read.

import CCCore
import CCJSON
import Testing

@testable import CCLine

@Suite struct EndCodecTests {
  private func read(_ text: String) -> [LineEvent] { LineCodec.decode(Array(text.utf8)) }

  private func end(_ more: String, status: Int = 5, direction: String = "in") -> [LineEvent] {
    read(
      #"{"type":"onCall","detail":{"callStatus":\#(status),"calledNumber":"7"},"call":"a","direction":"\#(direction)"\#(more)}"#
    )
  }

  private func report(_ events: [LineEvent]) -> CallReport? {
    if case .call(let report)? = events.first { report } else { nil }
  }

  @Test func everyKindOfItsDirection() {
    for kind in EndKind.allCases {
      let direction = kind.direction == .in ? "in" : "out"
      for status in [4, 5] {
        let events = end(#","kind":"\#(kind.rawValue)""#, status: status, direction: direction)
        #expect(events.count == 1 && report(events)?.kind == kind)
      }
      let other = end(
        #","kind":"\#(kind.rawValue)""#, direction: kind.direction == .in ? "out" : "in")
      #expect(report(other)?.kind == nil && other.last == .anomaly(.badDetail))
      let early = end(#","kind":"\#(kind.rawValue)""#, status: 2, direction: direction)
      #expect(report(early)?.kind == nil && early.last == .anomaly(.badDetail))
    }
  }

  @Test(
    arguments: [
      #","kind":"somehow""#, #","kind":7"#, #","kind":["notTaken"]"#, #","cause":0"#,
      #","cause":128"#, #","cause":-1"#, #","cause":"16""#, #","cause":1.5"#, #","count":3"#,
      #","kind":"answeredElsewhere","count":3"#, #","kind":"notTaken","count":0"#,
      #","kind":"notTaken","count":1000001"#, #","kind":"notTaken","count":"3""#,
    ])
  func whatIsNoneIsLeftOutAndCounted(_ more: String) {
    let events = end(more)
    #expect(events.last == .anomaly(.badDetail) && events.count == 2)
    #expect(report(events)?.status == .notEstablished && report(events)?.count == 1)
  }

  @Test func whatIsThere() {
    #expect(report(end(#","kind":null,"cause":null,"count":null"#))?.kind == nil)
    #expect(end(#","kind":null"#).count == 1)
    let told = report(end(#","kind":"notTaken","count":1000000,"code":488,"cause":127"#))
    #expect(told?.count == 1_000_000 && told?.reason == Reason("", code: 488, cause: 127))
    #expect(report(end(#","cause":16"#))?.reason == Reason("", cause: 16))
  }

  @Test(
    arguments: [
      (
        #"{"type":"party","call":"a","number":"+44207","name":"Nora"}"#,
        [.party(call: "a", Party(number: "+44207", name: "Nora"))]
      ),
      (
        #"{"type":"party","call":7,"number":300}"#,
        [.party(call: "7", Party(number: "300", name: nil))]
      ),
      (#"{"type":"party","name":"Nora"}"#, [.party(call: nil, Party(number: nil, name: "Nora"))]),
      (
        #"{"type":"party","number":"anonymous","name":"Unknown"}"#,
        [.party(call: nil, Party(number: "", name: nil))]
      ),
      (#"{"type":"party","call":"a"}"#, [.anomaly(.badDetail)]),
      (#"{"type":"party","call":[],"name":"x"}"#, [.anomaly(.badDetail)]),
      (#"{"type":"party","number":"a\u0007"}"#, [.anomaly(.badDetail)]),
      (#"{"type":"callState","call":"a","farHeld":true}"#, [.farHold(call: "a", true)]),
      (
        #"{"type":"callState","call":"a","farHeld":false,"held":true}"#,
        [.callState(call: "a", held: true, muted: nil), .farHold(call: "a", false)]
      ),
      (#"{"type":"callState","call":"a","farHeld":"yes"}"#, [.anomaly(.badDetail)]),
      (
        #"{"type":"log","level":"warning","message":"x","call":"a"}"#,
        [.remark(call: "a", .warning, "x")]
      ),
      (#"{"type":"log","level":"warning","message":"x"}"#, [.log(.warning, "x")]),
      (
        #"{"type":"log","level":"warning","message":"x","call":{}}"#,
        [.log(.warning, "x"), .anomaly(.badDetail)]
      ),
    ] as [(String, [LineEvent])])
  func reads(_ line: String, _ events: [LineEvent]) { #expect(read(line) == events) }

  @Test(
    arguments: [
      .party(call: "a", Party(number: "+44207", name: "Nora")),
      .party(call: nil, Party(number: "", name: nil)),
      .party(call: "a", Party(number: nil, name: "N")),
      .farHold(call: "a", true), .farHold(call: nil, false), .remark(call: "a", .cleared, "x"),
      .call(
        CallReport(
          .notEstablished, number: "7", call: "a", direction: .in,
          reason: Reason("busy", code: 486, cause: 17), name: "N", kind: .notTaken, count: 9)),
      .call(
        CallReport(
          .notEstablished, number: "7", call: "a", direction: .out,
          reason: Reason("x", code: 603, cause: 16), kind: .unanswered)),
      .call(
        CallReport(
          .ringing, number: "7", call: "a", direction: .in,
          called: Party(number: "1800", name: "Sales"))),
    ] as [LineEvent])
  func whatIsWrittenIsReadBackTheSame(_ event: LineEvent) {
    #expect(LineCodec.decode(LineCodec.encode(event).dropLast()) == [event])
  }

  /// An id that was a number goes back as one, whichever event brought it.
  @Test func numbersStayNumbers() {
    for text in [
      #"{"type":"party","call":7,"name":"x"}"#, #"{"type":"callState","call":7,"farHeld":true}"#,
      #"{"type":"log","message":"x","call":7}"#,
    ] {
      var numbered = NumberedCalls()
      numbered.note(read(text), of: Array(text.utf8))
      #expect(numbered.json("7") == .int(7))
    }
  }
}
