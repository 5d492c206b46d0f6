// The record of a call that is over, and who was at its other end, for `--json`.

import CCCore
import CCJSON

extension JSONFacts {
  /// `{"number": ..., "name": ...}`.
  static func fields(_ party: Party) -> JSONValue {
    var object = JSONObject([])
    object["number"] = party.number.map { .string($0.string) }
    object["name"] = text(party.name)
    return .object(object)
  }

  /// What `record` has.
  static func fields(_ record: Record) -> Fields {
    [
      ("id", .int(Int64(record.id.value))), ("result", .string(word(record.result))),
      ("number", .string(record.number.string)),
      ("direction", .string(record.direction == .out ? "out" : "in")),
      ("call", record.lineID.map { .string($0) }), ("name", text(record.name)),
      ("first", record.first.map(fields)), ("reason", text(record.reason?.words)),
      ("code", record.reason?.code.map { .int(Int64($0)) }),
      ("cause", record.reason?.cause.map { .int(Int64($0)) }),
      ("kind", record.kind.map { .string($0.rawValue) }),
      ("count", record.count > 1 ? .int(Int64(record.count)) : nil),
      ("began", moment(record.began)), ("answered", record.answered.map(moment)),
      ("ended", moment(record.ended)), ("talkSeconds", record.talked.map { seconds($0) }),
      ("consultation", record.isConsultation ? true : nil),
      ("info", record.info.isEmpty ? nil : .string(record.info)),
      ("note", record.note.isEmpty ? nil : .string(record.note)),
    ]
  }

  private static func moment(_ instant: Instant) -> JSONValue {
    .string(Timestamp.text(instant.unix))
  }

  private static func word(_ result: Record.Result) -> String {
    switch result {
    case .answered: "answered"
    case .transferred: "transferred"
    case .unanswered: "unanswered"
    case .rejected: "rejected"
    case .refused: "refused"
    case .cancelled: "cancelled"
    case .missed: "missed"
    case .declined: "declined"
    case .answeredElsewhere: "answeredElsewhere"
    case .turnedAway: "turnedAway"
    case .notTaken: "notTaken"
    case .lineLost: "lineLost"
    }
  }
}
