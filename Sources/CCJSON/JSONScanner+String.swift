// Strings in a JSON text.

extension JSONScanner {
  /// Reads a string; stands on its opening quote.
  mutating func string() throws(JSONError) -> String {
    index += 1
    let start = index
    while true {
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "\""):
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        index += 1
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20 where !repairs: throw JSONError(.controlCharacter, at: index)
      default: index += 1
      }
    }
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var text = [UInt8](bytes[start..<index])
    while true {
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        index += 1
        try escape(into: &text)
      case 0..<0x20 where !repairs: throw JSONError(.controlCharacter, at: index)
      default:
        text.append(byte)
        index += 1
      }
    }
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    let byte = try peek()
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: try scalar().utf8)
    default: throw JSONError(.badEscape, at: index - 1)
    }
  }

  // Past `\u`: four hex digits, and another escape where these are the first half of a pair.
  private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
    let place = index - 2
    let first = try hex()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    else { return try lone(place) }
    let next = index
    index += 2
    let second = try hex()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else {
      // The second may be a sign of its own.
      index = next
      return try lone(place)
    }
    return scalar
  }

  private func lone(_ place: Int) throws(JSONError) -> Unicode.Scalar {
    guard repairs else { throw JSONError(.loneSurrogate, at: place) }
    return "\u{FFFD}"
  }

  private mutating func hex() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch try peek() {
      case let byte where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
        digit = byte - UInt8(ascii: "0")
      case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte):
        digit = byte - UInt8(ascii: "a") + 10
      case let byte where (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte):
        digit = byte - UInt8(ascii: "A") + 10
      default: throw JSONError(.badEscape, at: index)
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}
