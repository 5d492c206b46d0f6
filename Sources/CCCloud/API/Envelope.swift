// What every answer of the vendor is wrapped in (contract sections 2 and 11).

import CCCore
import CCJSON

/// The vendor's `status`, `reason` and `data`, in the shapes that its pages show.
struct Envelope: Hashable, Sendable {
  /// 0 is success.
  var status: Int
  var reason: SafeText
  /// nil where it is absent or null.
  var data: JSONValue?

  /// Reads one; nil for what is no envelope.
  ///
  /// `status` comes as `"0"` and as `0`; some pages name it `code`, and the reason `msg`.
  init?(_ json: JSONValue) {
    guard let number = Self.number(json["status"] ?? json["code"]) else { return nil }
    status = number
    let words = json["reason"]?.string ?? json["msg"]?.string ?? json["message"]?.string
    reason = SafeText(words ?? "", limit: 120)
    data = json["data"].flatMap { $0 == .null ? nil : $0 }
  }

  private static func number(_ value: JSONValue?) -> Int? {
    switch value {
    case .string(let text)?: Int(text)
    case .some(let value): value.int
    case nil: nil
    }
  }
}
