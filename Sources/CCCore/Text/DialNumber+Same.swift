// Whether a number that the line reports may mean a call that the desk knows.

extension DialNumber {
  /// Whether the line may mean the same telephone by two numbers: the lenient rule, for reports only.
  ///
  /// A `calledNumber` may have lost its plus, its zeros or its country code (browser notes, section 4):
  /// both sides are stripped to digits, `*` and `#` without leading zeros, and seven equal last signs
  /// are enough where one is the end of the other. A text with a letter, or without a digit, is no
  /// number: it means only the same text. Whether two callers are one is asked of `Numbering`, which
  /// is not lenient.
  public static func same(_ one: String, _ two: String) -> Bool {
    if one == two { return true }
    guard let one = core(one), let two = core(two) else { return false }
    if one == two { return true }
    guard min(one.count, two.count) >= 7 else { return false }
    return one.hasSuffix(two) || two.hasSuffix(one)
  }

  /// What of a number is dialled, without its leading zeros; nil: it is no number.
  private static func core(_ text: String) -> String? {
    var core = ""
    var hasDigit = false
    var rest = Substring(text)
    for scheme in ["sip:", "sips:", "tel:"] where rest.lowercased().hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count).prefix { $0 != "@" && $0 != ";" }
    }
    for scalar in rest.unicodeScalars {
      switch scalar {
      case "0"..."9":
        hasDigit = true
        if core.isEmpty, scalar == "0" { continue }
        core.unicodeScalars.append(scalar)
      case "*", "#": core.unicodeScalars.append(scalar)
      default: if scalar.properties.isAlphabetic { return nil }
      }
    }
    return hasDigit && !core.isEmpty ? core : nil
  }
}
