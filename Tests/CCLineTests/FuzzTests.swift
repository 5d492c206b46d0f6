// Broken messages: never a trap, never a control in what may be shown.

import CCCore
import CCLine
import CCTestSupport
import Testing

@Suite("Line codec, broken input") struct FuzzTests {
  static let corpus = [
    #"{"type":"hello","protocol":1,"line":"sip","abilities":["dial","hangUp"]}"#,
    #"{"type":"registered","account":"1001","expiresIn":3600,"secure":"TLS"}"#,
    #"{"type":"unregistered","reason":"gone","retryIn":5}"#,
    #"{"type":"onSeatStatus","detail":[{"seatStatus":"2"}]}"#,
    #"{"type":"onCall","detail":{"callStatus":5,"calledNumber":13212345678},"call":"a","code":486}"#,
    #"{"type":"callState","call":"a80d","held":true,"muted":false}"#,
    #"{"type":"level","in":0.3,"out":1e-1}"#, #"{"type":"result","id":7,"ok":false,"error":"x"}"#,
    #"{"type":"callPhone","id":2,"phone":"1","info":"n"}"#,
    #"{"type":"transfer","id":3,"call":"a","to":"5","consult":true}"#,
  ]
  // Bytes that make numbers huge, texts hostile and brackets wrong.
  static let alphabet = Array(#"{}[]",:\e0123456789+-."#.utf8) + [0, 0x1B, 0x7F, 0x9B, 0xC2, 0xFF]

  @Test("20,000 broken lines") func broken() {
    var random = Random(seed: 99)
    var kinds: [Bool: Int] = [:]
    for round in 0..<20_000 {
      var line = Array(Self.corpus[round % Self.corpus.count].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<line.count, using: &random)
        let byte = Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &random)]
        if Bool.random(using: &random) { line[place] = byte } else { line.insert(byte, at: place) }
      }
      let events = LineCodec.decode(line)
      _ = LineCodec.decodeCommand(line)
      kinds[events.contains { if case .anomaly = $0 { true } else { false } }, default: 0] += 1
      for event in events where !LineCodec.encode(event).dropLast().allSatisfy({ $0 >= 0x20 }) {
        Issue.record("a control in \(event)")
      }
    }
    #expect(kinds[true, default: 0] > 5_000)
    #expect(kinds[false, default: 0] > 500)
  }
}
