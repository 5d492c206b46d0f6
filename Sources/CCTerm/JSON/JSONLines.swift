// The frame that every line of `--json` has (design 7.1).

import CCCore
import CCJSON

/// Writes objects, one a line, numbered without a gap.
struct JSONLines {
  /// What a line has beside its frame, in order; what is nil is left out.
  typealias Fields = [(String, JSONValue?)]

  private var sequence: Int64 = 0

  /// A line with its end.
  mutating func line(_ type: String, _ fields: Fields, at now: Instant) -> [UInt8] {
    sequence += 1
    var object = JSONObject([
      .init(name: "v", value: 1), .init(name: "type", value: .string(type)),
      .init(name: "seq", value: .int(sequence)),
      .init(name: "at", value: .string(Timestamp.text(now.unix))),
    ])
    for (name, value) in fields { if let value { object[name] = value } }
    return JSONWriter.write(.object(object)) + [0x0A]
  }
}
