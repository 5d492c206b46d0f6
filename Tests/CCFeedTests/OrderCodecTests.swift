// The payloads of orders and answers.

import CCCore
import CCTestSupport
import Testing

@testable import CCFeed

@Suite struct OrderCodecTests {
  @Test(arguments: [Order.Wish.message, .seat(.idle), .seat(.shortBreak), .signOff])
  func orderThereAndBack(_ wish: Order.Wish) throws {
    let order = Order(
      id: "k3-1", expires: 1_763_900_060_000, epoch: 1_763_900_000_000, from: "sup-red",
      wish: wish, text: "break over, please")
    let payload = OrderCodec.encode(order)
    #expect(try OrderCodec.order(word: wish.kind.rawValue, payload: payload) == order)
  }

  @Test(arguments: [
    OrderAnswer(id: "a", state: .shown), OrderAnswer(id: "a", state: .done),
    OrderAnswer(id: "a", state: .refused, reason: "not now"),
  ])
  func answerThereAndBack(_ answer: OrderAnswer) throws {
    #expect(try OrderCodec.answer(payload: OrderCodec.encode(answer)) == answer)
  }

  @Test func theDesignsOwnWordsAreEnough() throws {
    let order = #"{"v":1,"id":"7","exp":2,"e":1,"from":"sup-red","text":"x","seat":2,"more":[]}"#
    #expect(try OrderCodec.order(word: "seat", payload: Array(order.utf8)).wish == .seat(.idle))
    let yes = try OrderCodec.answer(payload: Array(#"{"v":1,"id":"7","ok":true}"#.utf8))
    #expect(yes == OrderAnswer(id: "7", state: .done))
    let no = try OrderCodec.answer(
      payload: Array(#"{"v":1,"id":"7","ok":false,"reason":"busy"}"#.utf8))
    #expect(no == OrderAnswer(id: "7", state: .refused, reason: "busy"))
  }

  @Test(arguments: [
    ("message", #"{"v":2,"id":"7","exp":2,"e":1,"text":"x"}"#),
    ("message", #"{"v":1,"id":"7","exp":2,"e":1}"#),
    ("message", #"{"v":1,"id":"a b","exp":2,"e":1,"text":"x"}"#),
    ("message", #"{"v":1,"exp":2,"e":1,"text":"x"}"#),
    ("message", #"{"v":1,"id":"7","e":1,"text":"x"}"#),
    ("message", #"{"v":1,"id":"7","exp":2,"text":"x"}"#),
    ("message", #"{"v":1,"id":"7","exp":"soon","e":1,"text":"x"}"#),
    ("seat", #"{"v":1,"id":"7","exp":2,"e":1}"#),
    ("seat", #"{"v":1,"id":"7","exp":2,"e":1,"seat":-1}"#),
    ("format", #"{"v":1,"id":"7","exp":2,"e":1}"#), ("signOff", "[]"), ("signOff", ""),
  ])
  func refusedWhole(_ word: String, _ payload: String) {
    #expect(throws: FloorCodec.Refusal.self) {
      _ = try OrderCodec.order(word: word, payload: Array(payload.utf8))
    }
  }

  @Test(arguments: [
    #"{"v":1,"id":"7"}"#, #"{"v":1,"ok":true}"#, #"{"v":1,"id":"7","ok":true,"state":"refused"}"#,
    #"{"v":1,"id":"7","ok":"yes"}"#,
  ])
  func noAnswer(_ payload: String) {
    #expect(throws: FloorCodec.Refusal.self) {
      _ = try OrderCodec.answer(payload: Array(payload.utf8))
    }
  }

  @Test func hostileTextIsWashedAndCut() throws {
    let text = String(repeating: "\\u001b]0;x\\u202e", count: 100)
    let payload = #"{"v":1,"id":"7","exp":2,"e":1,"from":"\u001b[2J","text":"\#(text)"}"#
    let order = try OrderCodec.order(word: "message", payload: Array(payload.utf8))
    let scalars = (order.text.string + order.from.string).unicodeScalars
    #expect(scalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
    #expect(order.text.cells <= Order.longestText)
  }

  /// A status that is asked for is one that a desk can have; a text is cut at its cells, from both sides.
  @Test func boundsOfAnOrder() throws {
    func order(_ word: String, _ more: String) throws -> Order {
      try OrderCodec.order(
        word: word, payload: Array(#"{"v":1,"id":"7","exp":2,"e":1,\#(more)}"#.utf8))
    }
    for code in [1, 2, 9_999] {
      #expect(try order("seat", #""seat":\#(code)"#).wish == .seat(Seat(code: code)))
    }
    for code in [0, 10_000] {
      #expect(throws: FloorCodec.Refusal.badMember("seat")) {
        _ = try order("seat", #""seat":\#(code)"#)
      }
    }
    for count in [63, 64, 65] {
      let name = String(repeating: "x", count: count)
      let from = try order("signOff", #""from":"\#(name)""#).from
      #expect((from.string == name) == (count <= 64) && from.cells == min(count, 64))
    }
    #expect(try order("signOff", #""more":1"#).from == "a supervisor")
    for count in [199, 200, 201] {
      let words = String(repeating: "x", count: count)
      let text = try order("message", #""text":"\#(words)""#).text
      #expect((text.string == words) == (count <= 200) && text.cells == min(count, 200))
    }
    for count in [119, 120, 121] {
      let words = String(repeating: "x", count: count)
      let reason = try OrderCodec.answer(
        payload: Array(#"{"v":1,"id":"7","ok":false,"reason":"\#(words)"}"#.utf8)
      ).reason
      #expect((reason.string == words) == (count <= 120) && reason.cells == min(count, 120))
    }
    for word in ["format", "", "Seat"] {
      #expect(throws: FloorCodec.Refusal.foreignTopic) { _ = try order(word, #""seat":2"#) }
    }
  }

  /// Yes and no have one meaning: what says both says nothing.
  @Test func anAnswerContradictsItselfInNoWay() throws {
    func answer(_ ok: Bool, _ state: String) throws -> OrderAnswer.State {
      try OrderCodec.answer(
        payload: Array(#"{"v":1,"id":"7","ok":\#(ok),"state":\#(state)}"#.utf8)
      ).state
    }
    #expect(try answer(true, #""shown""#) == .shown && answer(true, #""done""#) == .done)
    #expect(try answer(false, #""refused""#) == .refused)
    for (ok, state) in [(false, "shown"), (false, "done"), (true, "refused")] {
      #expect(throws: FloorCodec.Refusal.badMember("state")) { _ = try answer(ok, "\"\(state)\"") }
    }
    // A word that is not known yet is as none.
    #expect(try answer(true, #""read""#) == .done && answer(false, "null") == .refused)
    for answer in [OrderAnswer(id: "a", state: .shown), .init(id: "a", state: .refused)] {
      let text = String(decoding: OrderCodec.encode(answer), as: UTF8.self)
      #expect(text.contains(#""ok":\#(answer.state != .refused)"#) && !text.contains("reason"))
    }
  }
}
