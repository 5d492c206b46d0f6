// Country codes: where one ends, and what stands before the area code behind it.

/// Country codes, as far as dialling needs them.
enum CallingCode {
  /// No trunk prefix: a zero at the beginning is part of the number (Italy with the Vatican, San
  /// Marino, the Vatican's own code, Côte d'Ivoire, Congo).
  static let keepsZero: Set<String> = ["39", "378", "379", "225", "242"]
  /// Trunk prefixes that are no zero alone.
  static let trunk = ["1": "1", "7": "8", "36": "06", "370": "8", "375": "80", "993": "8"]

  /// Every trunk prefix that people write for a code, the longest first.
  static func trunks(_ code: String) -> [String] {
    // Belarus: an 8, and the zero that all its area codes have at home.
    code == "375" ? ["80", "8"] : trunk[code].map { [$0] } ?? []
  }

  /// What stands before a country code, longest first where one begins like another.
  static let prefixes = ["+", "0011", "011", "00", "810"]

  /// The length of the country code that digits without a plus begin with; nil: with none.
  static func length(_ digits: some Collection<UInt8>) -> Int? {
    guard let first = digits.first, (49...57).contains(first) else { return nil }
    if first == 49 || first == 55 { return 1 }  // +1, +7
    guard let second = digits.dropFirst().first else { return nil }
    let two = Int(first - 48) * 10 + Int(second) - 48
    let length = twoDigits.contains(two) ? 2 : 3
    return digits.count >= length ? length : nil
  }

  /// The country code that these digits are, whole, and whether a prefix says that they are one.
  static func whole(_ digits: String) -> (code: String, isMarked: Bool)? {
    for prefix in prefixes where digits.hasPrefix(prefix) {
      let rest = digits.dropFirst(prefix.utf8.count)
      if !rest.isEmpty, length(rest.utf8) == rest.utf8.count { return (String(rest), true) }
    }
    guard !digits.isEmpty, length(digits.utf8) == digits.utf8.count else { return nil }
    return (digits, false)
  }

  /// ITU-T E.164's country codes of two digits; all others but 1 and 7 have three.
  private static let twoDigits: Set<Int> = [
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
    57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
  ]
}
