// The payloads of orders and their answers, read within bounds and written as they are read.

import CCCore
import CCJSON

/// The JSON of `cmd/message|seat|signOff` and of `ack` (design section 6).
///
/// As with the floor's payloads, what is there must be of its kind and within its bounds, or the whole
/// is refused; unknown members are ignored.
public enum OrderCodec {
  /// Reads an order that came as `cmd/<word>`.
  ///
  /// - Throws: `FloorCodec.Refusal`.
  public static func order(
    word: String, payload: some Collection<UInt8>
  ) throws(FloorCodec.Refusal) -> Order {
    guard let kind = Order.Wish.Kind(rawValue: word) else { throw .foreignTopic }
    let members = try FloorCodec.members(payload)
    guard let expires = try members.time("exp") else { throw .badMember("exp") }
    guard let epoch = try members.time("e") else { throw .badMember("e") }
    let text = try members.text("text", limit: Order.longestText) ?? ""
    let wish: Order.Wish
    switch kind {
    case .message:
      guard !text.isEmpty else { throw .badMember("text") }
      wish = .message
    case .seat:
      guard let code = try members.int("seat", in: FloorCodec.Bounds.wantedSeat) else {
        throw .badMember("seat")
      }
      wish = .seat(Seat(code: code))
    case .signOff: wish = .signOff
    }
    return Order(
      id: try id(members), expires: expires, epoch: epoch,
      from: try members.text("from", limit: 64) ?? "a supervisor", wish: wish, text: text)
  }

  /// The payload of an order.
  public static func encode(_ order: Order) -> [UInt8] {
    var seat: JSONValue?
    if case .seat(let wanted) = order.wish { seat = .int(Int64(wanted.code)) }
    return FloorCodec.write([
      ("id", .string(order.id)), ("exp", FloorCodec.time(order.expires)),
      ("e", FloorCodec.time(order.epoch)),
      ("from", .string(order.from.string)),
      ("text", order.text.isEmpty ? nil : .string(order.text.string)), ("seat", seat),
    ])
  }

  /// Reads an answer.
  ///
  /// One without a `state`, as another desk may send it, has come to an end: `ok` says to which.
  ///
  /// - Throws: `FloorCodec.Refusal`.
  public static func answer(
    payload: some Collection<UInt8>
  ) throws(FloorCodec.Refusal) -> OrderAnswer {
    let members = try FloorCodec.members(payload)
    guard let ok = members.object["ok"]?.bool else { throw .badMember("ok") }
    let reason = try members.text("reason", limit: 120) ?? ""
    let state = OrderAnswer.State(rawValue: try members.text("state", limit: 16)?.string ?? "")
    guard state == nil || (state == .refused) != ok else { throw .badMember("state") }
    return OrderAnswer(
      id: try id(members), state: state ?? (ok ? .done : .refused), reason: reason)
  }

  /// The payload of an answer.
  public static func encode(_ answer: OrderAnswer) -> [UInt8] {
    FloorCodec.write([
      ("id", .string(answer.id)), ("ok", .bool(answer.state != .refused)),
      ("state", .string(answer.state.rawValue)),
      ("reason", answer.reason.isEmpty ? nil : .string(answer.reason.string)),
    ])
  }

  private static func id(_ members: Members) throws(FloorCodec.Refusal) -> String {
    guard let id = members.object["id"]?.string, AgentKey.isLevel(id) else {
      throw .badMember("id")
    }
    return id
  }
}
