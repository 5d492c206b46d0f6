// One line of what `ccterm doctor` found.

import CCCore
import CCJSON

/// Something that was looked at, how it is, and what mends it.
struct Finding: Hashable, Sendable {
  /// How it is.
  enum State: String, Hashable, Sendable {
    case ok
    /// It works, but worse than it could, or something optional is not there.
    case warning
    /// It is needed and is not there.
    case missing
  }

  /// What was looked at: `locale`, `browser`.
  var what: String
  var state: State
  /// What was found, in words.
  var found: SafeText
  /// The command that mends it, or what to do.
  var mend: SafeText?

  static func ok(_ what: String, _ found: String) -> Finding {
    Finding(what: what, state: .ok, found: SafeText(found), mend: nil)
  }

  static func warning(_ what: String, _ found: String, mend: String) -> Finding {
    Finding(what: what, state: .warning, found: SafeText(found), mend: SafeText(mend))
  }

  static func missing(_ what: String, _ found: String, mend: String) -> Finding {
    Finding(what: what, state: .missing, found: SafeText(found), mend: SafeText(mend))
  }

  /// The finding in a table: a row, and another one with what mends it.
  var rows: [String] {
    let head = Self.padded(state.rawValue, 9) + Self.padded(what, 14)
    let row = head + found.string
    guard let mend else { return [row] }
    return [row, String(repeating: " ", count: 23) + "mend: \(mend)"]
  }

  /// The finding as one line of JSON.
  var json: String {
    var object = JSONObject()
    object["v"] = 1
    object["type"] = "finding"
    object["what"] = .string(what)
    object["state"] = .string(state.rawValue)
    object["found"] = .string(found.string)
    object["mend"] = mend.map { .string($0.string) } ?? .null
    return JSONWriter.string(.object(object))
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
