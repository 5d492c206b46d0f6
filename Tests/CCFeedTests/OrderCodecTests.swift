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
}
