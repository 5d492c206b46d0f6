// Numbers in a JSON text.

extension JSONScanner {
  /// Reads a number; stands on its minus or first digit.
  mutating func number() throws(JSONError) -> JSONValue {
    let start = index
    let negative = bytes[index] == UInt8(ascii: "-")
    if negative { index += 1 }
    let digits = index
    try skipDigits(from: start)
    // A zero stands alone: 01 is no number.
    if bytes[digits] == UInt8(ascii: "0"), index > digits + 1 {
      throw JSONError(.badNumber, at: start)
    }
    var whole = true
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      whole = false
      index += 1
      try skipDigits(from: start)
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      whole = false
      index += 1
      if index < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[index]) {
        index += 1
      }
      try skipDigits(from: start)
    }
    if whole, let value = integer(digits..<index, negative: negative) { return .int(value) }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw JSONError(.numberOutOfRange, at: start)
    }
    return .double(value)
  }

  private mutating func skipDigits(from start: Int) throws(JSONError) {
    let first = index
    while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
      index += 1
    }
    guard index > first else {
      throw JSONError(index < bytes.count ? .badNumber : .endOfText, at: start)
    }
  }

  // Counted below zero, where there is room for one more; nil where 64 bits are too few, and for -0.
  private func integer(_ range: Range<Int>, negative: Bool) -> Int64? {
    var value: Int64 = 0
    for byte in bytes[range] {
      let (tenfold, over) = value.multipliedReportingOverflow(by: 10)
      let (next, under) = tenfold.subtractingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
      if over || under { return nil }
      value = next
    }
    if negative { return value == 0 ? nil : value }
    return value == .min ? nil : -value
  }
}
