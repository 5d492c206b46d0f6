// The shapes that the vendor's `detail` may have: documented in words only, so all readings are taken.

import CCCore
import CCJSON

/// Reads `detail` of `onSeatStatus` and `onCall`.
///
/// The vendor documents an array that is described as a code, and an object whose status is typed
/// `Object` and whose number is typed `Number`; no sample is printed. A Vue component emits its
/// arguments as an array. So arrays are peeled, and a code is taken in each form that can carry one.
enum Detail {
  /// Takes the first element of an array, at most three times.
  static func peeled(_ value: JSONValue) -> JSONValue {
    var value = value
    for _ in 0..<3 {
      guard case .array(let elements) = value, let first = elements.first else { break }
      value = first
    }
    return value
  }

  /// A status code: a whole number, also in quotes, or an object that holds one under a likely name.
  static func code(_ value: JSONValue) -> Int? {
    plainCode(value)
      ?? codeNames.lazy.compactMap { value[$0].flatMap { plainCode(peeled($0)) } }.first
  }

  /// The call status: `callStatus` of an object, or a bare code.
  static func callStatus(_ detail: JSONValue) -> CallReport.Status? {
    let code =
      if case .object = detail {
        detail["callStatus"].flatMap { Detail.code(peeled($0)) }
      } else {
        plainCode(detail)
      }
    return code.flatMap(CallReport.Status.init)
  }

  /// `calledNumber`, whether it is what the line has, and whether something unreadable stood there.
  ///
  /// A JavaScript number has lost its plus and its zeros, and beyond 2^53 its last digits; zero is what
  /// becomes of an empty text, so it is none.
  static func number(_ value: JSONValue?) -> (SafeText?, exact: Bool, wrong: Bool) {
    switch value {
    case nil, .null, .int(0): return (nil, true, false)
    case .string(let text):
      let trimmed = trim(text)
      if trimmed.isEmpty { return (nil, true, false) }
      if trimmed.unicodeScalars.count > 64 || trimmed.unicodeScalars.contains(where: isControl) {
        return (nil, true, true)
      }
      return (SafeText(trimmed), true, false)
    case .int(let digits) where digits > 0: return (SafeText(String(digits)), false, false)
    case .double(let number) where number == 0: return (nil, true, false)
    case .double(let number) where number > 0 && number < 0x1p63:
      let digits = Int64(number)
      if Double(digits) == number { return (SafeText(String(digits)), false, false) }
      return (nil, true, true)
    default: return (nil, true, true)
    }
  }

  private static let codeNames = ["seatStatus", "callStatus", "status", "state", "code", "value"]

  // Codes that are not in the contract are passed on as such; what no code can be is not.
  private static func plainCode(_ value: JSONValue) -> Int? {
    let number =
      switch value {
      case .string(let text): Int(trim(text))
      default: value.int
      }
    return number.flatMap { (-9_999...9_999).contains($0) ? $0 : nil }
  }

  private static func trim(_ text: String) -> Substring {
    var rest = text[...]
    while let first = rest.unicodeScalars.first, first.properties.isWhitespace {
      rest.unicodeScalars.removeFirst()
    }
    while let last = rest.unicodeScalars.last, last.properties.isWhitespace {
      rest.unicodeScalars.removeLast()
    }
    return rest
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }
}
