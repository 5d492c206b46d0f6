// A name in Latin-1 or broken UTF-8, in every text of every message: nothing is hidden by it.

import CCCore
import Testing

@testable import CCLine

@Suite struct BrokenTextTests {
  /// A message with a broken byte where the Ü of each `@` was.
  private func bytes(_ line: String) -> [UInt8] {
    line.utf8.map { $0 == UInt8(ascii: "@") ? 0xFC : $0 }
  }

  @Test func theCallRingsUnderWhatIsLeftOfItsName() {
    for status in [2, 3, 4, 5] {
      let events = LineCodec.decode(
        bytes(
          #"{"type":"onCall","detail":{"callStatus":\#(status),"calledNumber":"07911123456"},"call":"a1","direction":"in","name":"M@ller"}"#
        ))
      guard case .call(let report)? = events.first else {
        Issue.record("the call was hidden")
        continue
      }
      #expect(report.status.rawValue == status && report.name == "M\u{FFFD}ller")
      #expect(report.call == "a1" && report.number == "07911123456")
      #expect(events.last == .anomaly(.badUTF8) && events.count == 2)
    }
  }

  @Test(arguments: [
    (#"{"type":"hello","protocol":1,"line":"l@","abilities":["dial"]}"#, "hello"),
    (#"{"type":"hello","protocol":1,"line":"l","version":"@","abilities":["dial","@"]}"#, "hello"),
    (#"{"type":"registered","account":"10@1","secure":"TL@"}"#, "registered"),
    (#"{"type":"unregistered","reason":"@","retryIn":2}"#, "unregistered"),
    (#"{"type":"evicted","reason":"@"}"#, "evicted"),
    (#"{"type":"onSeatStatus","detail":[2],"label":"@"}"#, "seat"),
    (#"{"type":"onCall","detail":{"callStatus":2,"calledNumber":"07@"}}"#, "call"),
    (#"{"type":"onCall","detail":{"callStatus":5},"reason":"@","code":486}"#, "call"),
    (#"{"type":"onCall","detail":{"callStatus":2},"@":1}"#, "call"),
    (#"{"type":"onCall","detail":{"callStatus":2},"direction":"@"}"#, "call"),
    (#"{"type":"callState","call":"a","held":true,"x":"@"}"#, "callState"),
    (#"{"type":"transfer","call":"a","state":"failed","reason":"@"}"#, "transfer"),
    (#"{"type":"level","in":0.5,"out":0.5,"x":"@"}"#, "level"),
    (#"{"type":"result","id":3,"ok":false,"error":"@"}"#, "result"),
    (#"{"type":"log","level":"warning","message":"@"}"#, "log"),
    (#"{"type":"onCall","detail":{"callStatus":2},"name":"\ud83d"}"#, "call"),
    (#"{"type":"onCall","detail":{"callStatus":2},"name":"a\#u{1}b"}"#, "call"),
  ])
  func everyMessageIsHeard(_ line: String, _ kind: String) {
    let events = LineCodec.decode(bytes(line))
    #expect(events.first.map { "\($0)".hasPrefix(kind) } == true, "\(events)")
    #expect(events.contains(.anomaly(.badUTF8)))
  }

  /// An id is sent back as it came: one that was repaired would be another call's, or two calls'.
  @Test func aBrokenIDIsNone() {
    let events = LineCodec.decode(bytes(#"{"type":"onCall","detail":[2],"call":"a@"}"#))
    guard case .call(let report)? = events.first else {
      Issue.record("the call was hidden")
      return
    }
    #expect(report.call == nil)
    let whole = LineCodec.decode(Array(#"{"type":"onCall","detail":[2],"call":"a\#u{FFFD}"}"#.utf8))
    guard case .call(let other)? = whole.first else {
      Issue.record("the call was hidden")
      return
    }
    #expect(other.call == "a\u{FFFD}", "one that is sent so is that one")
  }

  @Test func itIsCountedEachTimeAndSaidOnce() {
    let now = Instant(uptime: 0, unix: 1_763_900_000_000)
    var desk = Desk(settings: .init(line: "test"), at: now)
    _ = desk.handle(.line(.started), at: now)
    var notices = 0
    let line = bytes(
      #"{"type":"onCall","detail":{"callStatus":2},"call":"a","direction":"in","name":"@"}"#)
    for _ in 0..<5 {
      for event in LineCodec.decode(line) {
        for case .tell(.notice(_, let text)) in desk.handle(.line(event), at: now) {
          notices += text.string.contains("not UTF-8") ? 1 : 0
        }
      }
    }
    #expect(notices == 1 && desk.anomalies[.badUTF8] == 5)
    #expect(desk.active?.isRingingHere == true && desk.active?.name == "\u{FFFD}")
  }

  @Test func aWithheldNumberIsReadAndWrittenAsOne() {
    let line =
      #"{"type":"onCall","detail":{"callStatus":2,"calledNumber":"Unavailable"},"call":"a"}"#
    let event = LineCodec.decode(Array(line.utf8)).first
    guard case .call(let report)? = event else {
      Issue.record("no call")
      return
    }
    #expect(report.number == "")
    #expect(LineCodec.decode(LineCodec.encode(.call(report)).dropLast()) == [.call(report)])
  }
}
