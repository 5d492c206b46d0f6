// Records, and playing them.

import CCCore
import CCLine
import Foundation
import Testing

private let millisecond = Instant.millisecond

@Suite("Record and replay") @MainActor struct ReplayTests {
  private func play(_ text: String, speed: Double = 1) -> [(Int64, LineEvent)] {
    let line = ReplayLine(bytes: Array(text.utf8), speed: speed)
    var events = line.start(at: 0).map { (Int64(0), $0) }
    while let due = line.deadline {
      events += line.ready(at: due).map { (due / millisecond, $0) }
    }
    return events
  }

  @Test("plays the line's messages at their moments") func plays() {
    let text = """
      {"type":"hello","line":"x","dir":"line","t":0}
      {"type":"register","id":1,"dir":"desk","t":5}
      {"type":"result","id":1,"ok":true,"dir":"line","t":6}
      {"type":"registered","account":"1","dir":"line","t":100}

      {"type":"evicted"}
      not json
      {"type":"onSeatStatus","detail":2,"t":50}
      {"type":"onSeatStatus","detail":3,"t":1000}
      """
    let events = play(text)
    #expect(
      events.map(\.1) == [
        .started, .hello(line: "x", abilities: .dial),
        .registered(account: "1", expiresIn: nil, secure: nil), .evicted, .anomaly(.badJSON),
        .seat(.idle), .seat(.busy), .died(reason: "the recording is over", retryIn: nil),
      ])
    #expect(events.map(\.0) == [0, 0, 100, 100, 100, 100, 1000, 1000])
    #expect(play(text, speed: 4).map(\.0) == [0, 0, 25, 25, 25, 25, 250, 250])
  }

  @Test("an empty recording is over at once") func empty() {
    #expect(play("").map(\.1) == [.started, .died(reason: "the recording is over", retryIn: nil)])
  }

  @Test("a flood comes in slices and loses nothing") func flood() {
    let text = (0..<20_000).map { "{\"type\":\"onSeatStatus\",\"detail\":\($0 % 5 + 1)}\n" }
      .joined()
    let line = ReplayLine(bytes: Array(text.utf8))
    _ = line.start(at: 0)
    var count = 0
    var calls = 0
    while line.deadline != nil {
      let events = line.ready(at: 0)
      #expect(events.count < 2000)
      count += events.count
      calls += 1
    }
    #expect(count == 20_001)
    #expect(calls > 10)
  }

  @Test("what was recorded plays the same, a lost line included") func roundTrip() {
    let writer = RecordWriter(startingAt: 7)
    let told: [(Int64, LineEvent)] = [
      (0, .started), (1, .hello(line: "sip", abilities: [.dial, .hold])),
      (20, .call(CallReport(.calling, number: "5", call: "a", direction: .out))),
      (30, .died(reason: "gone", retryIn: 200 * millisecond)), (230, .started),
      (231, .hello(line: "sip", abilities: [.dial, .hold])),
    ]
    let bytes = told.flatMap { writer.line($0.1, at: 7 + $0.0 * millisecond) }
    let events = play(String(decoding: bytes, as: UTF8.self))
    #expect(events.dropLast().map(\.1) == told.map(\.1))
    #expect(events.dropLast().map(\.0) == told.map(\.0))
  }

  @Test("no secret is ever written") func secrets() {
    let writer = RecordWriter(startingAt: 0)
    func line(_ command: LineCommand) -> String {
      String(decoding: writer.line(command, at: 0), as: UTF8.self)
    }
    #expect(
      line(.register(id: 1, token: Secret("hunter2")))
        == #"{"type":"register","id":1,"token":"(set)","t":0,"dir":"desk"}"# + "\n")
    #expect(
      line(.dtmf(id: 2, call: "a", digits: "4111"))
        == #"{"type":"dtmf","id":2,"call":"a","digits":"(4 tones)","t":0,"dir":"desk"}"# + "\n")
    #expect(line(.callPhone(id: 3, phone: "5", info: "x")).contains(#""phone":"5","info":"x""#))
    #expect(writer.line(.anomaly(.badJSON), at: 0).isEmpty)
  }

  @Test("nobody is at the other end") func commands() {
    let line = ReplayLine(bytes: [])
    _ = line.start(at: 0)
    #expect(line.send(.register(id: 1, token: nil), at: 0) == [.result(id: 1, ok: true, error: "")])
    #expect(
      line.send(.callPhone(id: 2, phone: "1", info: ""), at: 0)
        == [.result(id: 2, ok: false, error: "a recording is played")])
    line.stop(at: 0)
    #expect(!line.isRunning)
  }

  @Test("a file that is not there is said so") func missing() {
    #expect(ReplayLine(path: "/nonexistent/record.ndjson") == nil)
    #expect(errno == ENOENT)
  }
}
