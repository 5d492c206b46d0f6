// Payloads of the floor: what is taken, what is refused, and that nothing is lost on the way.

import CCCore
import CCFeed
import CCTestSupport
import Testing

@Suite struct FloorCodecTests {
  private func decode(
    _ payload: String, topic: String = "cc/v1/red/1001/seat"
  ) throws -> FloorEvent {
    try FloorCodec.decode(topic: topic, payload: payload.utf8, retained: false)
  }

  private func refusal(
    _ payload: String, topic: String = "cc/v1/red/1001/seat"
  ) -> FloorCodec.Refusal? {
    do throws(FloorCodec.Refusal) {
      _ = try FloorCodec.decode(topic: topic, payload: payload.utf8, retained: false)
      return nil
    } catch { return error }
  }

  /// Her key is in the topic: what her desk calls her may be broken.
  @Test func aBrokenNameHidesNoAgent() throws {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    let broken =
      Array(#"{"v":1,"e":1,"n":2,"seat":2,"name":"M"#.utf8) + [0xFC] + Array(#"ller"}"#.utf8)
    let update = SeatUpdate(stamp: Stamp(epoch: 1, sequence: 2), seat: .idle, name: "M\u{FFFD}ller")
    #expect(
      try FloorCodec.decode(topic: "cc/v1/red/1001/seat", payload: broken, retained: false)
        == .seat(key, update, retained: false))
    #expect(
      FloorCodec.event(topic: "cc/v1/red/1001/seat", payload: broken, retained: true)
        == .seat(key, update, retained: true))
  }

  @Test func aWithheldNumberIsNobodys() throws {
    for number in ["anonymous", "Unavailable", "Private Number", ""] {
      let event = try decode(
        #"{"v":1,"e":1,"n":2,"call":2,"number":"\#(number)"}"#, topic: "cc/v1/red/1001/call")
      guard case .call(_, let update, _) = event else {
        Issue.record("no call")
        continue
      }
      #expect(update.number == "")
    }
  }

  @Test func aSeatOfTheDesign() throws {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    let event = try decode(
      #"""
      {"v":1,"e":1763900000000,"n":7,"seat":2,"since":1763900000123,"name":"Li Wei","lease":60,
      "today":{"calls":14,"talk":3120,"acw":420},"colour":"mauve"}
      """#)
    #expect(
      event
        == .seat(
          key,
          SeatUpdate(
            stamp: Stamp(epoch: 1_763_900_000_000, sequence: 7), seat: .idle,
            since: 1_763_900_000_123, name: "Li Wei", lease: 60,
            today: DayFigures(calls: 14, talk: 3120, afterCallWork: 420)), retained: false))
  }

  @Test func aCallOfTheDesign() throws {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    let event = try decode(
      #"""
      {"v":1,"e":1763900000000,"n":8,"call":3,"since":1763900004567,"direction":"out",
      "number":"13212345678"}
      """#, topic: "cc/v1/red/1001/call")
    let update = CallUpdate(
      stamp: Stamp(epoch: 1_763_900_000_000, sequence: 8), status: .talking,
      since: 1_763_900_004_567, direction: .out, number: "13212345678")
    #expect(event == .call(key, update, retained: false))
    let none = try decode(#"{"v":1,"e":1,"n":9,"call":0}"#, topic: "cc/v1/red/1001/call")
    guard case .call(_, let over, _) = none else { return }
    #expect(over.status == nil)
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let key = try #require(AgentKey(team: "blue", agent: "a-b_C"))
    let seat = SeatUpdate(
      stamp: Stamp(epoch: 5, sequence: 6), seat: .unknown(77), since: 4, name: "陈小明 \"q\"",
      lease: 45,
      today: DayFigures(calls: 1, talk: 2, afterCallWork: 3, dials: 4, connected: 2, idle: 5),
      sent: 9)
    #expect(
      try FloorCodec.decode(
        topic: "\(FloorTopic(key, .seat))", payload: FloorCodec.encode(seat), retained: true)
        == .seat(key, seat, retained: true))
    let call = CallUpdate(
      stamp: Stamp(epoch: 5, sequence: 7), status: .ringing, since: 3, direction: .in,
      number: "+34612345678", held: 8)
    #expect(
      try FloorCodec.decode(
        topic: "\(FloorTopic(key, .call))", payload: FloorCodec.encode(call), retained: false)
        == .call(key, call, retained: false))
  }

  @Test func theWillIsTheLastWordOfItsEpoch() throws {
    #expect(
      String(decoding: FloorCodec.will(epoch: 1_763_900_000_000), as: UTF8.self)
        == #"{"v":1,"e":1763900000000,"n":4294967295,"seat":1}"#)
  }

  @Test(arguments: [
    "", "cc/v1/red/1001", "cc/v2/red/1001/seat", "cc/v1/red/1001/seat/", "cc/v1//1001/seat",
    "cc/v1/red/10 01/seat", "cc/v1/red/1001/cmd", "xx/v1/red/1001/seat", "/cc/v1/red/1001/seat",
    "cc/v1/#/1001/seat", "cc/v1/é/1001/seat", String(repeating: "/", count: 500),
  ])
  func foreignTopics(topic: String) {
    #expect(FloorTopic(topic) == nil)
    #expect(
      FloorCodec.event(topic: topic, payload: "{}".utf8, retained: false)
        == .anomaly(.foreignTopic))
  }

  @Test(
    arguments: [
      ("", .badJSON), ("garbage", .badJSON), ("[]", .badJSON), ("{\"v\":1", .badJSON),
      (#"{"v":2,"e":1,"n":1,"seat":2}"#, .wrongVersion),
      (#"{"e":1,"n":1,"seat":2}"#, .wrongVersion),
      (#"{"v":"1","e":1,"n":1,"seat":2}"#, .badMember("v")),
      (#"{"v":1,"n":1,"seat":2}"#, .badMember("e")), (#"{"v":1,"e":1,"seat":2}"#, .badMember("n")),
      (#"{"v":1,"e":-1,"n":1,"seat":2}"#, .badMember("e")),
      (#"{"v":1,"e":1,"n":4294967296,"seat":2}"#, .badMember("n")),
      (#"{"v":1,"e":1,"n":1.5,"seat":2}"#, .badMember("n")),
      (#"{"v":1,"e":1,"n":1}"#, .badMember("seat")),
      (#"{"v":1,"e":1,"n":1,"seat":"idle"}"#, .badMember("seat")),
      (#"{"v":1,"e":1,"n":1,"seat":99999}"#, .badMember("seat")),
      (#"{"v":1,"e":1,"n":1,"seat":2,"name":7}"#, .badMember("name")),
      (#"{"v":1,"e":1,"n":1,"seat":2,"lease":0}"#, .badMember("lease")),
      (#"{"v":1,"e":1,"n":1,"seat":2,"today":[]}"#, .badMember("today")),
      (#"{"v":1,"e":1,"n":1,"seat":2,"today":{"calls":-3}}"#, .badMember("calls")),
      (#"{"v":1,"e":9223372036854775808,"n":1,"seat":2}"#, .badMember("e")),
      (#"{"v":1,"x":[[[[[[]]]]]],"e":1,"n":1,"seat":2}"#, .badJSON),
    ] as [(String, FloorCodec.Refusal)])
  func badPayloads(payload: String, expected: FloorCodec.Refusal) {
    #expect(refusal(payload) == expected)
  }

  @Test func aMegabyteIsNotRead() {
    let payload = #"{"v":1,"e":1,"n":1,"seat":2,"name":""#
    #expect(refusal(payload + String(repeating: "x", count: 1 << 20) + "\"}") == .tooLong)
  }

  @Test func hostileNamesAreWashed() throws {
    let event = try decode(
      ##"{"v":1,"e":1,"n":1,"seat":2,"name":"\u001b[2J\u202eevil\u0007"}"##)
    guard case .seat(_, let update, _) = event else { return }
    let name = try #require(update.name?.string)
    #expect(name == "\u{FFFD}[2Jevil\u{FFFD}")
    let long = String(repeating: "陈", count: 500)
    guard
      case .seat(_, let wide, _) = try decode(#"{"v":1,"e":1,"n":1,"seat":2,"name":"\#(long)"}"#)
    else { return }
    #expect(try #require(wide.name).cells <= 64)
  }

  /// Whatever bytes come: a seat of that agent within its bounds, or a counted refusal, never a trap.
  @Test func anyBytesAtAll() throws {
    let key = try #require(AgentKey(team: "red", agent: "1001"))
    var read = 0
    var random = Random(seed: 7)
    let seed = Array(#"{"v":1,"e":1763900000000,"n":7,"seat":2,"name":"Li","lease":60}"#.utf8)
    for _ in 0..<20_000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      bytes.removeLast(Int.random(in: 0...8, using: &random))
      switch FloorCodec.event(topic: "cc/v1/red/1001/seat", payload: bytes, retained: false) {
      case .seat(key, let update, retained: false):
        read += 1
        #expect((0...9_999).contains(update.seat.code) && (update.name?.cells ?? 0) <= 64)
        #expect(update.lease.map { (5...86_400).contains($0) } ?? true)
      case .anomaly(.badPayload), .anomaly(.wrongVersion): break
      case let other: Issue.record("\(other)")
      }
    }
    #expect((1..<10_000).contains(read), "\(read)")
  }

  @Test func whatCannotBeReadIsCountedOnTheFloor() {
    let now = Instant(uptime: 0, unix: 1_763_900_000_000)
    var floor = Floor(at: now)
    let effects = floor.handle(
      FloorCodec.event(topic: "cc/v1/red/1/seat", payload: "?".utf8, retained: false), at: now)
    #expect(effects == [.anomaly(.badPayload, count: 1)] && floor.agentCount == 0)
  }
}
