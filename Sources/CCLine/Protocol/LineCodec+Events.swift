// The messages from a line to the desk, one function each.

import CCCore
import CCJSON

extension LineCodec {
  static func hello(_ message: JSONValue) -> [LineEvent] {
    let line = text(message["line"]) ?? "line"
    var events: [LineEvent] = []
    var abilities: Abilities = [.dial]
    switch message["abilities"] {
    case .array(let names): abilities = Abilities(names: names.compactMap(\.string))
    case nil, .null: break
    default: events.append(.anomaly(.badDetail))
    }
    if let version = message["protocol"], version != 1 {
      // Later versions only add; what is unknown is counted as it comes.
      events.append(
        .log(.warning, "The line speaks another version of the protocol than this desk: 1."))
    }
    return [.hello(line: line, abilities: abilities)] + events
  }

  static func registered(_ message: JSONValue) -> [LineEvent] {
    let seconds = number(message["expiresIn"]).flatMap { $0 >= 1 && $0 <= 1e9 ? Int($0) : nil }
    return [
      .registered(
        account: text(message["account"]), expiresIn: seconds, secure: text(message["secure"]))
    ]
  }

  static func unregistered(_ message: JSONValue) -> [LineEvent] {
    let seconds = number(message["retryIn"]).flatMap { $0 >= 0 && $0 <= 1e9 ? $0 : nil }
    return [
      .unregistered(
        reason: text(message["reason"]) ?? "", retryIn: seconds,
        final: message["final"]?.bool ?? false)
    ]
  }

  static func onSeatStatus(_ message: JSONValue) -> [LineEvent] {
    guard let detail = message["detail"], let code = Detail.code(Detail.peeled(detail)) else {
      return [.anomaly(.badDetail)]
    }
    return [.seat(Seat(code: code))]
  }

  static func onCall(_ message: JSONValue) -> [LineEvent] {
    guard let detail = message["detail"].map(Detail.peeled),
      let status = Detail.callStatus(detail), let call = id(message["call"])
    else { return [.anomaly(.badDetail)] }
    let (number, exact, isWrong) = Detail.number(detail["calledNumber"])
    let (to, _, toIsWrong) = Detail.number(message["to"])
    let toName = text(message["toName"])
    let end = end(message, status)
    let report = CallReport(
      status, number: number, exact: exact, call: call.value, direction: direction(message),
      reason: end.reason, name: text(message["name"]), kind: end.kind, count: end.count,
      called: to == nil && toName == nil ? nil : Party(number: to, name: toName))
    return isWrong || toIsWrong || end.isWrong
      ? [.call(report), .anomaly(.badDetail)] : [.call(report)]
  }

  /// What a message says of an end: why, and how.
  ///
  /// Strict of what only this protocol has: a `kind`, `cause` or `count` that is none, or that cannot be
  /// of this status and direction, is left out and counted.
  private static func end(
    _ message: JSONValue, _ status: CallReport.Status
  ) -> (reason: Reason?, kind: EndKind?, count: Int, isWrong: Bool) {
    let words = text(message["reason"])
    let code = message["code"]?.int.flatMap { (0...9999).contains($0) ? $0 : nil }
    let cause = message["cause"]?.int.flatMap { (1...127).contains($0) ? $0 : nil }
    let kind = message["kind"]?.string.flatMap(EndKind.init).flatMap {
      $0.fits(status, direction(message)) ? $0 : nil
    }
    let count = message["count"]?.int.flatMap {
      (1...1_000_000).contains($0) && kind == .notTaken ? $0 : nil
    }
    let hasReason = words != nil || code != nil || cause != nil
    let isWrong =
      isThere(message["cause"]) && cause == nil || isThere(message["kind"]) && kind == nil
      || isThere(message["count"]) && count == nil
    return (
      hasReason ? Reason(words ?? "", code: code, cause: cause) : nil, kind, count ?? 1, isWrong
    )
  }

  private static func isThere(_ value: JSONValue?) -> Bool {
    switch value {
    case nil, .null: false
    default: true
    }
  }

