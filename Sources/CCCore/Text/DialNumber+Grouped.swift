// Numbers in groups, for the eye only.

extension DialNumber {
  /// The number in groups for the eye: `132 1234 5678`, `+34 612 34 56 78`.
  public var grouped: String { Self.grouped(digits) }

  /// Any number's text in groups for the eye; what is no number is left as it is.
  ///
  /// The groups say nothing about the number: what will be sent stands beside them (screens rule 10).
  public static func grouped(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count <= 24 else { return text }
    let plus = bytes.first == UInt8(ascii: "+")
    let digits = plus ? Array(bytes.dropFirst()) : bytes
    guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return text }
    let country = plus ? countryCodeLength(digits) : 0
    var parts: [ArraySlice<UInt8>] = []
    if country > 0 { parts.append(digits.prefix(country)) }
    var rest = digits.dropFirst(country)
    for size in sizes(Array(rest), national: plus) where !rest.isEmpty {
      parts.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    if !rest.isEmpty { parts.append(rest) }
    return (plus ? "+" : "")
      + parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }

  /// Group sizes for so many digits; what they leave over is one more group.
  private static func sizes(_ digits: [UInt8], national: Bool) -> [Int] {
    let mobile =
      digits.count <= 11 && digits.first == 49 && digits.dropFirst().first.map { $0 >= 51 } == true
    if mobile { return [3, 4, 4] }
    switch digits.count {
    case ...4: return [4]
    case 5: return [3, 2]
    case 6: return [3, 3]
    case 7: return [3, 4]
    case 8: return [3, 3, 2]
    case 9: return national ? [3, 2, 2, 2] : [3, 3, 3]
    case 10: return [3, 3, 4]
    case 11: return [3, 4, 4]
    default: return Array(repeating: 3, count: digits.count / 3)
    }
  }

  /// The length of the country code at the beginning: ITU-T E.164's zones, in two lines.
  private static func countryCodeLength(_ digits: [UInt8]) -> Int {
    guard let first = digits.first, let second = digits.dropFirst().first else { return 1 }
    if first == 49 || first == 55 { return 1 }  // +1, +7
    let two = Int(first - 48) * 10 + Int(second - 48)
    return Self.twoDigitCountries.contains(two) ? 2 : 3
  }

  private static let twoDigitCountries: Set<Int> = [
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56,
    57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
  ]
}
