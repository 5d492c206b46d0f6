// The head of a SIP message, as far as it decides whether the rest can be read, and answered.

/// Finds the headers that every message needs, without making sense of their values.
struct MessageHead {
  typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// The headers that are looked at (RFC 3261 sections 7.3.3 and 8.1.1).
  enum Name: String, CaseIterable {
    case via, from, to, callID = "call-id", cseq, contentLength = "content-length"
    case contentType = "content-type", contact

    /// The short form.
    fileprivate var short: UInt8? {
      switch self {
      case .via: UInt8(ascii: "v")
      case .from: UInt8(ascii: "f")
      case .to: UInt8(ascii: "t")
      case .callID: UInt8(ascii: "i")
      case .cseq: nil
      case .contentLength: UInt8(ascii: "l")
      case .contentType: UInt8(ascii: "c")
      case .contact: UInt8(ascii: "m")
      }
    }
  }

  /// One header: all its lines, and its value without spaces at the ends.
  struct Field {
    var name: Name
    var lines: Bytes
    var value: Bytes
  }

  /// The first line; nil if it is none.
  let start: StartLine?
  /// The first line's bytes, without its end.
  let startLine: Bytes
  /// What is looked at, in the order of the message.
  private(set) var fields: [Field] = []
  /// Whether every line is a header.
  private(set) var isClean = true

  /// Reads a head, with or without the empty line at its end.
  init(_ bytes: Bytes) {
    var lines = LineScan(bytes)
    startLine = lines.next() ?? bytes.prefix(0)
    start = StartLine(startLine)
    var field: Field?
    while let line = lines.next(), let first = line.first {
      if first == UInt8(ascii: " ") || first == 0x09 {
        // A folded line goes on with the header before it.
        guard let open = field else { continue }
        field?.lines = bytes[open.lines.startIndex..<lines.index]
        field?.value = bytes[open.value.startIndex..<line.endIndex]
        continue
      }
      close(field)
      field = nil
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
        isClean = false
        continue
      }
      guard let name = Self.name(Self.trimmed(line[..<colon])) else { continue }
      let value = bytes[line.index(after: colon)..<line.endIndex]
      field = Field(name: name, lines: bytes[line.startIndex..<lines.index], value: value)
    }
    close(field)
  }

  /// Where the body begins: behind the first empty line; nil: there is none.
  static func end(in bytes: Bytes) -> Int? {
    var lines = LineScan(bytes)
    while let line = lines.next() {
      if line.isEmpty { return lines.index }
    }
    return nil
  }

  private mutating func close(_ field: Field?) {
    guard var field else { return }
    field.value = Self.trimmed(field.value)
    fields.append(field)
  }

  /// The values of a header, one for each time that it stands there.
  func values(_ name: Name) -> [Bytes] {
    fields.lazy.filter { $0.name == name }.map(\.value)
  }

  /// How long the body is said to be.
  enum Length: Hashable {
    case bytes(Int)
    case missing
    /// It is no number, or two that differ.
    case unreadable
  }

  var length: Length {
    var found: Int?
    for value in values(.contentLength) {
      guard let number = Self.number(value), found == nil || found == number else {
        return .unreadable
      }
      found = number
    }
    return found.map(Length.bytes) ?? .missing
  }

  /// The branch of the topmost Via; nil where it has none.
  var branch: String? {
    guard let via = values(.via).first, let place = Self.parameter("branch", in: via) else {
      return nil
    }
    let branch = via[place...].prefix(while: Self.isOfBranch)
    return branch.isEmpty ? nil : String(decoding: branch, as: UTF8.self)
  }

  /// Where the value of a parameter begins: behind `;NAME=`, whatever its case.
  static func parameter(_ name: StaticString, in value: Bytes) -> Int? {
    name.withUTF8Buffer { name in
      var rest = value[...]
      while let semicolon = rest.firstIndex(of: UInt8(ascii: ";")) {
        rest = rest[(semicolon + 1)...].drop { $0 <= 0x20 }
        guard zip(name, rest).allSatisfy({ $0 == $1 | 0x20 }), rest.count > name.count else {
          continue
        }
        let after = rest.dropFirst(name.count).drop { $0 <= 0x20 }
        if after.first == UInt8(ascii: "=") {
          return after.dropFirst().drop { $0 <= 0x20 }.startIndex
        }
      }
      return nil
    }
  }

  /// `314159 INVITE`; nil if it is none, or more than RFC 3261 section 8.1.1.5 allows.
  var sequence: (number: UInt32, method: String)? {
    guard let value = values(.cseq).first else { return nil }
    let digits = value.prefix { $0 > 0x20 }
    let method = Self.trimmed(value[digits.endIndex...])
    guard let number = Self.number(digits), number < 1 << 31, !method.isEmpty,
      method.allSatisfy(StartLine.isToken)
    else { return nil }
    return (UInt32(number), String(decoding: method, as: UTF8.self))
  }

  private static func isOfBranch(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != UInt8(ascii: ";") && byte != UInt8(ascii: ",")
      && byte != UInt8(ascii: "\"") && byte < 0x7F
  }

  /// A whole number of at most ten digits.
  private static func number(_ digits: Bytes) -> Int? {
    guard !digits.isEmpty, digits.count <= 10,
      digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
    else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 & 15) }
  }

  private static func trimmed(_ bytes: Bytes) -> Bytes {
    var rest = bytes
    while let first = rest.first, first <= 0x20 { rest = rest.dropFirst() }
    while let last = rest.last, last <= 0x20 { rest = rest.dropLast() }
    return rest
  }

  private static func name(_ bytes: Bytes) -> Name? {
    if bytes.count == 1, let only = bytes.first {
      return Name.allCases.first { $0.short == only | 0x20 }
    }
    return Name.allCases.first { name in
      name.rawValue.utf8.count == bytes.count
        && zip(name.rawValue.utf8, bytes).allSatisfy { $0 == $1 | ($0 >= 0x61 ? 0x20 : 0) }
    }
  }
}

/// Lines of bytes: each ends with a line feed, and a carriage return before it is of its end.
struct LineScan {
  private let bytes: MessageHead.Bytes
  /// Where the next line begins.
  private(set) var index: Int

  init(_ bytes: MessageHead.Bytes) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  /// The next line without its end, also where it has none; nil when all are read.
  mutating func next() -> MessageHead.Bytes? {
    guard index < bytes.endIndex else { return nil }
    let rest = bytes[index...]
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    var line = rest[..<end]
    index = min(end + 1, bytes.endIndex)
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    return line
  }
}
