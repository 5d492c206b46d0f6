// The walk over a JSON text: values, arrays, objects.

/// Walks over bytes that are known to be UTF-8.
struct JSONScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  let limit: Int
  /// Whether broken strings are read, with U+FFFD where they are.
  let repairs: Bool
  var index = 0
  private var depth = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, depth limit: Int, repairs: Bool) {
    self.repairs = repairs
    self.bytes = bytes
    self.limit = limit
  }

  mutating func text() throws(JSONError) -> JSONValue {
    skipSpace()
    let value = try value()
    skipSpace()
    guard index == bytes.count else { throw JSONError(.trailing, at: index) }
    return value
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    switch try peek() {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "N"), UInt8(ascii: "I"):
      throw JSONError(.badNumber, at: index)
    case let byte: throw JSONError(.unexpected(byte), at: index)
    }
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    for offset in 0..<word.utf8CodeUnitCount {
      guard try peek() == word.utf8Start[offset] else {
        throw JSONError(.unexpected(bytes[index]), at: index)
      }
      index += 1
    }
    return value
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    try enter()
    var elements: [JSONValue] = []
    if try peek() == UInt8(ascii: "]") {
      leave()
      return .array(elements)
    }
    while true {
      elements.append(try value())
      if try separator(UInt8(ascii: "]")) { return .array(elements) }
    }
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    try enter()
    var members: [JSONObject.Member] = []
    if try peek() == UInt8(ascii: "}") {
      leave()
      return .object(JSONObject(members))
    }
    while true {
      guard try peek() == UInt8(ascii: "\"") else {
        throw JSONError(.unexpected(bytes[index]), at: index)
      }
      let name = try string()
      skipSpace()
      guard try peek() == UInt8(ascii: ":") else {
        throw JSONError(.unexpected(bytes[index]), at: index)
      }
      index += 1
      skipSpace()
      members.append(JSONObject.Member(name: name, value: try value()))
      if try separator(UInt8(ascii: "}")) { return .object(JSONObject(members)) }
    }
  }

  // Past a comma, or past the closing bracket: then true.
  private mutating func separator(_ close: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    let byte = try peek()
    if byte == close {
      leave()
      return true
    }
    guard byte == UInt8(ascii: ",") else { throw JSONError(.unexpected(byte), at: index) }
    index += 1
    skipSpace()
    return false
  }

  private mutating func enter() throws(JSONError) {
    guard depth < limit else { throw JSONError(.tooDeep, at: index) }
    depth += 1
    index += 1
    skipSpace()
  }

  private mutating func leave() {
    depth -= 1
    index += 1
  }

  func peek() throws(JSONError) -> UInt8 {
    guard index < bytes.count else { throw JSONError(.endOfText, at: index) }
    return bytes[index]
  }

  private mutating func skipSpace() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return
      }
    }
  }
}
