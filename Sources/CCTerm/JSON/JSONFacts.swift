// Facts as the lines of `--json` (design 7.1): the names are a promise.

import CCCore
import CCJSON

/// Writes facts as JSON, one object a line, numbered without a gap.
struct JSONFacts {
  private var lines = JSONLines()

  /// The line of a fact, with its end; nil for what `--json` has no type for.
  mutating func line(_ fact: Fact, _ desk: Desk, at now: Instant) -> [UInt8]? {
    guard let (type, fields) = Self.fields(fact, desk, at: now) else { return nil }
    return lines.line(type, fields, at: now)
  }

  /// The line that refuses a number of letters and names what they spell.
  mutating func refusal(offering number: DialNumber, at now: Instant) -> [UInt8] {
    let words = DialNumber.Refusal.letters(number).sentence
    return lines.line(
      "notice",
      [
        ("level", "warning"), ("message", .string(words)), ("offer", Self.offer(number)),
      ], at: now)
  }

  typealias Fields = JSONLines.Fields

  private static func fields(_ fact: Fact, _ desk: Desk, at now: Instant) -> (String, Fields)? {
    switch fact {
    case .link(let link): ("link", fields(link, desk, at: now))
    case .seat(let seat): ("seat", fields(seat, desk, at: now))
    case .call(let call): ("call", fields(call))
    case .dialled(let attempt):
      (
        "dial",
        [
          ("attempt", .int(Int64(attempt.id))), ("phone", .string(attempt.phone)),
          ("info", .string(attempt.info)), ("tones", text(SafeText(attempt.tones))),
          ("outcome", .null),
        ]
      )
    case .outcome(let attempt, let outcome, let reason, let phone):
      (
        "dial",
        [
          ("attempt", attempt.map { .int(Int64($0)) } ?? .null), ("phone", .string(phone)),
          ("outcome", .string(outcome.rawValue)), ("reason", text(reason?.words)),
          ("code", reason?.code.map { .int(Int64($0)) }),
          ("cause", reason?.cause.map { .int(Int64($0)) }),
          ("offer", outcome == .refused && attempt == nil ? offer(for: phone) : nil),
        ]
      )
    case .notice(let level, let message):
      ("notice", [("level", .string(level.rawValue)), ("message", .string(message.string))])
    case .anomaly(let what, let count):
      ("anomaly", [("what", .string(what.rawValue)), ("count", .int(Int64(count)))])
    case .order(let order, let outcome): ("order", fields(order, outcome))
    case .tones(let digits): ("tones", [("digits", .string(digits))])
    case .transfer(let state, let reason, let call):
      (
        "transfer",
        [
          ("state", .string(state.rawValue)), ("call", call.map { .string($0) }),
          ("reason", text(reason)),
        ]
      )
    case .level(let level):
      ("level", [("in", .double(level.input)), ("out", .double(level.output))])
    case .log(let level, let message):
      (
        "notice",
        [
          ("level", .string(level.rawValue)), ("message", .string(message.string)),
          ("from", "line"),
        ]
      )
    case .remark(let id, let level, let message):
      (
        "notice",
        [
          ("level", .string(level.rawValue)), ("message", .string(message.string)),
          ("from", "line"), ("call", desk.call(id)?.lineID.map { .string($0) }),
        ]
      )
    case .wrapUpEnds(let seconds, let next):
      (
        "notice",
        [("level", "info"), ("message", .string("\(next.name) in \(seconds) seconds"))]
      )
    case .record(let record): ("record", fields(record))
    }
  }

  private static func fields(_ order: Order, _ outcome: OrderOutcome) -> Fields {
    var state = "asked"
    var reason: JSONValue?
    switch outcome {
    case .asked: break
    case .done: state = "done"
    case .refused(let why): (state, reason) = ("refused", .string(why.string))
    case .expired: state = "expired"
    }
    var seat: JSONValue?
    if case .seat(let wanted) = order.wish { seat = .int(Int64(wanted.code)) }
    return [
      ("id", .string(order.id)), ("from", .string(order.from.string)),
      ("wish", .string(order.wish.kind.rawValue)), ("seat", seat), ("text", text(order.text)),
      ("state", .string(state)), ("reason", reason),
    ]
  }