  /// Who is at the other end now: a number, a name, or both.
  static func party(_ message: JSONValue) -> [LineEvent] {
    guard let call = id(message["call"]) else { return [.anomaly(.badDetail)] }
    let (number, _, isWrong) = Detail.number(message["number"])
    let party = Party(number: number, name: text(message["name"]))
    if isWrong || party.number == nil && party.name == nil { return [.anomaly(.badDetail)] }
    return [.party(call: call.value, party)]
  }

  static func callState(_ message: JSONValue) -> [LineEvent] {
    guard let call = id(message["call"]) else { return [.anomaly(.badDetail)] }
    let (held, muted) = (message["held"]?.bool, message["muted"]?.bool)
    let far = message["farHeld"]?.bool
    if held == nil, muted == nil, far == nil { return [.anomaly(.badDetail)] }
    let own: [LineEvent] =
      held == nil && muted == nil ? [] : [.callState(call: call.value, held: held, muted: muted)]
    return own + (far.map { [.farHold(call: call.value, $0)] } ?? [])
  }

  static func transfer(_ message: JSONValue) -> [LineEvent] {
    guard let call = id(message["call"]),
      let state = message["state"]?.string.flatMap(LineEvent.TransferState.init)
    else { return [.anomaly(.badDetail)] }
    return [.transfer(call: call.value, state: state, reason: text(message["reason"]) ?? "")]
  }

  static func level(_ message: JSONValue) -> [LineEvent] {
    let (input, output) = (message["in"]?.double, message["out"]?.double)
    if input == nil, output == nil { return [.anomaly(.badDetail)] }
    func clamped(_ value: Double?) -> Double { min(1, max(0, value ?? 0)) }
    return [.level(input: clamped(input), output: clamped(output))]
  }

  static func result(_ message: JSONValue) -> [LineEvent] {
    guard let id = number(message["id"]).flatMap({ Int(exactly: $0) }) else {
      return [.anomaly(.badDetail)]
    }
    let error = text(message["error"])
    return [.result(id: id, ok: message["ok"]?.bool ?? (error == nil), error: error ?? "")]
  }

  static func log(_ message: JSONValue) -> [LineEvent] {
    guard let words = text(message["message"]) else { return [.anomaly(.badDetail)] }
    let level = message["level"]?.string.flatMap(NoticeLevel.init) ?? .info
    guard let call = id(message["call"]) else {
      return [.log(level, words), .anomaly(.badDetail)]
    }
    return [call.value.map { .remark(call: $0, level, words) } ?? .log(level, words)]
  }
}

extension LineCodec {
  static func unreadable(_ message: JSONValue) -> [LineEvent] {
    guard let total = message["total"]?.int, total > 0 else {
      return [.anomaly(.badDetail)]
    }
    return [.unreadable(total: total, last: text(message["last"]) ?? "")]
  }

  /// A washed text; nil if absent or empty.
  ///
  /// Numbers are taken too: accounts are often numbers.
  static func text(_ value: JSONValue?) -> SafeText? {
    switch value {
    case .string(let text): text.isEmpty ? nil : SafeText(text)
    case .int(let number): SafeText(String(number))
    default: nil
    }
  }

  /// A number, also one in quotes.
  static func number(_ value: JSONValue?) -> Double? {
    if case .string(let text)? = value {
      Double(text).flatMap { $0.isFinite ? $0 : nil }
    } else {
      value?.double
    }
  }

  /// A call's id, verbatim, to be sent back; nil if something is there that cannot be one.
  static func id(_ value: JSONValue?) -> CallName? {
    switch value {
    case nil, .null, .string(""): CallName(value: nil)
    case .string(let text): text.utf8.count <= 256 ? CallName(value: text) : nil
    case .int(let number): CallName(value: String(number))
    // 7.0 is 7. One that no reader keeps whole could not be sent back as it came: it is none.
    case .double(let number) where number > -0x1p53 && number < 0x1p53:
      Double(Int64(number)) == number ? CallName(value: String(Int64(number))) : nil
    case .double: CallName(value: nil)
    default: nil
    }
  }

  /// The line's id of a call, or none.
  struct CallName {
    let value: String?
  }

  private static func direction(_ message: JSONValue) -> Direction? {
    switch message["direction"]?.string {
    case "out": .out
    case "in": .in
    default: nil
    }
  }
}
