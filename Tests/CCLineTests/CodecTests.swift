// The messages of the protocol, in both directions.

import CCCore
import CCJSON
import CCLine
import Testing

private func decode(_ line: String) -> [LineEvent] { LineCodec.decode(Array(line.utf8)) }

@Suite("Line codec") struct CodecTests {
  @Test(
    "reads",
    arguments: [
      ("", []), (" \t\r", []),
      (
        #"{"type":"hello","protocol":1,"line":"sip","version":"0.1.0","abilities":["dial","hold","fly"]}"#,
        [.hello(line: "sip", abilities: [.dial, .hold])]
      ),
      (#"{"type":"hello"}"#, [.hello(line: "line", abilities: .dial)]),
      (#"{"type":"hello","line":"x","abilities":[]}"#, [.hello(line: "x", abilities: [])]),
      (
        #"{"type":"registered","account":"1001","expiresIn":3600,"secure":"TLS"}"#,
        [.registered(account: "1001", expiresIn: 3600, secure: "TLS")]
      ),
      (
        #"{"type":"registered","account":1001,"expiresIn":"60"}"#,
        [.registered(account: "1001", expiresIn: 60, secure: nil)]
      ),
      (
        #"{"type":"registered","expiresIn":-1}"#,
        [.registered(account: nil, expiresIn: nil, secure: nil)]
      ),
      (
        #"{"type":"unregistered","reason":"gone","retryIn":0.5}"#,
        [.unregistered(reason: "gone", retryIn: 0.5, final: false)]
      ),
      (
        #"{"type":"unregistered","retryIn":-4,"final":true}"#,
        [.unregistered(reason: "", retryIn: nil, final: true)]
      ),
      (#"{"type":"evicted","by":"x"}"#, [.evicted]),
      (
        #"{"type":"onCall","detail":{"callStatus":5,"calledNumber":"1"},"call":"a8","direction":"out","reason":"busy here","code":486,"name":"Bob"}"#,
        [
          .call(
            CallReport(
              .notEstablished, number: "1", call: "a8", direction: .out,
              reason: Reason("busy here", code: 486), name: "Bob"))
        ]
      ),
      (
        #"{"type":"onCall","detail":2,"call":17,"direction":"in","code":180}"#,
        [.call(CallReport(.ringing, call: "17", direction: .in, reason: Reason("", code: 180)))]
      ),
      (#"{"type":"onCall","detail":2,"call":true}"#, [.anomaly(.badDetail)]),
      (
        #"{"type":"callState","call":"a","held":true}"#,
        [.callState(call: "a", held: true, muted: nil)]
      ),
      (#"{"type":"callState","call":"a"}"#, [.anomaly(.badDetail)]),
      (
        #"{"type":"transfer","call":"a","state":"failed","reason":"no"}"#,
        [.transfer(call: "a", state: .failed, reason: "no")]
      ),
      (#"{"type":"transfer","state":"maybe"}"#, [.anomaly(.badDetail)]),
      (#"{"type":"level","in":0.5,"out":7}"#, [.level(input: 0.5, output: 1)]),
      (#"{"type":"level"}"#, [.anomaly(.badDetail)]),
      (
        #"{"type":"result","id":7,"ok":false,"error":"no"}"#,
        [.result(id: 7, ok: false, error: "no")]
      ),
      (#"{"type":"result","id":"7","ok":true}"#, [.result(id: 7, ok: true, error: "")]),
      (#"{"type":"result","id":7.5,"ok":true}"#, [.anomaly(.badDetail)]),
      (#"{"type":"result","ok":true}"#, [.anomaly(.badDetail)]),
      (#"{"type":"log","level":"warning","message":"hm"}"#, [.log(.warning, "hm")]),
      (#"{"type":"log","level":"debug","message":"hm"}"#, [.log(.info, "hm")]),
      (#"{"type":"log"}"#, [.anomaly(.badDetail)]),
      (#"{"type":"died"}"#, [.anomaly(.unknownType)]), (#"{"type":7}"#, [.anomaly(.unknownType)]),
      ("{}", [.anomaly(.unknownType)]), ("[1]", [.anomaly(.badJSON)]), ("x", [.anomaly(.badJSON)]),
      (#"{"type":"evicted"} {"type":"evicted"}"#, [.anomaly(.badJSON)]),
    ] as [(String, [LineEvent])])
  func reads(_ line: String, _ events: [LineEvent]) {
    #expect(decode(line) == events)
  }

  @Test("counts bytes that are no UTF-8, and lines that are too long") func counts() {
    #expect(LineCodec.decode([0x22, 0xFF, 0x22]) == [.anomaly(.badUTF8)])
    #expect(LineCodec.decode([UInt8](repeating: 0x31, count: 65_537)) == [.anomaly(.tooLong)])
  }

  @Test("washes what strangers say") func washes() {
    let line = #"{"type":"unregistered","reason":"a\u001b[2Jb"}"#
    #expect(
      decode(line) == [.unregistered(reason: SafeText("a\u{1B}[2Jb"), retryIn: nil, final: false)])
  }

  static let events: [LineEvent] = [
    .hello(line: "sip", abilities: [.dial, .transfer, .setSeat]),
    .registered(account: "1001", expiresIn: 60, secure: "TLS"),
    .registered(account: nil, expiresIn: nil, secure: nil),
    .unregistered(reason: "gone", retryIn: 2.5, final: false),
    .unregistered(reason: "no", retryIn: nil, final: true), .evicted, .seat(.postCall),
    .seat(.unknown(9)), .call(CallReport(.calling, number: "75999", exact: false)),
    .call(CallReport(.ringing, number: "007", call: "x\u{1B}", direction: .in, name: "B\"o")),
    .call(CallReport(.ended, reason: Reason("", code: 486))),
    .call(CallReport(.ended, reason: Reason("bye"))),
    .callState(call: nil, held: false, muted: true), .callState(call: "a", held: nil, muted: true),
    .transfer(call: "a", state: .done, reason: ""), .level(input: 0.25, output: 1),
    .result(id: 3, ok: true, error: ""), .result(id: 4, ok: false, error: "no"),
    .log(.error, "hm"), .unreadable(total: 7, last: "no branch"),
  ]

  @Test("what is written as an event is read back the same", arguments: events)
  func eventRoundTrip(_ event: LineEvent) throws {
    let line = LineCodec.encode(event)
    #expect(line.last == 0x0A)
    #expect(LineCodec.decode(line.dropLast()) == [event])
  }

  @Test("what the keeper says is no message") func notMessages() {
    #expect(LineCodec.encode(.started).isEmpty)
    #expect(LineCodec.encode(.died(reason: "", retryIn: nil)).isEmpty)
    #expect(LineCodec.encode(.anomaly(.badJSON)).isEmpty)
  }

  @Test(
    "writes commands",
    arguments: [
      (
        .register(id: 1, token: Secret("s")),
        #"{"type":"register","id":1,"token":"s","config":{"a":1}}"#
      ),
      (.register(id: 1, token: nil), #"{"type":"register","id":1,"config":{"a":1}}"#),
      (
        .callPhone(id: 2, phone: "1", info: "n\n"),
        #"{"type":"callPhone","id":2,"phone":"1","info":"n\n"}"#
      ),
      (.hangUp(id: 3, call: "a"), #"{"type":"hangUp","id":3,"call":"a"}"#),
      (.answer(id: 3, call: nil), #"{"type":"answer","id":3}"#),
      (.reject(id: 3, call: "a"), #"{"type":"reject","id":3,"call":"a"}"#),
      (.hold(id: 3, call: "a", on: true), #"{"type":"hold","id":3,"call":"a","on":true}"#),
      (.mute(id: 3, call: "a", on: false), #"{"type":"mute","id":3,"call":"a","on":false}"#),
      (
        .dtmf(id: 3, call: "a", digits: "1#"), ##"{"type":"dtmf","id":3,"call":"a","digits":"1#"}"##
      ),
      (
        .transfer(id: 3, call: "a", to: "5", consult: true),
        #"{"type":"transfer","id":3,"call":"a","to":"5","consult":true}"#
      ),
      (.join(id: 3, call: "a", with: "b"), #"{"type":"transfer","id":3,"call":"a","with":"b"}"#),
      (.setSeat(id: 3, status: 5), #"{"type":"setSeat","id":3,"status":5}"#),
      (.ping(id: -1), #"{"type":"ping","id":-1}"#), (.quit, #"{"type":"quit"}"#),
    ] as [(LineCommand, String)])
  func writesCommands(_ command: LineCommand, _ line: String) throws {
    let bytes = LineCodec.encode(command, configuration: ["a": 1])
    #expect(String(decoding: bytes, as: UTF8.self) == line + "\n")
    #expect(try LineCodec.decodeCommand(bytes.dropLast()).get().0 == command)
  }

  @Test(
    "refuses commands by name, with their id",
    arguments: [
      ("x", nil, "This is no JSON object of at most 64 KiB."), ("{}", nil, "A command has a type."),
      (#"{"type":"fly","id":4}"#, 4, "Unknown command \u{201C}fly\u{201D}."),
      (#"{"type":"callPhone","id":4}"#, 4, "callPhone needs a phone."),
      (#"{"type":"transfer","id":4}"#, 4, "transfer needs to or with."),
      (#"{"type":"hold","id":4,"on":1}"#, 4, "hold needs on."),
    ] as [(String, Int?, String)])
  func refuses(_ line: String, _ id: Int?, _ sentence: String) {
    switch LineCodec.decodeCommand(Array(line.utf8)) {
    case .success: Issue.record("taken: \(line)")
    case .failure(let error):
      #expect(error.id == id)
      #expect(error.sentence == sentence)
    }
  }
}