  private static func fields(_ link: Link, _ desk: Desk, at now: Instant) -> Fields {
    var fields: Fields = [
      ("state", .string(state(link))), ("line", .string(desk.settings.line.string)),
      ("account", text(desk.account)),
    ]
    switch link {
    case .up:
      fields.append(("secure", text(desk.secure)))
      let names = Abilities.names.filter { desk.abilities.contains($0.1) }.map(\.0)
      fields.append(("abilities", .array(names.map { .string($0) })))
    case .down(_, let reason, let retryAt):
      fields.append(("reason", text(reason)))
      fields.append(("retryIn", retryAt.map { seconds($0.nanoseconds(since: now)) }))
    case .stopped(_, let reason): fields.append(("reason", text(reason)))
    case .off: fields.append(("reason", "offline"))
    case .connecting, .evicted: break
    }
    return fields
  }

  private static func state(_ link: Link) -> String {
    switch link {
    case .connecting: "connecting"
    case .up: "up"
    case .down, .stopped, .off: "down"
    case .evicted: "evicted"
    }
  }

  private static func fields(_ state: SeatState, _ desk: Desk, at now: Instant) -> Fields {
    let seat = state.seat
    return [
      ("code", seat.map { .int(Int64($0.code)) } ?? .null),
      ("name", .string(seat?.name ?? "unknown")),
      ("source", .string(state.source == .line ? "line" : "desk")),
      ("witnessed", .bool(state.witnessed)), ("next", state.pending.map { .string($0.name) }),
      ("untold", text(state.untold)),
      ("wrapUp", desk.wrapUp.map { .int(Int64($0.secondsLeft(at: now))) }),
    ]
  }

  private static func fields(_ call: Call) -> Fields {
    [
      ("phase", .string(phase(call))), ("number", .string(call.number.string)),
      ("direction", .string(call.direction == .out ? "out" : "in")),
      ("call", call.lineID.map { .string($0) }), ("name", text(call.name)),
      ("reason", text(call.end?.reason?.words)),
      ("code", call.end?.reason?.code.map { .int(Int64($0)) }),
      ("cause", call.end?.reason?.cause.map { .int(Int64($0)) }),
      ("kind", call.end?.kind.map { .string($0.rawValue) }),
      ("first", call.first.map(fields)), ("called", call.called.map(fields)),
      ("by", call.end.map { .string(ender($0.by)) }),
      ("to", handedTo(call)),
      ("inferred", .bool(call.end?.by == .inferred)),
      ("held", .bool(call.talk?.heldSince != nil)),
      ("farHeld", call.talk?.farHeldSince == nil ? nil : true),
      ("muted", .bool(call.talk?.muted == true)),
      ("witnessed", (call.talk?.witnessed ?? call.end?.witnessed).map { .bool($0) }),
      ("consultation", call.isConsultation ? true : nil),
      ("tones", text(SafeText(call.tones))),
      ("talkSeconds", call.end?.talked.map { seconds($0) }),
    ]
  }

  /// The number that the letters of a refused one spell, ready to be dialled.
  private static func offer(for phone: String) -> JSONValue? {
    DialNumber.offer(for: phone).map(offer)
  }

  private static func offer(_ number: DialNumber) -> JSONValue {
    .string(number.tones.isEmpty ? number.digits : "\(number.digits),,\(number.tones)")
  }

  private static func ender(_ by: Call.Ender) -> String {
    switch by {
    case .agent: "agent"
    case .desk: "desk"
    case .transferred: "transfer"
    case .far: "far"
    case .lineLost: "lineLost"
    case .inferred: "inferred"
    case .unseen: "unseen"
    }
  }

  private static func handedTo(_ call: Call) -> JSONValue? {
    guard case .transferred(let to)? = call.end?.by else { return nil }
    return text(to)
  }

  private static func phase(_ call: Call) -> String {
    switch call.phase {
    case .calling: "calling"
    case .ringing: "ringing"
    case .talking: "talking"
    case .ended: "ended"
    case .notEstablished: "notEstablished"
    }
  }

  /// Seconds to the millisecond; whole ones without a fraction.
  static func seconds(_ nanoseconds: Int64) -> JSONValue {
    let milli = nanoseconds.plus(500_000) / 1_000_000
    return milli % 1000 == 0 ? .int(milli / 1000) : .double(Double(milli) / 1000)
  }

  static func text(_ text: SafeText?) -> JSONValue? {
    text.flatMap { $0.isEmpty ? nil : .string($0.string) }
  }
}
