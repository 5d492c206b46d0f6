// Numbers in groups, for the eye only.

extension DialNumber {
  /// The number in groups for the eye: `132 1234 5678`, `+34 612 34 56 78`.
  public var grouped: String { Self.grouped(digits) }

  /// Any number's text in groups for the eye; what is no number is left as it is.
  ///
  /// Where the country is known, from a plus or from `country`, the groups are as they are written
  /// there. They say nothing about the number: what will be sent stands beside them (screens rule 10).
  public static func grouped(_ text: String, in country: Country? = nil) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count <= 24 else { return text }
    let plus = bytes.first == UInt8(ascii: "+")
    let digits = plus ? Array(bytes.dropFirst()) : bytes
    guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return text }
    if plus { return "+" + joined(digits, abroad(digits)) }
    guard let country else { return joined(digits, sizes(digits, national: false)) }
    if let prefix = country.prefixAbroad(of: text) {
      return joined(digits, [prefix] + abroad(Array(digits.dropFirst(prefix))))
    }
    let trunk = digits.starts(with: country.trunk.utf8) ? country.trunk.utf8.count : 0
    for length in [trunk, 0] {
      let rest = Array(digits.dropFirst(length))
      guard let known = NumberGroups.sizes(rest, code: country.code), let first = known.first else {
        continue
      }
      if length == 0 { return joined(digits, known) }
      // A zero belongs to the area code that it stands before; a 1 or an 8 stands alone.
      return country.trunk == "0"
        ? joined(digits, [first + 1] + known.dropFirst()) : joined(digits, [length] + known)
    }
    return joined(digits, sizes(digits, national: false))
  }

  /// Group sizes of a number that begins with its country code.
  private static func abroad(_ digits: [UInt8]) -> [Int] {
    let code = CallingCode.length(digits) ?? min(3, digits.count)
    let rest = Array(digits.dropFirst(code))
    let known = NumberGroups.sizes(rest, code: String(decoding: digits.prefix(code), as: UTF8.self))
    return [code] + (known ?? sizes(rest, national: true))
  }

  /// The digits in groups of these sizes; what they leave over is one more group.
  private static func joined(_ digits: [UInt8], _ sizes: [Int]) -> String {
    var parts: [ArraySlice<UInt8>] = []
    var rest = digits[...]
    for size in sizes where !rest.isEmpty {
      parts.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    if !rest.isEmpty { parts.append(rest) }
    return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }

  /// The sizes of all groups but the last, for so many digits of nobody knows where.
  private static func sizes(_ digits: [UInt8], national: Bool) -> [Int] {
    // What is short is an extension, whatever it begins with.
    let mobile =
      (5...11).contains(digits.count) && digits.first == 49
      && digits.dropFirst().first.map { $0 >= 51 } == true
    if mobile { return [3, 4] }
    switch digits.count {
    case ...4: return []
    case 5...7: return [3]
    case 8: return [3, 3]
    case 9: return national ? [3, 2, 2] : [3, 3]
    case 10: return [3, 3]
    case 11: return [3, 4]
    default: return Array(repeating: 3, count: digits.count / 3)
    }
  }
}

/// How the numbers of a country are written there.
enum NumberGroups {
  /// The sizes of all groups but the last of a national number without its trunk prefix; nil: as
  /// those of nobody knows where.
  static func sizes(_ digits: [UInt8], code: String) -> [Int]? {
    let text = String(decoding: digits, as: UTF8.self)
    switch (code, digits.count) {
    case ("1", 10), ("98", 10): return [3, 3]
    case ("7", 10), ("90", 10): return [3, 3, 2]
    case ("44", 9...10): return british(text)
    case ("49", 7...11): return german(text)
    case ("33", 9): return [1, 2, 2, 2]
    case ("34", 9), ("32", 9): return [3, 2, 2]
    case ("32", 8): return [1, 3, 2]
    case ("31", 9): return text.first == "6" ? [1, 4] : [2, 3]
    case ("41", 9), ("380", 9): return [2, 3, 2]
    case ("45", 8), ("47", 8): return [2, 2, 2]
    case ("48", 9), ("351", 9), ("420", 9), ("421", 9): return [3, 3]
    case ("61", 9): return text.first == "4" ? [3, 3] : [1, 4]
    case ("81", 9): return [1, 4]
    case ("81", 10), ("82", 10), ("52", 10), ("55", 10): return [2, 4]
    case ("55", 11): return [2, 5]
    case ("86", 11): return [3, 4]
    case ("91", 10): return [5]
    case ("65", 8), ("852", 8): return [4]
    case ("971", 9), ("353", 9): return [2, 3]
    default: return nil
    }
  }

  private static func british(_ text: String) -> [Int] {
    if text.first == "2" { return [2, 4] }
    let isCity = text.hasPrefix("11") || text.first == "1" && text.dropFirst(2).first == "1"
    if isCity || text.first.map("389".contains) == true { return [3, 3] }
    return [4]
  }

  private static func german(_ text: String) -> [Int] {
    let isMobile = ["15", "16", "17"].contains(text.prefix(2))
    let isCity = ["30", "40", "69", "89"].contains(text.prefix(2))
    return [isMobile ? 3 : isCity ? 2 : 4, 4, 4]
  }
}
