// The messages from a line to the desk, written: for line programs in Swift, and for records.

import CCCore
import CCJSON

extension LineCodec {
  /// Writes an event as one line, with its line end; nothing for what is no message of the protocol.
  public static func encode(_ event: LineEvent) -> [UInt8] {
    message(of: event).map { JSONWriter.write(.object($0)) + [0x0A] } ?? []
  }

  static func message(of event: LineEvent) -> JSONObject? {
    switch event {
    case .started, .died, .anomaly: nil
    case .hello(let line, let abilities):
      make(
        "hello", ("protocol", 1), ("line", line.json),
        (
          "abilities",
          .array(Abilities.names.filter { abilities.contains($0.1) }.map { .string($0.0) })
        ))
    case .registered(let account, let expiresIn, let secure):
      make(
        "registered", ("account", account?.json), ("expiresIn", expiresIn.map { .int(Int64($0)) }),
        ("secure", secure?.json))
    case .unregistered(let reason, let retryIn, let final):
      make(
        "unregistered", ("reason", reason.json), ("retryIn", retryIn.map { .double($0) }),
        ("final", final ? true : nil))
    case .evicted: make("evicted")
    case .seat(let seat): make("onSeatStatus", ("detail", [.int(Int64(seat.code))]))
    case .call(let report): message(of: report)
    case .callState(let call, let held, let muted):
      make(
        "callState", ("call", call.map { .string($0) }), ("held", held.map { .bool($0) }),
        ("muted", muted.map { .bool($0) }))
    case .farHold(let call, let on):
      make("callState", ("call", call.map { .string($0) }), ("farHeld", .bool(on)))
    case .party(let call, let party):
      make(
        "party", ("call", call.map { .string($0) }),
        ("number", party.number.map { number($0.string) }), ("name", party.name?.json))
    case .transfer(let call, let state, let reason):
      make(
        "transfer", ("call", call.map { .string($0) }), ("state", .string(state.rawValue)),
        ("reason", reason.isEmpty ? nil : reason.json))
    case .level(let input, let output):
      make("level", ("in", .double(input)), ("out", .double(output)))
    case .result(let id, let ok, let error):
      make(
        "result", ("id", .int(Int64(id))), ("ok", .bool(ok)),
        ("error", error.isEmpty ? nil : error.json))
    case .unreadable(let total, let last):
      make("unreadable", ("total", .int(Int64(total))), ("last", last.json))
    case .log(let level, let words):
      make("log", ("level", .string(level.rawValue)), ("message", words.json))
    case .remark(let call, let level, let words):
      make(
        "log", ("level", .string(level.rawValue)), ("call", .string(call)),
        ("message", words.json))
    }
  }

  /// A text that names nobody is read as one that is withheld; an empty one as none.
  private static func number(_ text: String) -> JSONValue {
    .string(text.isEmpty ? "anonymous" : text)
  }

  private static func message(of report: CallReport) -> JSONObject {
    var detail: JSONObject = JSONObject([
      .init(name: "callStatus", value: .int(Int64(report.status.rawValue)))
    ])
    if let number = report.number?.string {
      // What came as a number goes as a number, so that a record says the same as the line did.
      let plain = report.exact ? nil : Int64(number)
      detail["calledNumber"] = plain.map { .int($0) } ?? self.number(number)
    }
    let words = report.reason?.words
    return make(
      "onCall", ("detail", .object(detail)), ("call", report.call.map { .string($0) }),
      ("direction", report.direction.map { $0 == .out ? "out" : "in" }),
      ("reason", words?.isEmpty == false ? words?.json : nil),
      ("code", report.reason?.code.map { .int(Int64($0)) }),
      ("cause", report.reason?.cause.map { .int(Int64($0)) }),
      ("kind", report.kind.map { .string($0.rawValue) }),
      ("count", report.count > 1 ? .int(Int64(report.count)) : nil), ("name", report.name?.json),
      ("to", report.called?.number.map { self.number($0.string) }),
      ("toName", report.called?.name?.json))
  }

  private static func make(_ type: String, _ fields: (String, JSONValue?)...) -> JSONObject {
    var message = JSONObject([.init(name: "type", value: .string(type))])
    for (name, value) in fields { message[name] = value }
    return message
  }
}

extension SafeText {
  fileprivate var json: JSONValue { .string(string) }
}
